"""What the cells of a file mean: days, moments, amounts and quantities. Problems name what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from chassis.importing.numbers import decimal, money
from chassis.importing.rows import Problem

from sales.pricing.amounts import MICROS, MILLI

_PARTED = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?.*")
_NOON = time(12)
_MOST = 10**12
Moment = tuple[date, datetime]
"""A day at the company's place, and the moment; noon where the file names none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of an import are read."""

    zone: ZoneInfo
    currency: str
    month_first: bool = False

    def moment(self, text: str) -> Moment | Problem:
        """A day, with or without the time of day."""
        return _moment(text, self.zone, self.month_first)

    def amount(self, text: str) -> tuple[str, int] | Problem:
        """Currency and minor units."""
        found = money(text, scale=1, currency=self.currency)
        return found or Problem("INVALID_AMOUNT", f'"{text[:40]}" is no amount; write one such as 1250.00.')


def row_problem(problem: Problem, heading: str) -> Problem:
    """The problem, blamed on a column."""
    return Problem(problem.reason, problem.message, heading)


@lru_cache(100_000)
def milli(text: str) -> int | None:
    """A quantity in thousandths; None where it is none."""
    return _scaled(text, MILLI)


@lru_cache(100_000)
def micros(text: str) -> int | None:
    """A unit price in millionths; None where it is none."""
    return _scaled(text, MICROS)


def _scaled(text: str, scale: int) -> int | None:
    number = decimal(text)
    if number is None or abs(number) > _MOST:
        return None
    scaled = number * scale
    return int(scaled) if scaled == scaled.to_integral_value() else int(scaled.quantize(Decimal(1)))


@lru_cache(50_000)
def _moment(text: str, zone: ZoneInfo, month_first: bool) -> Moment | Problem:
    found = _PARTED.fullmatch(text.strip())
    wrong = Problem("INVALID_DATE", f'"{text[:40]}" is no date; write one such as 2026-01-31.')
    if found is None:
        return wrong
    first, second, third = (int(found.group(place)) for place in (1, 2, 3))
    if len(found.group(1)) == 4:
        year, month, day = first, second, third
    else:
        day, month = (
            (second, first) if (month_first and second <= 31 and first <= 12) or second > 12 else (first, second)
        )
        year = third if third > 99 else 2000 + third
    at: Any = found.group(4)
    try:
        clock = time(int(at), int(found.group(5)), int(found.group(6) or 0)) if at else _NOON
        local = datetime.combine(date(year, month, day), clock, zone)
    except ValueError:
        return wrong
    return local.date(), local.astimezone(UTC)
