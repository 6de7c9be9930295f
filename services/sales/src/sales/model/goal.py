"""Goals, and how the forecast stood day by day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.tables import Access, Record
from sqlalchemy import Date, ForeignKeyConstraint, Index, Integer, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable


class Goal(Record, SalesTable):
    """What somebody is to reach. It ends before `ends_before`."""

    __tablename__ = "goal"

    user_id: Mapped[UUID | None]
    team_id: Mapped[UUID | None]
    pipeline_id: Mapped[UUID | None]
    metric: Mapped[str]
    period: Mapped[str]
    starts_on: Mapped[date] = mapped_column(Date())
    ends_before: Mapped[date] = mapped_column(Date())
    target: Mapped[int]

    __table_args__ = (
        Index("ix_goal_start", "tenant_id", "starts_on", "id", postgresql_where=LIVING),
        Index("ix_goal_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_goal_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        ForeignKeyConstraint(["tenant_id", "pipeline_id"], ["pipeline.tenant_id", "pipeline.id"]),
    )


class ForecastTurn(SalesTable):
    """The last day of which a company has a snapshot."""

    __tablename__ = "forecast_turn"

    last_day: Mapped[date | None] = mapped_column(Date())


class ForecastSnapshot(Access, SalesTable):
    """What the open deals of somebody in a pipeline came to on a day. Nothing here is ever changed."""

    __tablename__ = "forecast_snapshot"

    day: Mapped[date] = mapped_column(Date(), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    pipeline_id: Mapped[UUID]
    currency_code: Mapped[str]
    commit_minor: Mapped[int]
    best_case_minor: Mapped[int]
    pipeline_minor: Mapped[int]
    weighted_minor: Mapped[int]
    open_count: Mapped[int] = mapped_column(Integer())
