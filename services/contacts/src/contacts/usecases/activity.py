"""Notes, tasks, meetings and calls on a customer, and the customer's timeline."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.errors import Conflict, NotFound, invalid_field
from chassis.ids import uuid7
from chassis.record_shares import check_writes
from chassis.work import Row, Work

from contacts import events
from contacts.errors import customer_not_found
from contacts.model.activity import DONE_STATUS, OPENING_STATUS
from contacts.queries import account as account_queries
from contacts.queries import activity as queries
from contacts.queries import contact as contact_queries

_WORDS = {"contact": "contact", "account": "company"}
TOLD_BY = {"sales.": "sales.read", "support.": "support.read"}
"""How types of lines begin that events of other services make, and the scope of whoever sees them."""


def create(
    work: Work, *, kind: str, subject_id: UUID, title: str, body: str, due_at: datetime | None, assignee_id: UUID | None
) -> Row:
    """Adds an activity to a contact or an account the caller may see."""
    if not title.strip() and not body.strip():
        raise invalid_field("activity.body", "write a title or a text", reason="REQUIRED")
    status = OPENING_STATUS[kind]
    row = queries.insert(
        work,
        id=uuid7(),
        kind=kind,
        subject_kind=subject_kind(work, subject_id, writes=True),
        subject_id=subject_id,
        title=title.strip(),
        body=body,
        status=status,
        due_at=due_at,
        assignee_id=assignee_id,
        completed_at=work.now if status == "completed" else None,
    )
    work.record(events.activity_changed("created", row))
    return row


def get(work: Work, activity_id: UUID) -> Row:
    """The activity, if the caller may see its customer."""
    row = queries.get(work, activity_id)
    if row is None:
        raise _not_found(activity_id)
    subject_kind(work, row.subject_id, missing=_not_found(activity_id))
    return row


def complete(work: Work, activity_id: UUID) -> Row:
    """Marks a task or a meeting as done; one that is done already stays as it is."""
    row = queries.get(work, activity_id, lock=True)
    if row is None:
        raise _not_found(activity_id)
    subject_kind(work, row.subject_id, missing=_not_found(activity_id), writes=True)
    done = DONE_STATUS.get(row.kind)
    if done is None:
        raise Conflict(f"A {row.kind} is done when it is written; only tasks and meetings can be completed.")
    if row.status == done:
        return row
    row = queries.complete(work, activity_id, done)
    work.record(events.activity_changed("completed", row))
    return row


def timeline(
    work: Work, subject_id: UUID, *, type_prefix: str, limit: int, key: tuple[datetime, UUID] | None
) -> tuple[list[Row], list[Row]]:
    """One page of the timeline of a customer the caller may see, and the activities its lines are about.

    Lines of sales are for those who may read sales, lines of support for those who may read support.
    """
    subject_kind(work, subject_id)
    hidden = [prefix for prefix, scope in TOLD_BY.items() if scope not in work.caller.scopes]
    entries = queries.timeline(work, subject_id, type_prefix=type_prefix, hidden_prefixes=hidden, limit=limit, key=key)
    ids = [entry.activity_id for entry in entries if entry.activity_id is not None]
    return entries, queries.batch(work, ids) if ids else []


def subject_kind(work: Work, subject_id: UUID, *, missing: NotFound | None = None, writes: bool = False) -> str:
    """What a customer is that the caller may see: contact or account.

    Raises NotFound; where something is written to it, PermissionDenied where the caller may only look.
    """
    kind, row = "contact", contact_queries.get(work, subject_id)
    if row is None:
        kind, row = "account", account_queries.get(work, subject_id)
    if row is not None:
        if writes:
            check_writes(row, _WORDS[kind])
        return kind
    raise missing or customer_not_found(subject_id)


def _not_found(activity_id: UUID) -> NotFound:
    return NotFound(f"There is no activity {activity_id} that you may see.", reason="ACTIVITY_NOT_FOUND")
