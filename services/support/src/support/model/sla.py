"""What is promised to customers, and the clocks that hold the company to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.tables import Record
from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, Integer, String, Uuid, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from support.model.calendar import LIVING
from support.model.customer import SupportTable


class SlaPolicy(Record, SupportTable):
    """Which tickets are promised what."""

    __tablename__ = "sla_policy"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    position: Mapped[int] = mapped_column(Integer())
    active: Mapped[bool]
    business_calendar_id: Mapped[UUID | None]
    queue_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    types: Mapped[list[str]]
    channels: Mapped[list[str]]
    targets: Mapped[list[Any]]
    warn_percent: Mapped[int] = mapped_column(Integer())

    __table_args__ = (
        Index("ix_sla_policy_place", "tenant_id", "position", "id", postgresql_where=LIVING),
        Index("ix_sla_policy_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_sla_policy_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_sla_policy_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        ForeignKeyConstraint(
            ["tenant_id", "business_calendar_id"], ["business_calendar.tenant_id", "business_calendar.id"]
        ),
    )


class SlaClock(SupportTable):
    """A clock of a ticket."""

    __tablename__ = "sla_clock"

    ticket_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    sla_policy_id: Mapped[UUID]
    state: Mapped[str]
    target_s: Mapped[int]
    elapsed_s: Mapped[int]
    running_since: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    counted_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "ix_sla_clock_policy",
            "tenant_id",
            "sla_policy_id",
            "counted_at",
            postgresql_where=text("state IN ('running', 'paused')"),
        ),
        ForeignKeyConstraint(["tenant_id", "ticket_id"], ["ticket.tenant_id", "ticket.id"]),
        ForeignKeyConstraint(["tenant_id", "sla_policy_id"], ["sla_policy.tenant_id", "sla_policy.id"]),
    )
