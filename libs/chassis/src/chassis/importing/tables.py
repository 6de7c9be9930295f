"""Columns of an import and of a row that did not go in. A service's own tables take them and add what is theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String
from sqlalchemy.orm import Mapped, mapped_column

ACTIVE = ("validating", "running")
"""States in which a job is at work on the rows."""


class ImportColumns:
    """An import. `next_row` is the record of the file to go on with; `phase` what is being done in this run."""

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


class RowErrorColumns:
    """A row that did not go in, as it stands in the file, and why."""

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    column: Mapped[str]
    reason: Mapped[str]
    message: Mapped[str]
    values: Mapped[list[str]] = mapped_column(ARRAY(String()))
