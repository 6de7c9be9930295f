"""Gift cards over gRPC: sold, spent, given back, blocked and expired; never spent twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import gift_card_pb2 as pb
from funia.sales.v1 import pricing_pb2 as pricing
from sales.usecases import gift_cards

from .books import check_books
from .companies import settle
from .shop import Shop, create, euros, open_shop
from .test_lines import item
from .test_loyalty import enrol, find
from .test_orders import place
from .test_payments import euros as money
from .test_payments import give_back, pay

_END = text("UPDATE gift_card SET expires_on = %(day)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")
_HASHES = text("SELECT code_hash, last_digits FROM gift_card WHERE tenant_id = %(tenant_id)s", "tenant_id")


def today() -> date:
    """The day in the middle of the world."""
    return datetime.now(UTC).date()


def issue(person: Person, minor: int = 5_000, **given: Any) -> pb.IssuedGiftCard:
    """A card that is given away, where no order is named."""
    values = {"id": str(uuid7()), "reason": "" if "order_id" in given else "Sorry", **given}
    made: pb.IssuedGiftCard = person.call(
        "GiftCardService.IssueGiftCard", pb.IssueGiftCardRequest(amount=money(minor), **values)
    )
    return made


def by_card(person: Person, order: Any, code: str, minor: int | None = None, payment_id: str = "") -> Any:
    """Pays from a card."""
    request = pb.PayWithGiftCardRequest(
        id=payment_id or str(uuid7()),
        order_id=order.id,
        code=code,
        amount=None if minor is None else money(minor),
    )
    return person.call("GiftCardService.PayWithGiftCard", request)


def card(person: Person, made: pb.IssuedGiftCard) -> pb.GiftCard:
    """The card as it is now."""
    found: pb.GiftCard = person.call("GiftCardService.GetGiftCard", pb.GetGiftCardRequest(id=made.gift_card.id))
    return found


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


def test_a_card_is_issued_for_what_its_order_paid_and_no_more(alice: Person, house: House, shop: Shop) -> None:
    create(alice, "TaxRate", pricing.TaxRate(code="zero", name="None"))
    product = create(alice, "Product", catalogue.Product(name="Gift card", kind="gift_card", tax_code="zero"))
    variant = create(
        alice, "ProductVariant", catalogue.ProductVariant(product_id=product.id, sku="GIFT", price=euros(50))
    )
    order = place(alice, item(variant, 1), item(shop.red, 1), fulfilled=True)
    assert refused(issue, alice, order_id=order.id).reason == "ORDER_NOT_PAID"
    pay(alice, order, 6_200)
    seller = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    assert issue(seller, order_id=order.id).gift_card.balance_amount.amount_minor == 5_000
    assert refused(issue, seller, 1, order_id=order.id).reason == "MORE_THAN_BOUGHT"
    assert refused(issue, seller, 1).reason == "MISSING_SCOPE"
    assert refused(issue, alice, 1, reason="").reason == "REQUIRED"


def test_a_code_is_told_again_for_minutes_to_who_issued_it_and_kept_nowhere(
    alice: Person, bob: Person, house: House, database: Database, shop: Shop
) -> None:
    card_id = str(uuid7())
    made = issue(alice, id=card_id)
    assert issue(alice, id=card_id) == made
    colleague = house.person(alice.tenant_id)
    assert refused(issue, colleague, id=card_id).reason == "ALREADY_ISSUED"
    with database.open_work(Caller.system(alice.tenant_id), read_only=True) as work:
        kept = work.rows(_HASHES)
    assert made.code.replace("-", "") not in str(kept)
    assert (len(made.code), made.code[-4:]) == (19, kept[0].last_digits)
    typed = made.code.lower().replace("-", " ")
    request = pb.FindGiftCardRequest(code=typed)
    assert alice.call("GiftCardService.FindGiftCard", request).id == card_id
    assert refused(bob.call, "GiftCardService.FindGiftCard", request).reason == "GIFT_CARD_NOT_FOUND"


def test_a_card_pays_in_parts_once_each_and_takes_refunds_back(alice: Person, database: Database, shop: Shop) -> None:
    made = issue(alice, 1_500)
    first, second = (place(alice, item(shop.red, 1), fulfilled=True) for _ in range(2))
    payment_id = str(uuid7())
    paid = by_card(alice, first, made.code, payment_id=payment_id)
    assert by_card(alice, first, made.code, payment_id=payment_id) == paid
    assert (paid.method, paid.amount.amount_minor, card(alice, made).balance_amount.amount_minor) == (
        "gift_card", 1_200, 300,
    )  # fmt: skip
    assert refused(by_card, alice, second, made.code, 301).reason == "NOT_ENOUGH_ON_CARD"
    assert by_card(alice, second, made.code).amount.amount_minor == 300
    refund_id = str(uuid7())
    for _ in range(2):
        give_back(alice, paid, 700, refund_id=refund_id)
    assert card(alice, made).balance_amount.amount_minor == 700
    answer = alice.call(
        "GiftCardService.ListGiftCardPostings", pb.ListGiftCardPostingsRequest(gift_card_id=made.gift_card.id)
    )
    assert [one.change_minor for one in answer.postings] == [700, -300, -1_200, 1_500]
    check_books(database, alice.tenant_id)


def test_two_who_spend_a_card_at_once_cannot_overdraw_it(alice: Person, database: Database, shop: Shop) -> None:
    made = issue(alice, 1_500)
    sold = [place(alice, item(shop.red, 1), fulfilled=True) for _ in range(4)]

    def spend(order: Any) -> str:
        try:
            return str(by_card(alice, order, made.code, 1_200).status)
        except FuniaError as error:
            return error.reason

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(spend, sold)) == [*["NOT_ENOUGH_ON_CARD"] * 3, "captured"]
    assert card(alice, made).balance_amount.amount_minor == 300
    check_books(database, alice.tenant_id)


def test_blocked_and_expired_cards_are_not_spent_and_a_refund_revives_an_expired_one(
    alice: Person, database: Database, shop: Shop
) -> None:
    made = issue(alice, 1_500, expires_on=(today() + timedelta(days=90)).isoformat())
    order = place(alice, item(shop.red, 1), fulfilled=True)
    paid = by_card(alice, order, made.code, 500)
    alice.call("GiftCardService.BlockGiftCard", pb.BlockGiftCardRequest(id=made.gift_card.id))
    assert refused(by_card, alice, order, made.code, 1).reason == "WRONG_STATE"
    alice.call("GiftCardService.UnblockGiftCard", pb.UnblockGiftCardRequest(id=made.gift_card.id))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_END, id=UUID(made.gift_card.id), day=today() - timedelta(days=3))
    assert refused(by_card, alice, order, made.code, 1).reason == "GIFT_CARD_EXPIRED"
    for _ in range(2):
        with database.open_work(Caller.system(alice.tenant_id)) as work:
            gift_cards.expire(work, UUID(made.gift_card.id))
    now = card(alice, made)
    assert (now.status, now.balance_amount.amount_minor) == ("expired", 0)
    give_back(alice, paid, 200)
    now = card(alice, made)
    assert (now.status, now.balance_amount.amount_minor, now.expires_on < today().isoformat()) == (
        "active", 200, False,
    )  # fmt: skip
    check_books(database, alice.tenant_id)


def test_a_counter_sees_what_a_member_has_on_cards(alice: Person, shop: Shop) -> None:
    one = enrol(alice)
    for minor in (500, 700):
        issue(alice, minor, member_id=one.id)
    assert [one.amount_minor for one in find(alice, one.phone).credits] == [1_200]
