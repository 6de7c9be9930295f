"""Statements on bulk jobs and the results of their items."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, insert

from contacts.model.bulk_job import BulkJob, BulkResult

_GET = prepare(scoped(BulkJob).where(BulkJob.id == bindparam("id")))
_LOCK = prepare(scoped(BulkJob).where(BulkJob.id == bindparam("id")).with_for_update())
_PAGE = {
    after: prepare(
        scoped(BulkJob)
        .where(*([BulkJob.id < bindparam("key_id")] if after else []))
        .order_by(BulkJob.id.desc())
        .limit(bindparam("limit"))
    )
    for after in (True, False)
}
_INSERT = prepare(insert(BulkJob))
_WRITABLE = (
    "status",
    "file_key",
    "file_bytes",
    "items_done",
    "items_total",
    "created",
    "updated",
    "unchanged",
    "deleted",
    "failed",
    "failure",
    "started_by",
    "started_by_type",
    "started_visibility",
    "started_team_ids",
    "finished_at",
    "started_rights",
)
_UPDATE = text(
    f"""
    UPDATE bulk_job SET {", ".join(f"{name} = %({name})s" for name in _WRITABLE)}, version = version + 1,
           updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
)
_ADD_RESULTS = prepare(insert(BulkResult))
_RESULTS = prepare(
    scoped(BulkResult, BulkResult.first_item, BulkResult.lines)
    .where(BulkResult.job_id == bindparam("job_id"), BulkResult.first_item >= bindparam("from_item"))
    .order_by(BulkResult.first_item)
    .limit(1)
)


def get(work: Work, job_id: UUID, *, lock: bool = False) -> Row | None:
    """A job."""
    return work.row(_LOCK if lock else _GET, id=job_id)


def page(work: Work, *, limit: int, before_id: UUID | None) -> list[Row]:
    """Jobs, newest first."""
    if before_id is None:
        return work.rows(_PAGE[False], limit=limit)
    return work.rows(_PAGE[True], limit=limit, key_id=before_id)


def add(work: Work, **values: Any) -> None:
    """Writes a new job."""
    work.execute(_INSERT, **values)


def update(work: Work, job: Row, **changes: Any) -> None:
    """Writes what changed of a job."""
    values = {name: getattr(job, name) for name in _WRITABLE} | changes
    values["started_rights"] = Jsonb(values["started_rights"])
    work.execute(_UPDATE, id=job.id, now=work.now, **values)


def add_results(work: Work, job_id: UUID, first_item: int, lines: bytes) -> None:
    """Keeps the results of a batch."""
    work.execute(_ADD_RESULTS, job_id=job_id, first_item=first_item, lines=lines)


def results(work: Work, job_id: UUID, from_item: int) -> Row | None:
    """The first batch of results that begins with this item or a later one."""
    return work.row(_RESULTS, job_id=job_id, from_item=from_item)
