"""GoalService at the edge: goals, how far they are, and how the forecast went."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from chassis.records import RecordServicer
from chassis.work import Row, Work
from funia.sales.v1 import goal_pb2 as pb
from funia.sales.v1.events_pb2 import GoalChanged

from sales.queries import company
from sales.queries import goal as queries
from sales.records import GOAL
from sales.usecases import goals as rules

Values = dict[str, Any]
DAYS = 31


class GoalServicer(RecordServicer):
    """Goals."""

    service = pb.DESCRIPTOR.services_by_name["GoalService"]
    resource = GOAL
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check(work, before, after)

    def payload(self, row: Row) -> GoalChanged:
        return GoalChanged(
            goal_id=str(row.id),
            user_id=str(row.user_id or ""),
            team_id=str(row.team_id or ""),
            pipeline_id=str(row.pipeline_id or ""),
            metric=row.metric,
            period=row.period,
            starts_on=row.starts_on.isoformat(),
            target=row.target,
            deleted=row.deleted_at is not None,
        )

    def ListGoalProgress(self, work: Work, request: pb.ListGoalProgressRequest) -> pb.ListGoalProgressResponse:
        found = rules.progress(work, date.fromisoformat(request.day) if request.day else None)
        currency = company.company(work).currency_code
        return pb.ListGoalProgressResponse(
            goals=[
                pb.GoalProgress(
                    goal=self.message(work, one.goal),
                    ends_on=(one.goal.ends_before - timedelta(days=1)).isoformat(),
                    achieved=one.goal.achieved,
                    percent=one.percent,
                    time_percent=one.time_percent,
                    currency_code=currency if one.goal.metric == "amount_won" else "",
                )
                for one in found
            ]
        )

    def GetForecastHistory(self, work: Work, request: pb.GetForecastHistoryRequest) -> pb.ForecastHistory:
        first = date.fromisoformat(request.first_day)
        rows = queries.history(
            work,
            first=first,
            last=first + timedelta(days=request.days or DAYS),
            pipeline_id=UUID(request.pipeline_id) if request.pipeline_id else None,
            owner_id=UUID(request.owner_id) if request.owner_id else None,
        )
        return pb.ForecastHistory(currency_code=company.company(work).currency_code, days=[_day(row) for row in rows])


def _day(row: Row) -> pb.ForecastDay:
    return pb.ForecastDay(
        day=row.day.isoformat(),
        commit_minor=row.commit_minor,
        best_case_minor=row.best_case_minor,
        pipeline_minor=row.pipeline_minor,
        weighted_minor=row.weighted_minor,
        open_count=row.open_count,
    )
