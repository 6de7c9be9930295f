"""What customers want."""

from __future__ import annotations

from uuid import UUID

from chassis.tables import Access, Record
from sqlalchemy import ARRAY, Index, Uuid, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable


class Need(Record, Access, SalesTable):
    """What a customer wants."""

    __tablename__ = "need"

    statement: Mapped[str]
    priority: Mapped[str]
    budget_currency: Mapped[str]
    budget_minor: Mapped[int]
    timeframe: Mapped[str]
    product_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    description: Mapped[str]
    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    lead_id: Mapped[UUID | None]
    deal_id: Mapped[UUID | None]
    status: Mapped[str]
    drop_reason: Mapped[str]

    __table_args__ = (
        Index("ix_need_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_need_owner", "tenant_id", "owner_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_need_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_need_budget", "tenant_id", desc("budget_minor"), desc("id"), postgresql_where=LIVING),
        Index("ix_need_deal", "tenant_id", "deal_id", postgresql_where=LIVING),
        Index("ix_need_lead", "tenant_id", "lead_id", postgresql_where=LIVING),
        Index("ix_need_contact", "tenant_id", "contact_id"),
        Index("ix_need_bin", "tenant_id", desc("deleted_at"), desc("id")),
    )
