"""Statements on one kind of record, made from its table once; the only place that writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import UUID as SqlUuid
from sqlalchemy import asc, bindparam, delete, desc, func, insert, literal_column, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from chassis import custom_values
from chassis.caller import Sight
from chassis.custom_values import ValueColumns
from chassis.filtering import Schema, parse, refuse_hidden, to_sql
from chassis.records.resource import Order, Resource
from chassis.statements import Prepared, prepare
from chassis.tables import level_of, scoped, tenant_parameter, visible
from chassis.work import Row, Work

_PAGES_KEPT = 512
_UPDATES_KEPT = 256


class RecordStore:
    """Reads and writes records of a kind. Every statement carries the tenant, and the visibility where rows have it."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        table, columns = resource.table, tuple(resource.columns.values())
        ids = bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True)))
        self._columns = columns
        self._get: dict[Sight, Prepared] = {}
        self._lock: dict[Sight, Prepared] = {}
        self._lock_many: dict[Sight, Prepared] = {}
        self._batch: dict[Sight, Prepared] = {}
        for sight in resource.sights:
            seen = visible(table, sight)
            chosen = (*columns, level_of(table, sight).label("access_level"))
            one = scoped(table, *chosen).where(table.id == bindparam("id"), seen)
            some = scoped(table, *chosen).where(table.id == func.any(ids), seen)
            living = some.where(table.deleted_at.is_(None)) if resource.bins else some
            self._get[sight] = prepare(one)
            self._lock[sight] = prepare(one.with_for_update(of=table))
            self._lock_many[sight] = prepare(some.order_by(table.id).with_for_update(of=table))
            self._batch[sight] = prepare(living)
        self._insert = prepare(
            insert(table)
            .values(tenant_id=tenant_parameter(), **{name: bindparam(name) for name in resource.columns})
            .returning(*columns)
        )
        self._remove = prepare(delete(table).where(table.tenant_id == tenant_parameter(), table.id == bindparam("id")))
        self._page = lru_cache(_PAGES_KEPT)(self._page_statement)
        self._update = lru_cache(_UPDATES_KEPT)(self._update_statement)
        self._where = lru_cache(_PAGES_KEPT)(self._filter_columns)

    def get(self, work: Work, record_id: UUID, *, lock: bool = False) -> Row | None:
        """The record, if the caller may see it; also one in the bin."""
        statements = self._lock if lock else self._get
        return work.row(statements[self._resource.sees(work.caller.sight)], id=record_id)

    def batch(self, work: Work, ids: Sequence[UUID]) -> list[Row]:
        """Living records among these that the caller may see, in no order."""
        if not ids:
            return []
        return work.rows(self._batch[self._resource.sees(work.caller.sight)], ids=list(ids))

    def lock(self, work: Work, ids: Sequence[UUID]) -> list[Row]:
        """Those of these that the caller may see, those in the bin too, by id; locked until the transaction ends."""
        if not ids:
            return []
        return work.rows(self._lock_many[self._resource.sees(work.caller.sight)], ids=list(ids))

    def page(
        self,
        work: Work,
        *,
        order: Order,
        filter_text: str,
        deleted: bool,
        limit: int,
        key: tuple[Any, UUID] | None,
    ) -> list[Row]:
        """One page of the list. Raises InvalidArgument naming the position in a filter that cannot be read."""
        custom = self._custom_asked(work, filter_text)
        self._check_named(work, filter_text, order.field, custom)
        seen = self._resource.sees(work.caller.sight)
        statement = self._page(order, filter_text, custom, seen, deleted, key is not None, limit)
        return work.rows(statement, **({} if key is None else {"key_value": key[0], "key_id": key[1]}))

    def insert(self, work: Work, record_id: UUID, values: Mapping[str, Any]) -> Row:
        """Writes a new record and returns its row. `values` holds every column but those of the frame."""
        frame = {
            "id": record_id,
            "version": 1,
            "created_at": work.now,
            "created_by": work.caller.actor_id,
            "updated_at": work.now,
            "updated_by": work.caller.actor_id,
            "deleted_at": None,
        }
        given = {name: value for name, value in frame.items() if name in self._resource.columns}
        row = work.row(self._insert, **self._stored({**given, **values}))
        assert row is not None, "an insert returns its row"
        if self._resource.custom:
            custom_values.put(work, self._resource.noun, [(record_id, values["custom"])], new=True)
        return row

    def update(self, work: Work, record_id: UUID, values: Mapping[str, Any]) -> Row:
        """Writes these columns, a new version, and who and when; returns the row."""
        row = work.row(self._update(tuple(sorted(values))), id=record_id, **self._touched(work), **self._stored(values))
        assert row is not None, "the caller has locked the record"
        if self._resource.custom and "custom" in values:
            custom_values.put(work, self._resource.noun, [(record_id, values["custom"])], new=False)
        return row

    def remove(self, work: Work, record_id: UUID) -> None:
        """Deletes a record for good, of a kind that has no bin."""
        work.execute(self._remove, id=record_id)

    def condition(self, work: Work, filter_text: str) -> ColumnElement[bool] | None:
        """The condition of a filter, for statements of the service's own; None for an empty one."""
        custom = self._custom_asked(work, filter_text)
        self._check_named(work, filter_text, "", custom)
        schema, columns = self._where(custom)
        node = parse(filter_text, schema)
        return None if node is None else to_sql(node, columns)

    def _check_named(self, work: Work, filter_text: str, order_field: str, custom: ValueColumns) -> None:
        kind = self._resource.governed
        hidden = work.caller.fields.hidden_in(kind) if kind else frozenset()
        if hidden:
            refuse_hidden(kind, hidden, self._where(custom)[0], filter_text, order_field, self._resource.stand_ins)

    def _touched(self, work: Work) -> dict[str, Any]:
        return {"touched_at": work.now, "touched_by": work.caller.actor_id}

    def _stored(self, values: Mapping[str, Any]) -> dict[str, Any]:
        json = self._resource.json_columns
        return {name: Jsonb(value) if name in json and value is not None else value for name, value in values.items()}

    def _custom_asked(self, work: Work, filter_text: str) -> ValueColumns:
        if not self._resource.custom or "custom." not in filter_text:
            return ()
        return custom_values.filterable(custom_values.definitions(work, self._resource.noun, fresh=True))

    def _filter_columns(self, custom: ValueColumns) -> tuple[Schema, dict[str, Any]]:
        resource = self._resource
        columns = resource.filter_columns()
        record_id = resource.table.id.expression
        columns |= {name: custom_values.filter_rows(resource.noun, name, kind, record_id) for name, kind in custom}
        return Schema({**resource.schema.fields, **dict(custom)}), columns

    def _update_statement(self, names: Iterable[str]) -> Prepared:
        table = self._resource.table
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        values |= {"version": table.version + 1}
        values |= {"updated_at": bindparam("touched_at"), "updated_by": bindparam("touched_by")}
        kept = {name: value for name, value in values.items() if name in self._resource.columns}
        statement = update(table).where(table.tenant_id == tenant_parameter(), table.id == bindparam("id"))
        return prepare(statement.values(**kept).returning(*self._columns))

    def _page_statement(
        self,
        order: Order,
        filter_text: str,
        custom: ValueColumns,
        sight: Sight,
        deleted: bool,
        after_key: bool,
        limit: int,
    ) -> Prepared:
        """The limit stands in the text: as a parameter it would keep PostgreSQL from ever reusing a plan."""
        resource, table = self._resource, self._resource.table
        statement = scoped(table, *self._columns).where(visible(table, sight, listing=True))
        if resource.bins:
            statement = statement.where(table.deleted_at.is_not(None) if deleted else table.deleted_at.is_(None))
        schema, columns = self._where(custom)
        node = parse(filter_text, schema)
        if node is not None:
            statement = statement.where(to_sql(node, columns))
        column = resource.columns[resource.sortable[order.field]]
        if after_key:
            key = tuple_(bindparam("key_value", type_=column.type), bindparam("key_id", type_=table.id.type))
            position = tuple_(column, table.id)
            statement = statement.where(position < key if order.descending else position > key)
        direction = desc if order.descending else asc
        return prepare(statement.order_by(direction(column), direction(table.id)).limit(literal_column(str(limit))))
