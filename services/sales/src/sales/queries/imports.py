"""Statements on imports, the values they ask about, and what records of other systems are here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from chassis.importing.store import ImportStore
from chassis.statements import Prepared, prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from sqlalchemy import bindparam, tuple_
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from sales.model.imports import SalesImport, SalesImportRowError, SalesImportValue

IMPORTS = ImportStore(
    SalesImport,
    SalesImportRowError,
    options={},
    made={},
    rows_noted=0,
    undo_total=0,
    undo_left=0,
    undone={},
    owners={},
)
_DIALECT: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
_PUT_VALUES = text(
    """
    INSERT INTO sales_import_value (tenant_id, import_id, field, value, rows, detail, choice, suggestion,
           suggestion_name)
    SELECT %(tenant_id)s, %(import_id)s, field, value, rows, detail, choice, suggestion, suggestion_name
      FROM json_to_recordset(%(items)s::json)
           AS item(field text, value text, rows bigint, detail jsonb, choice text, suggestion uuid,
                   suggestion_name text)
    ON CONFLICT (tenant_id, import_id, field, value) DO UPDATE SET rows = sales_import_value.rows + excluded.rows
    """,
    "tenant_id",
)
_FORGET_VALUES = text(
    "DELETE FROM sales_import_value WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s", "tenant_id"
)
_CHOOSE = text(
    """
    UPDATE sales_import_value SET choice = item.choice
      FROM unnest(%(fields)b::text[], %(given)b::text[], %(choices)b::text[]) AS item(field, value, choice)
     WHERE sales_import_value.tenant_id = %(tenant_id)s AND sales_import_value.import_id = %(import_id)s
       AND sales_import_value.field = item.field AND sales_import_value.value = item.value
    RETURNING sales_import_value.field, sales_import_value.value
    """,
    "tenant_id",
)
_ACCEPT = text(
    """
    UPDATE sales_import_value SET choice = suggestion::text
     WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s AND choice = '' AND suggestion IS NOT NULL
    """,
    "tenant_id",
)
_UNDECIDED = text(
    """
    SELECT count(*) AS undecided FROM sales_import_value
     WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s AND choice = ''
    """,
    "tenant_id",
)
_TO_FIND = text(
    """
    SELECT value, detail FROM sales_import_value AS item
     WHERE item.tenant_id = %(tenant_id)s AND item.import_id = %(import_id)s AND item.field = %(field)s
       AND item.choice = 'new' AND item.value > %(after)s
       AND NOT EXISTS (
           SELECT FROM external_record AS known
            WHERE known.tenant_id = %(tenant_id)s AND known.kind = 'account' AND known.system = %(system)s
              AND known.external_id = item.value)
     ORDER BY item.value LIMIT %(limit)s
    """,
    "tenant_id",
)
_DECIDED = prepare(
    scoped(SalesImportValue, SalesImportValue.field, SalesImportValue.value, SalesImportValue.choice).where(
        SalesImportValue.import_id == bindparam("import_id")
    )
)
_VALUES = {
    (field, after): prepare(
        scoped(SalesImportValue)
        .where(
            SalesImportValue.import_id == bindparam("import_id"),
            *([SalesImportValue.field == bindparam("field")] if field else []),
            *(
                [
                    tuple_(SalesImportValue.field, SalesImportValue.value)
                    > tuple_(bindparam("after_field"), bindparam("after_value"))
                ]
                if after
                else []
            ),
        )
        .order_by(SalesImportValue.field, SalesImportValue.value)
        .limit(bindparam("limit"))
    )
    for field in (True, False)
    for after in (True, False)
}
_KNOWN = text(
    """
    SELECT external_id, record_id, import_id FROM external_record
     WHERE tenant_id = %(tenant_id)s AND kind = %(kind)s AND system = %(system)s AND external_id = ANY(%(ids)b)
    """,
    "tenant_id",
)
_TELLING_OF = text(
    """
    SELECT DISTINCT import_id FROM sales_import_change
     WHERE tenant_id = %(tenant_id)s AND record_id = ANY(%(lead_ids)b::uuid[]) AND kind = 'lead'
    """,
    "tenant_id",
)
_NO_SAMPLES = text(
    """
    UPDATE sales_import SET version = version + 1, updated_at = %(now)s, columns = coalesce(
           (SELECT jsonb_agg(one || '{"samples": []}') FROM jsonb_array_elements(columns) AS one), '[]')
     WHERE tenant_id = %(tenant_id)s AND id = ANY(%(import_ids)b::uuid[])
    """,
    "tenant_id",
)
_NO_VALUES = text(
    """
    DELETE FROM sales_import_value
     WHERE tenant_id = %(tenant_id)s AND import_id = ANY(%(import_ids)b::uuid[])
    """,
    "tenant_id",
)
_NO_FILE = text(
    """
    UPDATE sales_import SET file_key = '', file_bytes = 0, version = version + 1, updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = %(import_id)s AND file_key <> ''
    """,
    "tenant_id",
)
_TAKEN_NUMBERS = text(
    """
    SELECT number FROM sales_order WHERE tenant_id = %(tenant_id)s AND number = ANY(%(numbers)b) AND number <> ''
    UNION ALL SELECT number FROM return_order WHERE tenant_id = %(tenant_id)s AND number = ANY(%(numbers)b)
    """,
    "tenant_id",
)
_KEEP = text(
    """
    INSERT INTO external_record (tenant_id, kind, system, external_id, record_id, import_id)
    SELECT %(tenant_id)s, %(kind)s, %(system)s, external_id, record_id, %(import_id)s
      FROM unnest(%(ids)b::text[], %(records)b::uuid[]) AS item(external_id, record_id)
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)


