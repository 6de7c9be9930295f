"""Statements on mails of sellers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_ADD = text(
    """
    INSERT INTO record_mail (tenant_id, activity_id, to_address, from_name, reply_to, quote_ids, status, reason)
    VALUES (%(tenant_id)s, %(activity_id)s, %(to_address)s, %(from_name)s, %(reply_to)s, %(quote_ids)s::uuid[],
            'queued', '')
    """
)
_GET = "SELECT * FROM record_mail WHERE tenant_id = %(tenant_id)s AND activity_id = %(activity_id)s"
_READ = text(_GET)
_LOCK = text(f"{_GET} FOR UPDATE")
_SET = text(
    """
    UPDATE record_mail SET status = %(status)s, reason = %(reason)s, sent_at = %(sent_at)s
     WHERE tenant_id = %(tenant_id)s AND activity_id = %(activity_id)s
    """
)
_FORGET = text(
    """
    UPDATE record_mail SET to_address = '', from_name = '', reply_to = ''
     WHERE tenant_id = %(tenant_id)s AND activity_id = ANY(%(ids)s::uuid[])
    """
)
_UNWANTED = text("SELECT 1 FROM customer WHERE tenant_id = %(tenant_id)s AND id = %(contact_id)s AND do_not_contact")


def add(
    work: Work, activity_id: UUID, *, to_address: str, from_name: str, reply_to: str, quote_ids: Sequence[UUID]
) -> None:
    """Writes a mail that is to be sent."""
    named = {"to_address": to_address, "from_name": from_name, "reply_to": reply_to}
    work.execute(_ADD, activity_id=activity_id, **named, quote_ids=list(quote_ids))


def get(work: Work, activity_id: UUID, *, lock: bool = False) -> Row | None:
    """A mail, by its activity."""
    return work.row(_LOCK if lock else _READ, activity_id=activity_id)


def put(work: Work, activity_id: UUID, status: str, *, reason: str = "", sent_at: datetime | None = None) -> None:
    """Writes how far a locked mail has come."""
    work.execute(_SET, activity_id=activity_id, status=status, reason=reason, sent_at=sent_at)


def forget(work: Work, activity_ids: Sequence[UUID]) -> None:
    """Empties the addresses of mails; what they say is forgotten with their activities."""
    work.execute(_FORGET, ids=list(activity_ids))


def is_unwanted(work: Work, contact_id: UUID) -> bool:
    """Whether this person is known as not to be contacted."""
    return work.row(_UNWANTED, contact_id=contact_id) is not None
