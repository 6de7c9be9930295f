"""Cuts a service's part of a company's archive: every carried table as JSON lines, all of one moment.

One REPEATABLE READ transaction reads all tables, so the part is consistent in itself; rows stream from the server to
the file store and are never whole in memory. What a broken attempt left is never taken for a part: the report that
names the files is written last.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from chassis.errors import NotFound
from chassis.files import FileStore
from chassis.ids import uuid7
from chassis.tenancy.part import Carried, TenantPart
from chassis.tenant_tables import TenantTable, tenant_tables

_FETCH_ROWS = 1000
_CHUNK_BYTES = 256 * 1024
_REPORT_MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CutTable:
    """One table of a part. `columns` are pairs of name and PostgreSQL type; `name` is its file in the store."""

    table: str
    name: str
    columns: list[tuple[str, str]]
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A service's whole part. `files` are names in the service's own store."""

    service: str
    cut_at: str
    tables: list[CutTable]
    files: list[str]


def write_cut(
    service: str, database_url: str, tenant_id: UUID, part: TenantPart, store: FileStore, folder: str, *, max_bytes: int
) -> Cut:
    """Writes the part under `folder` of the store and returns what it is; a part that stands there is given as it is.

    Raises TooLarge where a table is larger than `max_bytes`.
    """
    known = read_cut(store, tenant_id, folder, service)
    if known is not None:
        return known
    attempt = f"{folder}/{service}-{uuid7().hex}"
    with psycopg.connect(database_url, row_factory=tuple_row, options="-c timezone=UTC") as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant_id)])
        cut_at = connection.execute("SELECT to_json(now()) #>> '{}'").fetchone()
        tables = [
            _write_table(connection, tenant_id, table, declared, store, f"{attempt}/{table.name}.jsonl", max_bytes)
            for table in tenant_tables(connection)
            if isinstance(declared := part.declared(table.name), Carried)
        ]
    files = [] if part.files is None else list(part.files.names(tenant_id))
    cut = Cut(service, str(cut_at[0] if cut_at else ""), tables, files)
    store.put(tenant_id, _report_name(folder, service), [orjson.dumps(asdict(cut))], max_bytes=_REPORT_MAX_BYTES)
    return cut


def read_cut(store: FileStore, tenant_id: UUID, folder: str, service: str) -> Cut | None:
    """The part that was finished under `folder`, or None."""
    with contextlib.suppress(NotFound):
        return cut_of(orjson.loads(b"".join(store.read(tenant_id, _report_name(folder, service)))))
    return None


def cut_of(report: dict[str, Any]) -> Cut:
    """A part from its report. Raises TypeError and KeyError where it is none."""
    tables = [
        CutTable(**{**one, "columns": [(name, kind) for name, kind in one["columns"]]}) for one in report["tables"]
    ]
    return Cut(**{**report, "tables": tables})


def _report_name(folder: str, service: str) -> str:
    return f"{folder}/{service}.json"


def _write_table(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    table: TenantTable,
    declared: Carried,
    store: FileStore,
    name: str,
    max_bytes: int,
) -> CutTable:
    columns = [one for one in table.columns if one.name not in (*declared.secret, "tenant_id") and not one.generated]
    statement = sql.SQL(
        "SELECT row_to_json(r)::text FROM (SELECT {} FROM {} WHERE tenant_id = %s ORDER BY {}) AS r"
    ).format(
        sql.SQL(", ").join(sql.Identifier(one.name) for one in columns),
        sql.Identifier(table.name),
        sql.SQL(", ").join(sql.Identifier(one) for one in ("tenant_id", *table.key)),
    )
    rows = 0

    def lines() -> Iterator[bytes]:
        nonlocal rows
        with connection.cursor(f"cut_{table.name}") as cursor:
            cursor.itersize = _FETCH_ROWS
            cursor.execute(statement, [tenant_id])
            gathered, size = [], 0
            for (line,) in cursor:
                rows += 1
                gathered.append(line.encode() + b"\n")
                size += len(gathered[-1])
                if size >= _CHUNK_BYTES:
                    yield b"".join(gathered)
                    gathered, size = [], 0
            yield b"".join(gathered)

    stored = store.put(tenant_id, name, lines(), max_bytes=max_bytes)
    described = [(one.name, one.type) for one in columns]
    return CutTable(table.name, name, described, rows, stored.size_bytes, stored.sha256)
