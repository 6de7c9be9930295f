"""Sums of a day that reports are made of, and marks of days whose sums have to be made anew.

Nothing here is the truth: every row can be made again from orders. The database itself marks a day with whatever
changes an order of it, in the same transaction, so that no way to write orders can forget it.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.tables import Access
from sqlalchemy import Date, Index
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable


class SalesDay(Access, SalesTable):
    """What was ordered on a day, by whoever sold it, where, to whom and in which currency."""

    __tablename__ = "sales_day"

    day: Mapped[date] = mapped_column(Date(), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID | None]
    channel: Mapped[str]
    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    currency_code: Mapped[str]
    orders: Mapped[int]
    lines: Mapped[int]
    list_minor: Mapped[int]
    rule_minor: Mapped[int]
    discount_minor: Mapped[int]
    net_minor: Mapped[int]
    tax_minor: Mapped[int]
    gross_minor: Mapped[int]
    refunded_minor: Mapped[int]


class ProductDay(Access, SalesTable):
    """What was ordered of a product on a day."""

    __tablename__ = "product_day"

    day: Mapped[date] = mapped_column(Date(), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    store_id: Mapped[UUID | None]
    channel: Mapped[str]
    currency_code: Mapped[str]
    orders: Mapped[int]
    lines: Mapped[int]
    quantity_milli: Mapped[int]
    list_minor: Mapped[int]
    rule_minor: Mapped[int]
    discount_minor: Mapped[int]
    net_minor: Mapped[int]
    gross_minor: Mapped[int]
    suggested_lines: Mapped[int]
    suggested_net_minor: Mapped[int]

    __table_args__ = (Index("ix_product_day_product", "tenant_id", "product_id", "day"),)


class SalesMark(SalesTable):
    """The sums of a day are to be made anew."""

    __tablename__ = "sales_mark"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date())
