"""Statements on imports beyond those that imports of every service have: the changes they made, parents to find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from chassis.importing.store import ImportStore
from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from sqlalchemy import bindparam

from contacts.model.import_job import ImportChange, ImportJob, ImportParent, ImportRowError

IMPORTS = ImportStore(ImportJob, ImportRowError, mode="upsert", on_duplicate="skip", default_country="")
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
_FORGET_PARENTS = text(
    "DELETE FROM import_parent WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s", "tenant_id"
)
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


def changes(work: Work, import_id: UUID, record_kind: str, *, limit: int) -> list[Row]:
    """Some of the changes not yet undone."""
    return work.rows(_CHANGES, import_id=import_id, record_kind=record_kind, limit=limit)


def parents(work: Work, import_id: UUID, *, limit: int) -> list[Row]:
    """Some of the companies whose parent is not yet looked for, in file order."""
    return work.rows(_PARENTS, import_id=import_id, limit=limit)


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
    IMPORTS.forget_errors(work, import_id)
    work.execute(_FORGET_PARENTS, import_id=import_id)


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
