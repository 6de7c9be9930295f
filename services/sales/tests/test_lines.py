"""Lines of deals over gRPC, and the numbers of papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from chassis.caller import Caller
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import deal_pb2 as deals
from funia.sales.v1 import lines_pb2 as pb
from funia.sales.v1 import settings_pb2
from funia.type.v1.money_pb2 import Money
from google.protobuf.field_mask_pb2 import FieldMask
from sales.usecases import numbering

from .companies import settle
from .shop import Shop, euros, open_shop

DAY = date(2026, 11, 22)


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


def deal(person: Person, **given: Any) -> deals.Deal:
    made: deals.Deal = person.call(
        "DealService.CreateDeal", deals.CreateDealRequest(deal=deals.Deal(name="D", **given))
    )
    return made


def item(variant: catalogue.ProductVariant, count: int, **given: Any) -> pb.LineItem:
    return pb.LineItem(product_variant_id=variant.id, quantity_milli=count * 1_000, **given)


def put(person: Person, one: deals.Deal, lines: Sequence[pb.LineItem], **given: Any) -> pb.DealLines:
    request = pb.SetDealLinesRequest(deal_id=one.id, lines=lines, **given)
    made: pb.DealLines = person.call("DealLineService.SetDealLines", request)
    return made


def change(person: Person, one: deals.Deal, **given: Any) -> deals.Deal:
    request = deals.UpdateDealRequest(deal=deals.Deal(id=one.id, **given), update_mask=FieldMask(paths=["amount"]))
    changed: deals.Deal = person.call("DealService.UpdateDeal", request)
    return changed


def amount(person: Person, one: deals.Deal) -> int:
    found: deals.Deal = person.call("DealService.GetDeal", deals.GetDealRequest(id=one.id))
    return found.amount.amount_minor


def test_a_deals_amount_follows_its_lines_until_somebody_gives_it_another(alice: Person, shop: Shop) -> None:
    made = deal(alice)
    answer = put(alice, made, [item(shop.red, 2), item(shop.blue, 1, discount_basis_points=1_000)])
    assert (answer.list_minor, answer.discount_minor, answer.net_minor, answer.gross_minor) == (
        3_200, 120, 3_080, 3_696,
    )  # fmt: skip
    assert amount(alice, made) == 3_080
    assert change(alice, made, amount=Money(currency_code="EUR", amount_minor=5_000)).amount.amount_minor == 5_000
    assert put(alice, made, [item(shop.red, 1)]).amount_by_hand
    assert amount(alice, made) == 5_000
    assert change(alice, made).amount.amount_minor == 1_000


def test_lines_keep_the_price_and_the_name_that_they_were_sold_at(alice: Person, shop: Shop) -> None:
    made = deal(alice)
    put(alice, made, [item(shop.red, 3, description="Gift wrap", unit_micros=9_500_000)])
    dearer = catalogue.ProductVariant(id=shop.red.id, price=euros(20), name="Crimson")
    mask = FieldMask(paths=["price", "name"])
    request = catalogue.UpdateProductVariantRequest(product_variant=dearer, update_mask=mask)
    alice.call("ProductVariantService.UpdateProductVariant", request)
    line = alice.call("DealLineService.GetDealLines", pb.GetDealLinesRequest(deal_id=made.id)).lines[0]
    assert (line.name, line.sku, line.unit, line.description) == ("Cup, Red", "CUP-R", "piece", "Gift wrap")
    assert (line.list_minor, line.discounted_minor, line.net_minor, line.tax_minor, line.cost_minor) == (
        3_000, 150, 2_850, 570, 1_800,
    )  # fmt: skip
    assert put(alice, made, [item(shop.red, 3)]).lines[0].name == "Cup, Crimson"


def test_a_wrong_line_is_named_and_nothing_is_written(alice: Person, bob: Person, shop: Shop) -> None:
    made = deal(alice)
    put(alice, made, [item(shop.red, 1)])
    gone = pb.LineItem(product_variant_id=made.id, quantity_milli=1_000)
    assert refused(put, alice, made, [item(shop.red, 1), gone]).violations[0].field == "lines[1].product_variant_id"
    assert refused(put, alice, made, [item(shop.red, -1)]).violations[0].field == "lines[0].quantity_milli"
    assert refused(put, bob, made, [item(shop.red, 1)]).reason == "DEAL_NOT_FOUND"
    assert refused(put, alice, made, [item(shop.red, 2)], currency_code="USD").reason == "RATE_MISSING"
    assert refused(put, alice, made, [item(shop.red, 2)], etag="1").reason == "STALE_ETAG"
    assert amount(alice, made) == 1_000


def take(database: Database, person: Person, *, kind: str = "invoice", fails: bool = False) -> str:
    with database.open_work(Caller.system(person.tenant_id)) as work:
        number = numbering.take(work, kind, DAY)
        if fails:
            raise RuntimeError("the commit does not happen")
    return number


def test_numbers_have_no_gaps_when_commits_fail_and_many_ask_at_once(
    alice: Person, bob: Person, database: Database
) -> None:
    assert take(database, alice) == "INV-2026-00001"
    with pytest.raises(RuntimeError):
        take(database, alice, fails=True)
    found: list[str] = []
    together = Barrier(4)

    def issue() -> None:
        together.wait()
        found.extend(take(database, alice) for _ in range(5))

    threads = [Thread(target=issue) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"INV-2026-{number:05}" for number in range(2, 22)]
    assert take(database, alice, kind="order") == "ORD-2026-00001"
    assert take(database, bob) == "INV-2026-00001"


def test_a_company_writes_its_numbers_its_own_way(alice: Person, database: Database) -> None:
    def keep(text: str) -> settings_pb2.SalesSettings:
        given = settings_pb2.SalesSettings(number_formats={"invoice": text})
        request = settings_pb2.UpdateSalesSettingsRequest(settings=given)
        kept: settings_pb2.SalesSettings = alice.call("SalesSettingsService.UpdateSalesSettings", request)
        return kept

    assert keep("{year}/{number:3}").number_formats["invoice"] == "{year}/{number:3}"
    assert take(database, alice) == "2026/001"
    for wrong in ("INV", "{number}", "{year}-{number}-{number}", "{year}{number}{month}"):
        assert refused(keep, wrong).violations[0].field == "settings.number_formats.invoice"
