"""What sellers do and have to do: tasks, meetings, calls and notes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.tables import Access, Record
from sqlalchemy import Index, Integer, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable


class SalesActivity(Record, Access, SalesTable):
    """Something that somebody does, or has done. `open` says that it is still to be done."""

    __tablename__ = "sales_activity"

    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    status: Mapped[str]
    open: Mapped[bool]
    priority: Mapped[str]
    deal_id: Mapped[UUID | None]
    lead_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    due_at: Mapped[datetime | None]
    minutes: Mapped[int] = mapped_column(Integer())
    location: Mapped[str]
    remind_at: Mapped[datetime | None]
    outcome: Mapped[str]
    completed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_sales_activity_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_sales_activity_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_sales_activity_day", "tenant_id", "owner_id", "open", "due_at", "id", postgresql_where=LIVING),
        Index("ix_sales_activity_done", "tenant_id", "owner_id", "completed_at", postgresql_where=LIVING),
        Index("ix_sales_activity_deal", "tenant_id", "deal_id", "open", "due_at", postgresql_where=LIVING),
        Index("ix_sales_activity_lead", "tenant_id", "lead_id", postgresql_where=LIVING),
        Index("ix_sales_activity_contact", "tenant_id", "contact_id"),
        Index("ix_sales_activity_bin", "tenant_id", desc("deleted_at"), desc("id")),
    )
