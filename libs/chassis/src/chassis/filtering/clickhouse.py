"""A filter as a ClickHouse condition with typed parameters ({p0:String}); never a value inside the text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from chassis.filtering.nodes import And, Compare, Contains, Missing, Node, Not, OneOf, Or, Prefix, Scalar
from chassis.filtering.schema import FieldType

# What DateTime64 can hold; a filter beyond it compares with the edge.
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2299, 12, 31, 23, 59, 59, tzinfo=UTC)

Parameters = dict[str, str | int | float]


def to_clickhouse(node: Node | None, columns: Mapping[str, str], *, prefix: str = "p") -> tuple[str, Parameters]:
    """Condition and parameters. `columns` gives the SQL expression of each field, written by us, never by a caller."""
    if node is None:
        return "1", {}
    parameters: Parameters = {}
    return _Writer(columns, prefix, parameters).condition(node, negated=False), parameters


class _Writer:
    def __init__(self, columns: Mapping[str, str], prefix: str, parameters: Parameters) -> None:
        self._columns = columns
        self._prefix = prefix
        self._parameters = parameters

    def condition(self, node: Node, *, negated: bool) -> str:
        if isinstance(node, Not):
            return self.condition(node.item, negated=not negated)
        if isinstance(node, And | Or):
            word = " AND " if isinstance(node, And) is not negated else " OR "
            return "(" + word.join(self.condition(item, negated=negated) for item in node.items) + ")"
        column = self._columns[node.field]
        if isinstance(node, Missing):
            missing = _missing(node, column)
            return f"NOT {missing}" if negated else missing
        positive = self._positive(node, column)
        return f"({column} IS NULL OR NOT ({positive}))" if negated else f"({positive})"

    def _positive(self, node: Compare | OneOf | Prefix | Contains, column: str) -> str:
        if isinstance(node, Prefix):
            return f"startsWith(lowerUTF8({column}), {self._bind(node.value)})"
        if isinstance(node, Contains):
            return f"has({column}, {self._bind(node.value)})"
        if isinstance(node, OneOf):
            return f"{column} IN ({', '.join(self._bind(value) for value in node.values)})"
        return f"{column} {node.operator} {self._bind(node.value)}"

    def _bind(self, value: Scalar) -> str:
        name = f"{self._prefix}{len(self._parameters)}"
        kind, self._parameters[name] = _typed(value)
        return f"{{{name}:{kind}}}"


def _typed(value: Scalar) -> tuple[str, str | int | float]:
    if isinstance(value, bool):
        return "UInt8", int(value)
    if isinstance(value, UUID):
        return "UUID", str(value)
    if isinstance(value, datetime):
        moment = min(max(value.astimezone(UTC), _EARLIEST), _LATEST).replace(tzinfo=None)
        return "DateTime64(6, 'UTC')", moment.isoformat(" ", "microseconds")
    if isinstance(value, date):
        return "Date32", min(max(value, _EARLIEST.date()), _LATEST.date()).isoformat()
    if isinstance(value, int):
        return "Int64", value
    return ("Float64", value) if isinstance(value, float) else ("String", value)


def _missing(node: Missing, column: str) -> str:
    if node.type is FieldType.TEXT:
        return f"({column} IS NULL OR {column} = '')"
    if node.type is FieldType.TEXTS:
        return f"empty({column})"
    return f"({column} IS NULL)"
