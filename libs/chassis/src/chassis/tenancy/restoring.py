"""Writes a service's part of an archive into another company: rows keep their ids, the tenant is the new one.

Rows go in by the app role, under row-level security, each batch with its events in one transaction. A row that is
there already is left as it is and announced no second time, so a broken restore is simply run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg import sql

from chassis.caller import Caller
from chassis.files import FileStore
from chassis.tenancy.cut import CutTable
from chassis.tenancy.part import Carried, RestoredRow, TenantPart
from chassis.tenant_tables import TenantTable, tenant_tables
from chassis.work import Database, Work


def restore_tables(
    database: Database,
    caller: Caller,
    part: TenantPart,
    store: FileStore,
    tables: Sequence[CutTable],
    *,
    batch_rows: int,
) -> dict[str, int]:
    """Writes these tables, parents first; returns rows read of each. Tables that are not restored are passed over."""
    with database.open_work(caller, read_only=True) as work:
        known = tenant_tables(work.raw)
    files = {one.table: one for one in tables}
    read: dict[str, int] = {}
    for table in known:
        declared = part.declared(table.name)
        if table.name not in files or not isinstance(declared, Carried):
            continue
        if declared.not_restored:
            continue
        read[table.name] = 0
        for rows in _batches(store, caller.tenant_id, files[table.name].name, batch_rows):
            with database.open_work(caller) as work:
                _write(work, table, declared, part, rows)
            read[table.name] += len(rows)
    for table in known:
        declared = part.declared(table.name)
        if table.name in read and isinstance(declared, Carried):
            for column in table.loose:
                if column not in declared.reset:
                    _link(database, caller, store, table, column, files[table.name].name, batch_rows)
    return read


def _write(work: Work, table: TenantTable, declared: Carried, part: TenantPart, rows: list[RestoredRow]) -> None:
    left_out = {"tenant_id", *declared.secret, *declared.reset, *table.loose}
    columns = [
        one.name for one in table.columns if one.name not in left_out and not one.generated and one.name in rows[0]
    ]
    statement = sql.SQL(
        "INSERT INTO {table} (tenant_id, {columns}) SELECT %(tenant_id)s, {columns}"
        " FROM jsonb_populate_recordset(NULL::{table}, %(rows)s::jsonb) ON CONFLICT DO NOTHING RETURNING {key}"
    ).format(
        table=sql.Identifier(table.name),
        columns=_names(columns),
        # A table with one row a tenant has no key beside it.
        key=_names(table.key or ("tenant_id",)),
    )
    given = {"tenant_id": work.tenant_id, "rows": orjson.dumps(rows).decode()}
    with work.raw.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        fresh = {tuple(map(str, key[: len(table.key)])) for key in cursor.execute(statement, given)}
    announce = part.announce.get(table.name)
    if announce is not None:
        written = [row for row in rows if tuple(str(row[name]) for name in table.key) in fresh]
        if written:
            announce(work, written)


def _link(
    database: Database, caller: Caller, store: FileStore, table: TenantTable, column: str, name: str, batch_rows: int
) -> None:
    """Sets a reference to a row of the same table, once all rows are there."""
    statement = sql.SQL(
        "UPDATE {table} AS t SET {column} = r.{column}"
        " FROM jsonb_populate_recordset(NULL::{table}, %(rows)s::jsonb) AS r"
        " WHERE t.tenant_id = %(tenant_id)s AND {same} AND t.{column} IS NULL"
    ).format(
        table=sql.Identifier(table.name),
        column=sql.Identifier(column),
        same=sql.SQL(" AND ").join(sql.SQL("t.{0} = r.{0}").format(sql.Identifier(one)) for one in table.key),
    )
    for rows in _batches(store, caller.tenant_id, name, batch_rows):
        linked = [row for row in rows if row.get(column) is not None]
        if linked:
            with database.open_work(caller) as work:
                work.raw.execute(statement, {"tenant_id": caller.tenant_id, "rows": orjson.dumps(linked).decode()})


def _batches(store: FileStore, tenant_id: UUID, name: str, batch_rows: int) -> Iterator[list[RestoredRow]]:
    rows: list[RestoredRow] = []
    for line in lines_of(store.read(tenant_id, name)):
        rows.append(orjson.loads(line))
        if len(rows) == batch_rows:
            yield rows
            rows = []
    if rows:
        yield rows


def lines_of(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of a file that comes in pieces."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line)
    if rest:
        yield rest


def _names(columns: Sequence[Any]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(one) for one in columns)
