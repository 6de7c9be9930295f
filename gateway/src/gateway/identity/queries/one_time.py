"""Statements on the secrets of links that work once, each known by its hash only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row

from gateway.identity.platform import PlatformWork

_ADD = text(
    """
    INSERT INTO one_time_secret (secret_hash, purpose, user_id, email, created_at, expires_at)
    VALUES (%(secret_hash)s, %(purpose)s, %(user_id)s, %(email)s, %(at)s, %(expires_at)s)
    """,
    "secret_hash",
    "purpose",
    "user_id",
    "email",
    "at",
    "expires_at",
)
_GET = text(
    """
    SELECT purpose, user_id, email, expires_at FROM one_time_secret
     WHERE secret_hash = %(secret_hash)s AND purpose = %(purpose)s AND expires_at > %(at)s
    """,
    "secret_hash",
    "purpose",
    "at",
)
_TAKE = text(
    """
    DELETE FROM one_time_secret
     WHERE secret_hash = %(secret_hash)s AND purpose = %(purpose)s AND expires_at > %(at)s
    RETURNING user_id, email
    """,
    "secret_hash",
    "purpose",
    "at",
)
_DROP = text("DELETE FROM one_time_secret WHERE user_id = %(user_id)s AND purpose = %(purpose)s", "user_id", "purpose")


def add(
    platform: PlatformWork, secret_hash: bytes, *, purpose: str, user_id: UUID, email: str, expires_at: datetime
) -> None:
    """Writes a new secret; the earlier ones of the account for this purpose stop working."""
    platform.execute(_DROP, user_id=user_id, purpose=purpose)
    platform.execute(
        _ADD,
        secret_hash=secret_hash,
        purpose=purpose,
        user_id=user_id,
        email=email,
        at=platform.now,
        expires_at=expires_at,
    )


def get(platform: PlatformWork, secret_hash: bytes, *, purpose: str) -> Row | None:
    """A secret that still works, only to be looked at."""
    return platform.row(_GET, secret_hash=secret_hash, purpose=purpose, at=platform.now)


def take(platform: PlatformWork, secret_hash: bytes, *, purpose: str) -> Row | None:
    """Uses a secret up. Of any number of transactions that try, one gets the row."""
    return platform.row(_TAKE, secret_hash=secret_hash, purpose=purpose, at=platform.now)


def drop(platform: PlatformWork, user_id: UUID, *, purpose: str) -> None:
    """The account's secrets for this purpose stop working."""
    platform.execute(_DROP, user_id=user_id, purpose=purpose)
