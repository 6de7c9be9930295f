"""Where a service keeps custom fields: a projection of the definitions, and typed index tables of the values.

The values themselves stand in the record, as JSON; PostgreSQL does not use an index on JSON under row-level security,
so each value is indexed in the table of its type, whose operators leak nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import UUID as SqlUuid
from sqlalchemy import Text, column, literal, select, table
from sqlalchemy.sql.elements import ColumnElement

from chassis.custom_fields import Defs, FieldDef, Place, by_key, indexed
from chassis.filtering import FieldType, SqlRows
from chassis.schema import Roles, protect
from chassis.statements import text
from chassis.tables import tenant_parameter
from chassis.work import Row, Work

CACHE_S = 1.0
"""How long definitions are believed without asking; an unknown key asks at once."""
CACHE_MAX = 10_000
"""Companies and objects kept."""
ValueColumns = tuple[tuple[str, FieldType], ...]

_SQL_TYPES: dict[Place, str] = {
    "text": "text",
    "number": "double precision",
    "time": "timestamptz",
    "boolean": "boolean",
    "reference": "uuid",
}
_DEFS = text(
    """
    SELECT key, type, options, refers_to, required, searchable, archived FROM custom_field
     WHERE tenant_id = %(tenant_id)s AND object = %(object)s ORDER BY key
    """,
    "tenant_id",
)
_KEEP = text(
    """
    INSERT INTO custom_field (tenant_id, id, object, key, type, options, refers_to, required, searchable, archived,
        version)
    VALUES (%(tenant_id)s, %(id)s, %(object)s, %(key)s, %(type)s, %(options)s, %(refers_to)s, %(required)s,
        %(searchable)s, %(archived)s, %(version)s)
    ON CONFLICT (tenant_id, id) DO UPDATE SET options = excluded.options, required = excluded.required,
        searchable = excluded.searchable, archived = excluded.archived, version = excluded.version
     WHERE custom_field.version < excluded.version
    """,
    "tenant_id",
)
_FORGET = text(
    "WITH "
    + ", ".join(
        f"gone_{place} AS (DELETE FROM custom_{place} WHERE tenant_id = %(tenant_id)s AND record_id = ANY(%(ids)b))"
        for place in _SQL_TYPES
    )
    + " SELECT 1",
    "tenant_id",
)
_INSERT = {
    place: text(
        f"""
        INSERT INTO custom_{place} (tenant_id, object, key, value, record_id{", lowered" if place == "text" else ""})
        SELECT %(tenant_id)s, %(object)s, key, value, record_id{", lower(value)" if place == "text" else ""}
          FROM unnest(%(keys)b::text[], %(values)b::{kind}[], %(ids)b::uuid[]) AS one(key, value, record_id)
        ON CONFLICT DO NOTHING
        """,
        "tenant_id",
    )
    for place, kind in _SQL_TYPES.items()
}


def custom_tables(roles: Roles) -> list[str]:
    """DDL of the projection and of the index tables."""
    statements = [
        """
        CREATE TABLE custom_field (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            object text NOT NULL,
            key text NOT NULL,
            type text NOT NULL,
            options text[] NOT NULL,
            refers_to text NOT NULL,
            required boolean NOT NULL,
            searchable boolean NOT NULL,
            archived boolean NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
        """,
        "CREATE UNIQUE INDEX ix_custom_field_key ON custom_field (tenant_id, object, key)",
        *protect("custom_field", roles),
    ]
    for place, kind in _SQL_TYPES.items():
        name, lowered = f"custom_{place}", place == "text"
        collated = f'{kind} COLLATE "C"' if lowered else kind
        statements += [
            f"""
            CREATE TABLE {name} (
                tenant_id uuid NOT NULL,
                object text NOT NULL,
                key text NOT NULL,
                value {collated} NOT NULL,
                record_id uuid NOT NULL,
                {'lowered text COLLATE "C" NOT NULL,' if lowered else ""}
                PRIMARY KEY (tenant_id, object, key, value, record_id)
            )
            """,
            f"CREATE INDEX ix_{name}_record ON {name} (tenant_id, record_id)",
            *protect(name, roles),
        ]
    return [
        *statements,
        "CREATE INDEX ix_custom_text_lowered ON custom_text (tenant_id, object, key, lowered, record_id)",
    ]


@dataclass(frozen=True, slots=True)
class FieldState:
    """A definition as an event tells it."""

    id: UUID
    object: str
    version: int
    definition: FieldDef


def keep(work: Work, states: Iterable[FieldState]) -> None:
    """Keeps the newest of each definition."""
    for one in states:
        field = one.definition
        work.execute(
            _KEEP,
            id=one.id,
            object=one.object,
            key=field.key,
            type=field.type,
            options=list(field.options),
            refers_to=field.references,
            required=field.required,
            searchable=field.searchable,
            archived=field.archived,
            version=one.version,
        )
    _CACHE.forget(work.tenant_id)


def definitions(work: Work, kind: str, *, fresh: bool = False) -> Defs:
    """Custom fields of a kind of record, archived ones too; at most `CACHE_S` old, or just read."""
    known = None if fresh else _CACHE.get(work.tenant_id, kind)
    if known is None:
        known = by_key([_definition(row) for row in work.rows(_DEFS, object=kind)])
        _CACHE.put(work.tenant_id, kind, known)
    return known


def put(work: Work, kind: str, records: Sequence[tuple[UUID, Mapping[str, Any]]], *, new: bool) -> None:
    """Indexes the values of these records anew; `new` ones have nothing indexed yet."""
    if new and not any(values for _, values in records):
        return
    defs = definitions(work, kind)
    if not defs:
        return
    if not new:
        work.rows(_FORGET, ids=[record_id for record_id, _ in records])
    rows: dict[Place, tuple[list[str], list[Any], list[UUID]]] = {}
    for record_id, values in records:
        for place, key, value in indexed(defs, values):
            keys, found, ids = rows.setdefault(place, ([], [], []))
            keys.append(key)
            found.append(value)
            ids.append(record_id)
    for place, (keys, found, ids) in rows.items():
        work.execute(_INSERT[place], object=kind, keys=keys, values=found, ids=ids)


def filterable(defs: Defs) -> ValueColumns:
    """What a filter may name, as a key for caches: ``custom.<key>`` and its type."""
    return tuple((f"custom.{one.key}", one.filter_type) for one in defs.values() if not one.archived)


def filter_rows(kind: str, name: str, field_type: FieldType, record_id: ColumnElement[UUID]) -> SqlRows:
    """How a filter asks for a custom field of the records whose id is given."""
    place = FieldDef("", _ANY_TYPE_OF[field_type]).place
    rows = table(
        f"custom_{place}",
        column("tenant_id", SqlUuid(as_uuid=True)),
        column("object", Text),
        column("key", Text),
        column("value"),
        column("lowered", Text),
        column("record_id", SqlUuid(as_uuid=True)),
    )
    key = name.removeprefix("custom.")

    def holds(condition: ColumnElement[bool] | None) -> ColumnElement[bool]:
        found = select(rows.c.record_id).where(
            rows.c.tenant_id == tenant_parameter(),
            rows.c.object == literal(kind, Text),
            rows.c.key == literal(key, Text),
        )
        return record_id.in_(found if condition is None else found.where(condition))

    return SqlRows(rows.c.value, rows.c.lowered, holds)


_ANY_TYPE_OF: dict[FieldType, Any] = {
    FieldType.TEXT: "text",
    FieldType.TEXTS: "choices",
    FieldType.NUMBER: "number",
    FieldType.TIMESTAMP: "date",
    FieldType.BOOL: "boolean",
    FieldType.UUID: "reference",
}


def _definition(row: Row) -> FieldDef:
    return FieldDef(
        key=row.key,
        type=row.type,
        options=tuple(row.options),
        references=row.refers_to,
        required=row.required,
        searchable=row.searchable,
        archived=row.archived,
    )


class _Cache:
    """Definitions by company and object, each believed for a moment."""

    def __init__(self) -> None:
        self._entries: dict[tuple[UUID, str], tuple[float, Defs]] = {}
        self._lock = Lock()

    def get(self, tenant_id: UUID, kind: str) -> Defs | None:
        entry = self._entries.get((tenant_id, kind))
        return entry[1] if entry is not None and entry[0] > time.monotonic() else None

    def put(self, tenant_id: UUID, kind: str, defs: Defs) -> None:
        with self._lock:
            if len(self._entries) >= CACHE_MAX:
                self._entries.clear()
            self._entries[tenant_id, kind] = (time.monotonic() + CACHE_S, defs)

    def forget(self, tenant_id: UUID) -> None:
        with self._lock:
            for key in [key for key in self._entries if key[0] == tenant_id]:
                del self._entries[key]


_CACHE = _Cache()
