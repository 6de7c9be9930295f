"""The rows of one tenant in one database, whatever the tables: counted, summed, carried elsewhere, deleted.

Tables come from `chassis.tenant_tables`, so a new one is carried without a line here. Everything runs as the owner role
on a transaction of the caller's, bound to the tenant: row-level security keeps even the owner at its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, cast
from uuid import UUID

from psycopg import Connection, sql

from chassis.tenant_tables import TenantTable

_ONLY: dict[str, LiteralString] = {"outbox": "published_at IS NOT NULL"}
"""What is carried of a table where not all is. An event that waits is published from where it was written: two relays
with the same events would break their order."""

_MANY = 2_000
"""Staged rows from which on the planner must know their number."""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows there are, and the sum of their hashes, which does not depend on their order."""

    rows: int
    hashes: str


@dataclass(frozen=True, slots=True)
class Carried:
    """How many rows a round wrote and took away."""

    written: int
    removed: int


def bind(connection: Connection[Any], tenant_id: UUID) -> None:
    """Binds the transaction to the tenant, as far as row-level security is concerned."""
    connection.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant_id)])


def sums(connection: Connection[Any], tables: Sequence[TenantTable], tenant_id: UUID) -> dict[str, Sum]:
    """The sum of every table's rows of this tenant, by the table's name."""
    return {table.name: _sum(connection, table, tenant_id) for table in tables}


def delete_rows(connection: Connection[Any], tables: Sequence[TenantTable], tenant_id: UUID) -> dict[str, int]:
    """Deletes every row of the tenant, and returns how many there were by table."""
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    return {
        table.name: connection.execute(
            sql.SQL("DELETE FROM {} WHERE tenant_id = %s").format(sql.Identifier(table.name)), [tenant_id]
        ).rowcount
        for table in reversed(tables)
    }


def read_rows(
    connection: Connection[Any],
    table: TenantTable,
    tenant_id: UUID,
    *,
    since: int | None = None,
    columns: Sequence[str] = (),
) -> Iterator[bytes]:
    """The tenant's rows in PostgreSQL's binary COPY format: all columns that can be written, or those named.

    With `since` those that transaction or a later one wrote.

    Rows of a transaction that ran while the snapshot of `since` was taken come too: too many rather than too few.
    """
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT (FORMAT binary)").format(
        _names(columns or table.written), sql.Identifier(table.name), _where(table, tenant_id, since=since)
    )
    with connection.cursor().copy(query) as copy:
        for block in copy:
            yield bytes(block)


def write_rows(connection: Connection[Any], table: TenantTable, blocks: Iterator[bytes]) -> int:
    """Puts rows that `read_rows` gave into a table that has none of their keys; returns how many."""
    _stage(connection, table, table.written, blocks)
    return _insert(connection, table)


def catch_up(
    source: Connection[Any],
    target: Connection[Any],
    tables: Sequence[TenantTable],
    tenant_id: UUID,
    *,
    since: int | None,
) -> Carried:
    """Makes the target's rows those of the source's snapshot. `since` is the source's snapshot of the last time.

    Rows that are gone show in the numbers alone; only then the keys are compared.
    """
    target.execute("SET CONSTRAINTS ALL DEFERRED")
    here = _tally(source, tables, tenant_id, since=since)
    there = _tally(target, tables, tenant_id, since=None)
    written = removed = 0
    for table in tables:
        (rows, changed), (had, _) = here[table.name], there[table.name]
        if not changed and rows == had:
            continue
        staged = _stage(target, table, table.written, read_rows(source, table, tenant_id, since=since))
        if staged > _MANY:
            # PostgreSQL knows nothing of a table that was filled a moment ago, and would compare each row with each.
            target.execute("ANALYZE carried")
        replaced = target.execute(
            sql.SQL("DELETE FROM {} AS old USING carried WHERE old.tenant_id = %s AND {}").format(
                sql.Identifier(table.name), _same(table)
            ),
            [tenant_id],
        ).rowcount
        if had - replaced + staged != rows:
            removed += _delete_vanished(source, target, table, tenant_id)
        written += _insert(target, table)
    return Carried(written, removed)


def snapshot(connection: Connection[Any]) -> int:
    """The oldest transaction that may still write what this transaction does not see: the next `since`."""
    row = connection.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetchone()
    assert row is not None
    return cast(int, row[0])


