"""A checked filter as a tree of few kinds of nodes; every back end handles exactly these.

`!=`, presence and the like are already written in terms of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.filtering.schema import FieldType

Scalar = str | int | float | bool | datetime | date | UUID
Operator = Literal["=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The record does not fit; true also where the value is missing."""

    item: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """The field has a value, and it compares so. Order never applies to texts."""

    field: str
    type: FieldType
    operator: Operator
    value: Scalar


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field has one of these values."""

    field: str
    type: FieldType
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """The text starts so, letter case aside; `value` is lower-cased already."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Contains:
    """The list holds this text."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The field has no value: null, an empty text, an empty list."""

    field: str
    type: FieldType


Node = And | Or | Not | Compare | OneOf | Prefix | Contains | Missing


def names_of(node: Node) -> set[str]:
    """Every field that a filter names."""
    if isinstance(node, And | Or):
        return {name for item in node.items for name in names_of(item)}
    if isinstance(node, Not):
        return names_of(node.item)
    return {node.field}
