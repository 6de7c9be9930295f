"""The rules of business calendars, and the way from a row to its working time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis.errors import invalid_field
from chassis.work import Row

from support.working_time import Calendar

Values = dict[str, Any]


def check(after: Values) -> None:
    """Brings a calendar to its normal form. Raises InvalidArgument at the first thing that is no time."""
    after["name_key"] = after["name"].lower()
    _zone(after["time_zone"])
    hours = sorted(after["hours"], key=lambda one: (one["weekday"], one["opens"]))
    if not hours:
        raise invalid_field("business_calendar.hours", "say when work is done", reason="REQUIRED")
    before = None
    for one in hours:
        if one["closes"] <= one["opens"]:
            raise _wrong(f"work that begins at {one['opens']} ends after that, at 24:00 at most")
        if before is not None and before["weekday"] == one["weekday"] and one["opens"] < before["closes"]:
            raise _wrong(f"{one['opens']} to {one['closes']} lies in {before['opens']} to {before['closes']}")
        before = one
    after["hours"] = hours
    after["holidays"] = sorted(after["holidays"], key=lambda one: one["day"])
    for earlier, later in zip(after["holidays"], after["holidays"][1:], strict=False):
        if earlier["day"] == later["day"]:
            raise invalid_field("business_calendar.holidays", f"{later['day']} is named twice", reason="DUPLICATE")


def calendar_of(row: Row) -> Calendar:
    """The working time of a calendar's row."""
    days = [(date.fromisoformat(one["day"]), bool(one.get("yearly"))) for one in row.holidays]
    return Calendar(
        ZoneInfo(row.time_zone),
        tuple(_hours(weekday, row.hours) for weekday in range(1, 8)),
        frozenset(day for day, yearly in days if not yearly),
        frozenset((day.month, day.day) for day, yearly in days if yearly),
    )


def _hours(weekday: int, hours: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, int], ...]:
    return tuple((_minutes(one["opens"]), _minutes(one["closes"])) for one in hours if one["weekday"] == weekday)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise invalid_field(
            "business_calendar.time_zone", 'name a time zone such as "Europe/Sofia"', reason="UNKNOWN_TIME_ZONE"
        ) from error


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _wrong(problem: str) -> Exception:
    return invalid_field("business_calendar.hours", problem, reason="INVALID_HOURS")
