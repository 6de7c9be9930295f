"""What is bought together: the rules that analytics found, and sums of the company's own orders.

Nothing here is the truth: rules come again with the next generation, sums can be made again from orders.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, ForeignKeyConstraint, Index, Integer, Uuid, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable

ALL_BASKETS = UUID(int=0)
"""Stands for any product: its baskets are all that were counted."""


class BasketGeneration(SalesTable):
    """Rules that analytics found at one time. The complete one with the greatest id holds."""

    __tablename__ = "basket_generation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    parts: Mapped[int] = mapped_column(Integer())
    parts_kept: Mapped[int] = mapped_column(Integer())
    complete: Mapped[bool] = mapped_column(Boolean())
    discovered_at: Mapped[datetime]
    first_day: Mapped[date | None] = mapped_column(Date())
    last_day: Mapped[date | None] = mapped_column(Date())
    baskets: Mapped[int]


class BasketRule(SalesTable):
    """Who buys all antecedents buys the consequent, too. `lead_product_id` is one of the antecedents."""

    __tablename__ = "basket_rule"

    generation_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_product_id: Mapped[UUID]
    antecedent_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    consequent_id: Mapped[UUID]
    store_id: Mapped[UUID | None]
    support: Mapped[float]
    confidence: Mapped[float]
    lift: Mapped[float]
    together: Mapped[int]

    __table_args__ = (
        Index("ix_basket_rule_lead", "tenant_id", "generation_id", "lead_product_id", desc("confidence")),
        ForeignKeyConstraint(["tenant_id", "generation_id"], ["basket_generation.tenant_id", "basket_generation.id"]),
    )


class CountedBasket(SalesTable):
    """An order whose products are in the sums."""

    __tablename__ = "counted_basket"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))


class ProductBasket(SalesTable):
    """In how many counted orders a product is."""

    __tablename__ = "product_basket"

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    orders: Mapped[int]


class ProductPair(SalesTable):
    """In how many counted orders two products are; kept from either side."""

    __tablename__ = "product_pair"

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True)
    orders: Mapped[int]

    __table_args__ = (Index("ix_product_pair_often", "tenant_id", "product_id", desc("orders"), "other_id"),)


class SuggestionShowing(SalesTable):
    """A suggestion that was shown beside the lines of a document, and whether a line was added for it."""

    __tablename__ = "suggestion_showing"

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    suggestion_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str]
    shown_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
