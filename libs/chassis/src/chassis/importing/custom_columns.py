"""Cells of columns that fill custom fields: their text as the value the field takes. Judges no value; that is the
job of `chassis.custom_fields`, which every path shares.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from chassis.custom_fields import FieldDef
from chassis.importing.numbers import money
from chassis.importing.rows import Problem

PREFIX = "custom."
_YES = frozenset(["1", "true", "yes", "y", "x", "да", "д", "истина", "вярно", "так"])
_NO = frozenset(["0", "false", "no", "n", "-", "нет", "не", "н", "ложь", "невярно"])
_LIST_MARKS = re.compile(r"[;,|\n]")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def yes_or_no(text: str) -> bool | None:
    """Yes or no in one of our languages."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def custom_setter(one: FieldDef, currency: str) -> Callable[[str, dict[str, Any]], Problem | None]:
    """Puts a cell into the row's values; an amount of money without a currency is taken to be in `currency`."""
    read = _READ.get(one.type, _as_it_is)

    def put(value: str, found: dict[str, Any]) -> Problem | None:
        result = _money(value, currency) if one.type == "money" else read(one, value)
        if isinstance(result, Problem):
            return result
        found.setdefault("custom", {})[one.key] = result
        return None

    return put


def _as_it_is(_one: FieldDef, value: str) -> str:
    return value


def _number(_one: FieldDef, value: str) -> float | Problem:
    try:
        return float(value.replace("\u00a0", "").replace(" ", ""))
    except ValueError:
        return Problem("INVALID_NUMBER", f'"{value[:60]}" is no number such as 12 or 12.5.')


def _money(value: str, currency: str) -> dict[str, Any] | Problem:
    amount = money(value, scale=1, currency=currency)
    if amount is None:
        return Problem("INVALID_NUMBER", f'"{value[:60]}" is no amount of money such as EUR 1,200.50.')
    return {"currency_code": amount[0], "amount_minor": amount[1]}


def _date(_one: FieldDef, value: str) -> str:
    dotted = _DOTTED.fullmatch(value)
    if dotted is None:
        return value
    day, month, year = (int(part) for part in dotted.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return value


def _boolean(_one: FieldDef, value: str) -> bool | Problem:
    answer = yes_or_no(value)
    return Problem("NOT_ALLOWED", f'"{value[:60]}" is neither yes nor no.') if answer is None else answer


def _choice(one: FieldDef, value: str) -> str:
    return next((option for option in one.options if option.casefold() == value.casefold()), value)


def _choices(one: FieldDef, value: str) -> list[str]:
    if value in one.options:
        return [value]
    return [_choice(one, part.strip()) for part in _LIST_MARKS.split(value) if part.strip()]


_READ: dict[str, Callable[[FieldDef, str], Any]] = {
    "number": _number,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
}
