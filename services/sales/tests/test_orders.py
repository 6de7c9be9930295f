"""Orders over gRPC: drafted, placed, handed over in parts, canceled; coupons and stock with them."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.testing.events import recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import deal_pb2 as deals
from funia.sales.v1 import events_pb2 as events
from funia.sales.v1 import lines_pb2 as lines
from funia.sales.v1 import order_pb2 as pb
from funia.sales.v1 import pricing_pb2 as pricing
from funia.sales.v1 import settings_pb2
from funia.sales.v1 import stock_pb2 as stock
from google.protobuf.field_mask_pb2 import FieldMask

from .companies import customer, settle
from .shop import Shop, create, open_shop
from .test_lines import deal, item, put


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


def draft(person: Person, *items: lines.LineItem, **given: Any) -> pb.Order:
    request = pb.CreateOrderRequest(order=pb.Order(lines=items, **given))
    made: pb.Order = person.call("OrderService.CreateOrder", request)
    return made


def place(
    person: Person, *items: lines.LineItem, order_id: str = "", fulfilled: bool = False, **given: Any
) -> pb.Order:
    request = pb.PlaceOrderRequest(id=order_id, fulfilled=fulfilled, order=pb.Order(lines=items, **given))
    made: pb.Order = person.call("OrderService.PlaceOrder", request)
    return made


def get(person: Person, order_id: str) -> pb.Order:
    found: pb.Order = person.call("OrderService.GetOrder", pb.GetOrderRequest(id=order_id))
    return found


def step(person: Person, verb: str, one: pb.Order, **given: Any) -> pb.Order:
    request = getattr(pb, f"{verb}OrderRequest")(id=one.id, **given)
    moved: pb.Order = person.call(f"OrderService.{verb}Order", request)
    return moved


def hand_over(person: Person, one: pb.Order, *parts: tuple[int, int], **given: Any) -> pb.Fulfilment:
    """Hands over these quantities of these lines, by their places."""
    asked = [pb.LineQuantity(line_id=one.lines[at].id, quantity_milli=count * 1_000) for at, count in parts]
    request = pb.FulfilOrderRequest(order_id=one.id, lines=asked, **given)
    made: pb.Fulfilment = person.call("OrderService.FulfilOrder", request)
    return made


def test_an_order_goes_from_draft_to_fulfilled_in_parts(alice: Person, database: Database, shop: Shop) -> None:
    made = draft(alice, item(shop.red, 3), item(shop.blue, 1), reference="PO 7")
    assert (made.status, made.number, made.channel, made.gross_amount.amount_minor) == ("draft", "", "sales", 5_040)
    placed = step(alice, "Confirm", made)
    assert (placed.status, placed.payment_status, placed.number[-5:]) == ("confirmed", "unpaid", "00001")
    assert placed.home_amount.amount_minor == 4_200
    hand_over(alice, placed, (0, 2))
    partly = get(alice, made.id)
    assert (partly.status, partly.lines[0].fulfilled_milli) == ("partially_fulfilled", 2_000)
    assert refused(hand_over, alice, placed, (0, 2)).violations[0].reason == "MORE_THAN_LEFT"
    assert refused(step, alice, "Cancel", placed).metadata["possible"] == "fulfil, pay, invoice, return"
    rest = hand_over(alice, placed, tracking_code="RR123")
    assert [one.quantity_milli for one in rest.lines] == [1_000, 1_000]
    assert get(alice, made.id).status == "fulfilled"
    assert step(alice, "Complete", placed).status == "completed"
    listed = alice.call("OrderService.ListFulfilments", pb.ListFulfilmentsRequest(order_id=made.id))
    assert [one.tracking_code for one in listed.fulfilments] == ["", "RR123"]
    told = [one for one in recorded(database, alice.tenant_id) if one.type.startswith("sales.order.")]
    verbs = [one.type.rpartition(".")[2] for one in told]
    assert verbs == ["created", "placed", "confirmed", "fulfilled", "fulfilled", "completed"]
    payload = told[1].payload
    assert isinstance(payload, events.OrderChanged)
    assert [(one.net_minor, one.cost_minor) for one in payload.lines] == [(3_000, 1_800), (1_200, 0)]


def test_a_placed_order_comes_once_however_often_it_is_sent(alice: Person, bob: Person, shop: Shop) -> None:
    order_id = str(uuid7())
    first = place(alice, item(shop.red, 1), order_id=order_id, channel="pos", fulfilled=True)
    again = place(alice, item(shop.red, 1), order_id=order_id, channel="pos", fulfilled=True)
    assert (first.id, first.number, first.status) == (order_id, again.number, "fulfilled")
    assert len(alice.call("OrderService.ListOrders", pb.ListOrdersRequest()).orders) == 1
    assert refused(get, bob, order_id).reason == "ORDER_NOT_FOUND"
    assert place(alice, item(shop.red, 1)).number[-1] == "2"


def test_a_draft_is_priced_when_it_is_written_and_not_again(alice: Person, shop: Shop) -> None:
    made = draft(alice, item(shop.red, 2))
    rule = pricing.PriceRule(name="Sale", effect="percent_off", value=5_000)
    create(alice, "PriceRule", rule)
    assert step(alice, "Confirm", made).net_amount.amount_minor == 2_000
    other = draft(alice, item(shop.red, 2))
    assert other.net_amount.amount_minor == 1_000
    change = pb.Order(id=other.id, document_discount_minor=100, note="Thanks")
    mask = FieldMask(paths=["document_discount_minor", "note"])
    changed = alice.call("OrderService.UpdateOrder", pb.UpdateOrderRequest(order=change, update_mask=mask))
    assert (changed.net_amount.amount_minor, changed.note) == (900, "Thanks")
    request = pb.UpdateOrderRequest(order=pb.Order(id=made.id, note="Late"), update_mask=FieldMask(paths=["note"]))
    assert refused(alice.call, "OrderService.UpdateOrder", request).reason == "WRONG_STATE"


def test_an_order_of_a_deal_has_the_deals_prices_and_owner(
    alice: Person, bob: Person, database: Database, shop: Shop
) -> None:
    account = customer(database, alice.tenant_id, "account")
    sold = deal(alice, account_id=account)
    request = pb.CreateOrderFromDealRequest(deal_id=sold.id)
    assert refused(alice.call, "OrderService.CreateOrderFromDeal", request).reason == "DEAL_WITHOUT_LINES"
    put(alice, sold, [item(shop.red, 2, discount_basis_points=1_000)])
    create(alice, "PriceRule", pricing.PriceRule(name="Sale", effect="percent_off", value=5_000))
    made = alice.call("OrderService.CreateOrderFromDeal", request)
    assert (made.deal_id, made.account_id, made.owner_id) == (sold.id, account, sold.owner_id)
    assert (made.net_amount.amount_minor, made.discount_amount.amount_minor) == (1_800, 200)
    assert refused(bob.call, "OrderService.CreateOrderFromDeal", request).reason == "DEAL_NOT_FOUND"


def test_who_sees_only_his_own_sees_no_others_orders(alice: Person, house: House, shop: Shop) -> None:
    mine = house.person(alice.tenant_id, visibility="own")
    own, other = draft(mine, item(shop.red, 1)), draft(alice, item(shop.red, 1))
    listed = mine.call("OrderService.ListOrders", pb.ListOrdersRequest(order_by="net_amount desc"))
    assert [one.id for one in listed.orders] == [own.id]
    assert refused(step, mine, "Confirm", other).reason == "ORDER_NOT_FOUND"
    assert refused(place, mine, item(shop.red, 1), order_id=other.id).reason == "CONCURRENT_WRITE"


def test_a_discount_beyond_the_policy_needs_somebody_who_may_give_it(alice: Person, house: House, shop: Shop) -> None:
    policy = pricing.DiscountPolicy(name="All", max_discount_basis_points=500)
    create(alice, "DiscountPolicy", policy)
    seller = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    made = draft(seller, item(shop.red, 1, discount_basis_points=1_000))
    assert list(made.breaches) == ["discount_above_limit"]
    assert refused(step, seller, "Confirm", made).reason == "APPROVAL_NEEDED"
    assert get(alice, made.id).status == "draft"
    assert step(alice, "Confirm", made).status == "confirmed"


def coupon(person: Person, **given: Any) -> pricing.Coupon:
    made: pricing.Coupon = create(
        person, "Coupon", pricing.Coupon(code="TEN", name="Ten", discount_basis_points=1_000, **given)
    )
    return made


def test_a_coupon_is_redeemed_once_and_comes_back_with_a_canceled_order(
    alice: Person, database: Database, shop: Shop
) -> None:
    kept = coupon(alice, max_uses=1)
    first, second = (draft(alice, item(shop.red, 1), coupon_codes=["ten"]) for _ in range(2))
    placed = step(alice, "Confirm", first)
    assert (placed.net_amount.amount_minor, placed.coupons[0].id) == (900, kept.id)
    assert refused(step, alice, "Confirm", second).reason == "COUPON_USED_UP"
    assert get(alice, second.id).status == "draft"
    assert step(alice, "Cancel", first, reason="Wrong size").cancel_reason == "Wrong size"
    assert step(alice, "Confirm", second).number[-1] == "2"


def test_a_customer_redeems_a_coupon_as_often_as_it_says(alice: Person, database: Database, shop: Shop) -> None:
    coupon(alice, max_uses_per_customer=1)
    one, other = (customer(database, alice.tenant_id, "contact") for _ in range(2))
    place(alice, item(shop.red, 1), coupon_codes=["TEN"], contact_id=one)
    assert refused(place, alice, item(shop.red, 1), coupon_codes=["TEN"], contact_id=one).reason == "COUPON_USED_UP"
    assert place(alice, item(shop.red, 1), coupon_codes=["TEN"], contact_id=other).status == "confirmed"


def track(person: Person, shop: Shop, count: int, *, store_id: str = "") -> None:
    product = catalogue.Product(id=shop.product.id, track_stock=True)
    request = catalogue.UpdateProductRequest(product=product, update_mask=FieldMask(paths=["track_stock"]))
    person.call("ProductService.UpdateProduct", request)
    adjust = stock.AdjustStockRequest(
        product_variant_id=shop.red.id, store_id=store_id, change_milli=count * 1_000, reason="Delivery"
    )
    person.call("StockService.AdjustStock", adjust)


def on_hand(person: Person, shop: Shop) -> int:
    listed = person.call("StockService.ListStock", stock.ListStockRequest(product_variant_ids=[shop.red.id]))
    return sum(level.on_hand_milli for level in listed.levels)


def test_two_tills_that_sell_the_last_item_sell_it_once(alice: Person, shop: Shop) -> None:
    track(alice, shop, 1)
    together = Barrier(2)
    ends: list[str] = []

    def sell() -> None:
        together.wait()
        try:
            ends.append(place(alice, item(shop.red, 1), channel="pos").status)
        except FuniaError as error:
            ends.append(error.reason)

    tills = [Thread(target=sell) for _ in range(2)]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    assert sorted(ends) == ["OUT_OF_STOCK", "confirmed"]
    assert on_hand(alice, shop) == 0
    orders = alice.call("OrderService.ListOrders", pb.ListOrdersRequest()).orders
    assert [one.number[-5:] for one in orders] == ["00001"]


def test_goods_come_back_with_a_canceled_order_and_may_be_sold_beyond_what_there_is(alice: Person, shop: Shop) -> None:
    track(alice, shop, 2)
    made = place(alice, item(shop.red, 2))
    assert refused(place, alice, item(shop.red, 1)).violations[0].field == "lines[0].quantity_milli"
    step(alice, "Cancel", made)
    assert on_hand(alice, shop) == 2_000
    settings = settings_pb2.SalesSettings(backorders=True)
    alice.call("SalesSettingsService.UpdateSalesSettings", settings_pb2.UpdateSalesSettingsRequest(settings=settings))
    assert place(alice, item(shop.red, 5)).status == "confirmed"
    assert on_hand(alice, shop) == -3_000


def test_bad_orders_are_refused_and_leave_nothing(alice: Person, bob: Person, database: Database, shop: Shop) -> None:
    assert refused(place, alice).reason == "ORDER_EMPTY"
    assert refused(place, alice, item(shop.red, -1)).violations[0].field == "order.lines[0].quantity_milli"
    assert refused(place, alice, item(shop.red, 1), currency_code="USD").reason == "RATE_MISSING"
    stranger = customer(database, bob.tenant_id, "contact")
    assert refused(place, alice, item(shop.red, 1), contact_id=stranger).violations[0].field == "order.contact_id"
    foreign = deals.Deal(id=str(uuid7()))
    assert refused(place, alice, item(shop.red, 1), deal_id=foreign.id).violations[0].field == "order.deal_id"
    assert not alice.call("OrderService.ListOrders", pb.ListOrdersRequest()).orders
    assert place(alice, item(shop.red, 1)).number[-5:] == "00001"
