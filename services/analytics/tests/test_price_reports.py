"""Why turnover changed, to the cent, and what people took off beyond what is usual or allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import pytest
from analytics.consumers.events import store_events
from analytics.servicers.price_report import PriceReportServicer
from analytics.store.port import ColumnStore
from chassis.caller import Caller
from chassis.errors import InvalidArgument
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import price_report_pb2 as pb

from .telling import line, order

AFTER = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
CUP, JUG, LAMP, MAT = (str(uuid7()) for _ in range(4))


@pytest.fixture
def prices(store: ColumnStore) -> PriceReportServicer:
    return PriceReportServicer(store, Pager("s" * 32, default_size=2))


def call(tenant: UUID, caller: Caller | None = None) -> Call:
    return Call(caller or Caller.system(tenant), cast(Any, None), cast(Any, None))


def sold(product: str, pieces: int, each: int) -> Any:
    return line(pieces * each, product_id=product, quantity_milli=1_000 * pieces)


def total(effects: pb.PriceEffects) -> int:
    return effects.price + effects.volume + effects.mix + effects.new + effects.lost + effects.other


def test_what_turnover_changed_by_adds_up_to_the_cent(
    prices: PriceReportServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    before = order(
        tenant, lines=[sold(CUP, 7, 333), sold(JUG, 3, 1_999), sold(LAMP, 1, 5_000)], ordered_on="2026-02-10"
    )
    gone = str(uuid7())
    told = [
        before,
        order(tenant, lines=[sold(CUP, 9, 351), sold(JUG, 2, 1_999), sold(MAT, 4, 777)]),
        order(tenant, lines=[sold(CUP, 1, 10)], currency_code="USD"),
        order(tenant, lines=[sold(CUP, 99, 333)], order_id=gone),
        order(tenant, "canceled", version=3, order_id=gone, status="canceled"),
        order(second_tenant, lines=[sold(CUP, 50, 333)]),
    ]
    store_events(store, told)
    found = prices.GetPriceBridge(call(tenant), pb.GetPriceBridgeRequest(**AFTER))
    assert (found.before_first_day, found.before_last_day) == ("2026-01-29", "2026-02-28")
    assert (found.before_minor, found.after_minor) == (7 * 333 + 3 * 1_999 + 5_000, 9 * 351 + 2 * 1_999 + 4 * 777)
    assert found.after_minor - found.before_minor == total(found.effects)
    assert (found.effects.price, found.effects.new, found.effects.lost) == (9 * 18, 4 * 777, -5_000)
    assert found.left_out_orders == 1
    for row in found.rows:
        assert row.after_minor - row.before_minor == total(row.effects)
    short = prices.GetPriceBridge(call(tenant), pb.GetPriceBridgeRequest(limit=1, **AFTER))
    assert (short.rows[0].key, len(short.rows), short.other_rows) == (LAMP, 1, 3)
    assert total(short.rows[0].effects) + total(short.other_effects) == total(found.effects)


def test_returns_before_sales_and_a_company_that_sold_nothing_are_answered(
    prices: PriceReportServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    back = line(-500, product_id=CUP, quantity_milli=-1_000)
    store_events(store, [order(tenant, lines=[back], ordered_on="2026-02-10"), order(tenant, lines=[sold(CUP, 2, 0)])])
    found = prices.GetPriceBridge(call(tenant), pb.GetPriceBridgeRequest(**AFTER))
    assert (found.before_minor, found.after_minor, found.effects.other) == (-500, 0, 500)
    empty = prices.GetPriceBridge(call(second_tenant), pb.GetPriceBridgeRequest(**AFTER))
    assert (empty.before_minor, empty.after_minor, len(empty.rows)) == (0, 0, 0)
    none = prices.GetDiscountLeakage(call(second_tenant), pb.GetDiscountLeakageRequest(**AFTER))
    assert (len(none.rows), none.total.given_minor) == (0, 0)
    nothing = prices.GetDiscountLeakage(call(tenant), pb.GetDiscountLeakageRequest(**AFTER))
    assert (len(nothing.rows), nothing.total.base_minor) == (0, 0)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"before_first_day": "2026-02-10", "before_last_day": "2026-02-01"}, "BACKWARDS"),
        ({"before_last_day": "2026-03-10"}, "PERIODS_OVERLAP"),
    ],
)
def test_periods_that_overlap_or_run_backwards_are_refused(
    prices: PriceReportServicer, tenant: UUID, given: dict[str, str], reason: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        prices.GetPriceBridge(call(tenant), pb.GetPriceBridgeRequest(**AFTER, **given))
    assert (refused.value.reason, refused.value.violations[0].field) == (reason, "before_last_day")


def discounted(tenant: UUID, off: int, **given: Any) -> Any:
    """An order of a cup for ten euros, less this."""
    return order(tenant, lines=[line(1_000 - off, product_id=CUP, list_minor=1_000, discount_minor=off)], **given)


def test_leakage_is_what_lies_beyond_the_usual_or_the_allowed_discount(
    prices: PriceReportServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    anna, boris, team = (str(uuid7()) for _ in range(3))
    told = [discounted(tenant, 50, owner_id=anna, team_id=team) for _ in range(4)]
    told += [discounted(tenant, off, owner_id=boris) for off in (50, 250, 300)]
    told += [discounted(second_tenant, 900, owner_id=boris)]
    store_events(store, told)
    found = prices.GetDiscountLeakage(call(tenant), pb.GetDiscountLeakageRequest(**AFTER))
    assert [(one.key, one.given_minor, one.beyond_minor, one.beyond_orders) for one in found.rows] == [
        (boris, 600, 450, 2), (anna, 200, 0, 0),
    ]  # fmt: skip
    assert (found.total.orders, found.total.beyond_orders, found.total.beyond_minor) == (7, 2, 450)
    allowed = pb.GetDiscountLeakageRequest(by="product", allowed_permille=200, **AFTER)
    by_product = prices.GetDiscountLeakage(call(tenant), allowed)
    assert [(one.key, one.beyond_minor) for one in by_product.rows] == [(CUP, 150)]
    assert (by_product.total.orders, by_product.total.beyond_orders) == (7, 2)
    asked = pb.ListDiscountLeakageOrdersRequest(key=boris, page_size=1, **AFTER)
    first = prices.ListDiscountLeakageOrders(call(tenant), asked)
    asked.page_token = first.next_page_token
    second = prices.ListDiscountLeakageOrders(call(tenant), asked)
    assert [one.beyond_minor for one in (*first.orders, *second.orders)] == [250, 200]
    assert second.next_page_token == ""
    mine = replace(Caller.system(tenant), actor_id=UUID(anna), visibility="own")
    seen = prices.GetDiscountLeakage(call(tenant, mine), pb.GetDiscountLeakageRequest(**AFTER))
    assert [one.key for one in seen.rows] == [anna]


def test_a_product_of_few_lines_is_held_against_all(
    prices: PriceReportServicer, store: ColumnStore, tenant: UUID
) -> None:
    told = [discounted(tenant, 100) for _ in range(6)]
    rare = line(600, product_id=LAMP, list_minor=1_000, discount_minor=400)
    store_events(store, [*told, order(tenant, lines=[rare])])
    found = prices.GetDiscountLeakage(call(tenant), pb.GetDiscountLeakageRequest(by="product", **AFTER))
    assert [(one.key, one.beyond_minor) for one in found.rows] == [(LAMP, 300), (CUP, 0)]
