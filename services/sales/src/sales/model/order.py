"""Orders: what was sold, what of it was handed over, and what is on hand."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from chassis.tables import Access
from sqlalchemy import Date, ForeignKeyConstraint, Index, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable
from sales.model.lines import DocumentColumns, LineColumns

OWN_WAREHOUSE = UUID(int=0)
"""Stands for the place of goods that are in no store."""


class Order(DocumentColumns, Access, SalesTable):
    """Something sold. What was paid and given back are sums of its payments and refunds."""

    __tablename__ = "sales_order"

    number: Mapped[str]
    channel: Mapped[str]
    status: Mapped[str]
    payment_status: Mapped[str]
    account_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    deal_id: Mapped[UUID | None]
    quote_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    reference: Mapped[str]
    note: Mapped[str]
    home_amount_currency: Mapped[str]
    home_amount_minor: Mapped[int]
    paid_amount_minor: Mapped[int]
    refunded_amount_minor: Mapped[int]
    ordered_on: Mapped[date] = mapped_column(Date())
    placed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancel_reason: Mapped[str]
    loyalty_member_id: Mapped[UUID | None]

    __table_args__ = (
        Index("uq_sales_order_number", "tenant_id", "number", unique=True, postgresql_where="number <> ''"),
        Index("ix_sales_order_newest", "tenant_id", desc("created_at"), desc("id")),
        Index("ix_sales_order_updated", "tenant_id", desc("updated_at"), desc("id")),
        Index("ix_sales_order_day", "tenant_id", desc("ordered_on"), desc("id")),
        Index("ix_sales_order_net", "tenant_id", desc("net_amount_minor"), desc("id")),
        Index("ix_sales_order_gross", "tenant_id", desc("gross_amount_minor"), desc("id")),
        Index("ix_sales_order_worth", "tenant_id", desc("home_amount_minor"), desc("id")),
        Index("ix_sales_order_status", "tenant_id", "status", desc("created_at"), desc("id")),
        Index("ix_sales_order_owner", "tenant_id", "owner_id", desc("created_at"), desc("id")),
        Index("ix_sales_order_account", "tenant_id", "account_id", desc("created_at"), desc("id")),
        Index("ix_sales_order_contact", "tenant_id", "contact_id", desc("created_at"), desc("id")),
        Index("ix_sales_order_deal", "tenant_id", "deal_id", desc("created_at"), desc("id")),
    )


class OrderLine(LineColumns, SalesTable):
    """A line of an order, and how much of it went further."""

    __tablename__ = "order_line"

    order_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-50)
    fulfilled_milli: Mapped[int] = mapped_column(sort_order=50)
    invoiced_milli: Mapped[int] = mapped_column(sort_order=51)
    returned_milli: Mapped[int] = mapped_column(sort_order=52)

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),)


class Fulfilment(SalesTable):
    """Something of an order that was handed over or shipped."""

    __tablename__ = "fulfilment"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tracking_code: Mapped[str]
    note: Mapped[str]
    fulfilled_at: Mapped[datetime]
    fulfilled_by: Mapped[UUID]

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),)


class FulfilmentLine(SalesTable):
    """So much of a line was handed over."""

    __tablename__ = "fulfilment_line"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    fulfilment_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity_milli: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "order_id", "fulfilment_id"],
            ["fulfilment.tenant_id", "fulfilment.order_id", "fulfilment.id"],
        ),
        ForeignKeyConstraint(
            ["tenant_id", "order_id", "line_id"], ["order_line.tenant_id", "order_line.order_id", "order_line.id"]
        ),
    )


class CouponUse(SalesTable):
    """A coupon was redeemed by an order."""

    __tablename__ = "coupon_use"

    coupon_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ix_coupon_use_customer", "tenant_id", "coupon_id", "customer_id"),
        ForeignKeyConstraint(["tenant_id", "coupon_id"], ["coupon.tenant_id", "coupon.id"]),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
    )


class Stock(SalesTable):
    """What is on hand of a variant in one place; the company's own warehouse has an id of zeroes."""

    __tablename__ = "stock"

    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    on_hand_milli: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["product_variant.tenant_id", "product_variant.id"]),
    )
