"""Loads what prices are made of, and prices lines: the one way to a price for quote, order and till."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import invalid_field
from chassis.work import Row, Work

from sales.errors import InvalidPricing
from sales.pricing.books import BookEntry, Books, PriceBook, Rates
from sales.pricing.conditions import Article, Audience, Buyer, Goods
from sales.pricing.discounts import NO_DISCOUNT, NO_LIMIT, Coupon, Discount, DiscountPolicy
from sales.pricing.rules import PriceRule
from sales.pricing.waterfall import LineAsked, Priced, PriceTables, price
from sales.queries import pricing as queries

Known = tuple[PriceTables, Sequence[PriceBook], Sequence[Row]]
GIFT_CARD = "gift_card"
"""Kind of product that is money paid ahead."""
COMPANIES_KEPT = 2_000
"""Companies whose books, rules and rates a process remembers."""


@dataclass(frozen=True, slots=True)
class LineWanted:
    """A line as a document asks for it, before its article is known. `face_micros` is what it costs where it turns out
    to be a gift card."""

    variant_id: UUID
    quantity_milli: int
    unit_micros: int | None = None
    discount: Discount = NO_DISCOUNT
    face_micros: int | None = None

    def by_hand(self, article: Row) -> int | None:
        """The price of one that was given by hand."""
        return self.unit_micros if article.kind != GIFT_CARD or self.face_micros is None else self.face_micros


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be priced. `buyer.on` is the day at the seller's place."""

    buyer: Buyer
    lines: Sequence[LineWanted]
    coupon_codes: Sequence[str] = ()
    discount: Discount = NO_DISCOUNT


@dataclass(frozen=True, slots=True)
class ShelfPrice:
    """The list price of one from a quantity on."""

    min_quantity_milli: int
    unit_micros: int
    tax_included: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The priced document, and what its lines are called now."""

    priced: Priced
    articles: Mapping[UUID, Row]
    coupons: Sequence[Row]


def today(work: Work) -> date:
    """The day at the company's place."""
    return work.now.astimezone(ZoneInfo(queries.version(work).time_zone)).date()


def rates(work: Work) -> Rates:
    """The company's currency rates."""
    return _tables(work)[0].rates


def price_document(work: Work, document: Document) -> Result:
    """Prices a document by what holds now. Raises InvalidPricing naming line and field."""
    tables, books, policies = _tables(work)
    buyer = document.buyer
    ids = list(dict.fromkeys(line.variant_id for line in document.lines))
    rows = {row.id: row for row in queries.articles(work, ids)}
    asked = [_asked(index, line, rows.get(line.variant_id)) for index, line in enumerate(document.lines)]
    mine = [one for one in books if one.currency == buyer.currency and one.audience.holds(buyer)]
    found = queries.entries(work, [one.id for one in mine], ids)
    coupons = _coupons(work, document.coupon_codes)
    priced = price(
        asked,
        buyer,
        replace(tables, books=_with_entries(mine, found), policy=_policy(work, policies, buyer)),
        coupons=[_coupon(row) for row in coupons],
        discount=document.discount,
    )
    return Result(priced, rows, coupons)


def shelf_prices(work: Work, buyer: Buyer, ids: Sequence[UUID]) -> dict[UUID, list[ShelfPrice]]:
    """List prices of variants by quantity, the smallest first, before rules; none where there is no price."""
    tables, books, _ = _tables(work)
    mine = [one for one in books if one.currency == buyer.currency and one.audience.holds(buyer)]
    found = queries.entries(work, [one.id for one in mine], ids)
    asked = Books(_with_entries(mine, found), tables.rates, buyer, tax_included=tables.tax_included)
    steps: dict[UUID, set[int]] = {}
    for row in found:
        steps.setdefault(row.product_variant_id, set()).add(row.min_quantity_milli)
    return {
        row.id: _steps(asked, _article(row), sorted({0, *steps.get(row.id, ())})) for row in queries.articles(work, ids)
    }


def pricing_state(work: Work) -> str:
    """Differs as soon as anything that prices are made of has changed."""
    head = queries.version(work)
    return f"{head.version}:{head.tax_included}"


def tax_rates(work: Work) -> Mapping[str, int]:
    """Basis points by tax code."""
    return _tables(work)[0].tax_rates


def rules_for(work: Work, buyer: Buyer) -> list[UUID]:
    """The price rules that hold for a buyer."""
    rules = _tables(work)[0].rules
    return [one.id for one in rules if one.audience.holds(buyer) and one.currency in ("", buyer.currency)]


def discount_limit(work: Work, buyer: Buyer) -> int:
    """The share that the caller may take off a line by hand, in basis points."""
    return _policy(work, _tables(work)[2], buyer).max_discount_bps


def _steps(books: Books, article: Article, quantities: Sequence[int]) -> list[ShelfPrice]:
    found: list[ShelfPrice] = []
    for quantity in quantities:
        try:
            price = books.price(article, quantity)
        except InvalidPricing:
            continue
        if not found or (found[-1].unit_micros, found[-1].tax_included) != (price.unit_micros, price.tax_included):
            found.append(ShelfPrice(quantity, price.unit_micros, price.tax_included))
    return found


