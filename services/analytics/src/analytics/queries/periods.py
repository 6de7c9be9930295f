"""Periods of whole days, as reports are asked for them."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

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


def moving(name: str, today: date) -> tuple[date, date]:
    """First and last day of a period that moves with the days, such as ``month``: this month until `today`."""
    month = today.replace(day=1)
    match name:
        case "today":
            return today, today
        case "yesterday":
            return today - _DAY, today - _DAY
        case "7_days":
            return today - 6 * _DAY, today
        case "30_days":
            return today - 29 * _DAY, today
        case "month":
            return month, today
        case "last_month":
            return _months_on(month, -1), month - _DAY
        case "quarter":
            return month.replace(month=(month.month - 1) // 3 * 3 + 1), today
        case "year":
            return month.replace(month=1), today
        case "last_year":
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case "12_months":
            return _months_on(month, -MONTHS_SHOWN), today
    raise invalid_field("period", f"choose of {', '.join(MOVING)}", "UNKNOWN_PERIOD")


def before(name: str, today: date) -> tuple[date, date]:
    """The period before one of `moving`: as many days, or the same days of the month, quarter or year before."""
    first, last = moving(name, today)
    months = _STEP_MONTHS.get(name)
    if months is None:
        days = last - first + _DAY
        return first - days, first - _DAY
    return _months_on(first, -months), min(_months_on(last, -months, whole=name.startswith("last_")), first - _DAY)


MOVING = ("today", "yesterday", "7_days", "30_days", "month", "last_month", "quarter", "year", "last_year", "12_months")
_DAY = timedelta(days=1)
_STEP_MONTHS = {"month": 1, "last_month": 1, "quarter": 3, "year": 12, "last_year": 12, "12_months": 12}


def _months_on(day: date, months: int, *, whole: bool = False) -> date:
    """The same day some months on: the last of a shorter month, and with `whole` always the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, length if whole else min(day.day, length))
