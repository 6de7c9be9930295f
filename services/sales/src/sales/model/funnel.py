"""Pipelines, their stages, the deals that go through them, and the way each has gone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.tables import Access, Record
from sqlalchemy import ARRAY, Boolean, Date, ForeignKeyConstraint, Index, Integer, String, Uuid, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable
from sales.model.record_share import RecordShare


class Pipeline(Record, SalesTable):
    """A way that deals go."""

    __tablename__ = "pipeline"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    position: Mapped[int] = mapped_column(Integer())
    after_sales: Mapped[bool]

    __table_args__ = (
        Index("ix_pipeline_place", "tenant_id", "position", "id", postgresql_where=LIVING),
        Index("ix_pipeline_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_pipeline_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_pipeline_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
    )


class Stage(Record, SalesTable):
    """A step of a pipeline."""

    __tablename__ = "stage"

    pipeline_id: Mapped[UUID]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(Integer())
    category: Mapped[str]
    probability: Mapped[int] = mapped_column(Integer())
    forecast_category: Mapped[str]
    entry_criteria: Mapped[list[str]]
    rot_days: Mapped[int] = mapped_column(Integer())
    guidance: Mapped[str]
    checklist: Mapped[list[str]]
    document_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))

    __table_args__ = (
        Index("ix_stage_pipeline", "tenant_id", "pipeline_id", "position", "id", postgresql_where=LIVING),
        Index("ix_stage_place", "tenant_id", "position", "id", postgresql_where=LIVING),
        Index("ix_stage_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_stage_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        ForeignKeyConstraint(["tenant_id", "pipeline_id"], ["pipeline.tenant_id", "pipeline.id"]),
    )


class Deal(Record, Access, SalesTable):
    """Something that may be sold. What its stage gives unless somebody said otherwise stands here too, so that lists
    and sums need no stage."""

    __tablename__ = "deal"
    SHARES = RecordShare

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    account_id: Mapped[UUID | None]
    contacts: Mapped[list[Any]]
    pipeline_id: Mapped[UUID]
    stage_id: Mapped[UUID]
    status: Mapped[str]
    amount_currency: Mapped[str]
    amount_minor: Mapped[int]
    home_amount_currency: Mapped[str]
    home_amount_minor: Mapped[int]
    expected_close_date: Mapped[date] = mapped_column(Date())
    probability: Mapped[int] = mapped_column(Integer())
    own_amount: Mapped[bool] = mapped_column(Boolean())
    line_count: Mapped[int] = mapped_column(Integer())
    lines_currency: Mapped[str]
    lines_net_minor: Mapped[int]
    own_probability: Mapped[bool] = mapped_column(Boolean())
    forecast_category: Mapped[str]
    own_forecast: Mapped[bool] = mapped_column(Boolean())
    source: Mapped[str]
    lead_id: Mapped[UUID | None]
    campaign_id: Mapped[UUID | None]
    next_step: Mapped[str]
    need_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    description: Mapped[str]
    lost_reason: Mapped[str]
    lost_note: Mapped[str]
    stage_entered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    last_activity_at: Mapped[datetime | None]
    tags: Mapped[list[str]]

    __table_args__ = (
        Index("ix_deal_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_deal_owner", "tenant_id", "owner_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_deal_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_deal_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_deal_worth", "tenant_id", desc("home_amount_minor"), desc("id"), postgresql_where=LIVING),
        Index("ix_deal_amount", "tenant_id", desc("amount_minor"), desc("id"), postgresql_where=LIVING),
        Index("ix_deal_close", "tenant_id", "expected_close_date", "id", postgresql_where=LIVING),
        Index("ix_deal_entered", "tenant_id", desc("stage_entered_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_deal_stage", "tenant_id", "stage_id", desc("stage_entered_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_deal_account", "tenant_id", "account_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_deal_won", "tenant_id", "closed_at", postgresql_where=text("status = 'won'")),
        Index("ix_deal_bin", "tenant_id", desc("deleted_at"), desc("id")),
        ForeignKeyConstraint(["tenant_id", "pipeline_id"], ["pipeline.tenant_id", "pipeline.id"]),
        ForeignKeyConstraint(["tenant_id", "stage_id"], ["stage.tenant_id", "stage.id"]),
    )


class DealContact(SalesTable):
    """Which deals a person is in; what he is in each stands in the deal."""

    __tablename__ = "deal_contact"

    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        Index("ix_deal_contact_deal", "tenant_id", "deal_id"),
        ForeignKeyConstraint(["tenant_id", "deal_id"], ["deal.tenant_id", "deal.id"]),
    )


class StageStep(SalesTable):
    """A deal came to a stage. Nothing here is ever changed."""

    __tablename__ = "stage_step"

    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    from_stage_id: Mapped[UUID | None]
    to_stage_id: Mapped[UUID]
    entered_at: Mapped[datetime]
    seconds_before: Mapped[int]
    moved_by: Mapped[UUID]
    reason: Mapped[str]
    amount_currency: Mapped[str]
    amount_minor: Mapped[int]

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "deal_id"], ["deal.tenant_id", "deal.id"]),)


class DealTick(SalesTable):
    """Something of a stage's checklist was ticked off for a deal."""

    __tablename__ = "deal_tick"

    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    stage_id: Mapped[UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
    done_by: Mapped[UUID]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "deal_id"], ["deal.tenant_id", "deal.id"]),
        ForeignKeyConstraint(["tenant_id", "stage_id"], ["stage.tenant_id", "stage.id"]),
    )
