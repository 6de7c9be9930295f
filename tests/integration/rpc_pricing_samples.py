"""Requests to the methods of sales that say what things cost: rates, price books, rules, limits and coupons."""

from __future__ import annotations

from funia.sales.v1 import pricing_pb2 as pricing
from rpc_sales_samples import _create, _mark, _records, _tax_rate, _variant_id
from rpc_world import World


def _book(world: World) -> pricing.PriceBook:
    return pricing.PriceBook(name=world.mark, currency_code="EUR")


def _entry(world: World) -> pricing.PriceBookEntry:
    book = _create(world, pricing.DESCRIPTOR.services_by_name["PriceBookService"], _book)
    return pricing.PriceBookEntry(price_book_id=book, product_variant_id=_variant_id(world), unit_micros=1_000_000)


def _rule(world: World) -> pricing.PriceRule:
    return pricing.PriceRule(name=world.mark, effect="percent_off", value=100, active=False)


def _policy(world: World) -> pricing.DiscountPolicy:
    return pricing.DiscountPolicy(name=world.mark, max_discount_basis_points=10_000)


def _coupon(world: World) -> pricing.Coupon:
    return pricing.Coupon(code=_mark(), name=world.mark, discount_basis_points=100)


_DAYS = iter(range(1, 20_000))


def _currency_rate(world: World) -> pricing.CurrencyRate:
    number = next(_DAYS)
    day = f"{1900 + number // 336}-{number % 336 // 28 + 1:02}-{number % 28 + 1:02}"
    return pricing.CurrencyRate(source_currency="EUR", target_currency="BGN", valid_from=day, rate_billionths=10**9)


PRICING_SAMPLES = {
    **_records(pricing.DESCRIPTOR, "TaxRate", _tax_rate, {"name": "Changed"}, names=False),
    **_records(pricing.DESCRIPTOR, "CurrencyRate", _currency_rate, {}, names=False),
    **_records(pricing.DESCRIPTOR, "PriceBook", _book, {"name": "Changed"}, names=False),
    **_records(pricing.DESCRIPTOR, "PriceBookEntry", _entry, {"unit_micros": 2_000_000}),
    **_records(pricing.DESCRIPTOR, "PriceRule", _rule, {"name": "Changed"}, names=False),
    **_records(pricing.DESCRIPTOR, "DiscountPolicy", _policy, {"name": "Changed"}, names=False),
    **_records(pricing.DESCRIPTOR, "Coupon", _coupon, {"name": "Changed"}, names=False),
}
