"""An import of a file, the rows of it that did not go in, and what is needed to undo it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.importing.tables import ImportColumns, RowErrorColumns
from sqlalchemy import ARRAY, Index, String, desc
from sqlalchemy.orm import Mapped, mapped_column

from contacts.model.tables import ContactsTable

MAPPABLE = ("uploaded", "mapped", "ready")
STARTABLE = ("mapped", "ready", "paused", "failed")
REVERTIBLE = ("completed", "completed_with_errors", "paused", "failed")
MODES = ("create", "update", "upsert")
ON_DUPLICATE = ("skip", "create", "update")
MATCHES = {"contact": ("email", "phone", "external_id", "name"), "account": ("name", "domain", "external_id")}


class ImportJob(ImportColumns, ContactsTable):
    """An import of people or companies."""

    __tablename__ = "import_job"

    mode: Mapped[str]
    match_by: Mapped[str]
    on_duplicate: Mapped[str]
    default_country: Mapped[str]

    __table_args__ = (Index("ix_import_job_newest", "tenant_id", desc("id")),)


class ImportRowError(RowErrorColumns, ContactsTable):
    """A row that did not go in."""

    __tablename__ = "import_row_error"


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
