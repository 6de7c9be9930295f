"""Facts that tell how a record stands: the newest version of it that is known, whatever order its events come in."""

from __future__ import annotations

from analytics.store.facts import WITHIN_REASON, Column, FactTable

WORD = "LowCardinality(String)"
"""How a text of few values is stored."""


def number(name: str) -> Column:
    """A whole number: minor units, thousandths or a count."""
    return Column(name, "Int64")


def word(name: str) -> Column:
    """A text of few values, such as a state."""
    return Column(name, "String", WORD)


def key(name: str) -> Column:
    """An id; zeroes where there is none."""
    return Column(name, "UUID")


def state_table(name: str, order: tuple[str, ...], *columns: Column) -> FactTable:
    """A table of states. `order` is the key after the tenant; its first column is the id of the record.

    A row's partition follows from `created_at`, the clock inside that id, which no later version changes.
    """
    return FactTable(
        name=name,
        columns=(
            Column("tenant_id", "UUID"),
            key(order[0]),
            number("version"),
            Column("changed_at", "DateTime64(6, 'UTC')"),
            Column("created_at", "DateTime64(6, 'UTC')"),
            *columns,
        ),
        derived=(),
        partition=f"if({WITHIN_REASON.format('created_at')}, toYear(created_at), 0)",
        order=("tenant_id", *order),
        version="version",
    )
