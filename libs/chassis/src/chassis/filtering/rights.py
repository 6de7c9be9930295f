"""Filters under field rights: whoever may not see a field may not ask by it either, since the answer would tell it."""

from __future__ import annotations

from collections.abc import Mapping, Set

from chassis.errors import PermissionDenied, Violation
from chassis.filtering.nodes import names_of
from chassis.filtering.parse import parse
from chassis.filtering.schema import Schema


def refuse_hidden(
    kind: str,
    hidden: Set[str],
    schema: Schema,
    filter_text: str,
    order_field: str,
    stand_ins: Mapping[str, Set[str]] | None = None,
) -> None:
    """Raises PermissionDenied where a filter or an order names a hidden field of a kind of record.

    `stand_ins` are the fields that a field is made of where it has no value of its own.
    """
    node = parse(filter_text, schema)
    named = {"filter": set() if node is None else names_of(node), "order_by": {order_field}}
    for parameter, names in named.items():
        for name in sorted(names):
            if name in hidden or (stand_ins or {}).get(name, frozenset()) & hidden:
                raise PermissionDenied(
                    f"{parameter}: your role does not show all that {name} tells. Leave it out.",
                    reason="FIELD_HIDDEN",
                    violations=[Violation(parameter, f"Your role does not show {kind}.{name}.", "FIELD_HIDDEN")],
                )
