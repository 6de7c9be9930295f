"""Statements on signing keys, and the one that forgets what has expired."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chassis.statements import text
from chassis.work import Row
from psycopg.types.json import Jsonb

from gateway.identity.platform import PlatformWork

_LOCK = text("SELECT pg_advisory_xact_lock(7310250)")
_LIST = text(
    """
    SELECT kid, public_jwk, private_jwe, use_from FROM signing_key
     WHERE replaced_at IS NULL OR replaced_at > %(kept_since)s ORDER BY use_from DESC
    """,
    "kept_since",
)
_REPLACE = text("UPDATE signing_key SET replaced_at = %(use_from)s WHERE replaced_at IS NULL", "use_from")
_ADD = text(
    """
    INSERT INTO signing_key (kid, public_jwk, private_jwe, created_at, use_from)
    VALUES (%(kid)s, %(public_jwk)s, %(private_jwe)s, %(at)s, %(use_from)s)
    """,
    "use_from",
    "kid",
    "public_jwk",
    "private_jwe",
    "at",
)
_REMEMBER = text("INSERT INTO key_store (name, made_at) VALUES ('signing', %(at)s) ON CONFLICT DO NOTHING", "at")
_REMEMBERED = text("SELECT made_at FROM key_store WHERE name = 'signing'")
_DROP = text("DELETE FROM signing_key")
_FORGET = tuple(
    text(statement, "at", "keys_since")
    for statement in (
        "DELETE FROM session WHERE expires_at < %(at)s",
        "DELETE FROM one_time_secret WHERE expires_at < %(at)s",
        "DELETE FROM passkey_challenge WHERE expires_at < %(at)s",
        "DELETE FROM attempt WHERE window_ends_at < %(at)s",
        # A used code or token is kept as long as its grant may live, so that a replay is still known as one.
        "DELETE FROM refresh_token WHERE expires_at < %(at)s",
        "DELETE FROM authorization_code WHERE expires_at < %(at)s - interval '1 day'",
        "DELETE FROM pushed_request WHERE expires_at < %(at)s",
        "DELETE FROM device_code WHERE expires_at < %(at)s - interval '1 day'",
        "DELETE FROM sso_request WHERE expires_at < %(at)s",
        "DELETE FROM signing_key WHERE replaced_at < %(keys_since)s",
    )
)


def lock(platform: PlatformWork) -> None:
    """Lets one transaction at a time replace the keys."""
    platform.row(_LOCK)


def published(platform: PlatformWork, *, kept_since: datetime) -> list[Row]:
    """The next key, the one in use and the replaced ones that are still published, the last to be used first."""
    return platform.rows(_LIST, kept_since=kept_since)


def replace(
    platform: PlatformWork, *, kid: str, public_jwk: dict[str, Any], private_jwe: str, use_from: datetime
) -> None:
    """Publishes a key that takes over at `use_from`."""
    platform.execute(_REPLACE, use_from=use_from)
    platform.execute(
        _ADD, kid=kid, public_jwk=Jsonb(public_jwk), private_jwe=private_jwe, at=platform.now, use_from=use_from
    )
    platform.execute(_REMEMBER, at=platform.now)


def were_made(platform: PlatformWork) -> bool:
    """Whether this installation ever had keys."""
    return platform.row(_REMEMBERED) is not None


def remember(platform: PlatformWork) -> None:
    """Notes that this installation has keys."""
    platform.execute(_REMEMBER, at=platform.now)


def drop_all(platform: PlatformWork) -> None:
    """Forgets every key; whatever they signed is good no more."""
    platform.execute(_DROP)


def forget_expired(platform: PlatformWork, *, keys_since: datetime) -> int:
    """Deletes what has expired; returns how many rows."""
    return sum(platform.execute(statement, at=platform.now, keys_since=keys_since) for statement in _FORGET)
