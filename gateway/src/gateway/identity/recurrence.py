"""When something that comes every day, week or month is due next, by the clock of a place."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS_LOOKED_AT = 63
"""No rhythm pauses for more than two months."""


def next_due(every: str, *, weekday: int, month_day: int, hour: int, zone: ZoneInfo, after: datetime) -> datetime:
    """The first moment later than `after`.

    Where the clocks go forward over the hour it is an hour later, and where it comes twice the first one counts. Months
    without the day have it on their last.
    """
    first = after.astimezone(zone).date()
    for days in range(_DAYS_LOOKED_AT):
        day = first + timedelta(days=days)
        if _falls_on(day, every, weekday, month_day):
            moment = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
            if moment > after:
                return moment
    raise ValueError(f"nothing comes every {every!r}")


def _falls_on(day: date, every: str, weekday: int, month_day: int) -> bool:
    match every:
        case "day":
            return True
        case "week":
            return day.isoweekday() == weekday
        case "month":
            return day.day == min(month_day, monthrange(day.year, day.month)[1])
    return False
