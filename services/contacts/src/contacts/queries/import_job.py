"""Statements on imports, the rows they refused and the changes they made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import bindparam

from contacts.model.import_job import ImportChange, ImportJob, ImportParent, ImportRowError

_GET = prepare(scoped(ImportJob).where(ImportJob.id == bindparam("id")))
_LOCK = prepare(scoped(ImportJob).where(ImportJob.id == bindparam("id")).with_for_update())
_PAGE = {
    after: prepare(
        scoped(ImportJob)
        .where(*([ImportJob.id < bindparam("key_id")] if after else []))
        .order_by(ImportJob.id.desc())
        .limit(bindparam("limit"))
    )
    for after in (True, False)
}
_ERRORS = prepare(
    scoped(ImportRowError)
    .where(ImportRowError.import_id == bindparam("import_id"), ImportRowError.row > bindparam("after_row"))
    .order_by(ImportRowError.row)
    .limit(bindparam("limit"))
)
_CHANGES = prepare(
    scoped(ImportChange)
    .where(ImportChange.import_id == bindparam("import_id"), ImportChange.record_kind == bindparam("record_kind"))
    .order_by(ImportChange.record_id)
    .limit(bindparam("limit"))
)
_PARENTS = prepare(
    scoped(ImportParent)
    .where(ImportParent.import_id == bindparam("import_id"))
    .order_by(ImportParent.row)
    .limit(bindparam("limit"))
)
_INSERT = text(
    """
    INSERT INTO import_job (tenant_id, id, kind, file_name, file_bytes, file_key, format, status, encoding, delimiter,
        has_header, columns, mode, match_by, on_duplicate, default_country, dry_run, rows_read, rows_total,
        rows_created, rows_updated, rows_skipped, rows_failed, next_row, phase, failure, version, created_at,
        created_by, updated_at, started_by_type)
    VALUES (%(tenant_id)s, %(id)s, %(kind)s, %(file_name)s, %(file_bytes)s, %(file_key)s, %(format)s, 'uploaded',
        %(encoding)s, %(delimiter)s, %(has_header)s, %(columns)s, 'upsert', %(match_by)s, 'skip', '', false, 0, 0,
        0, 0, 0, 0, 0, '', '', 1, %(now)s, %(actor_id)s, %(now)s, '')
    """,
    "tenant_id",
    "actor_id",
)
_WRITABLE = (
    "status",
    "columns",
    "mode",
    "match_by",
    "on_duplicate",
    "default_country",
    "dry_run",
    "rows_read",
    "rows_total",
    "rows_created",
    "rows_updated",
    "rows_skipped",
    "rows_failed",
    "next_row",
    "phase",
    "failure",
    "started_at",
    "started_by",
    "started_by_type",
    "started_team_id",
    "finished_at",
    "started_rights",
)
_UPDATE = text(
    f"""
    UPDATE import_job SET {", ".join(f"{name} = %({name})s" for name in _WRITABLE)}, version = version + 1,
           updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
)
_ADD_ERRORS = text(
    """
    INSERT INTO import_row_error (tenant_id, import_id, "row", "column", reason, message, "values")
    SELECT %(tenant_id)s, %(import_id)s, "row", "column", reason, message, "values"
      FROM json_to_recordset(%(rows)s::json)
           AS item("row" bigint, "column" text, reason text, message text, "values" text[])
    ON CONFLICT (tenant_id, import_id, "row")
    DO UPDATE SET message = import_row_error.message || ' ' || excluded.message
    """,
    "tenant_id",
)
_ADD_CHANGES = text(
    """
    INSERT INTO import_change (tenant_id, import_id, record_kind, record_id, "row", version, before)
    SELECT %(tenant_id)s, %(import_id)s, record_kind, record_id, "row", version, nullif(before, '')::jsonb
      FROM unnest(%(kinds)b::text[], %(ids)b::uuid[], %(lines)b::bigint[], %(versions)b::bigint[], %(befores)b::text[])
           AS item(record_kind, record_id, "row", version, before)
    ON CONFLICT (tenant_id, import_id, record_kind, record_id) DO UPDATE SET version = excluded.version
    """,
    "tenant_id",
)
_ADD_PARENTS = text(
    """
    INSERT INTO import_parent (tenant_id, import_id, "row", account_id, parent_name, parent_key, "values")
    SELECT %(tenant_id)s, %(import_id)s, "row", account_id, parent_name, parent_key, "values"
      FROM json_to_recordset(%(rows)s::json)
           AS item("row" bigint, account_id uuid, parent_name text, parent_key text, "values" text[])
    """,
    "tenant_id",
)
_FORGET = {
    table: text(f"DELETE FROM {table} WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s", "tenant_id")
    for table in ("import_row_error", "import_parent")
}
_DROP_CHANGES = text(
    """
    DELETE FROM import_change
     WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s AND record_kind = %(record_kind)s
       AND record_id = ANY(%(ids)b)
    """,
    "tenant_id",
)
_ROWS_OF_CREATED = text(
    """
    SELECT record_id, "row" FROM import_change
     WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s AND record_kind = %(record_kind)s
       AND record_id = ANY(%(ids)b) AND before IS NULL
    """,
    "tenant_id",
)
_DROP_PARENTS = text(
    'DELETE FROM import_parent WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s AND "row" <= %(row)s',
    "tenant_id",
)


