"""Statements on device codes. Device code and user code are known by their hashes only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row

from gateway.identity.platform import PlatformWork

_ADD = text(
    """
    INSERT INTO device_code (code_hash, user_code_hash, client_id, scopes, created_at, expires_at, poll_after,
                             interval_s, decision, allowed_scopes, grant_id)
    VALUES (%(code_hash)s, %(user_code_hash)s, %(client_id)s, %(scopes)s, %(at)s, %(expires_at)s, %(at)s,
            %(interval_s)s, 'pending', '{}', %(grant_id)s)
    ON CONFLICT (user_code_hash) DO NOTHING
    """,
    "code_hash",
    "user_code_hash",
    "client_id",
    "scopes",
    "at",
    "expires_at",
    "interval_s",
    "grant_id",
)
_GET = text(
    """
    SELECT code_hash, client_id, scopes, expires_at, poll_after, interval_s, decision, for_tenant, user_id,
           allowed_scopes, authenticated_at, amr, used_at, grant_id
      FROM device_code WHERE code_hash = %(code_hash)s
    """,
    "code_hash",
)
_BY_USER_CODE = text(
    """
    SELECT code_hash, client_id, scopes, expires_at FROM device_code
     WHERE user_code_hash = %(user_code_hash)s AND decision = 'pending' AND expires_at > %(at)s
    """,
    "user_code_hash",
    "at",
)
_DECIDE = text(
    """
    UPDATE device_code
       SET decision = %(decision)s, for_tenant = %(for_tenant)s, user_id = %(user_id)s,
           allowed_scopes = %(allowed_scopes)s, authenticated_at = %(authenticated_at)s,
           amr = %(amr)s
     WHERE user_code_hash = %(user_code_hash)s AND decision = 'pending' AND expires_at > %(at)s
    """,
    "decision",
    "for_tenant",
    "user_id",
    "allowed_scopes",
    "authenticated_at",
    "amr",
    "user_code_hash",
    "at",
)
_POLL = text(
    """
    UPDATE device_code
       SET poll_after = %(at)s + make_interval(secs => interval_s + CASE WHEN poll_after > %(at)s THEN 5 ELSE 0 END),
           interval_s = interval_s + CASE WHEN poll_after > %(at)s THEN 5 ELSE 0 END
     WHERE code_hash = %(code_hash)s
    """,
    "code_hash",
    "at",
)
_USE = text(
    """
    UPDATE device_code SET used_at = %(at)s
     WHERE code_hash = %(code_hash)s AND decision = 'allowed' AND used_at IS NULL AND expires_at > %(at)s
    """,
    "code_hash",
    "at",
)


def add(platform: PlatformWork, **values: Any) -> bool:
    """Writes a new pair of codes; False where the user code is taken."""
    return platform.execute(_ADD, at=platform.now, **values) == 1


def get(platform: PlatformWork, code_hash: bytes) -> Row | None:
    """A device code, whether still good or not."""
    return platform.row(_GET, code_hash=code_hash)


def by_user_code(platform: PlatformWork, user_code_hash: bytes) -> Row | None:
    """The undecided request that a person reads this code of."""
    return platform.row(_BY_USER_CODE, user_code_hash=user_code_hash, at=platform.now)


def deny(platform: PlatformWork, user_code_hash: bytes) -> bool:
    """The person said no; False where it was decided before."""
    return (
        platform.execute(
            _DECIDE,
            decision="denied",
            for_tenant=None,
            user_id=None,
            allowed_scopes=[],
            authenticated_at=None,
            amr=[],
            user_code_hash=user_code_hash,
            at=platform.now,
        )
        == 1
    )


def allow(
    platform: PlatformWork,
    user_code_hash: bytes,
    *,
    tenant_id: UUID,
    user_id: UUID,
    scopes: list[str],
    authenticated_at: datetime,
    amr: list[str],
) -> bool:
    """The person said yes in a company; False where it was decided before."""
    return (
        platform.execute(
            _DECIDE,
            decision="allowed",
            for_tenant=tenant_id,
            user_id=user_id,
            allowed_scopes=scopes,
            authenticated_at=authenticated_at,
            amr=amr,
            user_code_hash=user_code_hash,
            at=platform.now,
        )
        == 1
    )


def note_poll(platform: PlatformWork, code_hash: bytes) -> None:
    """Moves the next allowed question on; one that came too early makes every later pause five seconds longer."""
    platform.execute(_POLL, code_hash=code_hash, at=platform.now)


def use(platform: PlatformWork, code_hash: bytes) -> bool:
    """Uses an allowed code up. Of any number of transactions that try, one gets True."""
    return platform.execute(_USE, code_hash=code_hash, at=platform.now) == 1
