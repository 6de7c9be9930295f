"""An import of a file, the rows of it that did not go in, and what is needed to undo it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, String, desc
from sqlalchemy.orm import Mapped, mapped_column

from contacts.model.tables import ContactsTable

MAPPABLE = ("uploaded", "mapped", "ready")
STARTABLE = ("mapped", "ready", "paused", "failed")
ACTIVE = ("validating", "running")
REVERTIBLE = ("completed", "completed_with_errors", "paused", "failed")
MODES = ("create", "update", "upsert")
ON_DUPLICATE = ("skip", "create", "update")
MATCHES = {"contact": ("email", "phone", "external_id", "name"), "account": ("name", "domain", "external_id")}


class ImportJob(ContactsTable):
    """An import. `next_row` is the record of the file to go on with; `phase` what is being done in this run."""

    __tablename__ = "import_job"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    file_bytes: Mapped[int]
    file_key: Mapped[str]
    format: Mapped[str]
    status: Mapped[str]
    encoding: Mapped[str]
    delimiter: Mapped[str]
    has_header: Mapped[bool]
    columns: Mapped[list[Any]]
    mode: Mapped[str]
    match_by: Mapped[str]
    on_duplicate: Mapped[str]
    default_country: Mapped[str]
    dry_run: Mapped[bool]
    rows_read: Mapped[int]
    rows_total: Mapped[int]
    rows_created: Mapped[int]
    rows_updated: Mapped[int]
    rows_skipped: Mapped[int]
    rows_failed: Mapped[int]
    next_row: Mapped[int]
    phase: Mapped[str]
    failure: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    started_by: Mapped[UUID | None]
    started_by_type: Mapped[str]
    started_team_id: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]
    started_rights: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_import_job_newest", "tenant_id", desc("id")),)


class ImportRowError(ContactsTable):
    """A row that did not go in, as it stands in the file, and why."""

    __tablename__ = "import_row_error"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    column: Mapped[str]
    reason: Mapped[str]
    message: Mapped[str]
    values: Mapped[list[str]] = mapped_column(ARRAY(String()))


class ImportChange(ContactsTable):
    """A record that an import wrote: its version then, and its former values where it was there before."""

    __tablename__ = "import_change"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    row: Mapped[int]
    version: Mapped[int]
    before: Mapped[dict[str, Any] | None]


class ImportParent(ContactsTable):
    """A company of an import that names its parent; resolved once all rows are in."""

    __tablename__ = "import_parent"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    parent_name: Mapped[str]
    parent_key: Mapped[str] = mapped_column(String(collation="C"))
    values: Mapped[list[str]] = mapped_column(ARRAY(String()))