class BulkRows:
    """Writes many rows of a table by one statement. What is the same in all of them goes over once.

    (COPY would be faster by itself, but PostgreSQL refuses it on tables with row-level security.)
    """

    def __init__(self, table: Any) -> None:
        self._table = table.__tablename__
        self._columns = {one.name: one for one in table.__table__.columns if one.name != "tenant_id"}
        self._statements: dict[tuple[str, ...], Prepared] = {}

    def add(self, work: Work, rows: Sequence[Mapping[str, Any]], **same: Any) -> None:
        """Adds these rows, each with the columns of the first, and in all of them what is the `same`."""
        if not rows:
            return
        shape = (*rows[0], "", *same)
        if shape not in self._statements:
            self._statements[shape] = self._statement(list(rows[0]), list(same))
        given = {f"same_{name}": self._bound(name, value) for name, value in same.items()}
        work.execute(self._statements[shape], rows=orjson.dumps(rows, option=orjson.OPT_NON_STR_KEYS).decode(), **given)

    def _statement(self, varying: list[str], same: list[str]) -> Prepared:
        types = {name: self._columns[name].type.compile(_DIALECT).split(" COLLATE")[0] for name in (*varying, *same)}
        names = ", ".join(f'"{name}"' for name in (*varying, *same))
        taken = ", ".join(f'item."{name}"' for name in varying)
        given = "".join(f", %(same_{name})s::{types[name]}" for name in same)
        typed = ", ".join(f'"{name}" {types[name]}' for name in varying)
        return text(
            f"""
            INSERT INTO {self._table} (tenant_id, {names})
            SELECT %(tenant_id)s, {taken}{given} FROM json_to_recordset(%(rows)s::json) AS item({typed})
            """,
            "tenant_id",
        )

    def _bound(self, name: str, value: Any) -> Any:
        column = self._columns[name].type
        if isinstance(column, JSONB) and value is not None:
            return orjson.dumps(value).decode()
        return list(value) if isinstance(column, ARRAY) else value


