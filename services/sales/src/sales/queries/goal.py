"""Statements on goals and on snapshots of the forecast."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.caller import SIGHTS, Sight
from chassis.statements import Prepared, prepare, text
from chassis.tables import tenant_parameter, visible
from chassis.work import Row, Work
from sqlalchemy import BigInteger, Integer, bindparam, func, select
from sqlalchemy import Date as SqlDate

from sales.model.goal import ForecastSnapshot

GOALS_SHOWN = 500
_RUNNING = """
    SELECT goal.*, (CASE goal.metric WHEN 'activities_done' THEN done.number
                         WHEN 'deals_won' THEN won.number ELSE won.amount_minor END)::bigint AS achieved
      FROM goal
     CROSS JOIN LATERAL (
           SELECT goal.starts_on::timestamp AT TIME ZONE %(zone)s AS since,
                  goal.ends_before::timestamp AT TIME ZONE %(zone)s AS until
     ) AS span
     CROSS JOIN LATERAL (
           SELECT count(*) AS number, coalesce(sum(deal.home_amount_minor), 0) AS amount_minor FROM deal
            WHERE goal.metric <> 'activities_done' AND deal.tenant_id = goal.tenant_id AND deal.status = 'won'
              AND deal.closed_at >= span.since AND deal.closed_at < span.until AND deal.deleted_at IS NULL
              AND (goal.user_id IS NULL OR deal.owner_id = goal.user_id)
              AND (goal.team_id IS NULL OR deal.team_id = goal.team_id)
              AND (goal.pipeline_id IS NULL OR deal.pipeline_id = goal.pipeline_id)
     ) AS won
     CROSS JOIN LATERAL (
           SELECT count(*) AS number FROM sales_activity AS one
            WHERE goal.metric = 'activities_done' AND one.tenant_id = goal.tenant_id
              AND one.completed_at >= span.since AND one.completed_at < span.until AND one.deleted_at IS NULL
              AND (goal.user_id IS NULL OR one.owner_id = goal.user_id)
              AND (goal.team_id IS NULL OR one.team_id = goal.team_id)
     ) AS done
     WHERE goal.tenant_id = %(tenant_id)s AND goal.deleted_at IS NULL AND goal.starts_on <= %(day)s
       AND goal.ends_before > %(day)s AND {seen}
     ORDER BY goal.starts_on, goal.id LIMIT {limit}
"""
_OWN = "goal.user_id = %(actor_id)s"
_TEAMS = f"""({_OWN} OR goal.team_id = ANY(%(team_ids)s) OR goal.user_id IN (
    SELECT id FROM colleague WHERE tenant_id = %(tenant_id)s AND team_id = ANY(%(team_ids)s)))"""
_SEEN = {"own": _OWN, "team": _TEAMS, "all": "true"}
_PROGRESS = {
    sight: text(
        _RUNNING.format(seen=_SEEN[sight.partition("+")[0]], limit=GOALS_SHOWN), "tenant_id", "actor_id", "team_ids"
    )
    for sight in SIGHTS
}
_BEGIN = text(
    """
    INSERT INTO forecast_turn (tenant_id, last_day) VALUES (%(tenant_id)s, NULL)
    ON CONFLICT DO NOTHING RETURNING 1 AS begun
    """,
    "tenant_id",
)
_TAKE = text(
    """
    UPDATE forecast_turn SET last_day = %(day)s
     WHERE tenant_id = %(tenant_id)s AND (last_day IS NULL OR last_day < %(day)s)
    """,
    "tenant_id",
)
_SNAPSHOT = text(
    """
    INSERT INTO forecast_snapshot (tenant_id, day, id, pipeline_id, owner_id, team_id, currency_code, commit_minor,
           best_case_minor, pipeline_minor, weighted_minor, open_count)
    SELECT %(tenant_id)s, %(day)s, uuidv7(), pipeline_id, owner_id, team_id, %(currency_code)s,
           coalesce(sum(home_amount_minor) FILTER (WHERE forecast_category = 'commit'), 0),
           coalesce(sum(home_amount_minor) FILTER (WHERE forecast_category = 'best_case'), 0),
           coalesce(sum(home_amount_minor) FILTER (WHERE forecast_category = 'pipeline'), 0),
           coalesce(round(sum(home_amount_minor * probability) / 100.0), 0), count(*)
      FROM deal WHERE tenant_id = %(tenant_id)s AND status = 'open' AND deleted_at IS NULL
     GROUP BY pipeline_id, owner_id, team_id
    """,
    "tenant_id",
)


def running(work: Work, day: date, zone: str) -> list[Row]:
    """Goals that run on a day and that the caller sees, with what was achieved of each."""
    return work.rows(_PROGRESS[work.caller.sight], day=day, zone=zone)


def begin_snapshots(work: Work) -> bool:
    """Notes that a company has snapshots from now on; whether it had none."""
    return work.row(_BEGIN) is not None


def take_snapshot(work: Work, day: date, currency_code: str) -> bool:
    """Writes how the forecast stands on a day, unless that day or a later one is there already."""
    if not work.execute(_TAKE, day=day):
        return False
    work.execute(_SNAPSHOT, day=day, currency_code=currency_code)
    return True


def history(work: Work, *, first: date, last: date, pipeline_id: UUID | None, owner_id: UUID | None) -> list[Row]:
    """How the forecast of the deals that the caller sees stood, from `first` to before `last`."""
    given: dict[str, Any] = {"first": first, "last": last}
    if pipeline_id is not None:
        given["pipeline_id"] = pipeline_id
    if owner_id is not None:
        given["owner"] = owner_id
    return work.rows(_history(work.caller.sight, pipeline_id is not None, owner_id is not None), **given)


@lru_cache(len(SIGHTS) * 4)
def _history(sight: Sight, one_pipeline: bool, one_owner: bool) -> Prepared:
    table = ForecastSnapshot
    sums = (
        func.sum(column).cast(BigInteger).label(column.key)
        for column in (table.commit_minor, table.best_case_minor, table.pipeline_minor, table.weighted_minor)
    )
    statement = (
        select(table.day, *sums, func.sum(table.open_count).cast(Integer).label("open_count"))
        .where(
            table.tenant_id == tenant_parameter(),
            table.day >= bindparam("first", type_=SqlDate),
            table.day < bindparam("last", type_=SqlDate),
            visible(table, sight, listing=True),
        )
        .group_by(table.day)
        .order_by(table.day)
    )
    if one_pipeline:
        statement = statement.where(table.pipeline_id == bindparam("pipeline_id"))
    if one_owner:
        statement = statement.where(table.owner_id == bindparam("owner"))
    return prepare(statement)
