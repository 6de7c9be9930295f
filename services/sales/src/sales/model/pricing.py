"""What prices are made of: taxes, currency rates, price books with their entries, rules and coupons."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.tables import Record, Stamped
from sqlalchemy import ARRAY, BigInteger, Date, ForeignKeyConstraint, Index, Integer, String, Uuid, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable

ACTIVE = text("active AND deleted_at IS NULL")


class TaxRate(Record, SalesTable):
    """A rate by its code."""

    __tablename__ = "tax_rate"

    code: Mapped[str] = mapped_column(String(collation="C"))
    name: Mapped[str]
    rate_basis_points: Mapped[int] = mapped_column(Integer())

    __table_args__ = (
        Index("uq_tax_rate_code", "tenant_id", "code", unique=True, postgresql_where=LIVING),
        Index("ix_tax_rate_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_tax_rate_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_tax_rate_rate", "tenant_id", "rate_basis_points", "id", postgresql_where=LIVING),
    )


class CurrencyRate(Stamped, SalesTable):
    """Units of the target for one of the source, in billionths, from a day on."""

    __tablename__ = "currency_rate"

    source_currency: Mapped[str]
    target_currency: Mapped[str]
    valid_from: Mapped[date] = mapped_column(Date())
    rate_billionths: Mapped[int] = mapped_column(BigInteger())

    __table_args__ = (
        Index("uq_currency_rate_day", "tenant_id", "source_currency", "target_currency", "valid_from", unique=True),
        Index("ix_currency_rate_newest", "tenant_id", desc("valid_from"), desc("id")),
    )


class AudienceColumns:
    """For whom something holds; what is left out holds for all."""

    segment: Mapped[str]
    store_id: Mapped[UUID | None]
    channel: Mapped[str]
    valid_from: Mapped[date | None] = mapped_column(Date())
    valid_to: Mapped[date | None] = mapped_column(Date())
    active: Mapped[bool]


class GoodsColumns:
    """What something holds for; all three empty means everything."""

    variant_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    product_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    category_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))


class PriceBook(Record, AudienceColumns, SalesTable):
    """Prices in one currency."""

    __tablename__ = "price_book"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    currency_code: Mapped[str]
    tax_included: Mapped[bool]
    priority: Mapped[int] = mapped_column(Integer())
    account_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ix_price_book_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_price_book_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_price_book_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_price_book_priority", "tenant_id", "priority", "id", postgresql_where=LIVING),
        Index("ix_price_book_asked", "tenant_id", "currency_code", postgresql_where=ACTIVE),
    )


class PriceBookEntry(Stamped, SalesTable):
    """The price of one unit from a quantity on. Gone when deleted: orders keep the price they had."""

    __tablename__ = "price_book_entry"

    price_book_id: Mapped[UUID]
    product_variant_id: Mapped[UUID]
    min_quantity_milli: Mapped[int]
    unit_micros: Mapped[int]
    valid_from: Mapped[date | None] = mapped_column(Date())
    valid_to: Mapped[date | None] = mapped_column(Date())

    __table_args__ = (
        Index(
            "uq_price_book_entry_place",
            "tenant_id",
            "price_book_id",
            "product_variant_id",
            "min_quantity_milli",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_price_book_entry_newest", "tenant_id", desc("created_at"), desc("id")),
        Index("ix_price_book_entry_variant", "tenant_id", "product_variant_id", "price_book_id"),
        ForeignKeyConstraint(["tenant_id", "price_book_id"], ["price_book.tenant_id", "price_book.id"]),
        ForeignKeyConstraint(["tenant_id", "product_variant_id"], ["product_variant.tenant_id", "product_variant.id"]),
    )


class PriceRule(Record, AudienceColumns, GoodsColumns, SalesTable):
    """What comes off the list price by itself."""

    __tablename__ = "price_rule"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    effect: Mapped[str]
    value: Mapped[int]
    buy_quantity: Mapped[int] = mapped_column(Integer())
    get_quantity: Mapped[int] = mapped_column(Integer())
    currency_code: Mapped[str]
    account_id: Mapped[UUID | None]
    min_quantity_milli: Mapped[int]
    priority: Mapped[int] = mapped_column(Integer())
    stackable: Mapped[bool]

    __table_args__ = (
        Index("ix_price_rule_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_price_rule_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_price_rule_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_price_rule_priority", "tenant_id", "priority", "id", postgresql_where=LIVING),
        Index("ix_price_rule_asked", "tenant_id", postgresql_where=ACTIVE),
    )


class Coupon(Record, AudienceColumns, GoodsColumns, SalesTable):
    """A code that takes something off a document."""

    __tablename__ = "coupon"

    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(String(collation="C"))
    name: Mapped[str]
    discount_basis_points: Mapped[int] = mapped_column(Integer())
    discount_amount_currency: Mapped[str]
    discount_amount_minor: Mapped[int]
    min_amount_currency: Mapped[str]
    min_amount_minor: Mapped[int]
    max_uses: Mapped[int]
    max_uses_per_customer: Mapped[int] = mapped_column(Integer())
    uses: Mapped[int]

    __table_args__ = (
        Index("uq_coupon_code", "tenant_id", "code_key", unique=True, postgresql_where=LIVING),
        Index("ix_coupon_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_coupon_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_coupon_uses", "tenant_id", desc("uses"), desc("id"), postgresql_where=LIVING),
    )


class DiscountPolicy(Record, SalesTable):
    """How much may be taken off by hand."""

    __tablename__ = "discount_policy"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    team_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    channel: Mapped[str]
    max_discount_basis_points: Mapped[int] = mapped_column(Integer())
    min_margin_basis_points: Mapped[int | None] = mapped_column(Integer())
    priority: Mapped[int] = mapped_column(Integer())
    active: Mapped[bool]

    __table_args__ = (
        Index("ix_discount_policy_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_discount_policy_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_discount_policy_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_discount_policy_priority", "tenant_id", "priority", "id", postgresql_where=LIVING),
    )


class PricingVersion(SalesTable):
    """Counts the changes to what prices are made of, so that what is read once is known to be fresh."""

    __tablename__ = "pricing_version"

    version: Mapped[int]
