"""Dashboards: which figures are looked at together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.tables import Record
from sqlalchemy import Index, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from analytics.model.model_run import AnalyticsTable

_LIVING = text("deleted_at IS NULL")


class Dashboard(Record, AnalyticsTable):
    """Tiles in their order, as the API has them. Shared, or its maker's alone."""

    __tablename__ = "dashboard"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    shared: Mapped[bool]
    made_by: Mapped[UUID]
    tiles: Mapped[list[Any]]

    __table_args__ = (
        Index("ix_dashboard_name", "tenant_id", "name_key", "id", postgresql_where=_LIVING),
        Index("ix_dashboard_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=_LIVING),
        Index("ix_dashboard_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=_LIVING),
    )
