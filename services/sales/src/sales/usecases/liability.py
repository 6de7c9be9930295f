"""What a company owes its members in points, and holders of gift cards in money: month by month, from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chassis.errors import invalid_field
from chassis.work import Work

from sales.queries import loyalty as queries
from sales.usecases.prices import today

MONTHS_MAX = 60
HELD = frozenset({"available", "pending", "card"})
"""Accounts of what is owed to members and holders."""
_COLUMNS = {
    "issued": ("issued", "reversed"),
    "sold": ("issued", "reversed"),
    "given": ("issued", "reversed"),
    "redeemed": ("restored", "redeemed"),
    "adjusted": ("adjusted", "adjusted"),
    "expired": ("restored", "expired"),
    "owed": ("restored", "reversed"),
}
"""What a movement from an account to the holders, and one back, is called in the report."""
NAMES = ("issued", "restored", "adjusted", "redeemed", "reversed", "expired")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of one unit. What leaves holders stands above zero in its own column; adjustments keep their sign."""

    month: date
    unit: str
    opening: int
    moved: Mapping[str, int]
    closing: int


def span(work: Work, first: str, last: str) -> tuple[date, date]:
    """The months of a report; twelve until now where none are named. Raises InvalidArgument where it is too long."""
    until = _month(last) if last else today(work).replace(day=1)
    begin = _month(first) if first else _earlier(until, 11)
    if begin > until or (until.year - begin.year) * 12 + until.month - begin.month >= MONTHS_MAX:
        raise invalid_field("from_month", f"ask for 1 to {MONTHS_MAX} months", reason="TOO_LONG")
    return begin, until


def report(work: Work, first: date, last: date) -> list[Month]:
    """The months of each unit, points before money."""
    found: dict[str, dict[date, dict[str, int]]] = {}
    opening: dict[str, int] = {}
    for row in queries.months(work, last):
        gain = (row.target in HELD) - (row.source in HELD)
        if not gain:
            continue
        other = row.source if gain > 0 else row.target
        name = _COLUMNS[other][0 if gain > 0 else 1]
        if row.month < first:
            opening[row.unit] = opening.get(row.unit, 0) + gain * row.amount
            continue
        columns = found.setdefault(row.unit, {}).setdefault(row.month, dict.fromkeys(NAMES, 0))
        columns[name] += row.amount * (gain if name == "adjusted" else 1)
    units = sorted({*found, *opening}, key=lambda unit: (unit != "points", unit))
    return [one for unit in units for one in _of_unit(unit, first, last, opening.get(unit, 0), found.get(unit, {}))]


def point_value(work: Work) -> tuple[int, str]:
    """What a point is worth, and in which currency."""
    program = queries.program(work)
    return program.point_value_minor, program.currency_code


def _of_unit(unit: str, first: date, last: date, owed: int, found: Mapping[date, Mapping[str, int]]) -> list[Month]:
    months = []
    at = first
    while at <= last:
        moved = found.get(at, dict.fromkeys(NAMES, 0))
        added = moved["issued"] + moved["restored"] + moved["adjusted"]
        closing = owed + added - moved["redeemed"] - moved["reversed"] - moved["expired"]
        months.append(Month(at, unit, owed, moved, closing))
        owed, at = closing, _earlier(at, -1)
    return months


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _earlier(month: date, count: int) -> date:
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
