"""Statements that find imports and bulk jobs of long ago and remove them, with all that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.statements import Prepared, text
from chassis.work import Row, Work

TENANTS = "SELECT tenant_id FROM tenant_profile ORDER BY tenant_id"
"""For the relay role, which may see which companies there are."""
Part = Literal["import_change", "import_row_error", "import_parent", "bulk_result"]
OF_IMPORT: tuple[Part, ...] = ("import_change", "import_row_error", "import_parent")
OF_BULK_JOB: tuple[Part, ...] = ("bulk_result",)
_JOB_COLUMN: Mapping[Part, str] = {**dict.fromkeys(OF_IMPORT, "import_id"), "bulk_result": "job_id"}
_RUNNING: Mapping[str, str] = {
    "import_job": "'validating', 'running', 'reverting'",
    "bulk_job": "'running'",
}


def _old(table: str) -> Prepared:
    return text(
        f"""
        SELECT id, file_key, file_bytes FROM {table}
         WHERE tenant_id = %(tenant_id)s AND created_at < %(before)s AND updated_at < %(before)s
           AND status NOT IN ({_RUNNING[table]})
         ORDER BY id LIMIT %(limit)s
        """,
        "tenant_id",
        "before",
        "limit",
    )


def _remove(table: str) -> Prepared:
    return text(f"DELETE FROM {table} WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id", "id")


_OLD_IMPORTS, _OLD_BULK_JOBS = _old("import_job"), _old("bulk_job")
_REMOVE_IMPORT, _REMOVE_BULK_JOB = _remove("import_job"), _remove("bulk_job")
_REMOVE_PART = {
    part: text(
        f"""
        DELETE FROM {part} WHERE tenant_id = %(tenant_id)s AND {column} = %(job_id)s AND ctid = ANY (ARRAY(
            SELECT ctid FROM {part} WHERE tenant_id = %(tenant_id)s AND {column} = %(job_id)s LIMIT %(limit)s))
        """,
        "tenant_id",
        "job_id",
        "limit",
    )
    for part, column in _JOB_COLUMN.items()
}


def old_imports(work: Work, *, before: datetime, limit: int) -> list[Row]:
    """Imports that nothing has happened to since that moment and that do not run, oldest first."""
    return work.rows(_OLD_IMPORTS, before=before, limit=limit)


def old_bulk_jobs(work: Work, *, before: datetime, limit: int) -> list[Row]:
    """The same of bulk jobs."""
    return work.rows(_OLD_BULK_JOBS, before=before, limit=limit)


def remove_part(work: Work, part: Part, job_id: UUID, *, limit: int) -> int:
    """Removes rows that belong to a job; returns how many."""
    return work.execute(_REMOVE_PART[part], job_id=job_id, limit=limit)


def remove_import(work: Work, job: Row) -> None:
    """Removes an import that nothing belongs to any more."""
    if work.execute(_REMOVE_IMPORT, id=job.id):
        work.count("storage_bytes", -job.file_bytes)


def remove_bulk_job(work: Work, job: Row) -> None:
    """Removes a bulk job that nothing belongs to any more."""
    if work.execute(_REMOVE_BULK_JOB, id=job.id):
        work.count("storage_bytes", -job.file_bytes)