def put_values(work: Work, import_id: UUID, items: Iterable[Mapping[str, Any]]) -> None:
    """Counts rows to values, and writes those that are new."""
    rows = list(items)
    if rows:
        work.execute(_PUT_VALUES, import_id=import_id, items=orjson.dumps(rows).decode())


def forget_findings(work: Work, import_id: UUID) -> None:
    """Forgets what an earlier check found."""
    IMPORTS.forget_errors(work, import_id)
    work.execute(_FORGET_VALUES, import_id=import_id)


def values(work: Work, import_id: UUID, *, field: str, after: tuple[str, str] | None, limit: int) -> list[Row]:
    """One page of the values to decide upon, by field and value."""
    given: dict[str, Any] = {"field": field} if field else {}
    if after is not None:
        given |= {"after_field": after[0], "after_value": after[1]}
    return work.rows(_VALUES[bool(field), after is not None], import_id=import_id, limit=limit, **given)


def choose(work: Work, import_id: UUID, choices: Sequence[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Keeps decisions: field, value, choice. Those of them whose value is there."""
    if not choices:
        return set()
    fields, given, chosen = (list(part) for part in zip(*choices, strict=True))
    rows = work.rows(_CHOOSE, import_id=import_id, fields=fields, given=given, choices=chosen)
    return {(row.field, row.value) for row in rows}


def accept_suggestions(work: Work, import_id: UUID) -> None:
    """Takes what is suggested for every value without a decision."""
    work.execute(_ACCEPT, import_id=import_id)


def undecided(work: Work, import_id: UUID) -> int:
    """How many values nobody has decided upon; a check finds a bounded number of them."""
    row: Any = work.row(_UNDECIDED, import_id=import_id)
    return int(row.undecided)


def decided(work: Work, import_id: UUID) -> dict[tuple[str, str], str]:
    """What was decided, by field and value."""
    return {(row.field, row.value): row.choice for row in work.rows(_DECIDED, import_id=import_id)}


def to_find(work: Work, import_id: UUID, field: str, system: str, *, after: str, limit: int) -> list[Row]:
    """Companies that are still to be found or made: value and detail."""
    return work.rows(_TO_FIND, import_id=import_id, field=field, system=system, after=after, limit=limit)


def known(work: Work, kind: str, system: str, external_ids: Sequence[str]) -> dict[str, Row]:
    """What records of another system are here, by their ids there: record_id, import_id."""
    if not external_ids:
        return {}
    return {row.external_id: row for row in work.rows(_KNOWN, kind=kind, system=system, ids=list(external_ids))}


def taken_numbers(work: Work, numbers: Sequence[str]) -> set[str]:
    """Which of these numbers orders or returns have."""
    return {row.number for row in work.rows(_TAKEN_NUMBERS, numbers=list(numbers))} if numbers else set()


def telling_of(work: Work, lead_ids: Sequence[UUID]) -> set[UUID]:
    """Imports that made these leads."""
    return {row.import_id for row in work.rows(_TELLING_OF, lead_ids=list(lead_ids))} if lead_ids else set()


def forget_samples(work: Work, import_ids: Sequence[UUID]) -> None:
    """Forgets what imports show of their files, and what was asked about the values in them."""
    if import_ids:
        work.execute(_NO_SAMPLES, import_ids=list(import_ids), now=work.now)
        work.execute(_NO_VALUES, import_ids=list(import_ids))


def forget_file(work: Work, job: Row) -> None:
    """The file of an import is gone."""
    if job.file_key and work.execute(_NO_FILE, import_id=job.id, now=work.now):
        work.count("storage_bytes", -job.file_bytes)


def keep(work: Work, kind: str, system: str, import_id: UUID, records: Mapping[str, UUID]) -> None:
    """Keeps what records of another system are here."""
    if records:
        work.execute(
            _KEEP, kind=kind, system=system, import_id=import_id, ids=list(records), records=list(records.values())
        )
