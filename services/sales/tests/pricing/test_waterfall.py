"""The price function: which price, what comes off, what is taxed, and that every cent is somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sales.errors import InvalidPricing
from sales.pricing.books import RATE_SCALE, BookEntry, PriceBook, Rates
from sales.pricing.conditions import Article, Audience, Buyer, Goods
from sales.pricing.discounts import Coupon, Discount, DiscountPolicy
from sales.pricing.rules import PriceRule
from sales.pricing.waterfall import LineAsked, PriceTables, price

EURO = 1_000_000
DAY = date(2026, 11, 22)


def an_id(number: int) -> UUID:
    return UUID(int=number)


DRINKS, TEA_KIND = an_id(90), an_id(91)
TEA = Article(an_id(1), an_id(11), frozenset({DRINKS, TEA_KIND}), "standard", 4 * EURO, "EUR", 10 * EURO, "EUR")
CUP = Article(an_id(2), an_id(12), frozenset(), "standard", None, "", 5 * EURO, "EUR")
BOOK = Article(an_id(3), an_id(13), frozenset(), "reduced", 2 * EURO, "EUR", 9_990_000, "EUR")
BUYER = Buyer(DAY, "EUR", account_id=an_id(7), segments=frozenset({"vip"}), store_id=an_id(8), channel="pos")
TAXES = {"standard": 2_000, "reduced": 700, "none": 0}
TABLES = PriceTables(tax_rates=TAXES)


def book(number: int, unit: int, *more: BookEntry, article: Article = TEA, **changes: object) -> PriceBook:
    entries = {article.variant_id: (BookEntry(unit), *more)}
    return PriceBook(an_id(number), **{"currency": "EUR", "entries": entries, **changes})  # type: ignore[arg-type]


def unit(tables: PriceTables, quantity: int = 1_000, buyer: Buyer = BUYER) -> int:
    return price([LineAsked(TEA, quantity)], buyer, tables).lines[0].unit_micros


def test_the_nearest_book_gives_the_list_price():
    everyone = book(1, 9 * EURO, priority=99)
    channel = book(2, 8 * EURO, audience=Audience(channel="pos"))
    store = book(3, 7 * EURO, audience=Audience(store_id=an_id(8)))
    segment = book(4, 6 * EURO, audience=Audience(segment="vip"))
    account = book(5, 5 * EURO, audience=Audience(account_id=an_id(7)))
    books = [everyone, channel, store, segment, account]
    found = [unit(replace(TABLES, books=books[:count])) for count in range(6)]
    assert found == [10 * EURO, 9 * EURO, 8 * EURO, 7 * EURO, 6 * EURO, 5 * EURO]


def test_of_two_books_as_near_the_higher_priority_is_asked_first():
    books = [book(1, 9 * EURO, priority=1), book(2, 8 * EURO, priority=2)]
    assert unit(replace(TABLES, books=books)) == 8 * EURO


@pytest.mark.parametrize(
    "audience",
    [
        Audience(account_id=an_id(70)),
        Audience(segment="new"),
        Audience(store_id=an_id(80)),
        Audience(channel="web"),
        Audience(valid_from=date(2026, 11, 23)),
        Audience(valid_to=date(2026, 11, 21)),
    ],
)
def test_a_book_for_somebody_else_or_another_day_is_not_asked(audience):
    assert unit(replace(TABLES, books=[book(1, EURO, audience=audience)])) == 10 * EURO
    assert unit(replace(TABLES, books=[book(1, EURO, currency="USD")])) == 10 * EURO


def test_a_quantity_price_holds_from_its_quantity_on_and_in_its_days():
    dozen = BookEntry(8 * EURO, min_quantity_milli=12_000)
    past = BookEntry(EURO, min_quantity_milli=6_000, valid_to=date(2026, 11, 21))
    tables = replace(TABLES, books=[book(1, 9 * EURO, dozen, past)])
    assert [unit(tables, quantity) for quantity in (11_999, 12_000)] == [9 * EURO, 8 * EURO]


def test_a_book_without_the_article_leaves_the_question_to_the_next():
    near = book(1, EURO, article=CUP, audience=Audience(account_id=an_id(7)))
    assert unit(replace(TABLES, books=[near, book(2, 3 * EURO)])) == 3 * EURO


def test_the_catalogue_price_is_changed_by_the_rate_of_the_day():
    rates = Rates({("EUR", "USD"): [(date(2026, 1, 1), 11 * RATE_SCALE // 10), (date(2026, 12, 1), 2 * RATE_SCALE)]})
    dollars = replace(BUYER, currency="USD")
    assert unit(replace(TABLES, rates=rates), buyer=dollars) == 11 * EURO
    backwards = Rates({("USD", "EUR"): [(date(2026, 1, 1), RATE_SCALE // 2)]})
    assert unit(replace(TABLES, rates=backwards), buyer=dollars) == 20 * EURO


def test_a_currency_without_rate_is_refused_by_line():
    with pytest.raises(InvalidPricing) as refused:
        price([LineAsked(TEA, 1_000)], replace(BUYER, currency="USD"), TABLES)
    assert (refused.value.reason, refused.value.violations[0].field) == ("RATE_MISSING", "lines[0].currency_code")


def test_of_rules_the_best_for_the_buyer_holds_and_stackable_ones_follow():
    tenth = PriceRule(an_id(1), "percent_off", 1_000)
    two_off = PriceRule(an_id(2), "amount_off", 2 * EURO)
    fixed = PriceRule(an_id(3), "fixed_price", 9_500_000)
    loyal = PriceRule(an_id(4), "percent_off", 500, stackable=True)
    line = price([LineAsked(TEA, 3_000)], BUYER, replace(TABLES, rules=[tenth, two_off, fixed, loyal])).lines[0]
    assert [(one.id, one.amount) for one in line.rules] == [(an_id(2), 600), (an_id(4), 120)]
    assert (line.list_amount, line.rule_amount, line.net_amount) == (3_000, 720, 2_280)


def test_three_for_two_counts_whole_groups():
    rule = PriceRule(an_id(1), "buy_get", buy=2, get=1)
    tables = replace(TABLES, rules=[rule])
    saved = [price([LineAsked(CUP, count * 1_000)], BUYER, tables).lines[0].rule_amount for count in range(1, 8)]
    assert saved == [0, 0, 500, 500, 500, 1_000, 1_000]


def test_a_rule_holds_for_its_goods_audience_quantity_and_currency_alone():
    def rule(number: int, **changes: object) -> PriceRule:
        return PriceRule(an_id(number), "percent_off", 5_000, **changes)  # type: ignore[arg-type]

    others = [
        rule(1, goods=Goods(categories=frozenset({an_id(99)}))),
        rule(2, goods=Goods(variants=frozenset({CUP.variant_id}))),
        rule(3, audience=Audience(segment="new")),
        rule(4, min_quantity_milli=2_000),
        rule(5, currency="USD"),
    ]
    assert price([LineAsked(TEA, 1_000)], BUYER, replace(TABLES, rules=others)).lines[0].rule_amount == 0
    mine = [rule(6, goods=Goods(categories=frozenset({DRINKS})))]
    lines = price([LineAsked(TEA, 1_000), LineAsked(CUP, 1_000)], BUYER, replace(TABLES, rules=mine)).lines
    assert [line.rule_amount for line in lines] == [500, 0]


def test_a_rule_never_makes_a_price_negative_or_dearer():
    rules = [PriceRule(an_id(1), "amount_off", 99 * EURO), PriceRule(an_id(2), "fixed_price", 99 * EURO)]
    assert price([LineAsked(TEA, 1_000)], BUYER, replace(TABLES, rules=rules[:1])).lines[0].net_amount == 0
    assert price([LineAsked(TEA, 1_000)], BUYER, replace(TABLES, rules=rules[1:])).lines[0].net_amount == 1_000


def test_a_price_by_hand_takes_no_rule_and_what_it_is_below_list_is_a_discount():
    tables = replace(TABLES, rules=[PriceRule(an_id(1), "percent_off", 5_000)])
    below = price([LineAsked(TEA, 2_000, unit_micros=8 * EURO)], BUYER, tables).lines[0]
    assert (below.list_amount, below.rule_amount, below.discount_amount, below.net_amount) == (2_000, 0, 400, 1_600)
    above = price([LineAsked(TEA, 1_000, unit_micros=12 * EURO)], BUYER, tables).lines[0]
    assert (above.list_amount, above.discount_amount, above.net_amount) == (1_200, 0, 1_200)
    unpriced = replace(TEA, base_micros=None)
    alone = price([LineAsked(unpriced, 1_000, unit_micros=3 * EURO)], BUYER, tables).lines[0]
    assert (alone.list_amount, alone.net_amount) == (300, 300)


def test_the_documents_discount_is_spread_to_the_cent():
    lines = [LineAsked(CUP, 1_000), LineAsked(CUP, 1_000), LineAsked(CUP, 1_000)]
    priced = price(lines, BUYER, TABLES, discount=Discount(amount=100))
    assert [line.document_discount_amount for line in priced.lines] == [34, 33, 33]
    assert priced.totals.discount_amount == 100


def test_a_coupon_takes_from_the_goods_it_holds_for():
    coupon = Coupon(an_id(5), "TEA5", Discount(amount=500), goods=Goods(products=frozenset({TEA.product_id})))
    priced = price([LineAsked(TEA, 1_000), LineAsked(CUP, 1_000)], BUYER, TABLES, coupons=[coupon])
    assert [line.coupon_amount for line in priced.lines] == [500, 0]
    assert [one.amount for one in priced.coupons] == [500]


@pytest.mark.parametrize(
    ("coupon", "reason"),
    [
        (Coupon(an_id(5), "X", Discount(500), audience=Audience(channel="web")), "COUPON_NOT_VALID"),
        (Coupon(an_id(5), "X", Discount(500), currency="USD"), "COUPON_CURRENCY"),
        (Coupon(an_id(5), "X", Discount(500), min_amount=1_001), "COUPON_NOT_REACHED"),
        (Coupon(an_id(5), "X", Discount(500), goods=Goods(variants=frozenset({an_id(66)}))), "COUPON_NOT_REACHED"),
    ],
)
def test_a_coupon_that_does_not_hold_is_refused_by_name(coupon, reason):
    with pytest.raises(InvalidPricing) as refused:
        price([LineAsked(TEA, 1_000)], BUYER, TABLES, coupons=[coupon])
    assert (refused.value.reason, refused.value.field) == (reason, "coupon_codes")
    assert "X" in refused.value.message


def test_tax_on_top_is_counted_once_a_rate_and_spread():
    lines = [LineAsked(replace(CUP, base_micros=330_000), 1_000)] * 3 + [LineAsked(BOOK, 1_000)]
    priced = price(lines, BUYER, TABLES)
    assert priced.totals.taxes == {2_000: 20, 700: 70}  # 20 % of 99 is 19.8; three times 6.6 would be 21
    assert [line.tax_amount for line in priced.lines] == [7, 7, 6, 70]
    assert (priced.totals.net_amount, priced.totals.gross_amount) == (99 + 999, 99 + 999 + 90)


def test_prices_that_include_tax_have_it_taken_out():
    priced = price([LineAsked(TEA, 1_000), LineAsked(BOOK, 1_000)], BUYER, replace(TABLES, tax_included=True))
    assert [(line.net_amount, line.tax_amount, line.gross_amount) for line in priced.lines] == [
        (833, 167, 1_000),
        (934, 65, 999),
    ]


def test_prices_of_both_meanings_in_one_document_are_refused():
    tables = replace(TABLES, books=[book(1, 9 * EURO, tax_included=True)])
    with pytest.raises(InvalidPricing) as refused:
        price([LineAsked(TEA, 1_000), LineAsked(CUP, 1_000)], BUYER, tables)
    assert refused.value.reason == "TAX_MEANING_MIXED"


@pytest.mark.parametrize(
    ("line", "reason", "field"),
    [
        (LineAsked(TEA, 0), "QUANTITY_NOT_POSITIVE", "lines[1].quantity_milli"),
        (LineAsked(TEA, -1), "QUANTITY_NOT_POSITIVE", "lines[1].quantity_milli"),
        (LineAsked(replace(TEA, tax_code="luxury"), 1), "TAX_CODE_UNKNOWN", "lines[1].tax_code"),
        (LineAsked(replace(TEA, base_micros=None), 1), "PRICE_MISSING", "lines[1].variant_id"),
    ],
)
def test_a_line_that_has_no_price_is_named(line, reason, field):
    with pytest.raises(InvalidPricing) as refused:
        price([LineAsked(CUP, 1_000), line], BUYER, TABLES)
    assert (refused.value.reason, refused.value.violations[0].field) == (reason, field)


def test_what_is_given_by_hand_beyond_the_policy_asks_for_leave():
    tables = replace(TABLES, policy=DiscountPolicy(max_discount_bps=1_000, min_margin_bps=5_000))

    def why(**changes: object) -> list[str]:
        line = LineAsked(TEA, 1_000, **changes)  # type: ignore[arg-type]
        return list(price([line], BUYER, tables).breaches)

    assert why(discount=Discount(1_000)) == []
    assert why(discount=Discount(1_060)) == ["discount_above_limit"]
    assert why(discount=Discount(2_060)) == ["discount_above_limit", "margin_below_floor"]
    assert why(unit_micros=8_990_000) == ["discount_above_limit"]
    cheap = PriceRule(an_id(1), "percent_off", 9_000)
    assert list(price([LineAsked(TEA, 1_000)], BUYER, replace(tables, rules=[cheap])).breaches) == []


def test_the_same_document_has_the_same_price_whatever_the_order_of_books_and_rules():
    books = [book(number, number * EURO) for number in range(1, 6)]
    rules = [PriceRule(an_id(number), "percent_off", 1_000, stackable=number % 2 == 0) for number in range(1, 6)]
    tables = replace(TABLES, books=books, rules=rules)
    turned = replace(TABLES, books=books[::-1], rules=rules[::-1])
    assert price([LineAsked(TEA, 1_000)], BUYER, tables) == price([LineAsked(TEA, 1_000)], BUYER, turned)


ASKED = st.builds(
    LineAsked,
    st.builds(
        Article,
        st.integers(1, 9).map(an_id),
        st.integers(1, 3).map(an_id),
        st.just(frozenset()),
        st.sampled_from(sorted(TAXES)),
        st.none() | st.integers(0, 10**8),
        st.just("EUR"),
        st.integers(0, 10**9),
        st.just("EUR"),
    ),
    st.integers(1, 10**6),
    st.none() | st.integers(0, 10**9),
    st.builds(Discount, st.integers(0, 10_000)) | st.builds(Discount, st.just(0), st.integers(0, 10**6)),
)
RULES = st.builds(
    PriceRule,
    st.integers(1, 99).map(an_id),
    st.sampled_from(["percent_off", "amount_off", "fixed_price", "buy_get"]),
    st.integers(0, 10_000),
    st.integers(1, 3),
    st.integers(1, 2),
    stackable=st.booleans(),
)


@given(
    st.lists(ASKED, min_size=1, max_size=12),
    st.lists(RULES, max_size=4),
    st.booleans(),
    st.builds(Discount, st.integers(0, 10_000)),
    st.integers(0, 10**5),
)
def test_every_cent_is_somewhere(lines, rules, included, discount, off):
    tables = PriceTables(rules=rules, tax_rates=TAXES, tax_included=included)
    coupons = [Coupon(an_id(1), "C", Discount(amount=off))]
    priced = price(lines, BUYER, tables, coupons=coupons, discount=discount)
    for line in priced.lines:
        left = line.list_amount - line.rule_amount - line.discount_amount
        left -= line.coupon_amount + line.document_discount_amount
        assert left == (line.gross_amount if included else line.net_amount)
        assert line.net_amount + line.tax_amount == line.gross_amount
        assert min(line.list_amount, line.rule_amount, line.discount_amount, line.coupon_amount, left) >= 0
    totals = priced.totals
    assert sum(totals.taxes.values()) == totals.tax_amount == sum(line.tax_amount for line in priced.lines)
    assert sum(one.amount for one in priced.coupons) == sum(line.coupon_amount for line in priced.lines)
    whole = totals.list_amount - totals.rule_amount - totals.discount_amount
    assert whole == (totals.gross_amount if included else totals.net_amount)
