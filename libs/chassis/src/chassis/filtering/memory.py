"""A filter against one record in memory, with the same outcome as in the database."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from chassis.filtering.nodes import And, Compare, Contains, Missing, Node, Not, OneOf, Or, Prefix
from chassis.filtering.schema import FieldType

Record = Mapping[str, object]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def matches(node: Node | None, record: Record) -> bool:
    """Whether the record fits. A field that the record lacks is missing; times are aware datetimes."""
    if node is None:
        return True
    if isinstance(node, And):
        return all(matches(item, record) for item in node.items)
    if isinstance(node, Or):
        return any(matches(item, record) for item in node.items)
    if isinstance(node, Not):
        return not matches(node.item, record)
    return _term(node, record.get(node.field))


def _term(node: Compare | OneOf | Prefix | Contains | Missing, value: object) -> bool:
    if isinstance(node, Missing):
        return _is_missing(node.type, value)
    if value is None:
        return False
    if isinstance(node, Prefix):
        return str(value).lower().startswith(node.value)
    if isinstance(node, Contains):
        return isinstance(value, Collection) and node.value in value
    own = _comparable(node.type, value)
    if isinstance(node, OneOf):
        return own in node.values
    return _COMPARE[node.operator](own, node.value)


def _is_missing(kind: FieldType, value: object) -> bool:
    if kind in (FieldType.TEXT, FieldType.TEXTS, FieldType.UUID, FieldType.DATE):
        return not value
    return value is None


def _comparable(kind: FieldType, value: Any) -> Any:
    if kind is FieldType.UUID and not isinstance(value, UUID):
        return UUID(str(value)) if value else None
    if kind is FieldType.TIMESTAMP and isinstance(value, datetime):
        return value.astimezone(UTC)
    if kind is FieldType.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value
