"""Gift cards sold at a till: issued once for what was paid, told to who sold them, void where they come back whole."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import gift_card_pb2 as cards
from funia.sales.v1 import till_order_pb2 as pb
from funia.sales.v1.payment_pb2 import Payment

from .books import check_books
from .companies import settle
from .shop import Shop, create, open_shop
from .test_gift_cards import issue
from .test_loyalty import balances, enrol, programme
from .test_orders import get
from .test_payments import give_back
from .tills import Till, cups, from_card, in_cash, open_till, paid_by, receipt_of


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


@pytest.fixture
def voucher(alice: Person, shop: Shop) -> Any:
    """A gift card of any amount: without a price, and with a tax code that does not count."""
    product = create(alice, "Product", catalogue.Product(name="Gift card", kind="gift_card", tax_code="standard"))
    return create(alice, "ProductVariant", catalogue.ProductVariant(product_id=product.id, sku="GIFT"))


@pytest.fixture
def till(alice: Person, shop: Shop) -> Till:
    return open_till(alice)


def worth(variant: Any, minor: int, count: int = 1) -> pb.TillOrderLine:
    """Gift cards of so much each, as a till sells them."""
    return pb.TillOrderLine(
        id=str(uuid7()),
        product_variant_id=variant.id,
        quantity_milli=count * 1_000,
        list_unit_micros=minor * 10_000,
        tax_included=True,
        list_minor=minor * count,
        net_minor=minor * count,
        gross_minor=minor * count,
    )


def listed(person: Person) -> list[cards.GiftCard]:
    """All gift cards of the company."""
    return list(person.call("GiftCardService.ListGiftCards", cards.ListGiftCardsRequest()).gift_cards)


def back(till: Till, receipt: pb.TillReceipt, at: int, *, milli: int = 1_000) -> pb.TillReceipt:
    """Takes a line of a sale back."""
    till.sequence += 1
    request = pb.PostTillReturnRequest(
        register_id=till.register.id,
        id=str(uuid7()),
        session_id=till.session.id,
        sequence=till.sequence,
        order_id=receipt.order_id,
        lines=[pb.TillReturnLine(line_id=receipt.lines[at].id, quantity_milli=milli)],
        reason="Not wanted",
    )
    answer: pb.TillReceipt = till.person.call("TillOrderService.PostTillReturn", request)
    return answer


def test_cards_are_sold_once_for_what_was_typed_without_tax_discount_or_points_and_pay(
    alice: Person, bob: Person, database: Database, shop: Shop, voucher: Any, till: Till
) -> None:
    programme(alice)
    member = enrol(alice)
    sale = till.sale(worth(voucher, 2_500), cups(shop.red), worth(voucher, 1_000, 2), card_number=member.card_number)
    assert not till.post(sale, check_only=True).HasField("refusal")
    assert listed(alice) == []
    answer = till.post(sale)
    assert till.post(sale) == answer
    (receipt,) = answer.receipts
    assert (list(receipt.flags), receipt.gross_minor) == ([], 5_700)
    assert [(one.rate_basis_points, one.tax_minor) for one in receipt.taxes] == [(0, 0), (2_000, 200)]
    sold = {one.gift_card_id: one for one in receipt.gift_cards}
    assert sorted(one.amount_minor for one in sold.values()) == [1_000, 1_000, 2_500]
    assert {(one.id, one.balance_amount.amount_minor) for one in listed(alice)} == {
        (one.gift_card_id, one.amount_minor) for one in sold.values()
    }
    # Cups earn, cards do not: they do when they are spent.
    assert balances(alice, member) == (120, 0, 0)
    kept = receipt_of(alice, sale.id)
    assert {one.last_digits for one in kept.gift_cards} == {one.code[-4:] for one in sold.values()}
    assert {one.code for one in kept.gift_cards} == {""}
    dear = next(one for one in sold.values() if one.amount_minor == 2_500)
    paid = till.post(paid_by(till.sale(cups(shop.red)), from_card(dear, 1_200))).receipts[0]
    (payment,) = paid.payments
    asked = pb.GetTillReceiptPaperRequest(id=paid.id, language="ru")
    assert alice.call("TillOrderService.GetTillReceiptPaper", asked).content[:5] == b"%PDF-"
    assert (payment.left_minor, payment.gift_card_last_digits) == (1_300, dear.last_digits)
    # Spent from, its code is told no more.
    again = {one.gift_card_id: one.code for one in till.post(sale).receipts[0].gift_cards}
    assert (again.pop(dear.gift_card_id), all(again.values())) == ("", True)
    theirs = open_till(bob, code="B1")
    assert theirs.post(theirs.sale(worth(voucher, 500))).refusal.reason == "VARIANT_NOT_FOUND"
    assert listed(bob) == []
    check_books(database, alice.tenant_id)


def test_a_code_is_told_to_who_sold_the_card_and_to_no_colleague(
    alice: Person, house: House, voucher: Any, till: Till
) -> None:
    sale = till.sale(worth(voucher, 2_000))
    code = till.post(sale).receipts[0].gift_cards[0].code
    clerk = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    request = pb.PostTillOrdersRequest(register_id=till.register.id, orders=[sale])
    (told,) = clerk.call("TillOrderService.PostTillOrders", request).receipts[0].gift_cards
    assert (told.code, told.last_digits, len(code)) == ("", code[-4:], 19)


def test_a_discounted_card_is_refused_before_it_is_paid_and_flagged_once_it_was(
    alice: Person, database: Database, voucher: Any, till: Till
) -> None:
    line = worth(voucher, 2_000)
    line.discount_minor = line.discounted_minor = 500
    line.net_minor = line.gross_minor = 1_500
    sale = till.sale(line)
    assert till.post(sale, check_only=True).refusal.reason == "GIFT_CARD_DISCOUNT"
    receipt = till.post(sale).receipts[0]
    # It was paid for: the card is worth what it cost.
    assert (list(receipt.flags), receipt.gift_cards[0].amount_minor) == (["not_priced"], 1_500)
    many = till.sale(worth(voucher, 100, 51))
    assert (till.post(many).refusal.reason, len(listed(alice))) == ("TOO_MANY", 1)
    check_books(database, alice.tenant_id)


def test_a_card_that_comes_back_whole_is_void_and_one_that_was_spent_from_stays(
    alice: Person, database: Database, shop: Shop, voucher: Any, till: Till
) -> None:
    receipt = till.sell(worth(voucher, 2_000), worth(voucher, 2_000), cups(shop.red))
    # Sold in one sale, and each is of its own line.
    first, second = sorted(receipt.gift_cards, key=lambda one: one.gift_card_id)
    order = receipt_of(alice, receipt.id)
    till.post(paid_by(till.sale(cups(shop.red)), from_card(first, 1_200)))
    assert sorted(refused_back(till, order, at) for at in (0, 1)) == ["", "GIFT_CARD_SPENT"]
    states = {one.id: (one.status, one.balance_amount.amount_minor) for one in listed(alice)}
    assert states == {first.gift_card_id: ("active", 800), second.gift_card_id: ("void", 0)}
    assert get(alice, receipt.id).status == "partially_returned"
    assert till.report().expected_cash_minor == 10_000 + 5_200 - 2_000
    # A void card pays nothing, is not let out again, and its code is not told.
    assert till.post(paid_by(till.sale(cups(shop.red)), from_card(second, 1_200))).refusal.reason == "WRONG_STATE"
    till.sequence -= 1
    unblock = cards.UnblockGiftCardRequest(id=second.gift_card_id)
    assert refused(alice.call, "GiftCardService.UnblockGiftCard", unblock).reason == "WRONG_STATE"
    back(till, order, 2)
    check_books(database, alice.tenant_id)


def refused_back(till: Till, order: pb.TillReceipt, at: int) -> str:
    """Why a line is not taken back; empty where it is."""
    try:
        back(till, order, at)
    except FuniaError as error:
        till.sequence -= 1
        return error.reason
    return ""


def test_money_is_not_given_back_beside_a_card_that_is_out(
    alice: Person, database: Database, shop: Shop, voucher: Any, till: Till
) -> None:
    sale = paid_by(till.sale(worth(voucher, 2_000), cups(shop.red)), in_cash(3_200))
    made = till.post(sale).receipts[0].gift_cards[0]
    payment_id = sale.payments[0].id
    error = refused(give_back, alice, payment_of(payment_id), 1_201)
    assert (error.reason, error.metadata["out_minor"]) == ("GIFT_CARD_OUT", "2000")
    give_back(alice, payment_of(payment_id), 1_200)
    alice.call("GiftCardService.BlockGiftCard", cards.BlockGiftCardRequest(id=made.gift_card_id))
    give_back(alice, payment_of(payment_id), 2_000)
    check_books(database, alice.tenant_id)


def payment_of(payment_id: str) -> Any:
    """A payment, as far as a refund needs it."""
    return Payment(id=payment_id)


def test_a_sale_has_issued_its_cards_and_a_return_leaves_none_to_issue(
    alice: Person, database: Database, voucher: Any, till: Till
) -> None:
    receipt = receipt_of(alice, till.sell(worth(voucher, 2_000)).id)
    assert refused(issue, alice, 1, order_id=receipt.order_id).reason == "MORE_THAN_BOUGHT"
    back(till, receipt, 0)
    assert [one.status for one in listed(alice)] == ["void"]
    assert refused(issue, alice, 1, order_id=receipt.order_id).reason in ("ORDER_NOT_PAID", "MORE_THAN_BOUGHT")
    check_books(database, alice.tenant_id)
