"""Statements on the tokens of a company's directory."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

from gateway.identity.platform import PlatformWork

_ALL = text(
    """
    SELECT id, created_at, expires_at, last_used_at FROM scim_token
     WHERE tenant_id = %(tenant_id)s ORDER BY created_at, id
    """,
    "tenant_id",
)
_ADD = text(
    """
    INSERT INTO scim_token (tenant_id, id, token_hash, created_at, created_by, expires_at)
    VALUES (%(tenant_id)s, %(id)s, %(token_hash)s, %(at)s, %(by)s, %(expires_at)s)
    """,
    "tenant_id",
)
_DELETE = text("DELETE FROM scim_token WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")
_TOUCH = text(
    "UPDATE scim_token SET last_used_at = %(at)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id"
)
_BY_HASH = text(
    """
    SELECT scim_token.tenant_id, scim_token.id, scim_token.last_used_at, tenant.status
      FROM scim_token JOIN tenant USING (tenant_id)
     WHERE scim_token.token_hash = %(token_hash)s AND scim_token.expires_at > %(at)s
    """
)
_FORGET = text("DELETE FROM scim_token WHERE tenant_id = %(tenant_id)s AND expires_at <= %(at)s", "tenant_id")


def every(work: Work) -> list[Row]:
    """Tokens of the company, the oldest first."""
    return work.rows(_ALL)


def add(work: Work, token_id: UUID, token_hash: bytes, *, expires_at: datetime) -> None:
    """Writes a new token."""
    work.execute(_ADD, id=token_id, token_hash=token_hash, at=work.now, by=work.caller.actor_id, expires_at=expires_at)


def remove(work: Work, token_id: UUID) -> bool:
    """Deletes a token; False where there is none."""
    return work.execute(_DELETE, id=token_id) == 1


def forget_expired(work: Work) -> None:
    """Deletes the company's tokens that have ended."""
    work.execute(_FORGET, at=work.now)


def touch(work: Work, token_id: UUID) -> None:
    """Notes that a token was used now."""
    work.execute(_TOUCH, id=token_id, at=work.now)


def by_hash(platform: PlatformWork, token_hash: bytes) -> Row | None:
    """The token with this hash that has not ended, with the state of its company."""
    return platform.row(_BY_HASH, token_hash=token_hash, at=platform.now)
