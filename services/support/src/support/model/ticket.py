"""Tickets, what is written on them, and where they wait."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.tables import Access, Record
from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, Integer, SmallInteger, String, Uuid, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from support.model.calendar import LIVING
from support.model.customer import SupportTable


class Queue(Record, SupportTable):
    """A place where tickets wait for somebody."""

    __tablename__ = "queue"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    description: Mapped[str]
    team_id: Mapped[UUID | None]
    priority: Mapped[str]
    position: Mapped[int] = mapped_column(Integer())

    __table_args__ = (
        Index("ix_queue_place", "tenant_id", "position", "id", postgresql_where=LIVING),
        Index("ix_queue_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_queue_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_queue_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
    )


class Ticket(Record, Access, SupportTable):
    """Something a customer asked for. Its owner has it to do; `active` says that it is still to be done."""

    __tablename__ = "ticket"

    number: Mapped[int]
    subject: Mapped[str]
    description: Mapped[str]
    type: Mapped[str]
    status: Mapped[str]
    active: Mapped[bool]
    priority: Mapped[str]
    channel: Mapped[str]
    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    queue_id: Mapped[UUID | None]
    product_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    problem_id: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None]
    follow_up_of_id: Mapped[UUID | None]
    watcher_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    tags: Mapped[list[str]]
    reopened: Mapped[int] = mapped_column(Integer())
    first_replied_at: Mapped[datetime | None]
    customer_wrote_at: Mapped[datetime | None]
    agent_replied_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    sla_state: Mapped[str]

    __table_args__ = (
        Index("ix_ticket_number", "tenant_id", "number", unique=True),
        Index("ix_ticket_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_ticket_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_ticket_active", "tenant_id", "active", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_ticket_owner", "tenant_id", "owner_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_ticket_queue", "tenant_id", "queue_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_ticket_contact", "tenant_id", "contact_id", desc("created_at"), desc("id")),
        Index("ix_ticket_account", "tenant_id", "account_id", desc("created_at"), desc("id")),
        Index("ix_ticket_order", "tenant_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
        Index("ix_ticket_problem", "tenant_id", "problem_id", "id", postgresql_where=text("problem_id IS NOT NULL")),
        Index("ix_ticket_due", "tenant_id", "next_due_at", "id", postgresql_where=text("next_due_at IS NOT NULL")),
        Index("ix_ticket_bin", "tenant_id", desc("deleted_at"), desc("id")),
    )


class TicketComment(SupportTable):
    """Something written on a ticket. Its text is never changed; a merge or a split brings it to another ticket."""

    __tablename__ = "ticket_comment"

    ticket_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    public: Mapped[bool]
    author_kind: Mapped[str]
    author_id: Mapped[UUID]
    channel: Mapped[str]
    body: Mapped[str]
    origin_ticket_id: Mapped[UUID | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_ticket_comment_thread", "tenant_id", "ticket_id", "id"),
        Index("ix_ticket_comment_author", "tenant_id", "author_id"),
        ForeignKeyConstraint(["tenant_id", "ticket_id"], ["ticket.tenant_id", "ticket.id"]),
    )


class TicketExternal(SupportTable):
    """By which id another system knows a ticket."""

    __tablename__ = "ticket_external"

    system: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID]

    __table_args__ = (
        Index("ix_ticket_external_ticket", "tenant_id", "ticket_id"),
        ForeignKeyConstraint(["tenant_id", "ticket_id"], ["ticket.tenant_id", "ticket.id"]),
    )


class TicketNumber(SupportTable):
    """How far one of the lanes is in which a company's numbers are given out."""

    __tablename__ = "ticket_number"

    lane: Mapped[int] = mapped_column(SmallInteger(), primary_key=True)
    next: Mapped[int]
