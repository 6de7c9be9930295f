"""What happened with a customer: activities people add, and the timeline built from events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, String, desc
from sqlalchemy.orm import Mapped, mapped_column

from contacts.model.tables import ContactsTable

OPENING_STATUS = {"note": "completed", "call": "completed", "task": "not_started", "meeting": "planned"}
DONE_STATUS = {"task": "completed", "meeting": "held"}


class Activity(ContactsTable):
    """A note, task, meeting or call on a contact or an account."""

    __tablename__ = "activity"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    title: Mapped[str]
    body: Mapped[str]
    status: Mapped[str]
    due_at: Mapped[datetime | None]
    assignee_id: Mapped[UUID | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_activity_subject", "tenant_id", "subject_id", desc("created_at")),)


class TimelineEntry(ContactsTable):
    """One line of a customer's timeline: a projection of the event stream, rebuilt from it at will."""

    __tablename__ = "timeline_entry"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    occurred_at: Mapped[datetime]
    actor_type: Mapped[str]
    actor_id: Mapped[str]
    changed_fields: Mapped[list[str]] = mapped_column(ARRAY(String()))
    details: Mapped[dict[str, Any]]
    activity_id: Mapped[UUID | None]

    __table_args__ = (Index("ix_timeline_entry_newest", "tenant_id", "subject_id", desc("occurred_at"), desc("id")),)
