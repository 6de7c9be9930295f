"""Operations of sales that wait for an approval: kept, run exactly as approved, once, or told why not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from chassis.approved_runs import ApprovedRuns
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.job_rights import keep as keep_taken_back
from chassis.server import Served
from chassis.testing.databases import TestDatabase
from chassis.testing.events import received, recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.events.v1.approval_pb2 import ApprovalEnded
from funia.identity.v1.events_pb2 import UserChanged
from funia.sales.v1 import credit_pb2 as credit
from funia.sales.v1 import order_pb2 as pb
from funia.sales.v1 import payment_pb2 as payments
from funia.sales.v1 import pricing_pb2 as pricing
from funia.sales.v1 import quote_pb2 as quotes
from funia.type.v1.money_pb2 import Money
from google.protobuf.field_mask_pb2 import FieldMask

from .approving import Approving
from .companies import customer, settle
from .shop import MICROS, Shop, create, open_shop
from .test_lines import amount, deal, item, put
from .test_orders import draft, get, place, step
from .test_payments import give_back, pay

BEYOND = "discount_beyond_policy = true OR margin_below_floor = true"


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


@pytest.fixture
def seller(alice: Person, house: House) -> Person:
    """Somebody who may not agree to discounts beyond the policy."""
    return house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])


@pytest.fixture
def approving(alice: Person, database: Database, served: list[Served]) -> Approving:
    return Approving(database, ApprovedRuns("sales", database, served), alice.tenant_id)


@pytest.fixture
def generous(alice: Person, seller: Person, shop: Shop, approving: Approving) -> Any:
    """A draft with more off than the seller may give, under a policy that asks for an approval then."""
    create(alice, "DiscountPolicy", pricing.DiscountPolicy(name="All", max_discount_basis_points=500))
    approving.policy("sales.order.confirm", BEYOND)
    return draft(seller, item(shop.red, 2, discount_basis_points=1_000))


def test_an_order_waits_and_runs_as_it_was_asked_for(
    alice: Person, seller: Person, database: Database, approving: Approving, generous: Any
) -> None:
    approval_id = approving.waits(step, seller, "Confirm", generous)
    assert get(seller, generous.id).status == "draft"
    (submitted,) = approving.submitted()
    assert (submitted.operation, submitted.record_kind, submitted.record_id) == (
        "sales.order.confirm",
        "order",
        generous.id,
    )
    assert dict(submitted.facts) == {
        "discount_basis_points": "1000",
        "margin_basis_points": "3333",
        "amount_minor": "1800",
        "currency_code": "EUR",
        "discount_beyond_policy": "true",
        "margin_below_floor": "false",
        "channel": "sales",
        "over_credit_minor": "0",
    }
    approving.decide(approval_id, seller)
    assert approving.run(approval_id) == "done"
    assert get(seller, generous.id).status == "confirmed"
    assert approving.run(approval_id) == "done"
    assert [kind for kind, _ in approving.told()] == ["sales.approval.submitted", "sales.approval.done"]
    confirmed = next(one for one in recorded(database, alice.tenant_id) if one.type == "sales.order.confirmed")
    assert confirmed.envelope.actor.id == str(seller.actor_id)
    assert confirmed.envelope.causation_id == str(approval_id)
    assert bytes(approving.row(approval_id).request) == b""


def test_the_same_request_finds_the_approval_that_waits(
    alice: Person, seller: Person, shop: Shop, approving: Approving, generous: Any
) -> None:
    first = approving.waits(step, seller, "Confirm", generous)
    assert approving.waits(step, seller, "Confirm", generous) == first

    def confirm(key: str, order_id: str) -> Any:
        return seller.call("OrderService.ConfirmOrder", pb.ConfirmOrderRequest(id=order_id), idempotency_key=key)

    other = draft(seller, item(shop.red, 1, discount_basis_points=2_000))
    second = approving.waits(confirm, "key", other.id)
    assert approving.waits(confirm, "key", other.id) == second != first
    third = draft(seller, item(shop.red, 1, discount_basis_points=3_000))
    assert refused(confirm, "key", third.id).reason == "IDEMPOTENCY_KEY_REUSED"
    assert len(approving.submitted()) == 2
    approving.decide(second, seller)
    approving.run(second)
    assert confirm("key", other.id).status == "confirmed"


def test_no_policy_and_a_policy_that_does_not_fit_change_nothing(
    alice: Person, bob: Person, seller: Person, shop: Shop, approving: Approving, database: Database, house: House
) -> None:
    create(alice, "DiscountPolicy", pricing.DiscountPolicy(name="All", max_discount_basis_points=500))
    approving.policy("sales.order.confirm", "amount_minor > 100000")
    approving.policy("sales.quote.send")
    approving.policy("sales.order.confirm", active=False)
    made = draft(seller, item(shop.red, 1, discount_basis_points=1_000))
    assert refused(step, seller, "Confirm", made).reason == "APPROVAL_NEEDED"
    assert step(alice, "Confirm", made).status == "confirmed"
    approving.policy("sales.order.confirm", BEYOND)
    theirs = open_shop(bob)
    settle(database, bob.tenant_id)
    create(bob, "DiscountPolicy", pricing.DiscountPolicy(name="All", max_discount_basis_points=500))
    stranger = house.person(bob.tenant_id, scopes=["sales.read", "sales.write"])
    order = draft(stranger, item(theirs.red, 1, discount_basis_points=1_000))
    assert refused(step, stranger, "Confirm", order).reason == "APPROVAL_NEEDED"
    assert approving.submitted() == []


def test_a_record_that_changed_in_between_is_left_alone(
    seller: Person, shop: Shop, approving: Approving, generous: Any
) -> None:
    approval_id = approving.waits(step, seller, "Confirm", generous)
    change = pb.UpdateOrderRequest(order=pb.Order(id=generous.id, document_discount_minor=500))
    seller.call("OrderService.UpdateOrder", change)
    approving.decide(approval_id, seller)
    assert approving.run(approval_id) == "RECORD_CHANGED"
    assert get(seller, generous.id).status == "draft"
    kind, payload = approving.told()[-1]
    assert (kind, payload) == (
        "sales.approval.failed",
        ApprovalEnded(approval_id=str(approval_id), reason="RECORD_CHANGED"),
    )


@pytest.mark.parametrize("status", ["rejected", "recalled", "expired"])
def test_what_was_not_approved_never_runs_and_may_be_asked_for_again(
    seller: Person, approving: Approving, generous: Any, status: str
) -> None:
    approval_id = approving.waits(step, seller, "Confirm", generous)
    approving.decide(approval_id, seller, status)
    approving.decide(approval_id, seller)
    assert approving.run(approval_id) == status
    assert get(seller, generous.id).status == "draft"
    assert approving.waits(step, seller, "Confirm", generous) != approval_id


def test_it_runs_with_the_rights_of_the_approval_and_never_with_more(
    alice: Person, seller: Person, house: House, database: Database, shop: Shop, approving: Approving, generous: Any
) -> None:
    without = house.person(alice.tenant_id, actor_id=seller.actor_id, scopes=["sales.read"])
    approval_id = approving.waits(step, seller, "Confirm", generous)
    approving.decide(approval_id, without)
    assert approving.run(approval_id) == "MISSING_SCOPE"
    blind = house.person(alice.tenant_id, actor_id=uuid7(), scopes=house.scopes, visibility="own")
    approval_id = approving.waits(step, seller, "Confirm", generous)
    approving.decide(approval_id, blind)
    assert approving.run(approval_id) == "ORDER_NOT_FOUND"
    assert get(seller, generous.id).status == "draft"


def test_another_request_than_the_one_that_waits_is_not_set_running(
    seller: Person, approving: Approving, generous: Any
) -> None:
    approval_id = approving.waits(step, seller, "Confirm", generous)
    with pytest.raises(LookupError):
        approving.decide(approval_id, seller, digest="00" * 32)
    assert approving.run(approval_id) == "waiting"


def test_a_worker_killed_between_approval_and_end_leaves_it_to_the_next_which_runs_it_once(
    alice: Person,
    seller: Person,
    database: Database,
    sales_database: TestDatabase,
    approving: Approving,
    generous: Any,
) -> None:
    approval_id = approving.waits(step, seller, "Confirm", generous)
    approving.decide(approval_id, seller)
    script = str(Path(__file__).with_name("killed_run.py"))
    killed = subprocess.run(
        [sys.executable, script, sales_database.app_url, str(alice.tenant_id), str(approval_id)], check=False
    )
    assert killed.returncode == -9
    assert (get(seller, generous.id).status, approving.row(approval_id).status) == ("draft", "approved")
    assert approving.run(approval_id) == "done"
    kinds = [one.type for one in recorded(database, alice.tenant_id)]
    assert (kinds.count("sales.order.confirmed"), kinds.count("sales.approval.done")) == (1, 1)


def test_a_new_order_waits_whole_and_is_made_when_approved(
    alice: Person, seller: Person, shop: Shop, approving: Approving
) -> None:
    approving.policy("sales.order.confirm", 'amount_minor >= 1000 AND channel = "pos"')
    order_id = str(uuid7())
    approval_id = approving.waits(place, seller, item(shop.red, 1), order_id=order_id, channel="pos", fulfilled=True)
    assert refused(get, seller, order_id).reason == "ORDER_NOT_FOUND"
    approving.decide(approval_id, seller)
    assert approving.run(approval_id) == "done"
    assert get(seller, order_id).status == "fulfilled"
    again = approving.waits(place, seller, item(shop.red, 2), channel="pos")
    create(alice, "PriceRule", pricing.PriceRule(name="Sale", effect="percent_off", value=100))
    approving.decide(again, seller)
    assert approving.run(again) == "RECORD_CHANGED"


def test_a_quote_waits_before_it_is_sent(alice: Person, seller: Person, shop: Shop, approving: Approving) -> None:
    create(alice, "DiscountPolicy", pricing.DiscountPolicy(name="All", max_discount_basis_points=500))
    approving.policy("sales.quote.send", BEYOND)
    lines = [item(shop.red, 1, discount_basis_points=1_000)]
    quote = seller.call(
        "QuoteService.CreateQuote", quotes.CreateQuoteRequest(quote=quotes.Quote(title="Cups", lines=lines))
    )
    request = quotes.SendQuoteRequest(id=quote.id)
    approval_id = approving.waits(seller.call, "QuoteService.SendQuote", request)
    approving.decide(approval_id, seller)
    assert approving.run(approval_id) == "done"
    found = seller.call("QuoteService.GetQuote", quotes.GetQuoteRequest(id=quote.id))
    assert (found.status, found.number != "") == ("sent", True)


def test_a_refund_waits_and_money_is_given_back_once(seller: Person, shop: Shop, approving: Approving) -> None:
    approving.policy("sales.payment.refund", "amount_minor > 500")
    order = place(seller, item(shop.red, 1), fulfilled=True)
    paid = pay(seller, order, 1_200)
    assert give_back(seller, paid, 100).status == "succeeded"
    refund_id = str(uuid7())
    approval_id = approving.waits(give_back, seller, paid, 600, refund_id=refund_id)
    approving.decide(approval_id, seller)
    assert approving.run(approval_id) == "done"
    found = seller.call("PaymentService.GetPayment", payments.GetPaymentRequest(id=paid.id))
    assert (found.refunded_amount.amount_minor, len(found.refunds)) == (700, 2)
    assert give_back(seller, paid, 600, refund_id=refund_id).status == "succeeded"


def test_a_price_that_falls_far_waits(alice: Person, shop: Shop, approving: Approving) -> None:
    approving.policy("sales.price.change", "lowered_basis_points > 1000")
    book = create(alice, "PriceBook", pricing.PriceBook(name="Shop", currency_code="EUR"))
    entry = create(
        alice,
        "PriceBookEntry",
        pricing.PriceBookEntry(price_book_id=book.id, product_variant_id=shop.red.id, unit_micros=10 * MICROS),
    )

    def change(micros: int) -> Any:
        changed = pricing.PriceBookEntry(id=entry.id, unit_micros=micros)
        request = pricing.UpdatePriceBookEntryRequest(
            price_book_entry=changed, update_mask=FieldMask(paths=["unit_micros"])
        )
        return alice.call("PriceBookEntryService.UpdatePriceBookEntry", request)

    approval_id = approving.waits(change, 8 * MICROS)
    assert change(95 * MICROS // 10).unit_micros == 9_500_000
    approving.decide(approval_id, alice)
    assert approving.run(approval_id) == "RECORD_CHANGED"
    again = approving.waits(change, 8 * MICROS)
    approving.decide(again, alice)
    assert approving.run(again) == "done"
    request = pricing.GetPriceBookEntryRequest(id=entry.id)
    assert alice.call("PriceBookEntryService.GetPriceBookEntry", request).unit_micros == 8 * MICROS


def test_a_price_that_is_deleted_waits(alice: Person, bob: Person, approving: Approving, shop: Shop) -> None:
    approving.policy("sales.price.change", "lowered_basis_points > 1000 OR deleted = true")
    book = create(alice, "PriceBook", pricing.PriceBook(name="Shop", currency_code="EUR"))
    price = pricing.PriceBookEntry(price_book_id=book.id, product_variant_id=shop.red.id, unit_micros=10 * MICROS)
    entry = create(alice, "PriceBookEntry", price)
    request = pricing.DeletePriceBookEntryRequest(id=entry.id)
    deletion = "PriceBookEntryService.DeletePriceBookEntry", request
    assert refused(bob.call, *deletion).reason == "PRICE_BOOK_ENTRY_NOT_FOUND"
    approval_id = approving.waits(alice.call, *deletion)
    (submitted,) = approving.submitted()
    assert dict(submitted.facts) == {
        "lowered_basis_points": "10000",
        "former_micros": "10000000",
        "price_book_id": book.id,
        "product_variant_id": shop.red.id,
        "deleted": "true",
    }
    found = "PriceBookEntryService.GetPriceBookEntry", pricing.GetPriceBookEntryRequest(id=entry.id)
    assert alice.call(*found).unit_micros == 10 * MICROS
    approving.decide(approval_id, alice)
    assert approving.run(approval_id) == "done"
    assert refused(alice.call, *found).reason == "PRICE_BOOK_ENTRY_NOT_FOUND"


def test_a_price_book_that_is_deleted_or_switched_off_waits_with_all_its_prices(
    alice: Person, bob: Person, approving: Approving, shop: Shop
) -> None:
    approving.policy("sales.price.change", "deleted = true")
    book = create(alice, "PriceBook", pricing.PriceBook(name="Shop", currency_code="EUR"))
    get = "PriceBookService.GetPriceBook", pricing.GetPriceBookRequest(id=book.id)
    delete = "PriceBookService.DeletePriceBook", pricing.DeletePriceBookRequest(id=book.id)
    empty = create(alice, "PriceBook", pricing.PriceBook(name="Empty", currency_code="EUR"))
    assert alice.call(
        "PriceBookService.DeletePriceBook", pricing.DeletePriceBookRequest(id=empty.id)
    ).deleted_at.seconds
    price = pricing.PriceBookEntry(price_book_id=book.id, product_variant_id=shop.red.id, unit_micros=10 * MICROS)
    create(alice, "PriceBookEntry", price)
    off = pricing.UpdatePriceBookRequest(
        price_book=pricing.PriceBook(id=book.id, active=False), update_mask=FieldMask(paths=["active"])
    )
    approving.waits(alice.call, "PriceBookService.UpdatePriceBook", off)
    assert alice.call(*get).active
    assert refused(bob.call, *delete).reason == "PRICE_BOOK_NOT_FOUND"
    approval_id = approving.waits(alice.call, *delete)
    submitted = approving.submitted()[-1]
    assert (submitted.record_kind, submitted.record_id) == ("price_book", book.id)
    assert dict(submitted.facts) == {"lowered_basis_points": "10000", "price_book_id": book.id, "deleted": "true"}
    assert not alice.call(*get).HasField("deleted_at")
    approving.decide(approval_id, alice)
    assert approving.run(approval_id) == "done"
    assert alice.call(*get).HasField("deleted_at")


def test_lines_of_a_deal_wait_and_are_priced_as_they_were_approved_or_not_at_all(
    alice: Person, seller: Person, shop: Shop, approving: Approving
) -> None:
    create(alice, "DiscountPolicy", pricing.DiscountPolicy(name="All", max_discount_basis_points=500))
    lines = [item(shop.red, 2, discount_basis_points=1_000)]
    one = deal(seller)
    assert put(seller, one, lines).net_minor == 1_800, "without an approval policy lines of deals promise nothing"
    approving.policy("sales.deal.price", BEYOND)
    other = deal(seller)
    assert put(seller, other, [item(shop.red, 2)]).net_minor == 2_000
    assert put(alice, other, lines).net_minor == 1_800
    approval_id = approving.waits(put, seller, one, [item(shop.red, 3, discount_basis_points=2_000)])
    (submitted,) = approving.submitted()
    assert (submitted.operation, submitted.record_kind, submitted.record_id) == ("sales.deal.price", "deal", one.id)
    assert (submitted.facts["discount_basis_points"], submitted.facts["amount_minor"]) == ("2000", "2400")
    assert amount(seller, one) == 1_800
    approving.decide(approval_id, seller)
    assert approving.run(approval_id) == "done"
    assert amount(seller, one) == 2_400
    again = approving.waits(put, seller, one, lines)
    create(alice, "PriceRule", pricing.PriceRule(name="Sale", effect="percent_off", value=100))
    approving.decide(again, seller)
    assert approving.run(again) == "RECORD_CHANGED"
    assert amount(seller, one) == 2_400


def test_an_order_beyond_the_credit_limit_is_refused_or_waits(
    alice: Person, bob: Person, seller: Person, database: Database, shop: Shop, approving: Approving
) -> None:
    account_id = customer(database, alice.tenant_id, "account")
    limit = credit.SetCreditLimitRequest(account_id=account_id, amount=Money(currency_code="EUR", amount_minor=3_000))
    alice.call("CreditLimitService.SetCreditLimit", limit)
    place(seller, item(shop.red, 1), account_id=account_id)
    order = draft(seller, item(shop.red, 2), account_id=account_id)
    assert refused(step, seller, "Confirm", order).reason == "CREDIT_LIMIT_REACHED"
    approving.policy("sales.order.confirm", "over_credit_minor > 0")
    approval_id = approving.waits(step, seller, "Confirm", order)
    assert approving.submitted()[0].facts["over_credit_minor"] == "600"
    approving.decide(approval_id, seller)
    assert approving.run(approval_id) == "done"
    asked = "CreditLimitService.GetCreditLimit", credit.GetCreditLimitRequest(account_id=account_id)
    assert alice.call(*asked).amount.amount_minor == 3_000
    assert refused(bob.call, *asked).reason == "CREDIT_LIMIT_NOT_FOUND"
    alice.call("CreditLimitService.SetCreditLimit", credit.SetCreditLimitRequest(account_id=account_id))
    assert place(seller, item(shop.red, 9), account_id=account_id).status == "confirmed"


def test_rights_taken_back_after_the_approval_stop_it(
    alice: Person, seller: Person, database: Database, approving: Approving, generous: Any
) -> None:
    approval_id = approving.waits(step, seller, "Confirm", generous)
    approving.decide(approval_id, seller)
    payload = UserChanged(user_id=str(seller.actor_id), status="suspended")
    event = Event("identity.user.suspended", UUID(str(seller.actor_id)), 2**40, payload)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        keep_taken_back(work, [received(event, alice.tenant_id)])
    assert approving.run(approval_id) == "RIGHTS_CHANGED"
    assert get(seller, generous.id).status == "draft"
