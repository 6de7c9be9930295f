"""Periods of whole days, as reports are asked for them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from analytics.errors import invalid_field

FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(2149, 6, 5)
"""Days of which the engine counts weeks, months and quarters."""
MONTHS_SHOWN = 11


def day_of(field: str, text: str) -> date | None:
    """The day in a request. Raises InvalidArgument where the engine cannot count it."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise invalid_field(field, f"choose a day between {FIRST_DAY} and {LAST_DAY}", "DAY_OUT_OF_RANGE")
    return day


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()


def period(first_text: str, last_text: str, *, all_time: bool = False) -> tuple[date, date]:
    """First and last day; by default the last twelve calendar months, or all time."""
    last = day_of("last_day", last_text) or today()
    months = last.year * 12 + last.month - 1 - MONTHS_SHOWN
    usual = FIRST_DAY if all_time else max(date(months // 12, months % 12 + 1, 1), FIRST_DAY)
    first = day_of("first_day", first_text) or usual
    if first > last:
        raise invalid_field("last_day", "it lies before the first day", "BACKWARDS")
    return first, last
