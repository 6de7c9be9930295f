"""Keeps the rights a background job was started with, and says when they were taken back.

A token lives for minutes and a job for hours, so what revokes tokens is kept in the service's own database here, by
the same events, and every batch of a job is held against it. A job stops where its starter's rights changed at all:
whoever still has them runs it again.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from chassis.caller import Caller, FieldRights
from chassis.errors import PermissionDenied
from chassis.revocation_feed import learn
from chassis.revocations import OPEN_STATUSES, Key, stamps_of
from chassis.schema import Roles, protect
from chassis.statements import text
from chassis.subscriptions import Received, Subscription
from chassis.tokens import glass_claim, glass_of, sharing_claim, sharing_of
from chassis.work import Work

_LASTING = frozenset({"user", "role", "teams", "client", "grant", "sharing", "glass"})
"""What a job follows. Its starter may log out, and his token may end."""
_ENTITIES = ("tenant", "user", "role", "team", "sharing_rule", "client", "grant", "break_glass")
_TENANT = "tenant"
_KEEP = text(
    """
    INSERT INTO taken_back (tenant_id, key, bar, state) VALUES (%(tenant_id)s, %(key)s, %(bar)s, %(state)s)
    ON CONFLICT (tenant_id, key) DO UPDATE SET bar = excluded.bar, state = excluded.state
     WHERE taken_back.bar < excluded.bar
    """,
    "tenant_id",
)
_FIND = text(
    "SELECT key, bar, state FROM taken_back WHERE tenant_id = %(tenant_id)s AND key = ANY(%(keys)s)", "tenant_id"
)


def taken_back_tables(roles: Roles) -> list[str]:
    """DDL of what was taken back; `migrations` of a service with jobs run it."""
    return [
        """
        CREATE TABLE taken_back (
            tenant_id uuid NOT NULL,
            key text NOT NULL,
            bar bigint NOT NULL,
            state text NOT NULL,
            PRIMARY KEY (tenant_id, key)
        )
        """,
        *protect("taken_back", roles),
    ]


def taken_back_subscription(service: str) -> Subscription:
    """The events that take rights back, kept for the jobs of a service."""
    subjects = tuple(f"identity.{entity}.*" for entity in _ENTITIES)
    return Subscription(f"{service}-taken-back", "identity", subjects, keep)


def keep(work: Work, events: Sequence[Received]) -> None:
    """Keeps what these events take back. Idempotent, and free of order."""
    recorder = _Recorder(work)
    for event in events:
        learn(recorder, event)


def rights_of(caller: Caller) -> dict[str, Any]:
    """What a job keeps of the caller that starts it, as JSON."""
    return {
        "actor_type": caller.actor_type,
        "actor_id": str(caller.actor_id),
        "visibility": caller.visibility,
        "team_ids": [str(one) for one in caller.team_ids],
        "hidden": sorted(caller.fields.hidden),
        "read_only": sorted(caller.fields.read_only),
        "sharing": sharing_claim(caller.sharing),
        "glass": None if caller.glass is None else glass_claim(caller.glass),
        "stamps": {_text(key): version for key, version in _stamps(caller.token)},
    }


def caller_of(tenant_id: UUID, rights: Mapping[str, Any], *, request_id: str) -> Caller:
    """The caller that a job runs as: who started it, with the rights of that moment and no scope to go further.

    Raises PermissionDenied for a job of a former version, which kept none.
    """
    if not rights:
        raise PermissionDenied("It was started before an upgrade. Run it again to go on.", reason="RIGHTS_UNKNOWN")
    return Caller(
        tenant_id=tenant_id,
        actor_type=rights["actor_type"],
        actor_id=UUID(rights["actor_id"]),
        scopes=frozenset(),
        visibility=rights["visibility"],
        team_ids=tuple(UUID(one) for one in rights["team_ids"]),
        fields=FieldRights(frozenset(rights["hidden"]), frozenset(rights["read_only"])),
        sharing=sharing_of(rights.get("sharing")),
        glass=glass_of(rights.get("glass")),
        request_id=request_id,
    )


def check(work: Work, rights: Mapping[str, Any]) -> None:
    """Raises PermissionDenied, with a sentence for the job's page, where the rights do not stand any more."""
    stamps: dict[str, int] = rights.get("stamps", {})
    for row in work.rows(_FIND, keys=[_TENANT, *stamps]):
        if row.key == _TENANT and row.state not in OPEN_STATUSES:
            raise PermissionDenied("The company is suspended.", reason="TENANT_SUSPENDED")
        if row.key != _TENANT and stamps[row.key] < row.bar:
            raise PermissionDenied(_SAID.get(row.key.partition("/")[0], _CHANGED), reason="RIGHTS_CHANGED")


_CHANGED = "The rights of whoever started it have changed since, or the person was suspended."
_SHUT_OUT = "The app that started it may not work in the company any more."
_SAID = {
    "client": _SHUT_OUT,
    "grant": _SHUT_OUT,
    "glass": "The break-glass under which it was started has ended.",
}


class _Recorder:
    """Takes what `learn` finds into the table; looks like `Revocations` to it."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def raise_bar(self, key: Key, version: int) -> None:
        self._work.execute(_KEEP, key=_text(key), bar=version, state="")

    def tenant_is(self, tenant_id: str, status: str, version: int) -> None:
        self._work.execute(_KEEP, key=_TENANT, bar=version, state=status)


def _text(key: Key) -> str:
    return "/".join(key)


def _stamps(token: str) -> list[tuple[Key, int]]:
    """What the rights in a token were made from. The frame has verified it; here it is only read again."""
    if token.count(".") != 2:
        return []
    payload = token.split(".")[1]
    claims = orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    # Who has nothing by sharing rules loses nothing when they change.
    lasting = _LASTING if "shr" in claims else _LASTING - {"sharing"}
    return [(key, version) for key, version in stamps_of(claims).stamps if key[0] in lasting]
