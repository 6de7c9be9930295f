"""The price function on a core, beside the bare arithmetic of the same lines.

Documents are those of a shop: a price book with steps, rules of goods and of everything, line discounts here and there,
a coupon on some, tax included. Nothing is read from a database: what is measured is what every line of every document
pays.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sales.pricing.books import BookEntry, PriceBook
from sales.pricing.conditions import Article, Buyer, Goods
from sales.pricing.discounts import NO_DISCOUNT, Coupon, Discount, DiscountPolicy
from sales.pricing.rules import PriceRule
from sales.pricing.waterfall import LineAsked, PriceTables, price

from bench.figure import Figure, Goal, beside
from bench.rig import Rig

LINES_GOAL = Goal("value", ">=", 20_000, "lines/s")
_SEED = 5
_ARTICLES = 400
_LINES = (1, 2, 3, 5, 8, 22)
_DOCUMENTS = 200
_TAX_BPS = 2_000
_BRANCHES = 8
_BUYER = Buyer(date(2026, 11, 22), "EUR", channel="pos")


@dataclass(frozen=True, slots=True)
class _Document:
    lines: Sequence[LineAsked]
    coupons: Sequence[Coupon]
    discount: Discount


def measure(rig: Rig) -> list[Figure]:
    """Lines a second."""
    rig.say("prices")
    tables, documents = shop()
    count = sum(len(one.lines) for one in documents)
    units = {entry: steps[0].unit_micros for entry, steps in tables.books[0].entries.items()}
    seconds = rig.sizes.round_s / 4

    def bare() -> None:
        for document in documents:
            _bare(document, units)

    def whole() -> None:
        for document in documents:
            price(document.lines, _BUYER, tables, coupons=document.coupons, discount=document.discount)

    pairs = [(_rate(bare, count, seconds), _rate(whole, count, seconds)) for _ in range(rig.sizes.rounds)]
    return [beside("price function", "lines/s", pairs, LINES_GOAL, floor_name="bare arithmetic")]


def shop() -> tuple[PriceTables, Sequence[_Document]]:
    """What a shop sells by, and documents of it; the same every time."""
    chance = random.Random(_SEED)
    branches = [UUID(int=1_000 + number) for number in range(_BRANCHES)]
    articles = [
        Article(
            UUID(int=10_000 + number),
            UUID(int=20_000 + number // 3),
            frozenset({branches[0], branches[number % _BRANCHES]}),
            "vat",
            cost_micros=chance.randint(1_000_000, 9_000_000),
            cost_currency="EUR",
        )
        for number in range(_ARTICLES)
    ]
    entries = {one.variant_id: [_entry(chance, 0), _entry(chance, 10_000)] for one in articles}
    rules = [
        PriceRule(UUID(int=1), "percent_off", 1_000, goods=Goods(categories=frozenset({branches[3]}))),
        PriceRule(UUID(int=2), "buy_get", buy=2, get=1, goods=Goods(products=frozenset({articles[5].product_id}))),
        PriceRule(UUID(int=3), "amount_off", 200_000, min_quantity_milli=5_000),
        PriceRule(UUID(int=4), "percent_off", 200, stackable=True),
    ]
    tables = PriceTables(
        books=[PriceBook(UUID(int=7), "EUR", entries, tax_included=True)],
        rules=rules,
        tax_rates={"vat": _TAX_BPS},
        tax_included=True,
        policy=DiscountPolicy(1_500, 500),
    )
    coupon = Coupon(UUID(int=9), "TEN", Discount(1_000))
    documents = [
        _Document(
            [
                LineAsked(
                    chance.choice(articles),
                    1_000 * chance.randint(1, 12),
                    None,
                    Discount(500) if chance.random() < 0.2 else NO_DISCOUNT,
                )
                for _ in range(chance.choice(_LINES))
            ],
            [coupon] if chance.random() < 0.2 else [],
            Discount(300) if chance.random() < 0.2 else NO_DISCOUNT,
        )
        for _ in range(_DOCUMENTS)
    ]
    return tables, documents


def _entry(chance: random.Random, least: int) -> BookEntry:
    return BookEntry(chance.randint(1, 40) * 990_000, least)


def _bare(document: _Document, units: dict[UUID, int]) -> int:
    """What no way to price can go without: price times quantity, its discount, and the tax in the sum, in integers."""
    total = 0
    for line in document.lines:
        amount = (units[line.article.variant_id] * line.quantity_milli // 5_000_000 + 1) // 2
        total += amount - (amount * line.discount.basis_points // 5_000 + 1) // 2
    total -= (total * document.discount.basis_points // 5_000 + 1) // 2
    return (2 * total * _TAX_BPS // (10_000 + _TAX_BPS) + 1) // 2


def _rate(work: Callable[[], None], count: int, seconds: float) -> float:
    """Lines a second of a core that works for so long."""
    work()
    rounds = 0
    started = time.process_time()
    while time.process_time() - started < seconds:
        work()
        rounds += 1
    return count * rounds / (time.process_time() - started)
