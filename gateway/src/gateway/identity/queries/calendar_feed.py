"""Statements on the addresses of calendars."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_MADE = text("SELECT made_at FROM calendar_feed WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s")
_PUT = text(
    """
    INSERT INTO calendar_feed (tenant_id, user_id, secret_hash, made_at)
    VALUES (%(tenant_id)s, %(user_id)s, %(secret_hash)s, %(at)s)
    ON CONFLICT (tenant_id, user_id) DO UPDATE SET secret_hash = excluded.secret_hash, made_at = excluded.made_at
    """
)
_DROP = text("DELETE FROM calendar_feed WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s")
_BY_SECRET = text("SELECT user_id FROM calendar_feed WHERE tenant_id = %(tenant_id)s AND secret_hash = %(secret_hash)s")


def made_at(work: Work, user_id: UUID) -> datetime | None:
    """When a person's address was made; None where there is none."""
    row = work.row(_MADE, user_id=user_id)
    return None if row is None else row.made_at


def put(work: Work, user_id: UUID, secret_hash: bytes) -> None:
    """Makes this the person's only address."""
    work.execute(_PUT, user_id=user_id, secret_hash=secret_hash, at=work.now)


def drop(work: Work, user_id: UUID) -> None:
    """Takes the address away."""
    work.execute(_DROP, user_id=user_id)


def by_secret(work: Work, secret_hash: bytes) -> Row | None:
    """Whose address a secret belongs to."""
    return work.row(_BY_SECRET, secret_hash=secret_hash)
