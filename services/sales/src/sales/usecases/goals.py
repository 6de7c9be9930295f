"""The rules of goals: when they run and how far they are; and the snapshots of the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chassis.errors import invalid_field
from chassis.jobs import set_timer
from chassis.work import Row, Work

from sales.errors import not_there
from sales.queries import company, funnel
from sales.queries import goal as queries
from sales.usecases.prices import today

Values = dict[str, Any]
SNAPSHOT = "forecast_snapshot"
"""The timer of the nightly snapshot; its record is the company."""
MONTHS = {"month": 1, "quarter": 3}
_JUST_AFTER_MIDNIGHT = time(0, 5)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal is; per cent of the target and of the time."""

    goal: Row
    percent: int
    time_percent: int


def check(work: Work, before: Row | None, after: Values) -> None:
    """Brings a goal to its normal form. Raises InvalidArgument naming what is wrong with it."""
    months = MONTHS[after["period"]]
    starts_on: date = after["starts_on"]
    if starts_on.day != 1 or (starts_on.month - 1) % months:
        raise invalid_field("goal.starts_on", f"give the first day of a {after['period']}", reason="NOT_THE_FIRST_DAY")
    after["ends_before"] = _months_later(starts_on, months)
    if after["user_id"] and after["team_id"]:
        raise invalid_field("goal.team_id", "a goal is a person's or a team's", reason="PERSON_OR_TEAM")
    if after["pipeline_id"] and after["metric"] == "activities_done":
        raise invalid_field("goal.pipeline_id", "activities belong to no pipeline", reason="NO_PIPELINE")
    pipeline_id = after["pipeline_id"]
    known = before is not None and before.pipeline_id == pipeline_id
    if pipeline_id and not known and not funnel.pipeline_lives(work, pipeline_id):
        raise not_there("goal.pipeline_id", "pipeline")


def progress(work: Work, asked: date | None) -> Sequence[Progress]:
    """How far the goals are that run on a day, by what was won and done until now."""
    now = today(work)
    rows = queries.running(work, asked or now, company.company(work).time_zone)
    return [Progress(row, row.achieved * 100 // row.target, _gone(row, now)) for row in rows]


def begin_snapshots(work: Work) -> None:
    """Has the forecast kept every night from now on, for a company that has its first deal."""
    if queries.begin_snapshots(work):
        set_timer(work, SNAPSHOT, work.tenant_id, _next_night(work))


def take_snapshot(work: Work) -> None:
    """Keeps how the forecast stands, once a day however often it is asked, and sets the timer of the next night."""
    queries.take_snapshot(work, today(work), company.company(work).currency_code)
    set_timer(work, SNAPSHOT, work.tenant_id, _next_night(work))


def _next_night(work: Work) -> datetime:
    zone = ZoneInfo(company.company(work).time_zone)
    return datetime.combine(today(work) + timedelta(days=1), _JUST_AFTER_MIDNIGHT, zone)


def _gone(goal: Row, now: date) -> int:
    days: int = (goal.ends_before - goal.starts_on).days
    gone: int = (now - goal.starts_on).days + 1
    return max(0, min(100, gone * 100 // days))


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)
