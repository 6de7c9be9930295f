"""What a till gets to sell by: everything once, then what has changed, and everything again where prices have."""

from __future__ import annotations

from typing import Any

from chassis.testing.people import Person, refused
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import pricing_pb2 as pricing
from funia.sales.v1 import till_pb2 as pb

from .shop import MICROS, create, open_shop
from .test_tills import a_register, start


def sync(person: Person, register_id: str, cursor: str = "", **given: Any) -> pb.SyncTillResponse:
    request = pb.SyncTillRequest(register_id=register_id, cursor=cursor, **given)
    answer: pb.SyncTillResponse = person.call("TillService.SyncTill", request)
    return answer


def prices(item: pb.TillItem) -> list[tuple[int, int]]:
    return [(one.min_quantity_milli, one.unit_micros) for one in item.prices]


def test_a_till_reads_everything_in_pages_and_then_only_what_has_changed(alice: Person, bob: Person) -> None:
    shop, register = open_shop(alice), a_register(alice)
    session = start(alice, register, opening_float_minor=0)
    first = sync(alice, register.id, page_size=1)
    assert (first.reset, first.complete, first.session.id) == (True, False, session.id)
    assert [(one.code, one.rate_basis_points) for one in first.tax_rates] == [("none", 0), ("standard", 2_000)]
    assert [one.name for one in first.branches] == ["Cups"]
    second = sync(alice, register.id, first.next_cursor, page_size=1)
    assert (second.reset, second.complete) == (False, True)
    assert [one.sku for one in [*first.items, *second.items]] == ["CUP-R", "CUP-B"]
    assert prices(first.items[0]) == [(0, 10 * MICROS)]
    assert first.items[0].barcodes == ["4006381333931"]
    deleted = catalogue.DeleteProductVariantRequest(id=shop.blue.id)
    alice.call("ProductVariantService.DeleteProductVariant", deleted)
    changed = sync(alice, register.id, second.next_cursor)
    assert (changed.reset, changed.complete) == (False, True)
    assert [one.product_variant_id for one in changed.items if one.gone] == [shop.blue.id]
    assert refused(sync, bob, register.id).reason == "REGISTER_NOT_FOUND"


def test_where_prices_change_a_till_begins_anew_and_gets_those_of_its_store(alice: Person) -> None:
    shop, register = open_shop(alice), a_register(alice)
    before = sync(alice, register.id)
    book = create(alice, "PriceBook", pricing.PriceBook(name="Shop", currency_code="EUR", store_id=register.store_id))
    for quantity, price in ((0, 9), (10_000, 8)):
        create(
            alice,
            "PriceBookEntry",
            pricing.PriceBookEntry(
                price_book_id=book.id,
                product_variant_id=shop.red.id,
                min_quantity_milli=quantity,
                unit_micros=price * MICROS,
            ),
        )
    for name, channel in (("Here", "pos"), ("Elsewhere", "web")):
        create(alice, "PriceRule", pricing.PriceRule(name=name, effect="percent_off", value=1_000, channel=channel))
    create(alice, "DiscountPolicy", pricing.DiscountPolicy(name="Clerks", max_discount_basis_points=500))
    after = sync(alice, register.id, before.next_cursor)
    assert after.reset
    assert [one.name for one in after.price_rules] == ["Here"]
    assert after.max_discount_basis_points == 500
    red = next(one for one in after.items if one.product_variant_id == shop.red.id)
    assert prices(red) == [(0, 9 * MICROS), (10_000, 8 * MICROS)]


def test_a_cursor_of_another_till_is_refused(alice: Person) -> None:
    ours, other = a_register(alice), a_register(alice, code="S2")
    cursor = sync(alice, ours.id).next_cursor
    assert refused(sync, alice, other.id, cursor).reason == "INVALID_PAGE_TOKEN"
