"""Rows of imports as messages. Every service's import has fields of these names."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from chassis.records.mapping import timestamp
from chassis.work import Row

_TEXTS = ("kind", "file_name", "status", "encoding", "delimiter", "failure")
_NUMBERS = ("file_bytes", "rows_read", "rows_total", "rows_created", "rows_updated", "rows_skipped", "rows_failed")


def fill_job(message: Any, row: Row, hidden: Collection[int] = ()) -> None:
    """Fills a message with what imports of all services have; samples of `hidden` columns stay out."""
    message.id, message.created_by, message.dry_run = str(row.id), str(row.created_by), row.dry_run
    for name in (*_TEXTS, *_NUMBERS):
        setattr(message, name, getattr(row, name))
    for place, column in enumerate(row.columns):
        shown = {**column, "samples": []} if place in hidden else column
        message.columns.add(**shown)
    for name in ("created_at", "started_at", "finished_at"):
        if (at := getattr(row, name)) is not None:
            getattr(message, name).CopyFrom(timestamp(at))


def fill_error(message: Any, row: Row, hidden: Collection[int] = ()) -> None:
    """Fills a message with a row that did not go in; values of `hidden` columns stay out."""
    message.row, message.column, message.reason, message.message = row.row, row.column, row.reason, row.message
    message.values.extend("" if place in hidden else value for place, value in enumerate(row.values))
