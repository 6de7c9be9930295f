"""When the company works."""

from __future__ import annotations

from typing import Any

from chassis.tables import Record
from sqlalchemy import Index, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from support.model.customer import SupportTable

LIVING = text("deleted_at IS NULL")


class BusinessCalendar(Record, SupportTable):
    """Hours of work and holidays, in a time zone."""

    __tablename__ = "business_calendar"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    time_zone: Mapped[str]
    hours: Mapped[list[Any]]
    holidays: Mapped[list[Any]]

    __table_args__ = (
        Index("ix_business_calendar_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_business_calendar_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_business_calendar_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
    )
