"""A bulk job, and the results of its items, a batch a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, LargeBinary, desc
from sqlalchemy import UUID as SqlUuid
from sqlalchemy.orm import Mapped, mapped_column

from contacts.model.tables import ContactsTable

UPLOADABLE = ("open", "uploaded")
STARTABLE = ("uploaded", "paused", "failed")
ENDED = ("completed", "cancelled")
COUNTS = ("created", "updated", "unchanged", "deleted", "failed")


class BulkJob(ContactsTable):
    """A job. `items_done` is also the item to go on with; it runs with the rights of who started it."""

    __tablename__ = "bulk_job"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    object: Mapped[str]
    operation: Mapped[str]
    format: Mapped[str]
    system: Mapped[str]
    allow_duplicate: Mapped[bool]
    status: Mapped[str]
    file_key: Mapped[str]
    file_bytes: Mapped[int]
    items_done: Mapped[int]
    items_total: Mapped[int]
    created: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    deleted: Mapped[int]
    failed: Mapped[int]
    failure: Mapped[str]
    started_by: Mapped[UUID | None]
    started_by_type: Mapped[str]
    started_visibility: Mapped[str]
    started_team_ids: Mapped[list[UUID]] = mapped_column(ARRAY(SqlUuid(as_uuid=True)))
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    started_rights: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_bulk_job_newest", "tenant_id", desc("id")),)


class BulkResult(ContactsTable):
    """Results of a batch of items as JSON lines; `first_item` counts from 0."""

    __tablename__ = "bulk_result"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_item: Mapped[int] = mapped_column(primary_key=True)
    lines: Mapped[bytes] = mapped_column(LargeBinary())

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "job_id"], ["bulk_job.tenant_id", "bulk_job.id"]),)
