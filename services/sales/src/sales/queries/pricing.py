"""Statements on what prices are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

from sales.errors import not_there

_TOUCH = text(
    """
    INSERT INTO pricing_version (tenant_id, version) VALUES (%(tenant_id)s, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET version = pricing_version.version + 1
    """,
    "tenant_id",
)
_VERSION = text(
    """
    SELECT coalesce((SELECT version FROM pricing_version WHERE tenant_id = %(tenant_id)s), 0) AS version,
           coalesce(nullif(profile.time_zone, ''), 'UTC') AS time_zone,
           coalesce(own.tax_included, false) AS tax_included
      FROM (SELECT) AS one
      LEFT JOIN sales_profile AS profile ON profile.tenant_id = %(tenant_id)s
      LEFT JOIN sales_setting AS own ON own.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_TAX_RATES = text(
    "SELECT code, rate_basis_points FROM tax_rate WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL", "tenant_id"
)
_RATES = text(
    """
    SELECT source_currency, target_currency, valid_from, rate_billionths FROM currency_rate
     WHERE tenant_id = %(tenant_id)s ORDER BY source_currency, target_currency, valid_from
    """,
    "tenant_id",
)
_BOOKS = text(
    """
    SELECT id, currency_code, tax_included, priority, account_id, segment, store_id, channel, valid_from, valid_to
      FROM price_book WHERE tenant_id = %(tenant_id)s AND active AND deleted_at IS NULL
    """,
    "tenant_id",
)
_RULES = text(
    """
    SELECT id, effect, value, buy_quantity, get_quantity, currency_code, variant_ids, product_ids, category_ids,
           account_id, segment, store_id, channel, valid_from, valid_to, min_quantity_milli, priority, stackable
      FROM price_rule WHERE tenant_id = %(tenant_id)s AND active AND deleted_at IS NULL
    """,
    "tenant_id",
)
_POLICIES = text(
    """
    SELECT team_id, store_id, channel, max_discount_basis_points, min_margin_basis_points, priority
      FROM discount_policy WHERE tenant_id = %(tenant_id)s AND active AND deleted_at IS NULL
     ORDER BY priority DESC, id
    """,
    "tenant_id",
)
_ENTRIES = text(
    """
    SELECT price_book_id, product_variant_id, min_quantity_milli, unit_micros, valid_from, valid_to
      FROM price_book_entry
     WHERE tenant_id = %(tenant_id)s AND product_variant_id = ANY(%(variant_ids)b) AND price_book_id = ANY(%(book_ids)b)
    """,
    "tenant_id",
)
_SAME_ENTRY = text(
    """
    SELECT id, unit_micros FROM price_book_entry
     WHERE tenant_id = %(tenant_id)s AND price_book_id = %(price_book_id)s
       AND product_variant_id = %(product_variant_id)s AND min_quantity_milli = %(min_quantity_milli)s
     ORDER BY valid_from DESC NULLS LAST, id DESC LIMIT 1
    """,
    "tenant_id",
)
_HAS_PRICES = text(
    "SELECT id FROM price_book_entry WHERE tenant_id = %(tenant_id)s AND price_book_id = %(price_book_id)s LIMIT 1",
    "tenant_id",
)
_ARTICLES = text(
    """
    SELECT variant.id, variant.product_id, variant.price_currency, variant.price_micros, variant.cost_currency,
           variant.cost_micros, variant.status, variant.sku, variant.name AS variant_name, product.name,
           product.status AS product_status, product.tax_code, product.unit, product.kind, product.track_stock,
           product.category_id, category.path
      FROM product_variant AS variant
      JOIN product ON product.tenant_id = variant.tenant_id AND product.id = variant.product_id
      LEFT JOIN product_category AS category
        ON category.tenant_id = product.tenant_id AND category.id = product.category_id
     WHERE variant.tenant_id = %(tenant_id)s AND variant.id = ANY(%(variant_ids)b)
       AND variant.deleted_at IS NULL AND product.deleted_at IS NULL
    """,
    "tenant_id",
)
_COUPONS = text(
    """
    SELECT id, code, code_key, discount_basis_points, discount_amount_currency, discount_amount_minor,
           min_amount_currency, min_amount_minor, variant_ids, product_ids, category_ids, segment, store_id, channel,
           valid_from, valid_to, max_uses, uses
      FROM coupon
     WHERE tenant_id = %(tenant_id)s AND code_key = ANY(%(codes)b::text[]) AND active AND deleted_at IS NULL
    """,
    "tenant_id",
)
_TAX_RATE = text(
    "SELECT id FROM tax_rate WHERE tenant_id = %(tenant_id)s AND code = %(code)s AND deleted_at IS NULL", "tenant_id"
)
_TAX_CODE_USED = text(
    """
    SELECT 1 AS found FROM product
     WHERE tenant_id = %(tenant_id)s AND tax_code = %(code)s AND deleted_at IS NULL LIMIT 1
    """,
    "tenant_id",
)
_RATE_ON = text(
    """
    SELECT id FROM currency_rate
     WHERE tenant_id = %(tenant_id)s AND source_currency = %(source)s AND target_currency = %(target)s
       AND valid_from = %(valid_from)s
    """,
    "tenant_id",
)
_COUPON = text(
    "SELECT id FROM coupon WHERE tenant_id = %(tenant_id)s AND code_key = %(code)s AND deleted_at IS NULL", "tenant_id"
)
_ENTRY_REFERENCES = text(
    """
    SELECT EXISTS (SELECT FROM price_book WHERE tenant_id = %(tenant_id)s AND id = %(price_book_id)s
                      AND deleted_at IS NULL) AS book,
           EXISTS (SELECT FROM product_variant WHERE tenant_id = %(tenant_id)s AND id = %(product_variant_id)s
                      AND deleted_at IS NULL) AS variant
    """,
    "tenant_id",
)


def touch(work: Work) -> None:
    """Says that prices have changed."""
    work.execute(_TOUCH)


def version(work: Work) -> Row:
    """How often prices have changed, the company's time zone, and what the catalogue's own prices mean."""
    row = work.row(_VERSION)
    assert row is not None, "it selects from one row"
    return row


def tax_rates(work: Work) -> list[Row]:
    """All tax rates."""
    return work.rows(_TAX_RATES)


def currency_rates(work: Work) -> list[Row]:
    """All currency rates, by pair and day."""
    return work.rows(_RATES)


def books(work: Work) -> list[Row]:
    """All active price books."""
    return work.rows(_BOOKS)


def rules(work: Work) -> list[Row]:
    """All active price rules."""
    return work.rows(_RULES)


def policies(work: Work) -> list[Row]:
    """All active discount policies, the highest first."""
    return work.rows(_POLICIES)


def entries(work: Work, book_ids: Sequence[UUID], variant_ids: Sequence[UUID]) -> list[Row]:
    """Prices of these variants in these books."""
    return work.rows(_ENTRIES, book_ids=list(book_ids), variant_ids=list(variant_ids)) if book_ids else []


def has_prices(work: Work, book_id: UUID) -> bool:
    """Whether there is any price in a book."""
    return work.row(_HAS_PRICES, price_book_id=book_id) is not None


def articles(work: Work, variant_ids: Sequence[UUID]) -> list[Row]:
    """Living variants with what pricing needs of their products."""
    return work.rows(_ARTICLES, variant_ids=list(variant_ids))


def coupons(work: Work, codes: Sequence[str]) -> list[Row]:
    """Active coupons of these codes, in lower case."""
    return work.rows(_COUPONS, codes=list(codes)) if codes else []


def tax_rate_of(work: Work, code: str) -> UUID | None:
    """The tax rate of a code."""
    return _id(work.row(_TAX_RATE, code=code))


def tax_code_used(work: Work, code: str) -> bool:
    """Whether a living product has this code."""
    return work.row(_TAX_CODE_USED, code=code) is not None


def rate_on(work: Work, source: str, target: str, valid_from: date) -> UUID | None:
    """The rate of a pair that begins on a day."""
    return _id(work.row(_RATE_ON, source=source, target=target, valid_from=valid_from))


def coupon_of(work: Work, code: str) -> UUID | None:
    """The coupon of a code, in lower case."""
    return _id(work.row(_COUPON, code=code))


def check_entry(work: Work, values: dict[str, Any]) -> None:
    """Raises InvalidArgument where book or variant are not there."""
    row = work.row(
        _ENTRY_REFERENCES, price_book_id=values["price_book_id"], product_variant_id=values["product_variant_id"]
    )
    assert row is not None, "it selects one row"
    if not row.book:
        raise not_there("price_book_entry.price_book_id", "price book")
    if not row.variant:
        raise not_there("price_book_entry.product_variant_id", "variant")


def same_entry(work: Work, values: dict[str, Any]) -> Row | None:
    """The newest price that a book has for a variant from the same quantity on."""
    return work.row(
        _SAME_ENTRY,
        price_book_id=values["price_book_id"],
        product_variant_id=values["product_variant_id"],
        min_quantity_milli=values["min_quantity_milli"] or 0,
    )


def _id(row: Row | None) -> UUID | None:
    return None if row is None else row.id
