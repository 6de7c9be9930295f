"""Device codes (RFC 8628): a device shows a short code, a person confirms it elsewhere, the device gets its tokens.

A code is decided once and redeemed once, however many try at the same moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from chassis.ids import uuid7
from chassis.work import Database, Row

from gateway.identity import throttle
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import device_code as queries
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.throttle import Counted
from gateway.identity.usecases.grants import Consented, Granted, Grants, RegisteredClient
from gateway.settings import GatewaySettings

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""RFC 8628, 6.1: no vowels, so that no word comes out, and nothing that is misread."""
_LENGTH = 8
_TRIES = 5

Refusal = Literal["invalid", "expired", "denied", "pending", "slow_down"]


@dataclass(frozen=True, slots=True)
class DevicePair:
    """A new pair of codes: one for the device, one for the person."""

    device_code: str
    user_code: str
    expires_in_s: int
    interval_s: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The person who said yes: in which company, to which scopes."""

    tenant_id: UUID
    user_id: UUID
    scopes: tuple[str, ...]
    authenticated_at: datetime
    amr: tuple[str, ...]


class DeviceCodes:
    """Begins, decides and redeems. Thread-safe."""

    def __init__(self, database: Database, settings: GatewaySettings, grants: Grants) -> None:
        self._database = database
        self._settings = settings
        self._grants = grants

    def begin(self, client_id: str, scopes: Iterable[str]) -> DevicePair:
        """A new pair of codes, good for `device_code_s`."""
        device_code, lifetime_s = new_secret(), self._settings.device_code_s
        for _ in range(_TRIES):
            user_code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
            with open_platform_work(self._database) as platform:
                added = queries.add(
                    platform,
                    code_hash=digest(device_code),
                    user_code_hash=digest(user_code),
                    client_id=client_id,
                    scopes=sorted(scopes),
                    expires_at=platform.now + timedelta(seconds=lifetime_s),
                    interval_s=self._settings.device_poll_s,
                    grant_id=uuid7(),
                )
            if added:
                half = _LENGTH // 2
                shown = f"{user_code[:half]}-{user_code[half:]}"
                return DevicePair(device_code, shown, lifetime_s, self._settings.device_poll_s)
        raise AssertionError("five random user codes in a row were taken")

    def find(self, user_code: str, user_id: UUID) -> Row | None:
        """The undecided request behind a code that a person typed.

        Raises ResourceExhausted after too many wrong codes of the same person: a code is short and could be guessed.
        """
        tried = [Counted("device-code", str(user_id), self._settings.device_code_tries)]
        throttle.count(self._database, tried, window_s=self._settings.log_in_window_s)
        with open_platform_work(self._database) as platform:
            row = queries.by_user_code(platform, _hash(user_code))
        if row is not None:
            throttle.uncount(self._database, tried)
        return row

    def decide(self, user_code: str, decision: Decision | None) -> bool:
        """Keeps the person's yes, or no where there is no decision; False where it was decided or ran out before."""
        with open_platform_work(self._database) as platform:
            if decision is None:
                return queries.deny(platform, _hash(user_code))
            return queries.allow(
                platform,
                _hash(user_code),
                tenant_id=decision.tenant_id,
                user_id=decision.user_id,
                scopes=list(decision.scopes),
                authenticated_at=decision.authenticated_at,
                amr=list(decision.amr),
            )

    def redeem(self, device_code: str, client: RegisteredClient, key: str = "") -> Granted | Refusal:
        """The rights that the person allowed, once; else why there are none yet or none at all.

        A code that comes again after its tokens were given revokes them: it was copied. `key` is the key they are bound
        to, by its thumbprint.
        """
        with open_platform_work(self._database) as platform:
            row = queries.get(platform, digest(device_code))
            if row is None or row.client_id != client.client_id:
                return "invalid"
            if row.used_at is not None:
                self._grants.end(platform, row.for_tenant, row.grant_id, "device_code_replay")
                return "invalid"
            if row.expires_at <= platform.now:
                return "expired"
            if row.decision == "denied":
                return "denied"
            if row.decision == "pending":
                early = row.poll_after > platform.now
                queries.note_poll(platform, bytes(row.code_hash))
                return "slow_down" if early else "pending"
            if not queries.use(platform, bytes(row.code_hash)):
                self._grants.end(platform, row.for_tenant, row.grant_id, "device_code_replay")
                return "invalid"
            consented = Consented(
                row.client_id,
                row.for_tenant,
                row.user_id,
                tuple(row.allowed_scopes),
                row.authenticated_at,
                row.grant_id,
                amr=tuple(row.amr),
            )
            granted = self._grants.start(platform, consented, client, key)
        return granted or "denied"


def _hash(user_code: str) -> bytes:
    """Hash of a typed code: case, hyphens and spaces do not matter (RFC 8628, 6.1)."""
    return digest("".join(letter for letter in user_code.upper() if letter.isalnum()))
