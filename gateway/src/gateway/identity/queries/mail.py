"""Statements on mails that wait to be sent. Their texts are sealed; a sent mail leaves no row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row

from gateway.identity.platform import PlatformWork

_ADD = text(
    """
    INSERT INTO outgoing_mail (id, kind, state, sealed, attempts, created_at, next_at, expires_at)
    VALUES (%(id)s, %(kind)s, 'waiting', %(sealed)s, 0, %(at)s, %(at)s, %(expires_at)s)
    """,
    "id",
    "kind",
    "sealed",
    "at",
    "expires_at",
)
_CLAIM = text(
    """
    UPDATE outgoing_mail SET attempts = attempts + 1, next_at = %(lease_ends_at)s
     WHERE id IN (SELECT id FROM outgoing_mail WHERE state = 'waiting' AND next_at <= %(at)s
                   ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, sealed, attempts, created_at, expires_at
    """,
    "at",
    "lease_ends_at",
    "limit",
)
_REMOVE = text("DELETE FROM outgoing_mail WHERE id = ANY (%(ids)s::uuid[])", "ids")
_POSTPONE = text(
    "UPDATE outgoing_mail SET next_at = %(next_at)s, error = %(error)s WHERE id = %(id)s", "id", "next_at", "error"
)
_REFUSE = text(
    "UPDATE outgoing_mail SET state = 'refused', sealed = '', error = %(error)s WHERE id = %(id)s", "id", "error"
)
_FORGET = text("DELETE FROM outgoing_mail WHERE state = 'refused' AND created_at < %(before)s", "before")
_OLDEST = text("SELECT min(created_at) AS oldest FROM outgoing_mail WHERE state = 'waiting'")


def add(platform: PlatformWork, mail_id: UUID, *, kind: str, sealed: str, expires_at: datetime) -> None:
    """Writes a mail to be sent once the transaction has committed."""
    platform.execute(_ADD, id=mail_id, kind=kind, sealed=sealed, at=platform.now, expires_at=expires_at)


def claim(platform: PlatformWork, *, lease_ends_at: datetime, limit: int) -> list[Row]:
    """Takes mails that are due; nobody else gets them before the lease ends."""
    return platform.rows(_CLAIM, at=platform.now, lease_ends_at=lease_ends_at, limit=limit)


def remove(platform: PlatformWork, mail_ids: list[UUID]) -> None:
    """Forgets mails that were sent."""
    platform.execute(_REMOVE, ids=mail_ids)


def postpone(platform: PlatformWork, mail_id: UUID, *, next_at: datetime, error: str) -> None:
    """Lets a mail wait after a failure that may pass."""
    platform.execute(_POSTPONE, id=mail_id, next_at=next_at, error=error)


def refuse(platform: PlatformWork, mail_id: UUID, error: str) -> None:
    """Gives a mail up: its text goes, that it was refused stays known for a while."""
    platform.execute(_REFUSE, id=mail_id, error=error)


def forget_refused(platform: PlatformWork, *, before: datetime) -> int:
    """Deletes what is left of mails refused long ago."""
    return platform.execute(_FORGET, before=before)


def oldest_waiting(platform: PlatformWork) -> datetime | None:
    """When the mail that waits longest was written."""
    row = platform.row(_OLDEST)
    return None if row is None else row.oldest
