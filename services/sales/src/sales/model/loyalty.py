"""Loyalty: the programme, tiers, members with their lots of points, gift cards, and the ledger of both.

A posting of the ledger moves amounts from one account to another, so that it sums to zero by how it is written.
Balances of members and cards stand beside their ledger and change with it, in one commit.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.tables import Record, Stamped
from sqlalchemy import Date, ForeignKeyConstraint, Index, Integer, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable

LEFT = text("left_points > 0")


class LoyaltyProgram(SalesTable):
    """How a company's members earn points, and what these are worth."""

    __tablename__ = "loyalty_program"

    version: Mapped[int]
    active: Mapped[bool]
    currency_code: Mapped[str]
    earn_milli: Mapped[int]
    earn_rules: Mapped[list[Any]]
    rounding: Mapped[str]
    point_value_minor: Mapped[int]
    pending_days: Mapped[int] = mapped_column(Integer())
    expiry_months: Mapped[int] = mapped_column(Integer())


class LoyaltyTier(Record, SalesTable):
    """A tier, reached by points earned in twelve months."""

    __tablename__ = "loyalty_tier"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    threshold_points: Mapped[int]
    earn_percent: Mapped[int] = mapped_column(Integer())
    segment: Mapped[str]

    __table_args__ = (
        Index("ix_loyalty_tier_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_loyalty_tier_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_loyalty_tier_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_loyalty_tier_threshold", "tenant_id", "threshold_points", "id", postgresql_where=LIVING),
    )


class LoyaltyMember(Stamped, SalesTable):
    """Somebody who collects points: a person, a company, or only a phone number or a card."""

    __tablename__ = "loyalty_member"

    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    card_number: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    phone: Mapped[str]
    email: Mapped[str]
    status: Mapped[str]
    tier_id: Mapped[UUID | None]
    tier_points: Mapped[int]
    available_points: Mapped[int]
    pending_points: Mapped[int]
    owed_points: Mapped[int]
    joined_on: Mapped[date] = mapped_column(Date())

    __table_args__ = (
        Index("uq_loyalty_member_card", "tenant_id", "card_number", unique=True),
        Index("uq_loyalty_member_phone", "tenant_id", "phone", unique=True, postgresql_where=text("phone <> ''")),
        Index("uq_loyalty_member_contact", "tenant_id", "contact_id", unique=True),
        Index("uq_loyalty_member_account", "tenant_id", "account_id", unique=True),
        Index("ix_loyalty_member_email", "tenant_id", "email", postgresql_where=text("email <> ''")),
        Index("ix_loyalty_member_newest", "tenant_id", desc("created_at"), desc("id")),
        Index("ix_loyalty_member_updated", "tenant_id", desc("updated_at"), desc("id")),
        Index("ix_loyalty_member_name", "tenant_id", "name_key", "id"),
        Index("ix_loyalty_member_points", "tenant_id", desc("available_points"), desc("id")),
        Index("ix_loyalty_member_joined", "tenant_id", desc("joined_on"), desc("id")),
        Index("ix_loyalty_member_tier", "tenant_id", "tier_id", desc("created_at"), desc("id")),
    )


class PointLot(SalesTable):
    """Points that came together and expire together; those that expire first are spent first."""

    __tablename__ = "point_lot"

    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID | None]
    points: Mapped[int]
    left_points: Mapped[int]
    usable: Mapped[bool]
    usable_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_point_lot_left", "tenant_id", "member_id", "expires_at", "id", postgresql_where=LEFT),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["loyalty_member.tenant_id", "loyalty_member.id"]),
    )


class OrderPoints(SalesTable):
    """What an order earned, and what of it was taken back."""

    __tablename__ = "order_points"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID]
    points: Mapped[int]
    line_points: Mapped[dict[str, Any]]
    reversed_points: Mapped[int]

    __table_args__ = (
        Index("ix_order_points_member", "tenant_id", "member_id"),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["loyalty_member.tenant_id", "loyalty_member.id"]),
    )


class GiftCard(Stamped, SalesTable):
    """Money paid ahead. Its code is known by its hash alone."""

    __tablename__ = "gift_card"

    code_hash: Mapped[str]
    last_digits: Mapped[str]
    status: Mapped[str]
    currency_code: Mapped[str]
    issued_amount_minor: Mapped[int]
    balance_amount_minor: Mapped[int]
    expires_on: Mapped[date | None] = mapped_column(Date())
    order_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    reason: Mapped[str]

    __table_args__ = (
        Index("uq_gift_card_code", "tenant_id", "code_hash", unique=True),
        Index("ix_gift_card_newest", "tenant_id", desc("created_at"), desc("id")),
        Index("ix_gift_card_updated", "tenant_id", desc("updated_at"), desc("id")),
        Index("ix_gift_card_balance", "tenant_id", desc("balance_amount_minor"), desc("id")),
        Index("ix_gift_card_order", "tenant_id", "order_id"),
        Index("ix_gift_card_contact", "tenant_id", "contact_id"),
        Index("ix_gift_card_member", "tenant_id", "member_id"),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
    )


class LedgerPosting(SalesTable):
    """Something that happened once to the points of a member, or to the money of a gift card. Never changed."""

    __tablename__ = "ledger_posting"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_id: Mapped[UUID]
    unit: Mapped[str]
    kind: Mapped[str]
    source_id: Mapped[UUID]
    source_step: Mapped[int]
    order_id: Mapped[UUID | None]
    reason: Mapped[str]
    posted_at: Mapped[datetime]
    posted_by: Mapped[UUID]

    __table_args__ = (
        Index("uq_ledger_posting_source", "tenant_id", "source_id", "source_step", "kind", "holder_id", unique=True),
        Index("ix_ledger_posting_holder", "tenant_id", "holder_id", desc("posted_at"), desc("id")),
    )


class LedgerTransfer(SalesTable):
    """So much from one account to another. `month` is that of the company's day."""

    __tablename__ = "ledger_transfer"

    posting_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    unit: Mapped[str]
    month: Mapped[date] = mapped_column(Date())

    __table_args__ = (
        Index("ix_ledger_transfer_month", "tenant_id", "month", "unit", "source", "target"),
        ForeignKeyConstraint(["tenant_id", "posting_id"], ["ledger_posting.tenant_id", "ledger_posting.id"]),
    )
