"""A rule between products that a run of baskets has found."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, Uuid, desc
from sqlalchemy.orm import Mapped, mapped_column

from analytics.model.model_run import AnalyticsTable


class BasketRule(AnalyticsTable):
    """Who buys all of the antecedent buys the consequent, too; kept of the active run alone."""

    __tablename__ = "basket_rule"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    antecedent_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    consequent_id: Mapped[UUID]
    together: Mapped[int]
    antecedent_count: Mapped[int]
    consequent_count: Mapped[int]
    support: Mapped[float]
    confidence: Mapped[float]
    lift: Mapped[float]
    p_value: Mapped[float]
    p_adjusted: Mapped[float]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "run_id"], ["model_run.tenant_id", "model_run.id"]),
        Index("ix_basket_rule_lift", "tenant_id", "run_id", desc("lift"), "id"),
        Index("ix_basket_rule_confidence", "tenant_id", "run_id", desc("confidence"), "id"),
        Index("ix_basket_rule_support", "tenant_id", "run_id", desc("support"), "id"),
    )
