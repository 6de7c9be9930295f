"""A filter as an SQLAlchemy condition for PostgreSQL.

NOT is pushed down to the comparisons, where a missing value is put right; positive comparisons stay bare, so that an
index serves them under row-level security (text `=` and `^@` on a lower-cased COLLATE "C" column).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Text,
    Uuid,
    and_,
    any_,
    false,
    func,
    literal,
    not_,
    or_,
    true,
)

from chassis.filtering.nodes import And, Compare, Contains, Missing, Node, Not, OneOf, Or, Prefix, Scalar
from chassis.filtering.schema import FieldType


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """Where a field lives. `lowered` is the stored lower-cased COLLATE "C" column that serves prefixes."""

    column: ColumnElement[Any]
    lowered: ColumnElement[Any] | None = None


@dataclass(frozen=True, slots=True)
class SqlRows:
    """A field whose values stand in rows of a table of their own, none where it has no value.

    `holds` gives the condition that the record has a row that fits, any row without a condition; an index of that
    table serves it. Fields of the same `row` that stand side by side in an AND are about one and the same row, as
    `left_stage_id = … AND stage_left_at > …` is about one stay in a stage.
    """

    value: ColumnElement[Any]
    lowered: ColumnElement[Any]
    holds: Callable[[ColumnElement[bool] | None], ColumnElement[bool]]
    type: FieldType = FieldType.UUID
    row: str = ""


Columns = Mapping[str, SqlColumn | SqlRows | ColumnElement[Any]]

_COMPARE: dict[str, Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[bool]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def to_sql(node: Node | None, columns: Columns) -> ColumnElement[bool]:
    """The condition; every value is a bound parameter. Columns are those of the schema the filter was parsed with."""
    return true() if node is None else _condition(node, columns, negated=False)


def _condition(node: Node, columns: Columns, *, negated: bool) -> ColumnElement[bool]:
    if isinstance(node, Not):
        return _condition(node.item, columns, negated=not negated)
    if isinstance(node, And | Or):
        joined, rest = _of_one_row(node, columns) if isinstance(node, And) else ([], node.items)
        items = [not_(one) if negated else one for one in joined]
        items += [_condition(item, columns, negated=negated) for item in rest]
        return and_(*items) if isinstance(node, And) is not negated else or_(*items)
    found = columns[node.field]
    if isinstance(found, SqlRows):
        has = found.holds(_row_condition(node, found))
        return not_(has) if negated is not isinstance(node, Missing) else has
    place = found if isinstance(found, SqlColumn) else SqlColumn(found)
    if isinstance(node, Missing):
        missing = _missing(node, place.column)
        return not_(missing) if negated else missing
    if isinstance(node, Compare) and node.type is FieldType.BOOL:
        return place.column.is_not(true()) if negated else place.column.is_(true())
    positive = _positive(node, place)
    return or_(place.column.is_(None), not_(positive)) if negated else positive


def _of_one_row(node: And, columns: Columns) -> tuple[list[ColumnElement[bool]], Sequence[Node]]:
    """Conditions on one and the same row, joined, and what is left of the node."""
    found: dict[str, list[tuple[SqlRows, ColumnElement[bool]]]] = {}
    rest: list[Node] = []
    for item in node.items:
        rows = None if isinstance(item, And | Or | Not | Missing) else columns[item.field]
        if isinstance(item, And | Or | Not | Missing) or not isinstance(rows, SqlRows) or not rows.row:
            rest.append(item)
        else:
            found.setdefault(rows.row, []).append((rows, _positive(item, SqlColumn(rows.value, rows.lowered))))
    return [all_[0][0].holds(and_(*(one for _, one in all_))) for all_ in found.values()], rest


def _row_condition(node: Compare | OneOf | Prefix | Contains | Missing, rows: SqlRows) -> ColumnElement[bool] | None:
    """What a row must fulfil; nothing where any row will do."""
    if isinstance(node, Missing):
        return None
    if isinstance(node, Contains):
        return rows.value == literal(node.value, Text)
    if isinstance(node, Compare) and node.type is FieldType.BOOL:
        return rows.value.is_(true())
    return _positive(node, SqlColumn(rows.value, rows.lowered))


def _positive(node: Compare | OneOf | Prefix | Contains, place: SqlColumn) -> ColumnElement[bool]:
    column = place.column
    if isinstance(node, Prefix):
        lowered = func.lower(column) if place.lowered is None else place.lowered
        return lowered.op("^@", is_comparison=True)(literal(node.value, Text))
    if isinstance(node, Contains):
        return literal(node.value, Text) == any_(column)
    if isinstance(node, OneOf):
        return column.in_([_bound(value) for value in node.values])
    return _COMPARE[node.operator](column, _bound(node.value))


def _missing(node: Missing, column: ColumnElement[Any]) -> ColumnElement[bool]:
    if node.type is FieldType.TEXT:
        return func.coalesce(column, literal("", Text)) == literal("", Text)
    if node.type is FieldType.TEXTS:
        return func.coalesce(func.cardinality(column), 0) == 0
    return column.is_(None)


def _bound(value: Scalar) -> ColumnElement[Any]:
    if isinstance(value, bool):
        return true() if value else false()
    if isinstance(value, UUID):
        return literal(value, Uuid)
    if isinstance(value, datetime):
        return literal(value, DateTime(timezone=True))
    if isinstance(value, date):
        return literal(value, Date)
    if isinstance(value, int):
        return literal(value, BigInteger)
    return literal(value, Double) if isinstance(value, float) else literal(value, Text)
