"""Payments and refunds over gRPC: cash, cards at a provider that fails, webhooks repeated, forged and late."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import pytest
from chassis.ids import uuid7
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import payment_event_pb2 as hooks
from funia.sales.v1 import payment_pb2 as pb
from funia.type.v1.money_pb2 import Money

from .bank import WEBHOOK_SECRET, Bank
from .companies import settle
from .shop import Shop, open_shop
from .test_lines import item
from .test_orders import get, place, step


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


@pytest.fixture
def account(alice: Person, bank: Bank) -> pb.CardAccount:
    bank.faults.clear()
    request = pb.SetCardAccountRequest(secret_key="sk", webhook_secret=WEBHOOK_SECRET, publishable_key="pk")
    made: pb.CardAccount = alice.call("PaymentService.SetCardAccount", request)
    return made


def euros(minor: int, currency: str = "EUR") -> Money:
    return Money(currency_code=currency, amount_minor=minor)


def pay(person: Person, order: orders.Order, minor: int, *, payment_id: str = "", **given: Any) -> pb.Payment:
    request = pb.RecordPaymentRequest(
        id=payment_id, order_id=order.id, method="cash", amount=euros(minor, given.pop("currency", "EUR")), **given
    )
    made: pb.Payment = person.call("PaymentService.RecordPayment", request)
    return made


def by_card(person: Person, order: orders.Order, payment_id: str = "") -> pb.StartCardPaymentResponse:
    request = pb.StartCardPaymentRequest(id=payment_id or str(uuid7()), order_id=order.id)
    made: pb.StartCardPaymentResponse = person.call("PaymentService.StartCardPayment", request)
    return made


def give_back(person: Person, paid: pb.Payment, minor: int = 0, *, refund_id: str = "") -> pb.Refund:
    amount = euros(minor) if minor else None
    request = pb.RefundPaymentRequest(payment_id=paid.id, id=refund_id or str(uuid7()), amount=amount)
    made: pb.Refund = person.call("PaymentService.RefundPayment", request)
    return made


def payment(person: Person, payment_id: str) -> pb.Payment:
    found: pb.Payment = person.call("PaymentService.GetPayment", pb.GetPaymentRequest(id=payment_id))
    return found


def tell(person: Person, account: pb.CardAccount, body: bytes, signature: str) -> None:
    from base64 import urlsafe_b64decode

    address = urlsafe_b64decode(account.webhook_path.rpartition("/")[2] + "=")
    assert UUID(bytes=address[:16]) == person.tenant_id
    request = hooks.ReceivePaymentEventRequest(account_id=str(UUID(bytes=address[16:])), body=body, signature=signature)
    person.call("PaymentEventService.ReceivePaymentEvent", request)


def test_an_order_that_is_handed_over_and_paid_completes_by_itself(alice: Person, bob: Person, shop: Shop) -> None:
    order = place(alice, item(shop.red, 1), channel="pos", fulfilled=True)
    pay(alice, order, 200)
    assert get(alice, order.id).payment_status == "partially_paid"
    assert refused(pay, alice, order, 1_001).metadata["due_minor"] == "1000"
    assert refused(pay, alice, order, 100, currency="USD").reason == "OTHER_CURRENCY"
    assert refused(pay, alice, order, -5).reason == "MORE_THAN_DUE"
    assert refused(pay, bob, order, 100).reason == "ORDER_NOT_FOUND"
    pay(alice, order, 1_000)
    done = get(alice, order.id)
    assert (done.payment_status, done.status, done.paid_amount.amount_minor) == ("paid", "completed", 1_200)
    assert refused(pay, alice, order, 1).reason == "NOTHING_DUE"


def test_a_payment_of_one_id_comes_once(alice: Person, shop: Shop) -> None:
    order, other = (place(alice, item(shop.red, 1)) for _ in range(2))
    payment_id = str(uuid7())
    assert pay(alice, order, 500, payment_id=payment_id) == pay(alice, order, 500, payment_id=payment_id)
    assert get(alice, order.id).paid_amount.amount_minor == 500
    assert refused(pay, alice, other, 500, payment_id=payment_id).reason == "ID_TAKEN"


def test_no_more_is_given_back_than_came(alice: Person, shop: Shop) -> None:
    order = place(alice, item(shop.red, 1))
    paid = pay(alice, order, 1_200)
    assert refused(step, alice, "Cancel", order).reason == "ORDER_PAID"
    refund_id = str(uuid7())
    assert give_back(alice, paid, 500, refund_id=refund_id) == give_back(alice, paid, 500, refund_id=refund_id)
    assert refused(give_back, alice, paid, 701).metadata["left_minor"] == "700"
    assert get(alice, order.id).payment_status == "partially_refunded"
    assert give_back(alice, paid).amount.amount_minor == 700
    assert get(alice, order.id).payment_status == "refunded"
    assert refused(give_back, alice, paid).reason == "MORE_THAN_PAID"
    assert step(alice, "Cancel", order).status == "canceled"


def test_a_double_click_on_pay_begins_one_payment(alice: Person, shop: Shop, account: pb.CardAccount) -> None:
    order = place(alice, item(shop.red, 1))
    payment_id = str(uuid7())
    first, again = by_card(alice, order, payment_id), by_card(alice, order, payment_id)
    assert first.client_secret == again.client_secret != ""
    assert (first.publishable_key, first.payment.status) == ("pk", "pending")
    assert refused(by_card, alice, order).reason == "NOTHING_DUE"
    assert refused(pay, alice, order, 100).reason == "NOTHING_DUE"
    given_up = alice.call("PaymentService.CancelPayment", pb.CancelPaymentRequest(id=payment_id))
    assert given_up.status == "canceled"
    assert by_card(alice, order).payment.status == "pending"


def test_a_provider_that_does_not_answer_is_asked_again_and_pays_once(
    alice: Person, shop: Shop, account: pb.CardAccount, bank: Bank
) -> None:
    order = place(alice, item(shop.red, 1))
    payment_id = str(uuid7())
    bank.faults = [503]
    assert refused(by_card, alice, order, payment_id).reason == "CARD_PROVIDER_AWAY"
    begun = by_card(alice, order, payment_id)
    assert [one["id"] for one in bank.intents.values() if one["metadata"]["payment_id"] == payment_id] == [
        payment(alice, payment_id).provider_reference
    ]
    assert begun.payment.amount.amount_minor == 1_200
    declined = place(alice, item(shop.red, 1))
    bank.faults = [402]
    error = refused(by_card, alice, declined)
    assert (error.reason, error.metadata["code"]) == ("CARD_DECLINED", "insufficient_funds")
    assert by_card(alice, declined).payment.status == "pending"


def test_webhooks_repeated_late_and_in_any_order_capture_once(
    alice: Person, shop: Shop, account: pb.CardAccount, bank: Bank
) -> None:
    order = place(alice, item(shop.red, 1))
    begun = by_card(alice, order).payment
    reference = payment(alice, begun.id).provider_reference
    thing = bank.intents[reference] | {"status": "succeeded", "amount_received": 1_200}
    now = time.time()
    captured = bank.signed("payment_intent.succeeded", thing, event_id=f"evt_{begun.id}", at=now)
    tell(alice, account, *captured)
    tell(alice, account, *captured)
    tell(alice, account, *bank.signed("payment_intent.succeeded", thing, event_id=f"evt_2{begun.id}", at=now))
    tell(alice, account, *bank.signed("payment_intent.canceled", thing, event_id=f"evt_3{begun.id}", at=now))
    assert payment(alice, begun.id).status == "captured"
    assert get(alice, order.id).paid_amount.amount_minor == 1_200
    refund = give_back(alice, begun, 200)
    there = bank.refunds[refund.provider_reference]
    tell(alice, account, *bank.signed("refund.updated", there, event_id=f"evt_4{begun.id}", at=now))
    by_hand = there | {"id": f"re_hand{begun.id}", "amount": 300, "metadata": {}}
    tell(alice, account, *bank.signed("refund.created", by_hand, event_id=f"evt_5{begun.id}", at=now))
    tell(alice, account, *bank.signed("refund.updated", by_hand, event_id=f"evt_6{begun.id}", at=now))
    assert [one.amount.amount_minor for one in payment(alice, begun.id).refunds] == [200, 300]
    assert get(alice, order.id).refunded_amount.amount_minor == 500


def test_forged_webhooks_change_nothing(
    alice: Person, bob: Person, shop: Shop, account: pb.CardAccount, bank: Bank
) -> None:
    order = place(alice, item(shop.red, 1))
    begun = by_card(alice, order).payment
    reference = payment(alice, begun.id).provider_reference
    thing = bank.intents[reference] | {"status": "succeeded", "amount_received": 1_200}
    now = time.time()
    body, signature = bank.signed("payment_intent.succeeded", thing, event_id="evt_f", at=now)
    _, late = bank.signed("payment_intent.succeeded", thing, event_id="evt_f", at=now - 301)
    for wrong_body, wrong in [
        (body + b" ", signature), (body, ""), (body, "t=1,v1=00"), (body, late), (body, signature.replace("t=", "t=1")),
    ]:  # fmt: skip
        assert refused(tell, alice, account, wrong_body, wrong).reason == "FORGED_WEBHOOK"
    request = hooks.ReceivePaymentEventRequest(account_id=str(uuid7()), body=body, signature=signature)
    assert refused(bob.call, "PaymentEventService.ReceivePaymentEvent", request).reason == "CARD_ACCOUNT_NOT_FOUND"
    assert payment(alice, begun.id).status == "pending"


def test_a_card_refund_survives_a_provider_that_is_away(
    alice: Person, shop: Shop, account: pb.CardAccount, bank: Bank
) -> None:
    order = place(alice, item(shop.red, 1))
    begun = by_card(alice, order).payment
    thing = bank.intents[payment(alice, begun.id).provider_reference] | {
        "status": "succeeded",
        "amount_received": 1_200,
    }
    tell(alice, account, *bank.signed("payment_intent.succeeded", thing, event_id=f"evt_{begun.id}", at=time.time()))
    refund_id = str(uuid7())
    bank.faults = [503]
    assert refused(give_back, alice, begun, 700, refund_id=refund_id).reason == "CARD_PROVIDER_AWAY"
    assert refused(give_back, alice, begun, 501).reason == "MORE_THAN_PAID"
    assert give_back(alice, begun, 700, refund_id=refund_id).status == "succeeded"
    assert len([one for one in bank.refunds.values() if one["metadata"]["refund_id"] == refund_id]) == 1
    bank.faults = [402]
    assert refused(give_back, alice, begun, 500).reason == "REFUND_DECLINED"
    assert get(alice, order.id).refunded_amount.amount_minor == 700
    assert give_back(alice, begun, 500).status == "succeeded"


def test_secrets_of_the_card_account_are_never_shown_and_are_set_by_administrators(
    alice: Person, house: House, account: pb.CardAccount
) -> None:
    shown = alice.call("PaymentService.GetCardAccount", pb.GetCardAccountRequest())
    assert (shown.has_secret_key, shown.has_webhook_secret, "sk" in str(shown).split('"')) == (True, True, False)
    seller = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    assert refused(seller.call, "PaymentService.GetCardAccount", pb.GetCardAccountRequest()).reason == "MISSING_SCOPE"
