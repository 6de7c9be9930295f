"""Filters that open the records behind the rows of a report."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sales.queries import held_sources as held
from sales.queries.members import NEVER_YEAR
from sales.usecases.report_catalogue import Group

_ON_DAYS = frozenset({"ordered_on", "due_on", "expires_on"})


def drill_of(group: Group, key: str, today: date, zone: str) -> str:
    """The filter that finds the records of a row; empty where records cannot be told by it."""
    if not group.field:
        return ""
    if group.kind == "age":
        first, last = _span(group, key)
        return within(group.field, _days_from(today, last, -1), _days_from(today, first, -1, after=1), zone)
    if group.kind == "end":
        return _ends(group, key, today, zone)
    if group.kind in ("id", "text"):
        quoted = key.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")
        return f'{group.field} = "{quoted}"' if key else f"{group.field} = null"
    first_day = date.fromisoformat(f"{key}-01" if group.kind == "month" else key)
    return within(group.field, first_day, _end(first_day, group.kind), zone)


def within(field: str, first: date | None, before: date | None, zone: str) -> str:
    """The filter for a time from a day to before another, at the company's place; open where a day is not given."""
    if field in _ON_DAYS:
        until = None if before is None else before - timedelta(days=1)
        return both(f"{field} >= {first}" if first else "", f"{field} <= {until}" if until else "")
    since, end = (
        f"{midnight(one, zone).astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%SZ}" if one else ""
        for one in (first, before)
    )
    return both(f"{field} >= {since}" if since else "", f"{field} < {end}" if end else "")


def soon(field: str, today: date, zone: str) -> str:
    """The filter for what comes to its end within SOON_DAYS, or should have."""
    return within(field, None, _days_from(today, held.SOON_DAYS, 1, after=1), zone)


def midnight(day: date, zone: str) -> datetime:
    """When a day begins at the company's place."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def both(*parts: str) -> str:
    """All of these filters at once."""
    return " AND ".join(f"({one})" if " OR " in one else one for one in parts if one)


def _ends(group: Group, key: str, today: date, zone: str) -> str:
    first, last = _span(group, key)
    on_days = group.field in _ON_DAYS
    if key == held.NEVER:
        return f"{group.field} = null" if on_days else f"{group.field} >= {NEVER_YEAR}-01-01T00:00:00Z"
    since, before = _days_from(today, first, 1), _days_from(today, last, 1, after=1)
    ever = "" if on_days or before else f"{group.field} < {NEVER_YEAR}-01-01T00:00:00Z"
    return both(within(group.field, since, before, zone), ever)


def _span(group: Group, key: str) -> tuple[int | None, int | None]:
    assert group.days is not None, "ages and ends have spans of days"
    return group.days[key]


def _days_from(today: date, days: int | None, way: int, *, after: int = 0) -> date | None:
    return None if days is None else today + timedelta(days=way * days + after)


def _end(first: date, kind: str) -> date:
    if kind == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if kind == "week" else 1)