def _asked(index: int, line: LineWanted, row: Row | None) -> LineAsked:
    field = f"lines[{index}].product_variant_id"
    if row is None:
        raise invalid_field(field, "there is no such variant", reason="VARIANT_NOT_FOUND")
    if row.status != "active" or row.product_status != "active":
        raise invalid_field(field, "this product is archived and cannot be sold", reason="PRODUCT_ARCHIVED")
    return LineAsked(_article(row), line.quantity_milli, line.by_hand(row), line.discount)


def _article(row: Row) -> Article:
    path = frozenset(UUID(one) for one in row.path or ()) | ({row.category_id} if row.category_id else frozenset())
    return Article(
        row.id,
        row.product_id,
        path,
        row.tax_code,
        row.cost_micros,
        row.cost_currency,
        row.price_micros,
        row.price_currency,
        row.kind == GIFT_CARD,
    )


def _coupons(work: Work, codes: Sequence[str]) -> list[Row]:
    wanted = list(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    known = {row.code_key: row for row in queries.coupons(work, wanted)}
    for code in wanted:
        if code not in known:
            raise InvalidPricing(
                f"There is no coupon {code.upper()} that can be used.", reason="COUPON_UNKNOWN", field="coupon_codes"
            )
        row = known[code]
        if row.max_uses and row.uses >= row.max_uses:
            raise InvalidPricing(
                f"The coupon {row.code} is used up. Take it off.", reason="COUPON_USED_UP", field="coupon_codes"
            )
    return [known[code] for code in wanted]


def _coupon(row: Row) -> Coupon:
    discount = Discount(row.discount_basis_points, row.discount_amount_minor)
    currency = row.discount_amount_currency or row.min_amount_currency
    return Coupon(row.id, row.code, discount, currency, row.min_amount_minor, _goods(row), _audience(row))


def _with_entries(books: Sequence[PriceBook], rows: Sequence[Row]) -> list[PriceBook]:
    by_book: dict[UUID, dict[UUID, list[BookEntry]]] = {}
    for row in rows:
        entry = BookEntry(row.unit_micros, row.min_quantity_milli, row.valid_from, row.valid_to)
        by_book.setdefault(row.price_book_id, {}).setdefault(row.product_variant_id, []).append(entry)
    return [replace(one, entries=by_book[one.id]) for one in books if one.id in by_book]


def _policy(work: Work, policies: Sequence[Row], buyer: Buyer) -> DiscountPolicy:
    """The highest policy that holds for who sells, and where. Without one a person may give what he likes."""
    for row in policies:
        if (
            (row.team_id is None or row.team_id in work.caller.team_ids)
            and (row.store_id is None or row.store_id == buyer.store_id)
            and (not row.channel or row.channel == buyer.channel)
        ):
            return DiscountPolicy(row.max_discount_basis_points, row.min_margin_basis_points)
    return NO_LIMIT


def _tables(work: Work) -> Known:
    """Everything but articles and entries, read anew only where something has changed."""
    head = queries.version(work)
    state = (head.version, head.tax_included)
    known: Known | None = _CACHE.get(work.tenant_id, state)
    if known is None:
        pairs: dict[tuple[str, str], list[tuple[date, int]]] = {}
        for row in queries.currency_rates(work):
            pairs.setdefault((row.source_currency, row.target_currency), []).append(
                (row.valid_from, row.rate_billionths)
            )
        tables = PriceTables(
            rules=[_rule(row) for row in queries.rules(work)],
            rates=Rates(pairs),
            tax_rates={"none": 0, **{row.code: row.rate_basis_points for row in queries.tax_rates(work)}},
            tax_included=bool(head.tax_included),
        )
        books = [
            PriceBook(row.id, row.currency_code, {}, _audience(row), row.priority, row.tax_included)
            for row in queries.books(work)
        ]
        known = tables, books, queries.policies(work)
        _CACHE.put(work.tenant_id, state, known)
    return known


def _rule(row: Row) -> PriceRule:
    return PriceRule(
        row.id,
        row.effect,
        row.value,
        row.buy_quantity,
        row.get_quantity,
        row.currency_code,
        _goods(row),
        _audience(row),
        row.min_quantity_milli,
        row.priority,
        row.stackable,
    )


def _audience(row: Row) -> Audience:
    account_id = getattr(row, "account_id", None)
    return Audience(account_id, row.segment, row.store_id, row.channel, row.valid_from, row.valid_to)


def _goods(row: Row) -> Goods:
    return Goods(frozenset(row.variant_ids), frozenset(row.product_ids), frozenset(row.category_ids))


class _Cache:
    """What prices are made of, by company, as of a count of changes."""

    def __init__(self) -> None:
        self._entries: dict[UUID, tuple[Any, Any]] = {}
        self._lock = Lock()

    def get(self, tenant_id: UUID, state: Any) -> Any:
        entry = self._entries.get(tenant_id)
        return entry[1] if entry is not None and entry[0] == state else None

    def put(self, tenant_id: UUID, state: Any, value: Any) -> None:
        with self._lock:
            if len(self._entries) >= COMPANIES_KEPT:
                self._entries.clear()
            self._entries[tenant_id] = (state, value)


_CACHE = _Cache()
