"""Statements on schedules of reports, and on the times that they were due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work
from psycopg.types.json import Jsonb

from gateway.identity.platform import PlatformWork

_WITH_LAST = """
    SELECT schedule.*, last.due_at AS last_due_at, last.state AS last_state, last.reason AS last_reason,
           last.recipients AS last_recipients, last.size_bytes AS last_size_bytes, last.ended_at AS last_ended_at
      FROM report_schedule AS schedule
      LEFT JOIN LATERAL (
          SELECT run.* FROM report_run AS run
           WHERE run.tenant_id = schedule.tenant_id AND run.schedule_id = schedule.id ORDER BY run.due_at DESC LIMIT 1
      ) AS last ON true
     WHERE schedule.tenant_id = %(tenant_id)s
"""
_PAGE_END = "AND (%(before_id)s::uuid IS NULL OR schedule.id < %(before_id)s) ORDER BY schedule.id DESC LIMIT %(limit)s"
_PAGE = text(f"{_WITH_LAST} {_PAGE_END}")
_PAGE_OF = text(f"{_WITH_LAST} AND schedule.owner_id = %(owner_id)s {_PAGE_END}")
_GET = text(f"{_WITH_LAST} AND schedule.id = %(id)s")
_LOCK = text("SELECT * FROM report_schedule WHERE tenant_id = %(tenant_id)s AND id = %(id)s FOR UPDATE")
_OWNED = text(
    "SELECT id FROM report_schedule WHERE tenant_id = %(tenant_id)s AND owner_id = %(actor_id)s LIMIT %(limit)s"
)
_INSERT = text(
    """
    INSERT INTO report_schedule (tenant_id, id, name, report, format, every, weekday, month_day, hour, time_zone,
                                 recipient_ids, condition, owner_id, paused, paused_reason, next_at, version,
                                 created_at, created_by, updated_at, updated_by)
    VALUES (%(tenant_id)s, %(id)s, %(name)s, %(report)s, %(format)s, %(every)s, %(weekday)s, %(month_day)s, %(hour)s,
            %(time_zone)s, %(recipient_ids)s, %(condition)s, %(actor_id)s, %(paused)s, '', %(next_at)s, 1, %(at)s,
            %(actor_id)s, %(at)s, %(actor_id)s)
    """
)
_CHANGE = text(
    """
    UPDATE report_schedule
       SET name = %(name)s, report = %(report)s, format = %(format)s, every = %(every)s, weekday = %(weekday)s,
           month_day = %(month_day)s, hour = %(hour)s, time_zone = %(time_zone)s, recipient_ids = %(recipient_ids)s,
           condition = %(condition)s, paused = %(paused)s, paused_reason = %(paused_reason)s, next_at = %(next_at)s,
           version = version + 1,
           updated_at = %(at)s, updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """
)
_MOVE_ON = text("UPDATE report_schedule SET next_at = %(next_at)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s")
_DELETE = text("DELETE FROM report_schedule WHERE tenant_id = %(tenant_id)s AND id = %(id)s")
_DUE = text(
    """
    SELECT schedule.tenant_id, schedule.id FROM report_schedule AS schedule JOIN tenant USING (tenant_id)
     WHERE schedule.next_at <= %(at)s AND tenant.status IN ('trial', 'active', 'past_due')
     ORDER BY schedule.next_at LIMIT %(limit)s
    """
)
_ADD_RUN = text(
    """
    INSERT INTO report_run (tenant_id, schedule_id, due_at, state, reason, attempts, recipients, size_bytes, next_at,
                            started_at)
    VALUES (%(tenant_id)s, %(schedule_id)s, %(due_at)s, 'waiting', %(reason)s, 0, 0, 0, %(at)s, %(at)s)
    ON CONFLICT (tenant_id, schedule_id, due_at) DO NOTHING
    """
)
_OF_RUN = "WHERE tenant_id = %(tenant_id)s AND schedule_id = %(schedule_id)s"
_GET_RUN = text(f"SELECT * FROM report_run {_OF_RUN} AND due_at = %(due_at)s FOR UPDATE")
_RUNS = text(
    f"""
    SELECT * FROM report_run {_OF_RUN} AND (%(before)s::timestamptz IS NULL OR due_at < %(before)s)
     ORDER BY due_at DESC LIMIT %(limit)s
    """
)
_LAST_ENDED = text(f"SELECT * FROM report_run {_OF_RUN} AND state IN ('sent', 'quiet') ORDER BY due_at DESC LIMIT 1")
_WAITING = text(f"SELECT due_at FROM report_run {_OF_RUN} AND state = 'waiting' LIMIT 1")
_CHANGE_RUN = text(
    f"""
    UPDATE report_run SET state = %(state)s, reason = %(reason)s, attempts = %(attempts)s,
           recipients = %(recipients)s, size_bytes = %(size_bytes)s, next_at = %(next_at)s, ended_at = %(ended_at)s
     {_OF_RUN} AND due_at = %(due_at)s
    """
)
_RUNS_DUE = text(
    """
    SELECT run.tenant_id, run.schedule_id, run.due_at FROM report_run AS run JOIN tenant USING (tenant_id)
     WHERE run.next_at <= %(at)s AND tenant.status IN ('trial', 'active', 'past_due')
     ORDER BY run.next_at LIMIT %(limit)s
    """
)
_OLD_RUNS = text(
    "SELECT DISTINCT tenant_id FROM (SELECT tenant_id FROM report_run WHERE ended_at < %(before)s LIMIT %(limit)s) AS a"
)
_FORGET_RUNS = text("DELETE FROM report_run WHERE tenant_id = %(tenant_id)s AND ended_at < %(before)s")
_FIELDS = (
    "name",
    "report",
    "format",
    "every",
    "weekday",
    "month_day",
    "hour",
    "time_zone",
    "recipient_ids",
    "condition",
    "paused",
    "paused_reason",
    "next_at",
)
_RUN_FIELDS = ("state", "reason", "attempts", "recipients", "size_bytes", "next_at", "ended_at")


def page(work: Work, *, owner_id: UUID | None, limit: int, before_id: UUID | None) -> list[Row]:
    """Schedules with their latest runs, the newest first: of one person, or of all."""
    if owner_id is None:
        return work.rows(_PAGE, limit=limit, before_id=before_id)
    return work.rows(_PAGE_OF, owner_id=owner_id, limit=limit, before_id=before_id)


def get(work: Work, schedule_id: UUID) -> Row | None:
    """A schedule with its latest run."""
    return work.row(_GET, id=schedule_id)


def locked(work: Work, schedule_id: UUID) -> Row | None:
    """A schedule, locked. Whoever locks a run has locked its schedule before."""
    return work.row(_LOCK, id=schedule_id)


def owned(work: Work, *, limit: int) -> int:
    """How many schedules the caller has, `limit` at most."""
    return len(work.rows(_OWNED, limit=limit))


def add(work: Work, **values: Any) -> None:
    """Writes a new schedule of the caller's."""
    work.execute(_INSERT, **_stored(values), at=work.now)


