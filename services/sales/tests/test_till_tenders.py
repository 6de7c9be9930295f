"""How a sale at a till is paid: in points, from gift cards and with coupons, and to whom its points go."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.ids import uuid7
from chassis.testing.people import Person
from chassis.work import Database
from funia.sales.v1 import till_order_pb2 as pb

from .books import check_books
from .companies import customer, settle
from .shop import Shop, open_shop
from .test_gift_cards import card, issue
from .test_loyalty import adjust, balances, enrol, find, programme
from .test_orders import coupon, get
from .tills import Till, cups, from_card, in_cash, in_points, open_till, paid_by, receipt_of


def couponed(shop: Shop, off: int = 100) -> pb.TillOrderLine:
    """A red cup of which a coupon took something off."""
    line = cups(shop.red, off=off)
    line.discount_minor = line.discounted_minor = 0
    line.coupon_minor = off
    return line


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    programme(alice)
    return opened


@pytest.fixture
def till(alice: Person, shop: Shop) -> Till:
    return open_till(alice)


def test_points_a_gift_card_and_cash_pay_one_sale_once_and_come_back_with_it(
    alice: Person, bob: Person, database: Database, shop: Shop, till: Till
) -> None:
    one, voucher = enrol(alice), issue(alice, 1_000)
    adjust(alice, one, 500)
    sale = till.sale(cups(shop.red, 2), card_number=one.card_number)
    paid_by(sale, in_cash(1_000), from_card(voucher, 1_000), in_points(400))
    answer = till.post(sale)
    assert till.post(sale) == answer
    (receipt,) = answer.receipts
    # 24.00, of which 4.00 in points: the rest earns ten points a euro.
    assert (receipt.points.earned, receipt.points.spent, receipt.points.available) == (200, 400, 300)
    assert (balances(alice, one), card(alice, voucher).balance_amount.amount_minor) == ((300, 0, 0), 0)
    assert [one.method for one in receipt.payments] == ["cash", "gift_card", "points"]
    assert (get(alice, sale.id).status, till.report().expected_cash_minor) == ("completed", 11_000)
    asked = pb.GetTillReceiptPaperRequest(id=sale.id, language="bg")
    assert alice.call("TillOrderService.GetTillReceiptPaper", asked).content[:5] == b"%PDF-"
    # The drawer gives back what came into it and no more, however the money is asked for.
    back = alice.call("TillOrderService.PostTillReturn", till.back(receipt_of(alice, sale.id), 2, method="cash"))
    given = {one.method: one.amount_minor for one in back.payments}
    assert given == {"cash": 1_000, "gift_card": 1_000, "points": 400}
    assert (balances(alice, one), card(alice, voucher).balance_amount.amount_minor) == ((500, 0, 0), 1_000)
    assert till.report().expected_cash_minor == 10_000
    check_books(database, alice.tenant_id)
    theirs = open_till(bob, code="B1")
    stranger = paid_by(theirs.sale(cups(shop.red), card_number=one.card_number), in_points(1_200))
    assert theirs.post(stranger).refusal.reason == "VARIANT_NOT_FOUND"
    assert balances(alice, one) == (500, 0, 0)


@pytest.mark.parametrize(
    ("reason", "tender"),
    [
        ("NOT_ENOUGH_POINTS", {"method": "points", "points": 1_200}),
        ("POINTS_DIFFER", {"method": "points", "points": 7}),
        ("REQUIRED", {"method": "points"}),
        ("GIFT_CARD_NOT_FOUND", {"method": "gift_card", "gift_card_code": "AAAA-BBBB-CCCC-DDDD"}),
        ("NOT_ENOUGH_ON_CARD", {"method": "gift_card"}),
    ],
)
def test_points_and_cards_that_do_not_cover_it_refuse_the_sale_and_keep_nothing(
    reason: str, tender: dict[str, Any], alice: Person, database: Database, shop: Shop, till: Till
) -> None:
    one, voucher = enrol(alice), issue(alice, 500)
    adjust(alice, one, 100)
    if reason == "NOT_ENOUGH_ON_CARD":
        tender = {**tender, "gift_card_code": voucher.code}
    sale = till.sale(cups(shop.red), card_number=one.card_number)
    paid_by(sale, pb.TillTender(id=str(uuid7()), amount_minor=1_200, **tender))
    answer = till.post(sale)
    assert (answer.refusal.reason, answer.last_sequence) == (reason, 0)
    assert (balances(alice, one), card(alice, voucher).balance_amount.amount_minor) == ((100, 0, 0), 500)
    # Its place is free: paid otherwise, the same sale is taken.
    assert not till.post(paid_by(sale, in_cash(1_200))).HasField("refusal")
    assert balances(alice, one) == (220, 0, 0)
    check_books(database, alice.tenant_id)


def test_points_go_to_the_card_that_was_shown_and_a_card_is_never_read_as_a_phone(
    alice: Person, database: Database, shop: Shop, till: Till
) -> None:
    number = "2900000000018"
    holder, namesake = enrol(alice, name="Ann", card_number="4711"), enrol(alice, phone=f"+49 {number[2:]}")
    by_phone = enrol(alice, phone="0888 123 456")
    person = customer(database, alice.tenant_id, "contact")
    known = enrol(alice, contact_id=person)
    till.sell(cups(shop.red), card_number="47-11", contact_id=person)
    till.sell(cups(shop.red), phone="0888 123456")
    till.sell(cups(shop.red), phone=by_phone.phone, card_number=number)
    till.sell(cups(shop.red), contact_id=person, phone="0999")
    earned = [balances(alice, one)[0] for one in (holder, namesake, by_phone, known)]
    assert earned == [120, 0, 120, 120]
    assert find(alice, "0888 123456").member.id == by_phone.id


def test_a_coupon_is_taken_at_the_till_and_counted_once(
    alice: Person, bob: Person, database: Database, shop: Shop, till: Till
) -> None:
    kept = coupon(alice, max_uses=1)
    sale = till.sale(couponed(shop), coupon_codes=["ten"])
    answer = till.post(sale)
    assert till.post(sale) == answer
    assert (list(answer.receipts[0].flags), answer.receipts[0].discount_minor) == ([], 100)
    order = get(alice, sale.id)
    assert ([one.id for one in order.coupons], list(order.coupon_codes)) == ([kept.id], ["TEN"])
    late = till.sale(couponed(shop), coupon_codes=["TEN"])
    assert till.post(late, check_only=True).refusal.reason == "COUPON_USED_UP"
    # It was sold while there was no network: the customer has left.
    receipt = till.post(late).receipts[0]
    assert (set(receipt.flags), receipt.gross_minor) == ({"coupon_not_valid", "price_differs"}, 1_080)
    unknown = till.sale(couponed(shop), coupon_codes=["NEVER"])
    assert till.post(unknown, check_only=True).refusal.reason == "COUPON_UNKNOWN"
    check_books(database, alice.tenant_id)


def test_a_coupon_once_for_each_customer_is_flagged_where_it_was_taken_again(
    alice: Person, database: Database, shop: Shop, till: Till
) -> None:
    coupon(alice, max_uses_per_customer=1)
    person = customer(database, alice.tenant_id, "contact")
    till.sell(couponed(shop), coupon_codes=["TEN"], contact_id=person)
    again = till.sale(couponed(shop), coupon_codes=["TEN"], contact_id=person)
    assert till.post(again, check_only=True).refusal.reason == "COUPON_USED_UP"
    assert list(till.post(again).receipts[0].flags) == ["coupon_not_valid"]
    assert not till.sell(couponed(shop), coupon_codes=["TEN"]).flags
