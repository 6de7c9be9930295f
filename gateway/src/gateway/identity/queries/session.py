"""Statements on sessions and on counted attempts, both by the hash of a secret or of a key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row

from gateway.identity.platform import PlatformWork

_ADD = text(
    """
    INSERT INTO session (token_hash, user_id, for_tenant, created_at, authenticated_at, last_seen_at, expires_at,
                         amr, address, user_agent)
    VALUES (%(token_hash)s, %(user_id)s, %(for_tenant)s, %(at)s, %(authenticated_at)s, %(at)s, %(expires_at)s,
            %(amr)s, %(address)s, %(user_agent)s)
    """,
    "token_hash",
    "user_id",
    "for_tenant",
    "at",
    "authenticated_at",
    "expires_at",
    "amr",
    "address",
    "user_agent",
)
_GET = text(
    """
    SELECT session.user_id, session.for_tenant, session.authenticated_at, session.last_seen_at, session.expires_at,
           session.amr, user_account.email_confirmed
      FROM session JOIN user_account ON user_account.id = session.user_id
     WHERE session.token_hash = %(token_hash)s AND session.expires_at > %(at)s
       AND session.last_seen_at > %(idle_since)s AND user_account.status = 'active'
    """,
    "token_hash",
    "at",
    "idle_since",
)
_TOUCH = text(
    """
    UPDATE session SET last_seen_at = %(at)s, address = COALESCE(%(address)s, address) WHERE token_hash = %(token_hash)s
    """,
    "token_hash",
    "at",
    "address",
)
_OF_USER = text(
    """
    SELECT session.token_hash, session.address, session.user_agent, session.amr, session.created_at,
           session.last_seen_at, tenant.name AS tenant_name
      FROM session JOIN tenant ON tenant.tenant_id = session.for_tenant
     WHERE session.user_id = %(user_id)s AND session.expires_at > %(at)s AND session.last_seen_at > %(idle_since)s
     ORDER BY session.last_seen_at DESC, session.token_hash
     LIMIT %(limit)s
    """,
    "user_id",
    "at",
    "idle_since",
    "limit",
)
_END = text("DELETE FROM session WHERE token_hash = %(token_hash)s RETURNING user_id, for_tenant", "token_hash")
_END_OF_USER = text("DELETE FROM session WHERE user_id = %(user_id)s AND token_hash <> %(keep)s", "user_id", "keep")
_END_IN_COMPANY = text(
    "DELETE FROM session WHERE user_id = %(user_id)s AND for_tenant = %(for_tenant)s", "user_id", "for_tenant"
)
_COUNT = text(
    """
    INSERT INTO attempt (key_hash, window_ends_at, attempts)
    SELECT key_hash, %(window_ends_at)s, 1 FROM unnest(%(keys)s::bytea[]) AS asked(key_hash) ORDER BY key_hash
    ON CONFLICT (key_hash) DO UPDATE SET
        attempts = CASE WHEN attempt.window_ends_at > %(at)s THEN attempt.attempts + 1 ELSE 1 END,
        window_ends_at = CASE WHEN attempt.window_ends_at > %(at)s
                              THEN attempt.window_ends_at ELSE excluded.window_ends_at END
    RETURNING key_hash, attempts, window_ends_at
    """,
    "keys",
    "at",
    "window_ends_at",
)
_CLEAR = text(
    "UPDATE attempt SET attempts = greatest(attempts - 1, 0) WHERE key_hash = ANY (%(keys)s::bytea[])", "keys"
)


def add(
    platform: PlatformWork,
    token_hash: bytes,
    *,
    user_id: UUID,
    tenant_id: UUID,
    authenticated_at: datetime,
    expires_at: datetime,
    amr: Sequence[str],
) -> None:
    """Writes a new session, with where the request at hand comes from."""
    origin = platform.find_origin()
    platform.execute(
        _ADD,
        token_hash=token_hash,
        user_id=user_id,
        for_tenant=tenant_id,
        at=platform.now,
        authenticated_at=authenticated_at,
        expires_at=expires_at,
        amr=list(amr),
        address=origin.address if origin else "",
        user_agent=origin.user_agent if origin else "",
    )


def get(platform: PlatformWork, token_hash: bytes, *, idle_since: datetime) -> Row | None:
    """A session that is neither over nor idle for too long."""
    return platform.row(_GET, token_hash=token_hash, at=platform.now, idle_since=idle_since)


def touch(platform: PlatformWork, token_hash: bytes) -> None:
    """Notes that the session was used, and from where."""
    origin = platform.find_origin()
    platform.execute(_TOUCH, token_hash=token_hash, at=platform.now, address=origin.address if origin else None)


def of_user(platform: PlatformWork, user_id: UUID, *, idle_since: datetime, limit: int) -> list[Row]:
    """An account's sessions that are neither over nor idle for too long, the one used last first."""
    return platform.rows(_OF_USER, user_id=user_id, at=platform.now, idle_since=idle_since, limit=limit)


def end(platform: PlatformWork, token_hash: bytes) -> Row | None:
    """Removes a session and returns whose it was; None where there was none."""
    return platform.row(_END, token_hash=token_hash)


def end_of_user(platform: PlatformWork, user_id: UUID, *, keep: bytes) -> int:
    """Removes an account's sessions but one; returns how many."""
    return platform.execute(_END_OF_USER, user_id=user_id, keep=keep)


def end_in_company(platform: PlatformWork, user_id: UUID, tenant_id: UUID) -> int:
    """Removes an account's sessions in a company; returns how many."""
    return platform.execute(_END_IN_COMPANY, user_id=user_id, for_tenant=tenant_id)


def count_attempts(platform: PlatformWork, keys: list[bytes], *, window_ends_at: datetime) -> list[Row]:
    """Adds one attempt under each key, beginning a new window where the last one is over."""
    return platform.rows(_COUNT, keys=keys, at=platform.now, window_ends_at=window_ends_at)


def uncount_attempts(platform: PlatformWork, keys: list[bytes]) -> None:
    """Takes an attempt back that turned out well."""
    platform.execute(_CLEAR, keys=keys)
