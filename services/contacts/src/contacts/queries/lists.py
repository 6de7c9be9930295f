"""Lists by keyset: the same shape for every record, compiled once per order, visibility and filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.caller import Sight
from chassis.errors import invalid_field
from chassis.statements import Prepared, prepare
from chassis.tables import scoped, visible
from sqlalchemy import and_, asc, bindparam, desc, literal_column, tuple_
from sqlalchemy.sql.elements import ColumnElement


@dataclass(frozen=True, slots=True)
class Order:
    """A list's order: a sortable field and its direction. The id makes it total."""

    field: str
    descending: bool

    @property
    def text(self) -> str:
        """The order as `order_by` writes it."""
        return f"{self.field} desc" if self.descending else self.field


def parse_order(text: str, sortable: Sequence[str], default: Order) -> Order:
    """The order a caller asked for. Raises InvalidArgument naming the fields that can be ordered by."""
    words = text.split()
    if not words:
        return default
    if len(words) > 2 or words[0] not in sortable or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
        allowed = ", ".join(sortable)
        raise invalid_field("order_by", f'write one of {allowed}, with " desc" after it for descending')
    return Order(words[0], len(words) == 2 and words[1].lower() == "desc")


def page_statement(
    table: Any,
    columns: Sequence[Any],
    order_column: ColumnElement[Any],
    *,
    order: Order,
    sight: Sight,
    after_key: bool,
    deleted: bool,
    limit: int,
    condition: ColumnElement[bool] | None = None,
) -> Prepared:
    """One page of a list. Parameters, with `after_key` alone: `key_value` and `key_id`.

    The limit stands in the text: as a parameter it would keep PostgreSQL from ever reusing a plan, since without
    knowing it a reused plan looks far dearer than a fresh one.
    """
    statement = scoped(table, *columns).where(
        visible(table, sight, listing=True), table.deleted_at.is_not(None) if deleted else table.deleted_at.is_(None)
    )
    if condition is not None:
        statement = statement.where(and_(condition))
    if after_key:
        position = tuple_(order_column, table.id)
        key = tuple_(bindparam("key_value", type_=order_column.type), bindparam("key_id", type_=table.id.type))
        statement = statement.where(position < key if order.descending else position > key)
    direction = desc if order.descending else asc
    return prepare(statement.order_by(direction(order_column), direction(table.id)).limit(literal_column(str(limit))))


def order_columns(table: Any, fields: Mapping[str, str]) -> dict[str, ColumnElement[Any]]:
    """Columns by the API's field names."""
    return {name: getattr(table, column) for name, column in fields.items()}