def change(work: Work, row: Row, **values: Any) -> None:
    """Writes these fields of a locked schedule."""
    after = {name: getattr(row, name) for name in _FIELDS} | values
    work.execute(_CHANGE, id=row.id, **_stored(after), at=work.now)


def move_on(work: Work, row: Row, next_at: datetime) -> None:
    """Sets when a locked schedule is due next, which is no change of it."""
    work.execute(_MOVE_ON, id=row.id, next_at=next_at)


def delete(work: Work, schedule_id: UUID) -> None:
    """Deletes a schedule with its runs."""
    work.execute(_DELETE, id=schedule_id)


def due(platform: PlatformWork, *, limit: int) -> list[Row]:
    """Schedules of all companies whose time has come."""
    return platform.rows(_DUE, at=platform.now, limit=limit)


def add_run(work: Work, schedule_id: UUID, due_at: datetime, *, reason: str = "") -> None:
    """Has a schedule run for this time, once."""
    work.execute(_ADD_RUN, schedule_id=schedule_id, due_at=due_at, reason=reason, at=work.now)


def run(work: Work, schedule_id: UUID, due_at: datetime) -> Row | None:
    """A run, locked."""
    return work.row(_GET_RUN, schedule_id=schedule_id, due_at=due_at)


def runs(work: Work, schedule_id: UUID, *, limit: int, before: datetime | None) -> list[Row]:
    """Runs of a schedule, the newest first."""
    return work.rows(_RUNS, schedule_id=schedule_id, limit=limit, before=before)


def is_waiting(work: Work, schedule_id: UUID) -> bool:
    """Whether a run of the schedule is being made or waits."""
    return work.row(_WAITING, schedule_id=schedule_id) is not None


def last_ended(work: Work, schedule_id: UUID) -> Row | None:
    """The latest run that told something or had nothing to tell."""
    return work.row(_LAST_ENDED, schedule_id=schedule_id)


def change_run(work: Work, row: Row, **values: Any) -> None:
    """Writes these fields of a locked run."""
    after = {name: getattr(row, name) for name in _RUN_FIELDS} | values
    work.execute(_CHANGE_RUN, schedule_id=row.schedule_id, due_at=row.due_at, **after)


def runs_due(platform: PlatformWork, *, limit: int) -> list[Row]:
    """Runs of all companies that are to be tried."""
    return platform.rows(_RUNS_DUE, at=platform.now, limit=limit)


def tenants_with_old_runs(platform: PlatformWork, *, before: datetime, limit: int) -> list[UUID]:
    """Some of the companies that have runs which ended before that."""
    return [row.tenant_id for row in platform.rows(_OLD_RUNS, before=before, limit=limit)]


def forget_runs(work: Work, *, before: datetime) -> None:
    """Deletes runs that ended before that."""
    work.execute(_FORGET_RUNS, before=before)


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    condition = values["condition"]
    return {
        **values,
        "recipient_ids": Jsonb(values["recipient_ids"]),
        "condition": None if condition is None else Jsonb(condition),
    }
