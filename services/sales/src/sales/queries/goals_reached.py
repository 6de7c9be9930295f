"""Goals of a time with what was reached of each, for the report of goals."""

from __future__ import annotations

from typing import Any

from chassis.statements import prepare
from chassis.tables import CALLER, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import BigInteger, DateTime, and_, any_, bindparam, case, cast, func, or_, select, true
from sqlalchemy import Date as SqlDate
from sqlalchemy.sql.elements import ColumnElement

from sales.model.activity import SalesActivity
from sales.model.funnel import Deal
from sales.model.goal import Goal
from sales.model.lead import Colleague


def _moment(day: Any) -> ColumnElement[Any]:
    """When a day begins at the company's place."""
    return func.timezone(bindparam("zone"), cast(day, DateTime()))


def _theirs(table: Any) -> ColumnElement[bool]:
    return and_(
        table.tenant_id == Goal.tenant_id,
        table.deleted_at.is_(None),
        or_(Goal.user_id.is_(None), table.owner_id == Goal.user_id),
        or_(Goal.team_id.is_(None), table.team_id == Goal.team_id),
    )


def _in_time(moment: Any) -> ColumnElement[bool]:
    return and_(moment >= _moment(Goal.starts_on), moment < _moment(Goal.ends_before))


_WON = (
    select(func.count().label("number"), func.coalesce(func.sum(Deal.home_amount_minor), 0).label("amount_minor"))
    .where(
        Goal.metric != "activities_done",
        _theirs(Deal),
        Deal.status == "won",
        _in_time(Deal.closed_at),
        or_(Goal.pipeline_id.is_(None), Deal.pipeline_id == Goal.pipeline_id),
    )
    .correlate(Goal)
    .lateral("won")
)
_DONE = (
    select(func.count().label("number"))
    .where(Goal.metric == "activities_done", _theirs(SalesActivity), _in_time(SalesActivity.completed_at))
    .correlate(Goal)
    .lateral("done")
)
_ACHIEVED = case(
    (Goal.metric == "activities_done", _DONE.c.number),
    (Goal.metric == "deals_won", _WON.c.number),
    else_=_WON.c.amount_minor,
).cast(BigInteger)


def reached(
    work: Work, *, condition: ColumnElement[bool] | None, first: Any, before: Any, zone: str, limit: int
) -> list[Row]:
    """Goals that begin from `first` to before `before` and that the caller sees, with what was `achieved` of each."""
    statement = (
        select(
            Goal.id,
            Goal.user_id,
            Goal.team_id,
            Goal.pipeline_id,
            Goal.metric,
            Goal.period,
            Goal.starts_on,
            Goal.ends_before,
            Goal.target,
            _ACHIEVED.label("achieved"),
        )
        .select_from(Goal.__table__.join(_WON, true()).join(_DONE, true()))
        .where(
            Goal.tenant_id == tenant_parameter(),
            Goal.deleted_at.is_(None),
            Goal.starts_on >= bindparam("first", type_=SqlDate),
            Goal.starts_on < bindparam("before", type_=SqlDate),
            _seen(work.caller.sight.partition("+")[0]),
        )
        .order_by(Goal.starts_on, Goal.id)
        .limit(limit)
    )
    if condition is not None:
        statement = statement.where(condition)
    return work.rows(prepare(statement), first=first, before=before, zone=zone)


def _seen(sight: str) -> ColumnElement[bool]:
    """The own goals; with the team's, those of its people too."""
    if sight == "all":
        return true()
    own: ColumnElement[bool] = Goal.user_id == CALLER.actor_id
    if sight == "own":
        return own
    mates = select(Colleague.id).where(
        Colleague.tenant_id == tenant_parameter(), Colleague.team_id == any_(CALLER.team_ids)
    )
    return or_(own, Goal.team_id == any_(CALLER.team_ids), Goal.user_id.in_(mates))
