"""Invoices and returns over gRPC: locked once issued, paid, late, credited; goods that come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import recorded
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.sales.v1 import invoice_pb2 as pb
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import payment_pb2 as payments
from funia.sales.v1 import return_pb2 as returns
from google.protobuf.field_mask_pb2 import FieldMask
from sales.usecases.invoices import fall_due
from sales.usecases.prices import today

from .companies import customer, settle
from .shop import Shop, open_shop
from .test_lines import item
from .test_orders import get, on_hand, place, step, track
from .test_payments import euros, pay

_YESTERDAY = text("UPDATE invoice SET due_on = %(day)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")
_CHANGE = text("UPDATE invoice SET gross_amount_minor = 1 WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")
_CHANGE_LINE = text(
    "UPDATE invoice_line SET net_minor = 1 WHERE tenant_id = %(tenant_id)s AND invoice_id = %(id)s", "tenant_id"
)


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


def invoice_of(person: Person, order: orders.Order, *parts: tuple[int, int]) -> pb.Invoice:
    """A draft over these quantities of these lines, by their places."""
    asked = [orders.LineQuantity(line_id=order.lines[at].id, quantity_milli=count * 1_000) for at, count in parts]
    request = pb.CreateInvoiceFromOrderRequest(order_id=order.id, lines=asked)
    made: pb.Invoice = person.call("InvoiceService.CreateInvoiceFromOrder", request)
    return made


def do(person: Person, verb: str, one: pb.Invoice, **given: Any) -> pb.Invoice:
    request = getattr(pb, f"{verb}InvoiceRequest")(id=one.id, **given)
    moved: pb.Invoice = person.call(f"InvoiceService.{verb}Invoice", request)
    return moved


def read(person: Person, one: pb.Invoice) -> pb.Invoice:
    found: pb.Invoice = person.call("InvoiceService.GetInvoice", pb.GetInvoiceRequest(id=one.id))
    return found


def credit(person: Person, one: pb.Invoice, *parts: tuple[int, int]) -> pb.Invoice:
    asked = [orders.LineQuantity(line_id=one.lines[at].id, quantity_milli=count * 1_000) for at, count in parts]
    request = pb.CreditInvoiceRequest(invoice_id=one.id, lines=asked, reason="Damaged")
    made: pb.Invoice = person.call("InvoiceService.CreditInvoice", request)
    return made


def pay_invoice(person: Person, one: pb.Invoice, minor: int) -> payments.Payment:
    request = payments.RecordPaymentRequest(invoice_id=one.id, method="transfer", amount=euros(minor))
    made: payments.Payment = person.call("PaymentService.RecordPayment", request)
    return made


def test_invoices_of_an_order_add_up_to_it(alice: Person, bob: Person, shop: Shop) -> None:
    order = place(alice, item(shop.red, 3, unit_micros=3_333_300), item(shop.blue, 1))
    parts = [invoice_of(alice, order, (0, 1)), invoice_of(alice, order, (0, 1)), invoice_of(alice, order)]
    assert [[line.quantity_milli for line in one.lines] for one in parts] == [[1_000], [1_000], [1_000, 1_000]]
    for name in ("net_amount", "tax_amount", "gross_amount"):
        assert sum(getattr(one, name).amount_minor for one in parts) == getattr(order, name).amount_minor
    for line in [line for one in parts for line in one.lines]:
        assert line.list_minor - line.rule_minor - line.discounted_minor == line.net_minor
    assert refused(invoice_of, alice, order).reason == "NOTHING_LEFT"
    assert refused(invoice_of, bob, order).reason == "ORDER_NOT_FOUND"
    do(alice, "Void", parts[0], reason="Typo")
    again = invoice_of(alice, order)
    assert again.gross_amount.amount_minor == parts[0].gross_amount.amount_minor
    assert refused(step, alice, "Cancel", order).reason == "ORDER_INVOICED"


def test_an_issued_invoice_has_its_number_and_never_changes(alice: Person, database: Database, shop: Shop) -> None:
    draft = invoice_of(alice, place(alice, item(shop.red, 1)))
    change = pb.Invoice(id=draft.id, customer_name="Acme Ltd", customer_address="Sofia")
    mask = FieldMask(paths=["customer_name", "customer_address"])
    alice.call("InvoiceService.UpdateInvoice", pb.UpdateInvoiceRequest(invoice=change, update_mask=mask))
    issued = do(alice, "Issue", draft)
    assert (issued.status, issued.number[-5:], issued.customer_name) == ("issued", "00001", "Acme Ltd")
    assert issued.due_on > issued.issued_on
    request = pb.UpdateInvoiceRequest(invoice=change, update_mask=mask)
    assert refused(alice.call, "InvoiceService.UpdateInvoice", request).reason == "WRONG_STATE"
    assert refused(do, alice, "Issue", draft).metadata["possible"] == "void, pay, fall due, write off, credit"
    for statement in (_CHANGE, _CHANGE_LINE):
        with pytest.raises(psycopg.errors.RaiseException), database.open_work(Caller.system(alice.tenant_id)) as work:
            work.execute(statement, id=UUID(issued.id))
    assert read(alice, issued).gross_amount.amount_minor == 1_200
    kinds = [one.type for one in recorded(database, alice.tenant_id) if "invoice" in one.type]
    assert kinds == ["sales.invoice.created", "sales.invoice.issued"]


def test_a_payment_of_an_invoice_pays_its_order(alice: Person, shop: Shop) -> None:
    order = place(alice, item(shop.red, 2))
    first, second = invoice_of(alice, order, (0, 1)), invoice_of(alice, order)
    assert refused(pay_invoice, alice, first, 100).reason == "WRONG_STATE"
    first, second = do(alice, "Issue", first), do(alice, "Issue", second)
    pay_invoice(alice, first, 500)
    assert (read(alice, first).status, read(alice, first).open_amount.amount_minor) == ("partially_paid", 700)
    assert refused(pay_invoice, alice, first, 701).reason == "MORE_THAN_DUE"
    pay_invoice(alice, first, 700)
    assert (read(alice, first).status, get(alice, order.id).payment_status) == ("paid", "partially_paid")
    pay(alice, order, 1_000)
    assert refused(pay_invoice, alice, second, 1_200).metadata["due_minor"] == "200"


def test_an_invoice_is_overdue_when_its_last_day_is_over_and_not_before(
    alice: Person, database: Database, shop: Shop
) -> None:
    account = customer(database, alice.tenant_id, "account")
    order = place(alice, item(shop.red, 1), account_id=account)
    draft = invoice_of(alice, order)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_YESTERDAY, id=UUID(draft.id), day=today(work) - timedelta(days=31))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        fall_due(work, UUID(draft.id))
    assert read(alice, draft).status == "draft"
    late = do(alice, "Issue", draft)
    assert late.status == "overdue"
    on_time = do(alice, "Issue", invoice_of(alice, place(alice, item(shop.blue, 1), account_id=account)))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        fall_due(work, UUID(on_time.id))
    assert read(alice, on_time).status == "issued"
    owed = alice.call("InvoiceService.GetReceivablesAgeing", pb.GetReceivablesAgeingRequest()).customers
    assert [(one.customer_id, one.not_due_minor, one.days_60_minor, one.invoice_count) for one in owed] == [
        (account, 1_440, 1_200, 2)
    ]
    pay_invoice(alice, late, 1_200)
    assert read(alice, late).status == "paid"
    assert do(alice, "WriteOff", on_time, reason="Bankrupt").status == "written_off"
    assert not alice.call("InvoiceService.GetReceivablesAgeing", pb.GetReceivablesAgeingRequest()).customers


def test_credit_notes_take_back_parts_and_never_more(alice: Person, shop: Shop) -> None:
    issued = do(alice, "Issue", invoice_of(alice, place(alice, item(shop.red, 3, unit_micros=3_333_300))))
    first = credit(alice, issued, (0, 1))
    assert (first.kind, first.status, first.number[:3], first.credited_invoice_id) == (
        "credit_note", "issued", "CN-", issued.id,
    )  # fmt: skip
    assert refused(credit, alice, issued, (0, 3)).violations[0].reason == "MORE_THAN_LEFT"
    rest = credit(alice, issued)
    assert first.gross_amount.amount_minor + rest.gross_amount.amount_minor == issued.gross_amount.amount_minor
    done = read(alice, issued)
    assert (done.status, done.open_amount.amount_minor) == ("paid", 0)
    assert refused(do, alice, "Void", issued).reason == "WRONG_STATE"
    assert refused(credit, alice, first).reason == "CREDIT_OF_CREDIT"


def ask_back(person: Person, order: orders.Order, at: int, count: int, **given: Any) -> returns.ReturnOrder:
    line = orders.LineQuantity(line_id=order.lines[at].id, quantity_milli=count * 1_000)
    request = returns.RequestReturnRequest(order_id=order.id, lines=[line], **given)
    made: returns.ReturnOrder = person.call("ReturnService.RequestReturn", request)
    return made


def go(person: Person, verb: str, one: returns.ReturnOrder, **given: Any) -> returns.ReturnOrder:
    request = getattr(returns, f"{verb}ReturnRequest")(id=one.id, **given)
    moved: returns.ReturnOrder = person.call(f"ReturnService.{verb}Return", request)
    return moved


def inspected(person: Person, one: returns.ReturnOrder, **given: Any) -> returns.ReturnOrder:
    go(person, "Authorize", one)
    go(person, "Receive", one)
    return go(person, "Inspect", one, **given)


def test_returns_give_back_parts_that_add_up_to_what_was_paid(alice: Person, bob: Person, shop: Shop) -> None:
    track(alice, shop, 3)
    order = place(alice, item(shop.red, 3, unit_micros=3_333_300), fulfilled=True)
    paid = pay(alice, order, order.gross_amount.amount_minor)
    return_id = str(uuid7())
    first = ask_back(alice, order, 0, 1, id=return_id, reason="Broken")
    assert ask_back(alice, order, 0, 1, id=return_id) == first
    assert refused(ask_back, alice, order, 0, 3).violations[0].reason == "MORE_THAN_LEFT"
    assert refused(go, bob, "Authorize", first).reason == "RETURN_NOT_FOUND"
    assert refused(go, alice, "Receive", first).metadata["possible"] == "authorize, reject"
    judged = returns.ReturnLine(line_id=order.lines[0].id, quantity_milli=1_000, accepted_milli=1_000)
    broken = inspected(alice, first, lines=[judged])
    assert on_hand(alice, shop) == 0
    assert go(alice, "Refund", broken).status == "refunded"
    assert get(alice, order.id).status == "partially_returned"
    rest = inspected(alice, ask_back(alice, order, 0, 2))
    assert on_hand(alice, shop) == 2_000
    assert go(alice, "Refund", rest, payment_id=paid.id).status == "refunded"
    assert go(alice, "Refund", rest).status == "refunded"
    assert broken.amount.amount_minor + rest.amount.amount_minor == order.gross_amount.amount_minor
    done = get(alice, order.id)
    assert (done.status, done.payment_status) == ("returned", "refunded")


def test_goods_are_exchanged_for_others_worth_as_much(alice: Person, shop: Shop) -> None:
    order = place(alice, item(shop.red, 1), fulfilled=True)
    pay(alice, order, 1_200)
    back = inspected(alice, ask_back(alice, order, 0, 1))
    cheaper = orders.Order(lines=[item(shop.red, 1, discount_basis_points=5_000)])
    assert refused(go, alice, "Exchange", back, order=cheaper).reason == "WORTH_LESS"
    exchanged = go(alice, "Exchange", back, order=orders.Order(lines=[item(shop.blue, 1)]))
    other = get(alice, exchanged.exchange_order_id)
    assert (other.gross_amount.amount_minor, other.paid_amount.amount_minor) == (1_440, 1_200)
    assert get(alice, order.id).payment_status == "refunded"
    assert other.number[-5:] == "00002"


def test_a_rejected_return_gives_nothing_and_its_goods_may_be_asked_for_again(alice: Person, shop: Shop) -> None:
    order = place(alice, item(shop.red, 1), fulfilled=True)
    back = ask_back(alice, order, 0, 1)
    assert go(alice, "Reject", back, note="Worn").note == "Worn"
    again = inspected(alice, ask_back(alice, order, 0, 1))
    assert refused(go, alice, "Refund", again).reason == "MORE_THAN_PAID"
    assert refused(go, alice, "Reject", again).reason == "TAKEN_BACK"
