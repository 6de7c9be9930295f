"""Steps of time as people count them: days that begin at local midnight, weeks on Monday (ISO 8601), calendar months.

A day on which clocks change has 23 or 25 hours and is still one step.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from analytics.errors import invalid_field

Step = Literal["minute", "hour", "day", "week", "month"]
STEPS: tuple[Step, ...] = ("minute", "hour", "day", "week", "month")

EARLIEST = datetime(1900, 1, 2, tzinfo=UTC)
LATEST = datetime(2299, 12, 30, tzinfo=UTC)
"""What the engine's moments can hold, less a day for the zones."""


def step_named(name: str) -> Step:
    """The step of this name; day where empty. Raises InvalidArgument for any other."""
    if not name:
        return "day"
    if name not in STEPS:
        raise invalid_field("step", f'"{name}" is no step. Use one of {", ".join(STEPS)}.', "INVALID_STEP")
    return name


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of this name; UTC where empty. Raises InvalidArgument for any other."""
    try:
        return ZoneInfo(name or "UTC")
    except (LookupError, ValueError, OSError) as error:
        message = f'"{name}" is no time zone. Use an IANA name such as Europe/Sofia.'
        raise invalid_field("time_zone", message, "INVALID_TIME_ZONE") from error


def boundaries(start: datetime, end: datetime, step: Step, zone: ZoneInfo, *, most: int) -> list[datetime]:
    """Starts in UTC of the steps that cover [start, end), the first of them at or before `start`.

    Raises InvalidArgument where they would be more than `most`.
    """
    found: list[datetime] = []
    moment = _first(start, step, zone)
    while moment < end:
        if len(found) == most:
            message = f"The period has more than {most} steps of a {step}. Ask for longer steps or a shorter period."
            raise invalid_field("step", message, "TOO_MANY_STEPS")
        # A zone may leave out a whole day (Samoa, 30 December 2011); two steps may not begin at once.
        if not found or moment > found[-1]:
            found.append(moment)
        moment = _next(moment, step, zone)
    return found


def _first(start: datetime, step: Step, zone: ZoneInfo) -> datetime:
    local = start.astimezone(zone)
    if step in ("minute", "hour"):
        return (start - _past_boundary(local, step)).astimezone(UTC)
    day = local.date()
    if step == "week":
        day -= timedelta(days=day.weekday())
    elif step == "month":
        day = day.replace(day=1)
    return _midnight(day, zone)


def _next(moment: datetime, step: Step, zone: ZoneInfo) -> datetime:
    if step in ("minute", "hour"):
        length = timedelta(minutes=1) if step == "minute" else timedelta(hours=1)
        following = moment + length
        # Where a zone shifts by part of an hour (Lord Howe), the next step begins at the next full local hour.
        aligned = following - _past_boundary(following.astimezone(zone), step)
        return aligned if aligned > moment else following
    local = moment.astimezone(zone)
    day = local.date()
    following_midnight = moment
    while following_midnight <= moment:
        if step == "month":
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        else:
            day += timedelta(days=7 if step == "week" else 1)
        following_midnight = _midnight(day, zone)
    return following_midnight


def _past_boundary(local: datetime, step: Step) -> timedelta:
    minutes = local.minute if step == "hour" else 0
    return timedelta(minutes=minutes, seconds=local.second, microseconds=local.microsecond)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # In a gap zoneinfo reads the wall time with the offset before it, which is the moment of the change itself.
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
