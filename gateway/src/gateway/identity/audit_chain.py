"""Appends acts to a company's chain. The one place that computes an entry's place and hash."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from chassis.work import Work

from gateway.identity.model.audit import Act, Actor, Origin, digest_of_origin, hash_of
from gateway.identity.queries import audit as queries

_SALT_BYTES = 16
_USER_AGENT_MAX_LENGTH = 300
"""Longest description of a browser that is kept; browsers need about 120."""


@dataclass(frozen=True, slots=True)
class _Entry:
    tenant_id: UUID
    sequence: int
    recorded_at: datetime
    occurred_at: datetime
    actor_type: str
    actor_id: UUID
    client_id: str
    action: str
    target_id: str
    changed_fields: tuple[str, ...]
    detail: dict[str, str]
    request_id: str
    event_id: UUID | None
    origin_digest: bytes | None


def append(work: Work, acts: Sequence[Act], origin: Origin | None) -> None:
    """Adds entries after the last one of the company. Locks the company's chain until the transaction ends."""
    head = queries.locked_head(work)
    recorded_at = max(work.now, head.recorded_at)
    if origin is not None:
        origin = Origin(origin.address, origin.user_agent[:_USER_AGENT_MAX_LENGTH])
    previous = bytes(head.hash)
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    salts: list[bytes] = []
    for sequence, act in enumerate(acts, start=head.sequence + 1):
        salt = secrets.token_bytes(_SALT_BYTES)
        salts.append(salt)
        entry = _entry(work, act, sequence, recorded_at, None if origin is None else digest_of_origin(origin, salt))
        this = hash_of(previous, entry)
        for name, value in zip(_COLUMNS, (*_values(entry), previous, this), strict=True):
            columns[name].append(value)
        previous = this
    queries.append(
        work,
        recorded_at=recorded_at,
        last_sequence=columns["sequence"][-1],
        last_hash=previous,
        origins_since=None if origin is None else recorded_at,
        **columns,
    )
    if origin is not None:
        queries.keep_origins(
            work,
            recorded_at,
            address=origin.address,
            user_agent=origin.user_agent,
            sequences=columns["sequence"],
            salts=salts,
        )


_COLUMNS = (
    "sequence",
    "occurred_at",
    "actor_type",
    "actor_ids",
    "client_id",
    "action",
    "target_id",
    "fields",
    "detail",
    "request_id",
    "event_id",
    "origin_digest",
    "previous_hash",
    "hash",
)


def _entry(work: Work, act: Act, sequence: int, recorded_at: datetime, origin_digest: bytes | None) -> _Entry:
    caller = work.caller
    actor = act.actor or Actor(caller.actor_type, caller.actor_id, caller.client_id or "")
    return _Entry(
        tenant_id=work.tenant_id,
        sequence=sequence,
        recorded_at=recorded_at,
        occurred_at=act.occurred_at or work.now,
        actor_type=actor.type,
        actor_id=actor.id,
        client_id=actor.client_id,
        action=act.action,
        target_id=act.target_id,
        changed_fields=act.changed_fields,
        detail=dict(act.detail),
        request_id=act.request_id or caller.request_id,
        event_id=act.event_id,
        origin_digest=origin_digest,
    )


def _values(entry: _Entry) -> tuple[Any, ...]:
    return (
        entry.sequence,
        entry.occurred_at,
        entry.actor_type,
        entry.actor_id,
        entry.client_id,
        entry.action,
        entry.target_id,
        ",".join(entry.changed_fields),
        orjson.dumps(entry.detail).decode(),
        entry.request_id,
        entry.event_id,
        entry.origin_digest,
    )