def get(work: Work, import_id: UUID, *, lock: bool = False) -> Row | None:
    """The import."""
    return work.row(_LOCK if lock else _GET, id=import_id)


def page(work: Work, *, limit: int, before_id: UUID | None) -> list[Row]:
    """One page of imports, newest first."""
    parameters: dict[str, Any] = {} if before_id is None else {"key_id": before_id}
    return work.rows(_PAGE[before_id is not None], limit=limit, **parameters)


def errors(work: Work, import_id: UUID, *, after_row: int, limit: int) -> list[Row]:
    """Refused rows after this one, in file order."""
    return work.rows(_ERRORS, import_id=import_id, after_row=after_row, limit=limit)


def changes(work: Work, import_id: UUID, record_kind: str, *, limit: int) -> list[Row]:
    """Some of the changes not yet undone."""
    return work.rows(_CHANGES, import_id=import_id, record_kind=record_kind, limit=limit)


def parents(work: Work, import_id: UUID, *, limit: int) -> list[Row]:
    """Some of the companies whose parent is not yet looked for, in file order."""
    return work.rows(_PARENTS, import_id=import_id, limit=limit)


def insert(work: Work, import_id: UUID, **values: Any) -> None:
    """Writes a fresh import."""
    values["columns"] = Jsonb(values["columns"])
    work.execute(_INSERT, id=import_id, now=work.now, **values)


def update(work: Work, row: Row, **changed: Any) -> None:
    """Writes these columns of an import that was read under lock."""
    values = {name: changed.get(name, getattr(row, name)) for name in _WRITABLE}
    for name in ("columns", "started_rights"):
        values[name] = Jsonb(values[name])
    work.execute(_UPDATE, id=row.id, now=work.now, **values)


def add_errors(work: Work, import_id: UUID, rows: list[dict[str, Any]]) -> None:
    """Keeps refused rows; what comes later about the same row is said after what was said first."""
    if rows:
        work.execute(_ADD_ERRORS, import_id=import_id, rows=orjson.dumps(rows).decode())


def add_changes(work: Work, import_id: UUID, rows: Sequence[tuple[str, UUID, int, int, dict[str, Any] | None]]) -> None:
    """Keeps what undoing needs: kind, record, row of the file, version, former values. The first former values stay."""
    if rows:
        kinds, ids, lines, versions, befores = (list(part) for part in zip(*rows, strict=True))
        texts = ["" if before is None else orjson.dumps(before).decode() for before in befores]
        work.execute(
            _ADD_CHANGES, import_id=import_id, kinds=kinds, ids=ids, lines=lines, versions=versions, befores=texts
        )


def add_parents(work: Work, import_id: UUID, rows: list[dict[str, Any]]) -> None:
    """Keeps which company names which parent, for the second pass."""
    if rows:
        work.execute(_ADD_PARENTS, import_id=import_id, rows=orjson.dumps(rows).decode())


def forget_findings(work: Work, import_id: UUID) -> None:
    """Forgets the refused rows and open parents of an earlier run."""
    for statement in _FORGET.values():
        work.execute(statement, import_id=import_id)


def drop_changes(work: Work, import_id: UUID, record_kind: str, ids: list[UUID]) -> None:
    """Forgets changes that were dealt with."""
    work.execute(_DROP_CHANGES, import_id=import_id, record_kind=record_kind, ids=ids)


def drop_parents(work: Work, import_id: UUID, row: int) -> None:
    """Forgets open parents up to this row."""
    work.execute(_DROP_PARENTS, import_id=import_id, row=row)


def rows_of_created(work: Work, import_id: UUID, record_kind: str, ids: list[UUID]) -> dict[UUID, int]:
    """The row of the file from which this import created each of these records; others are left out."""
    if not ids:
        return {}
    found = work.rows(_ROWS_OF_CREATED, import_id=import_id, record_kind=record_kind, ids=ids)
    return {row.record_id: row.row for row in found}
