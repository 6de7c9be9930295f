"""Working time of a calendar: pure functions of hours, holidays and a time zone, which know no database and no clock.

All sums are of whole seconds that really pass. Hours are read as the clock on the wall: a moment that the clock shows
twice counts at its first time, and hours that it leaps over are no working time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from support.errors import NoWorkingTime

DAY_MINUTES = 24 * 60
HORIZON = timedelta(days=3_660)
"""How far ahead a due time is looked for."""
_DAYS_KEPT = 8_192


@dataclass(frozen=True, slots=True)
class Calendar:
    """When work is done. `week` has the hours of each weekday, Monday first, as minutes since midnight, in their order
    and apart from each other. `yearly` are holidays of every year, as month and day."""

    zone: ZoneInfo
    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def hours_of(self, day: date) -> tuple[tuple[int, int], ...]:
        """The hours of a day at the calendar's place."""
        if day in self.holidays or (day.month, day.day) in self.yearly:
            return ()
        return self.week[day.weekday()]


ALWAYS = Calendar(ZoneInfo("UTC"), (((0, DAY_MINUTES),),) * 7)
"""Around the clock."""


def due(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """The first moment by which so much working time has passed since `start`; `start` itself for none.

    Raises NoWorkingTime where that does not happen within `HORIZON`.
    """
    left = duration
    if left <= timedelta():
        return start.astimezone(UTC)
    for opens, closes in _stretches(calendar, start, start + HORIZON):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise NoWorkingTime


def elapsed(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """How much working time passes between two moments; none where they are not in this order."""
    return sum((closes - opens for opens, closes in _stretches(calendar, since, until)), timedelta())


def works_at(calendar: Calendar, moment: datetime) -> bool:
    """Whether work is done at a moment."""
    return bool(elapsed(calendar, moment, moment + timedelta(microseconds=1)))


def _stretches(calendar: Calendar, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working time between two moments, in order, in UTC."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    day, last = since.astimezone(calendar.zone).date(), until.astimezone(calendar.zone).date()
    while day <= last:
        for opens, closes in _hours_in_utc(calendar.zone, day, calendar.hours_of(day)):
            if (begins := max(opens, since)) < (ends := min(closes, until)):
                yield begins, ends
        day += timedelta(days=1)


@lru_cache(_DAYS_KEPT)
def _hours_in_utc(
    zone: ZoneInfo, day: date, hours: tuple[tuple[int, int], ...]
) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((_moment(zone, day, opens), _moment(zone, day, closes)) for opens, closes in hours)


def _moment(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """When the clock on the wall first shows so many minutes after midnight, or has leapt over them."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    later, earlier = (shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if later.astimezone(zone).replace(tzinfo=None) == shown:
        return later
    # The clock leaps over it somewhere between the two readings: find the second.
    before = earlier.astimezone(zone).utcoffset()
    low, high = 0, int((later - earlier).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (earlier + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return earlier + timedelta(seconds=high)
