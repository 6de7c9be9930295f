"""The tables that hold rows of tenants, read from the catalogue of the database itself: parents before children.

What moves, backs up, exports, restores or erases a whole tenant walks this list, so a new table cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import tuple_row

EXCUSED = {
    "alembic_version": "the revision of the schema, nobody's row",
    "tenant_home": "says which database has the tenant's rows, so it differs between them and outlives the rows",
    "procrastinate_jobs": "a queue without a tenant's column; `chassis.moving` puts waiting jobs into the new one",
    "procrastinate_events": "the history of the queue, ids only",
    "procrastinate_periodic_defers": "Funia has no periodic jobs",
    "procrastinate_workers": "the processes that run jobs",
}
"""Tables that are not of tenants, and why."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `type` is PostgreSQL's name for it, such as ``uuid[]``; a generated one cannot be written."""

    name: str
    type: str
    generated: bool = False


@dataclass(frozen=True, slots=True)
class TenantTable:
    """A table led by `tenant_id`. `key` is its primary key without the tenant.

    `loose` are columns that refer to the same table or round in a circle: written after, and unset before, the rows.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    loose: tuple[str, ...] = ()

    @property
    def written(self) -> tuple[str, ...]:
        """Names of the columns that can be written."""
        return tuple(column.name for column in self.columns if not column.generated)

    @property
    def whole_key(self) -> tuple[str, ...]:
        """The primary key, which the tenant leads."""
        return ("tenant_id", *self.key)


@dataclass(frozen=True, slots=True)
class _Reference:
    child: str
    parent: str
    columns: tuple[str, ...]
    optional: bool


def tenant_tables(connection: psycopg.Connection[Any]) -> list[TenantTable]:
    """Every table with rows of tenants, each after all that it refers to; any role may ask."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        columns: dict[str, list[Column]] = {}
        for table, name, kind, generated in cursor.execute(_COLUMNS):
            columns.setdefault(table, []).append(Column(name, kind, generated))
        keys = {table: tuple(names) for table, names in cursor.execute(_KEYS)}
        references = [
            _Reference(child, parent, tuple(names), bool(optional))
            for child, parent, names, optional in cursor.execute(_REFERENCES)
        ]
    ordered = _in_order(columns, references)
    place = {name: number for number, name in enumerate(ordered)}
    return [
        TenantTable(
            name,
            tuple(columns[name]),
            keys.get(name, ()),
            tuple(
                column
                for one in references
                if one.child == name and place[one.parent] >= place[name]
                for column in one.columns
            ),
        )
        for name in ordered
    ]


def unknown_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Tables that are neither of tenants nor excused; there must be none."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        names = {row[0] for row in cursor.execute(_ALL)}
    return sorted(names - {table.name for table in tenant_tables(connection)} - EXCUSED.keys())


def _in_order(tables: Iterable[str], references: list[_Reference]) -> list[str]:
    left = sorted(tables)
    ordered: list[str] = []
    while left:
        ready = [name for name in left if not _awaited(name, left, references, bound_only=False)]
        # A circle is broken where its reference may be empty.
        ready = ready or [name for name in left if not _awaited(name, left, references, bound_only=True)][:1]
        if not ready:
            raise LookupError(f"tables refer to each other in a circle: {', '.join(left)}")
        ordered += ready
        left = [name for name in left if name not in ready]
    return ordered


def _awaited(name: str, left: list[str], references: list[_Reference], *, bound_only: bool) -> bool:
    return any(
        one.child == name and one.parent != name and one.parent in left and not (bound_only and one.optional)
        for one in references
    )


_ALL = """
    SELECT c.relname::text FROM pg_class AS c
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
"""
_TABLES = """
    SELECT c.oid FROM pg_class AS c
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
       AND c.relname <> 'tenant_home'
       AND EXISTS (SELECT FROM pg_attribute AS a
                    WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
"""
_COLUMNS = f"""
    SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), a.attgenerated <> ''
      FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.oid IN ({_TABLES}) ORDER BY c.relname, a.attnum
"""
_NAMES = """
    (SELECT coalesce(array_agg(a.attname::text ORDER BY n), '{{}}')
       FROM unnest(k.conkey) WITH ORDINALITY AS u(number, n)
       JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number
      WHERE a.attname <> 'tenant_id'{more})
"""
_KEYS = f"""
    SELECT c.relname::text, {_NAMES.format(more="")}
      FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
     WHERE k.contype = 'p' AND k.conrelid IN ({_TABLES})
"""
_REFERENCES = f"""
    SELECT child.relname::text, parent.relname::text, {_NAMES.format(more=" AND NOT a.attnotnull")},
           EXISTS (SELECT FROM unnest(k.conkey) AS number
                     JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = number
                    WHERE NOT a.attnotnull)
      FROM pg_constraint AS k
      JOIN pg_class AS child ON child.oid = k.conrelid JOIN pg_class AS parent ON parent.oid = k.confrelid
     WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid IN ({_TABLES}) AND k.confrelid IN ({_TABLES})
     ORDER BY 1, 2
"""
