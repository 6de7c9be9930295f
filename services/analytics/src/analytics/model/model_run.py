"""A run of a model, and what it says of each customer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.tables import NAMING, Table
from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, MetaData, desc, text
from sqlalchemy.orm import Mapped, mapped_column

KINDS = ("rfm", "lifetime_value", "churn", "clusters", "baskets")
"""What is computed every night, in this order."""
UNFINISHED = ("scheduled", "training")
STATES = (*UNFINISHED, "active", "superseded", "failed")

_UNFINISHED = text("state IN ('scheduled', 'training')")
_ACTIVE = text("state = 'active'")


class AnalyticsTable(Table):
    """Base of every table of analytics."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class ModelRun(AnalyticsTable):
    """A run. `result` is a ModelResult as the API has it; `reason` and `figures` say why there is none.

    One run of a kind is unfinished at most, and one is active.
    """

    __tablename__ = "model_run"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    as_of: Mapped[date]
    reason: Mapped[str]
    figures: Mapped[dict[str, Any]]
    result: Mapped[bytes] = mapped_column(LargeBinary())
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_model_run_newest", "tenant_id", desc("id")),
        Index("ix_model_run_kind", "tenant_id", "kind", desc("id")),
        Index("uq_model_run_unfinished", "tenant_id", "kind", unique=True, postgresql_where=_UNFINISHED),
        Index("uq_model_run_active", "tenant_id", "kind", unique=True, postgresql_where=_ACTIVE),
    )


class ModelScore(AnalyticsTable):
    """What a run says of a customer; kept of the active run alone."""

    __tablename__ = "model_score"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_kind: Mapped[str]
    band: Mapped[str]
    score: Mapped[int]
    figures: Mapped[dict[str, Any]]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "run_id"], ["model_run.tenant_id", "model_run.id"]),
        Index("ix_model_score_highest", "tenant_id", "run_id", desc("score"), "customer_id"),
        Index("ix_model_score_band", "tenant_id", "run_id", "band", desc("score"), "customer_id"),
    )