def make_deferrable(connection: Connection[Any]) -> None:
    """Lets every reference between tables wait for the end of the transaction, so that rows may come in any order."""
    for name, constraint in connection.execute(_NOT_DEFERRABLE).fetchall():
        connection.execute(
            sql.SQL("ALTER TABLE {} ALTER CONSTRAINT {} DEFERRABLE INITIALLY IMMEDIATE").format(
                sql.Identifier(name), sql.Identifier(constraint)
            )
        )


def _stage(connection: Connection[Any], table: TenantTable, columns: Sequence[str], blocks: Iterator[bytes]) -> int:
    """Fills the temporary table `carried`: COPY does not write to tables with row-level security."""
    connection.execute("DROP TABLE IF EXISTS pg_temp.carried")
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE carried ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            _names(columns), sql.Identifier(table.name)
        )
    )
    cursor = connection.cursor()
    with cursor.copy("COPY carried FROM STDIN (FORMAT binary)") as copy:
        for block in blocks:
            copy.write(block)
    return cursor.rowcount


def _insert(connection: Connection[Any], table: TenantTable) -> int:
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM carried").format(
        sql.Identifier(table.name), _names(table.written)
    )
    return connection.execute(statement).rowcount


def _delete_vanished(source: Connection[Any], target: Connection[Any], table: TenantTable, tenant_id: UUID) -> int:
    """Deletes rows whose keys the source has no more. What is staged for writing stays staged."""
    target.execute("ALTER TABLE carried RENAME TO staged")
    key = table.whole_key
    _stage(target, table, key, read_rows(source, table, tenant_id, columns=key))
    target.execute("ANALYZE carried")
    deleted = target.execute(
        sql.SQL("DELETE FROM {} AS old WHERE tenant_id = %s AND NOT EXISTS (SELECT FROM carried WHERE {})").format(
            sql.Identifier(table.name), _same(table)
        ),
        [tenant_id],
    ).rowcount
    target.execute("DROP TABLE carried")
    target.execute("ALTER TABLE staged RENAME TO carried")
    return deleted


def _tally(
    connection: Connection[Any], tables: Sequence[TenantTable], tenant_id: UUID, *, since: int | None
) -> dict[str, tuple[int, int]]:
    """Of each table how many rows the tenant has, and how many of them are to be carried; in one statement."""
    recent = sql.SQL("true") if since is None else _recent(since)
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*), count(*) FILTER (WHERE {}) FROM {} WHERE {}").format(
            sql.Literal(table.name), recent, sql.Identifier(table.name), _where(table, tenant_id, since=None)
        )
        for table in tables
    )
    return {name: (rows, changed) for name, rows, changed in connection.execute(query)}


def _sum(connection: Connection[Any], table: TenantTable, tenant_id: UUID) -> Sum:
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(hash_record_extended(ROW({}), 0)), 0)::text FROM {} WHERE {}"
    ).format(_names(table.written), sql.Identifier(table.name), _where(table, tenant_id, since=None))
    row = connection.execute(query).fetchone()
    assert row is not None
    return Sum(*row)


def _where(table: TenantTable, tenant_id: UUID, *, since: int | None) -> sql.Composable:
    parts: list[sql.Composable] = [sql.SQL("tenant_id = {}").format(sql.Literal(tenant_id))]
    if table.name in _ONLY:
        parts.append(sql.SQL(_ONLY[table.name]))
    if since is not None:
        parts.append(_recent(since))
    return sql.SQL(" AND ").join(parts)


def _recent(since: int) -> sql.Composed:
    return sql.SQL("age(xmin) <= age({}::text::xid8::xid)").format(sql.Literal(str(since)))


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column) for column in columns)


def _same(table: TenantTable) -> sql.Composed:
    return sql.SQL(" AND ").join(
        sql.SQL("old.{0} = carried.{0}").format(sql.Identifier(column)) for column in table.whole_key
    )


_NOT_DEFERRABLE = """
    SELECT c.relname::text, k.conname::text FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
     WHERE k.contype = 'f' AND NOT k.condeferrable AND k.conparentid = 0 AND c.relnamespace = 'public'::regnamespace
"""
