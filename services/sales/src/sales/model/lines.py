"""Columns that all documents with lines have: the lines with their waterfall, and the sums of the whole.

A document's own table of lines takes `LineColumns` and adds the key of its document.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.tables import Record
from sqlalchemy import ForeignKeyConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable


class LineColumns:
    """What was asked for, and the price as it came about; nothing here follows the catalogue later."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer())
    product_variant_id: Mapped[UUID]
    product_id: Mapped[UUID]
    name: Mapped[str]
    sku: Mapped[str]
    unit: Mapped[str]
    description: Mapped[str]
    quantity_milli: Mapped[int]
    unit_micros: Mapped[int | None]
    discount_basis_points: Mapped[int] = mapped_column(Integer())
    discount_minor: Mapped[int]
    list_unit_micros: Mapped[int]
    price_book_id: Mapped[UUID | None]
    tax_included: Mapped[bool]
    list_minor: Mapped[int]
    rules: Mapped[list[Any]]
    rule_minor: Mapped[int]
    discounted_minor: Mapped[int]
    coupon_minor: Mapped[int]
    document_discount_minor: Mapped[int]
    tax_rate_basis_points: Mapped[int] = mapped_column(Integer())
    net_minor: Mapped[int]
    tax_minor: Mapped[int]
    gross_minor: Mapped[int]
    cost_minor: Mapped[int | None]
    breaches: Mapped[list[str]]
    suggestion_id: Mapped[UUID | None]


class DocumentColumns(Record):
    """What a document with lines is priced by, and its sums."""

    currency_code: Mapped[str]
    coupon_codes: Mapped[list[str]]
    document_discount_basis_points: Mapped[int] = mapped_column(Integer())
    document_discount_minor: Mapped[int]
    list_amount_minor: Mapped[int]
    rule_amount_minor: Mapped[int]
    discount_amount_minor: Mapped[int]
    net_amount_minor: Mapped[int]
    tax_amount_minor: Mapped[int]
    gross_amount_minor: Mapped[int]
    taxes: Mapped[list[Any]]
    coupons: Mapped[list[Any]]
    breaches: Mapped[list[str]]


class DealLine(LineColumns, SalesTable):
    """A line of a deal."""

    __tablename__ = "deal_line"

    deal_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-50)

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "deal_id"], ["deal.tenant_id", "deal.id"]),)


class DocumentNumber(SalesTable):
    """The last number given to a kind of document in a year."""

    __tablename__ = "document_number"

    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer(), primary_key=True)
    last: Mapped[int]
