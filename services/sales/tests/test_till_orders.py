"""What tills send: each sale once, in order, as it was sold; and what comes back over the counter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from chassis.ids import uuid7
from chassis.testing.events import recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import pricing_pb2 as pricing
from funia.sales.v1 import till_order_pb2 as pb
from sales.paper import receipt as receipts

from .books import check_books
from .companies import settle
from .shop import create, open_shop
from .test_orders import get, on_hand, track
from .test_tills import ask, start
from .tills import Till, cups, open_till, receipt_of, stamp


def test_a_sale_becomes_a_paid_order_with_a_receipt_and_is_kept_once(
    alice: Person, bob: Person, database: Database
) -> None:
    shop, till = open_shop(alice), open_till(alice)
    settle(database, alice.tenant_id)
    sale = till.sale(cups(shop.red, 2), cups(shop.blue, unit_minor=1_200), paid={"cash": 3_000, "card": 840})
    sale.payments[0].tendered_minor = 5_000
    answer = till.post(sale)
    assert (answer.last_sequence, list(answer.receipts[0].flags)) == (1, [])
    assert till.post(sale) == answer
    receipt = receipt_of(alice, sale.id)
    assert (receipt.number, receipt.gross_minor, receipt.priced_gross_minor) == ("S1-1-000001", 3_840, 3_840)
    assert [one.gross_minor for one in receipt.lines] == [2_400, 1_440]
    order = get(alice, sale.id)
    assert (order.status, order.payment_status, order.channel) == ("completed", "paid", "pos")
    assert (order.paid_amount.amount_minor, order.store_id) == (3_840, till.register.store_id)
    assert order.number == receipt.order_number
    found = pb.FindTillReceiptRequest(number=" s1-1-000001 ")
    assert alice.call("TillOrderService.FindTillReceipt", found).id == sale.id
    report = till.report()
    assert (report.sale_count, report.sales_minor, report.expected_cash_minor) == (1, 3_840, 13_000)
    assert [(one.rate_basis_points, one.net_minor, one.tax_minor) for one in report.taxes] == [(2_000, 3_200, 640)]
    check_books(database, alice.tenant_id)
    told = [one.type for one in recorded(database, alice.tenant_id) if one.type.startswith("sales.till")]
    assert told == ["sales.till_receipt.posted"]
    assert refused(bob.call, "TillOrderService.FindTillReceipt", found).reason == "TILL_RECEIPT_NOT_FOUND"
    assert refused(receipt_of, bob, sale.id).reason == "TILL_RECEIPT_NOT_FOUND"
    theirs = Till(bob, till.register, till.session)
    assert refused(theirs.post, theirs.sale(cups(shop.red))).reason == "REGISTER_NOT_FOUND"


def test_sales_come_in_the_tills_order_and_a_gap_says_what_is_expected(alice: Person, database: Database) -> None:
    shop, till = open_shop(alice), open_till(alice)
    first, second, third = (till.sale(cups(shop.red)) for _ in range(3))
    answer = till.post(first, third)
    assert ([one.id for one in answer.receipts], answer.last_sequence) == ([first.id], 1)
    assert (answer.refusal.reason, answer.refusal.id) == ("SEQUENCE_GAP", third.id)
    assert "2 is expected" in answer.refusal.message
    answer = till.post(first, second, third)
    assert ([one.sequence for one in answer.receipts], answer.last_sequence) == ([1, 2, 3], 3)
    other = till.sale(cups(shop.red), sequence=2)
    assert till.post(other).refusal.reason == "SEQUENCE_TAKEN"
    changed = pb.TillOrder()
    changed.CopyFrom(first)
    changed.lines[0].quantity_milli = 2_000
    assert till.post(changed).refusal.reason == "ID_TAKEN"
    check_books(database, alice.tenant_id)


def test_the_same_sale_sent_by_many_at_once_is_kept_once(alice: Person, database: Database) -> None:
    shop, till = open_shop(alice), open_till(alice)
    sale = till.sale(cups(shop.red))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: till.post(sale), range(8)))
    assert {(one.last_sequence, one.receipts[0].id) for one in answers} == {(1, sale.id)}
    assert till.report().sale_count == 1
    check_books(database, alice.tenant_id)


def test_a_sale_at_an_old_price_stays_as_it_was_sold_and_the_difference_is_kept(alice: Person) -> None:
    shop, till = open_shop(alice), open_till(alice)
    old = till.sale(cups(shop.red, 2, unit_minor=900), cups(shop.blue, unit_minor=1_200))
    checked = till.post(old, check_only=True)
    assert (checked.refusal.reason, checked.last_sequence) == ("PRICE_DIFFERS", 0)
    assert till.post(old).receipts[0].flags == ["price_differs"]
    receipt = receipt_of(alice, old.id)
    assert (receipt.gross_minor, receipt.priced_gross_minor) == (2_160 + 1_440, 3_840)
    assert [(one.sold_minor, one.priced_minor) for one in receipt.differences] == [(2_160, 2_400)]
    order = get(alice, old.id)
    assert [one.gross_minor for one in order.lines] == [2_160, 1_440]
    flagged = pb.ListTillReceiptsRequest(register_id=till.register.id, flagged=True)
    till.sell(cups(shop.red))
    assert [one.id for one in alice.call("TillOrderService.ListTillReceipts", flagged).receipts] == [old.id]


def test_what_is_no_longer_for_sale_but_was_sold_offline_is_taken(alice: Person, database: Database) -> None:
    shop, till = open_shop(alice), open_till(alice)
    alice.call("ProductVariantService.DeleteProductVariant", catalogue.DeleteProductVariantRequest(id=shop.red.id))
    receipt = till.sell(cups(shop.red))
    assert (list(receipt.flags), receipt.HasField("priced_gross_minor")) == (["not_priced"], False)
    assert receipt_of(alice, receipt.id).lines[0].sku == "CUP-R"
    never = till.sale(cups(shop.red))
    never.lines[0].product_variant_id = str(uuid7())
    assert till.post(never).refusal.reason == "VARIANT_NOT_FOUND"
    check_books(database, alice.tenant_id)


def test_two_tills_may_sell_the_last_one_and_who_asks_is_refused(alice: Person, database: Database) -> None:
    shop = open_shop(alice)
    here = open_till(alice)
    there_register = here.register
    other = Till(alice, there_register, here.session)
    track(alice, shop, 1, store_id=here.register.store_id)
    first, second = here.sale(cups(shop.red)), here.sale(cups(shop.red))
    assert not other.post(first, check_only=True).HasField("refusal")
    answer = here.post(first, second)
    assert [list(one.flags) for one in answer.receipts] == [[], ["stock_negative"]]
    third = here.sale(cups(shop.red), strict=True)
    refusal = here.post(third).refusal
    assert (refusal.reason, "on hand" in refusal.message) == ("OUT_OF_STOCK", True)
    assert on_hand(alice, shop) == -1_000
    assert here.report().sale_count == 2


def test_a_till_whose_clock_is_a_day_off_is_flagged_and_the_servers_time_counts(alice: Person) -> None:
    shop, till = open_shop(alice), open_till(alice)
    receipt = till.sell(cups(shop.red), sold_at=stamp(timedelta(days=-1)))
    assert list(receipt.flags) == ["clock_off"]
    assert receipt.till_said_at.seconds - receipt.sold_at.seconds > 86_000
    assert get(alice, receipt.id).ordered_on == get(alice, till.sell(cups(shop.red)).id).ordered_on
    older = till.sell(cups(shop.red), sold_at=stamp(timedelta(hours=1)), age_seconds=3_600)
    assert list(older.flags) == ["clock_off"]
    assert older.sold_at.ToMicroseconds() == till.session.opened_at.ToMicroseconds()


def test_a_discount_beyond_the_policy_needs_leave_and_without_it_is_flagged(alice: Person, house: House) -> None:
    shop, till = open_shop(alice), open_till(alice)
    create(alice, "DiscountPolicy", pricing.DiscountPolicy(name="Clerks", max_discount_basis_points=500))
    clerk = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    mine = Till(clerk, till.register, till.session)
    dear = mine.sale(cups(shop.red, off=100))
    assert mine.post(dear, check_only=True).refusal.reason == "APPROVAL_NEEDED"
    asked = pb.GrantTillDiscountRequest(register_id=till.register.id, till_order_id=dear.id)
    assert refused(clerk.call, "TillOrderService.GrantTillDiscount", asked).reason == "MISSING_SCOPE"
    grant = alice.call("TillOrderService.GrantTillDiscount", asked)
    dear.discount_grant = grant.discount_grant
    receipt = mine.post(dear).receipts[0]
    assert (list(receipt.flags), receipt.agreed_by) == ([], grant.granted_by)
    stolen = mine.sale(cups(shop.red, off=100), discount_grant=grant.discount_grant)
    assert list(mine.post(stolen).receipts[0].flags) == ["discount_not_agreed"]


def test_sales_of_a_closed_session_wait_for_the_next_one_and_say_so(alice: Person, database: Database) -> None:
    shop, till = open_shop(alice), open_till(alice)
    late = till.sale(cups(shop.red))
    ask(alice, "BeginClosingPosSession", id=till.session.id)
    z_report = ask(alice, "ClosePosSession", id=till.session.id, counted_minor=10_000)
    assert till.post(late).refusal.reason == "SESSION_CLOSED"
    till.session = start(alice, till.register, opening_float_minor=0)
    assert list(till.post(late).receipts[0].flags) == ["session_closed"]
    assert till.report().sales_minor == 1_200
    assert (z_report.figures.sale_count, z_report.difference_minor) == (0, 0)
    check_books(database, alice.tenant_id)


def test_a_z_report_during_a_sale_counts_it_or_leaves_it_to_the_next_session(alice: Person) -> None:
    shop, till = open_shop(alice), open_till(alice)
    sales = [till.sale(cups(shop.red)) for _ in range(6)]
    with ThreadPoolExecutor(2) as pool:
        sent = pool.submit(till.post, *sales)
        ask(alice, "BeginClosingPosSession", id=till.session.id)
        z_report = ask(alice, "ClosePosSession", id=till.session.id, counted_minor=10_000)
        answer = sent.result()
    assert z_report.figures.sale_count == len(answer.receipts) == answer.last_sequence
    assert z_report.figures.expected_cash_minor == 10_000 + 1_200 * len(answer.receipts)
    till.session = start(alice, till.register, opening_float_minor=0)
    assert till.post(*sales).last_sequence == 6


def test_what_does_not_add_up_is_refused_and_nothing_is_kept(alice: Person, database: Database) -> None:
    shop, till = open_shop(alice), open_till(alice)
    unpaid = till.sale(cups(shop.red), paid={"cash": 1_000})
    assert till.post(unpaid).refusal.reason == "NOT_PAID"
    wrong = till.sale(cups(shop.red), sequence=1)
    wrong.lines[0].net_minor -= 1
    assert till.post(wrong).refusal.field == "lines[0].gross_minor"
    elsewhere = till.sale(cups(shop.red), sequence=1, session_id=str(uuid7()))
    assert till.post(elsewhere).refusal.reason == "SESSION_NOT_FOUND"
    assert not [
        one for one in recorded(database, alice.tenant_id) if one.type.startswith(("sales.order", "sales.till"))
    ]
    listed = alice.call("OrderService.ListOrders", orders.ListOrdersRequest())
    assert list(listed.orders) == []


def test_goods_come_back_at_the_till_and_the_drawer_pays_once(alice: Person, bob: Person, database: Database) -> None:
    shop, till = open_shop(alice), open_till(alice)
    settle(database, alice.tenant_id)
    track(alice, shop, 10, store_id=till.register.store_id)
    sold = till.sell(cups(shop.red, 3, off=100), paid={"cash": 1_000, "card": 2_480})
    whole = receipt_of(alice, sold.id)
    first = till.back(whole)
    back = alice.call("TillOrderService.PostTillReturn", first)
    assert alice.call("TillOrderService.PostTillReturn", first) == back
    assert (back.kind, back.number, back.gross_minor) == ("return", "S1-1-000002", 1_160)
    assert {one.method: one.amount_minor for one in back.payments} == {"cash": 1_000, "card": 160}
    rest = alice.call("TillOrderService.PostTillReturn", till.back(whole, 2, method="cash"))
    assert (rest.gross_minor, [one.method for one in rest.payments]) == (2_320, ["cash"])
    assert refused(alice.call, "TillOrderService.PostTillReturn", till.back(whole)).reason in (
        "NOTHING_LEFT",
        "WRONG_STATE",
    )
    order = get(alice, sold.id)
    assert (order.status, order.payment_status, on_hand(alice, shop)) == (
        "returned",
        "refunded",
        10_000,
    )
    report = till.report()
    assert (report.return_count, report.returns_minor, report.expected_cash_minor) == (2, 3_480, 10_000 - 2_320)
    assert [(one.net_minor, one.tax_minor) for one in report.taxes] == [(0, 0)]
    check_books(database, alice.tenant_id)
    theirs = Till(bob, till.register, till.session, till.sequence)
    assert refused(bob.call, "TillOrderService.PostTillReturn", theirs.back(whole)).reason == "REGISTER_NOT_FOUND"


def test_a_receipt_is_printed_in_three_languages(alice: Person) -> None:
    shop, till = open_shop(alice), open_till(alice)
    receipt = till.sell(cups(shop.red, 2, off=100))
    for language in ("en", "ru", "bg"):
        asked = pb.GetTillReceiptPaperRequest(id=receipt.id, language=language)
        paper = alice.call("TillOrderService.GetTillReceiptPaper", asked)
        assert (paper.file_name, paper.content[:5]) == ("s1-1-000001.pdf", b"%PDF-")


@pytest.mark.parametrize("within", [True, False])
def test_the_lines_of_a_receipt_add_up_to_its_total_with_the_tax_within_or_on_top(
    alice: Person, monkeypatch: pytest.MonkeyPatch, within: bool
) -> None:
    shop, till = open_shop(alice), open_till(alice)
    line = cups(shop.red, 2)
    if within:
        line.tax_included, line.net_minor, line.tax_minor, line.gross_minor = True, 1_667, 333, 2_000
    receipt = till.sell(line)
    rows: list[tuple[str, str]] = []
    write = receipts._Roll._row

    def noted(roll: Any, left: str, right: str, *height: float) -> None:
        rows.append((" ".join(left.split()), right.split(maxsplit=1)[0] if right else ""))
        write(roll, left, right, *height)

    monkeypatch.setattr(receipts._Roll, "_row", noted)
    alice.call("TillOrderService.GetTillReceiptPaper", pb.GetTillReceiptPaperRequest(id=receipt.id, language="en"))
    told = dict(rows)
    if within:
        assert (told["2"], told["Total"], told["of which tax 20 %"]) == ("20.00", "20.00", "3.33")
        assert "Without tax" not in told
    else:
        assert (told["2"], told["Without tax"], told["plus tax 20 %"]) == ("20.00", "20.00", "4.00")
        assert told["Total"] == "24.00"
