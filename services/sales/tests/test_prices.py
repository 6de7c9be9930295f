"""Price books, rules, coupons, rates and policies over gRPC, and what they make of a price."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.errors import InvalidArgument
from chassis.testing.events import received
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.identity.v1.events_pb2 import TenantChanged
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import pricing_pb2 as pb
from funia.sales.v1 import settings_pb2
from google.protobuf.field_mask_pb2 import FieldMask
from sales.consumers.companies import keep_profiles

from .shop import MICROS, Shop, create, open_shop


def priced(person: Person, *lines: pb.LineToPrice, currency: str = "EUR", **given: Any) -> pb.PricedDocument:
    request = pb.PriceLinesRequest(currency_code=currency, lines=lines, **given)
    answer: pb.PricedDocument = person.call("CouponService.PriceLines", request)
    return answer


def pieces(variant: Any, count: int, **given: Any) -> pb.LineToPrice:
    return pb.LineToPrice(product_variant_id=variant.id, quantity_milli=count * 1000, **given)


@pytest.fixture
def shop(alice: Person) -> Shop:
    return open_shop(alice)


def test_the_catalogue_price_holds_where_no_book_has_one(alice: Person, shop: Shop) -> None:
    answer = priced(alice, pieces(shop.red, 2), pieces(shop.blue, 1))
    assert (answer.net_minor, answer.tax_minor, answer.gross_minor) == (3_200, 640, 3_840)
    assert [line.list_minor for line in answer.lines] == [2_000, 1_200]
    assert answer.lines[0].cost_minor == 1_200
    assert not answer.lines[1].HasField("cost_minor")


def test_a_changed_price_holds_at_once(alice: Person, shop: Shop) -> None:
    book = create(alice, "PriceBook", pb.PriceBook(name="Spring", currency_code="EUR"))
    assert priced(alice, pieces(shop.red, 1)).net_minor == 1_000
    entry = create(
        alice,
        "PriceBookEntry",
        pb.PriceBookEntry(price_book_id=book.id, product_variant_id=shop.red.id, unit_micros=9 * MICROS),
    )
    assert priced(alice, pieces(shop.red, 1)).net_minor == 900
    change = pb.PriceBookEntry(id=entry.id, unit_micros=8 * MICROS)
    alice.call(
        "PriceBookEntryService.UpdatePriceBookEntry",
        pb.UpdatePriceBookEntryRequest(price_book_entry=change, update_mask=FieldMask(paths=["unit_micros"])),
    )
    assert priced(alice, pieces(shop.red, 1)).net_minor == 800
    off = pb.PriceBook(id=book.id, active=False)
    alice.call("PriceBookService.UpdatePriceBook", pb.UpdatePriceBookRequest(price_book=off))
    assert priced(alice, pieces(shop.red, 1)).net_minor == 1_000
    alice.call("PriceBookEntryService.DeletePriceBookEntry", pb.DeletePriceBookEntryRequest(id=entry.id))
    gone = pb.GetPriceBookEntryRequest(id=entry.id)
    assert refused(alice.call, "PriceBookEntryService.GetPriceBookEntry", gone).reason == "PRICE_BOOK_ENTRY_NOT_FOUND"


def test_rules_and_coupons_come_off_step_by_step(alice: Person, shop: Shop) -> None:
    rule = pb.PriceRule(name="Cups 10 %", effect="percent_off", value=1_000, category_ids=[shop.category.id])
    create(alice, "PriceRule", rule)
    create(alice, "Coupon", pb.Coupon(code="Welcome", name="Welcome", discount_basis_points=500))
    answer = priced(alice, pieces(shop.red, 2, discount_minor=100), coupon_codes=["welcome"])
    line = answer.lines[0]
    assert (line.list_minor, line.rule_minor, line.discount_minor, line.coupon_minor) == (2_000, 200, 100, 85)
    assert (answer.net_minor, answer.tax_minor, answer.gross_minor) == (1_615, 323, 1_938)
    with pytest.raises(InvalidArgument, match="no coupon NOTHING"):
        priced(alice, pieces(shop.red, 1), coupon_codes=["nothing"])


def test_a_foreign_currency_needs_a_rate_of_its_day(alice: Person, shop: Shop) -> None:
    missing = refused(priced, alice, pieces(shop.red, 1), currency="BGN", day="2026-01-01")
    assert missing.reason == "RATE_MISSING"
    rate = pb.CurrencyRate(
        source_currency="EUR", target_currency="BGN", valid_from="2026-01-01", rate_billionths=1_955_830_000
    )
    create(alice, "CurrencyRate", rate)
    assert priced(alice, pieces(shop.red, 1), currency="BGN", day="2026-01-01").net_minor == 1_956
    assert refused(priced, alice, pieces(shop.red, 1), currency="BGN", day="2025-12-31").reason == "RATE_MISSING"
    assert refused(create, alice, "CurrencyRate", rate).reason == "RATE_EXISTS"


def test_a_discount_above_the_policy_is_said_and_not_refused(alice: Person, shop: Shop) -> None:
    policy = pb.DiscountPolicy(name="Sellers", max_discount_basis_points=1_000, min_margin_basis_points=3_000)
    create(alice, "DiscountPolicy", policy)
    assert list(priced(alice, pieces(shop.red, 1, discount_basis_points=1_000)).breaches) == []
    assert set(priced(alice, pieces(shop.red, 1, discount_basis_points=1_500)).breaches) == {
        "discount_above_limit",
        "margin_below_floor",
    }


def test_prices_with_tax_are_the_companys_choice(alice: Person, bob: Person, shop: Shop) -> None:
    service = "SalesSettingsService"
    settings = settings_pb2.SalesSettings(tax_included=True)
    request = settings_pb2.UpdateSalesSettingsRequest(settings=settings)
    changed = alice.call(f"{service}.UpdateSalesSettings", request)
    assert (changed.tax_included, changed.quote_valid_days, changed.etag) == (True, 30, "1")
    answer = priced(alice, pieces(shop.red, 6))
    assert (answer.net_minor, answer.tax_minor, answer.gross_minor) == (5_000, 1_000, 6_000)
    request.etag = "0"
    assert refused(alice.call, f"{service}.UpdateSalesSettings", request).reason == "STALE_ETAG"
    assert not bob.call(f"{service}.GetSalesSettings", settings_pb2.GetSalesSettingsRequest()).tax_included


def test_from_where_down_stock_is_little_is_the_companys_and_a_products_choice(
    alice: Person, bob: Person, shop: Shop
) -> None:
    service = "SalesSettingsService"
    asked = settings_pb2.GetSalesSettingsRequest()
    assert alice.call(f"{service}.GetSalesSettings", asked).low_stock_milli == 5_000
    settings = settings_pb2.SalesSettings(low_stock_milli=12_500)
    request = settings_pb2.UpdateSalesSettingsRequest(settings=settings)
    assert alice.call(f"{service}.UpdateSalesSettings", request).low_stock_milli == 12_500
    assert bob.call(f"{service}.GetSalesSettings", asked).low_stock_milli == 5_000
    request.settings.low_stock_milli = -1
    assert refused(alice.call, f"{service}.UpdateSalesSettings", request).violations[0].field == (
        "settings.low_stock_milli"
    )
    assert shop.product.low_stock_milli == 0
    kept = create(alice, "Product", catalogue.Product(name="Tea", track_stock=True, low_stock_milli=20_000))
    assert kept.low_stock_milli == 20_000


def test_what_a_company_is_comes_from_identity(alice: Person, database: Database) -> None:
    profile = TenantChanged(country_code="BG", currency_code="BGN", time_zone="Europe/Sofia")
    event = Event("identity.tenant.created", alice.tenant_id, 1, profile)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        keep_profiles(work, [received(event, alice.tenant_id)])
    settings = alice.call("SalesSettingsService.GetSalesSettings", settings_pb2.GetSalesSettingsRequest())
    assert (settings.country_code, settings.currency_code, settings.time_zone) == ("BG", "BGN", "Europe/Sofia")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"quantity_milli": 0}, "lines[0].quantity_milli"),
        ({"quantity_milli": -1_000}, "lines[0].quantity_milli"),
        ({"quantity_milli": 1, "discount_basis_points": 10_001}, "lines[0].discount_basis_points"),
    ],
)
def test_a_wrong_line_is_named(alice: Person, shop: Shop, line: dict[str, int], field: str) -> None:
    wrong = refused(priced, alice, pb.LineToPrice(product_variant_id=shop.red.id, **line))
    assert [one.field for one in wrong.violations] == [field]


def test_what_is_archived_or_anothers_has_no_price(alice: Person, bob: Person, shop: Shop) -> None:
    create(bob, "TaxRate", pb.TaxRate(code="standard", name="VAT", rate_basis_points=2_000))
    assert refused(priced, bob, pieces(shop.red, 1)).reason == "VARIANT_NOT_FOUND"


def test_who_only_sells_sets_no_prices(house: House, alice: Person, shop: Shop) -> None:
    seller = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    assert priced(seller, pieces(shop.red, 1)).net_minor == 1_000
    book = pb.PriceBook(name="Own", currency_code="EUR")
    assert refused(create, seller, "PriceBook", book).reason == "MISSING_SCOPE"
