"""What was paid for an order or an invoice, what was given back, and the goods of an order that come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from chassis.errors import FuniaError, NotFound
from flask import Blueprint, Response, make_response, render_template, request
from funia.sales.v1 import order_pb2, payment_pb2, payment_pb2_grpc, return_pb2, return_pb2_grpc

from gateway.console.amounts import SCALES, money_of
from gateway.console.backend import call, form_key, stubs
from gateway.console.fields import Field
from gateway.console.formats import format_decimal_places
from gateway.console.guard import needs
from gateway.console.i18n import Lazy, lazy
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.selling_fields import PAID_BY
from gateway.console.values import Record
from gateway.console.views.record_lines import QUANTITY, number
from gateway.console.words import say, violations

READS = "sales.read"
SELLS = "sales.write"
OWNERS = '"orders", "invoices"'
PAGE = f"/<any({OWNERS}):plural>/<uuid:record_id>/money"
PAID: Mapping[str, Lazy] = {
    "pending": lazy("On its way"),
    "authorized": lazy("Promised"),
    "captured": lazy("Received"),
    "failed": lazy("Failed"),
    "canceled": lazy("Canceled"),
    "partially_refunded": lazy("Partly paid back"),
    "refunded": lazy("Paid back"),
    "succeeded": lazy("Paid back"),
    "requested": lazy("On its way"),
}
RETURNING: Mapping[str, Lazy] = {
    "requested": lazy("Asked for"),
    "authorized": lazy("Agreed to"),
    "received": lazy("Arrived"),
    "inspected": lazy("Looked over"),
    "refunded": lazy("Paid back"),
    "exchanged": lazy("Exchanged"),
    "rejected": lazy("Rejected"),
}
STEPS: Mapping[str, tuple[tuple[str, Lazy], ...]] = {
    "requested": (("authorize", lazy("Agree to it")), ("reject", lazy("Reject"))),
    "authorized": (("receive", lazy("It has arrived")), ("reject", lazy("Reject"))),
    "received": (("inspect", lazy("All is well")), ("reject", lazy("Reject"))),
    "inspected": (("refund", lazy("Pay it back")), ("reject", lazy("Reject"))),
}
"""What can be done with a return, by its state."""
GIVEN_OUT = frozenset({"partially_fulfilled", "fulfilled", "completed", "partially_returned"})
TAKES_MONEY = GIVEN_OUT | {"confirmed"}
UNPAID = frozenset({"unpaid", "partially_paid"})
OWED = frozenset({"issued", "partially_paid", "overdue"})
_AMOUNT = Field("amount", lazy("Amount"), "money")


def add(blueprint: Blueprint) -> None:
    page = PAGE
    blueprint.add_url_rule(page, "order_money", order_money)
    blueprint.add_url_rule(f"{page}/refunds/<uuid:payment_id>", "payment_refund", payment_refund, methods=["POST"])
    blueprint.add_url_rule("/orders/<uuid:record_id>/returns", "return_request", return_request, methods=["POST"])
    blueprint.add_url_rule(
        "/orders/<uuid:record_id>/returns/<uuid:return_id>/<step>", "return_step", return_step, methods=["POST"]
    )


def payments() -> payment_pb2_grpc.PaymentServiceStub:
    return stubs().sales(payment_pb2_grpc.PaymentServiceStub)


def returns() -> return_pb2_grpc.ReturnServiceStub:
    return stubs().sales(return_pb2_grpc.ReturnServiceStub)


@needs(READS)
def order_money(plural: str, record_id: object) -> Response:
    return part(plural, str(record_id))


@needs(SELLS)
def payment_refund(plural: str, record_id: object, payment_id: object) -> Response:
    """Gives a payment back, all of it where no amount is written."""

    def give_back() -> None:
        # The same form sent twice is the same refund.
        refund_id = str(uuid5(NAMESPACE_OID, form_key()))
        message = payment_pb2.RefundPaymentRequest(
            payment_id=str(payment_id), id=refund_id, reason=request.form.get("reason", "").strip()
        )
        if text := request.form.get("amount", "").strip():
            message.amount.CopyFrom(money_of(_AMOUNT, text, request.form.get("currency", "")))
        call(payments().RefundPayment, message, idempotency_key=form_key())

    return done(plural, str(record_id), give_back)


@needs(SELLS)
def return_request(record_id: object) -> Response:
    """Asks for goods to come back: the quantities that were written."""

    def ask() -> None:
        form = request.form
        wanted = [
            order_pb2.LineQuantity(line_id=line_id, quantity_milli=number(text, QUANTITY, "lines"))
            for line_id, text in zip(form.getlist("line_id"), form.getlist("quantity"), strict=False)
            if text.strip() and text.strip() != "0"
        ]
        message = return_pb2.RequestReturnRequest(
            order_id=str(record_id), lines=wanted, reason=form.get("reason", "").strip()
        )
        call(returns().RequestReturn, message, idempotency_key=form_key())

    return done("orders", str(record_id), ask)


@needs(SELLS)
def return_step(record_id: object, return_id: object, step: str) -> Response:
    """Takes a return one step on."""
    methods: Mapping[str, tuple[Callable[[], Any], Callable[..., Any]]] = {
        "authorize": (lambda: returns().AuthorizeReturn, return_pb2.AuthorizeReturnRequest),
        "receive": (lambda: returns().ReceiveReturn, return_pb2.ReceiveReturnRequest),
        "inspect": (lambda: returns().InspectReturn, return_pb2.InspectReturnRequest),
        "refund": (lambda: returns().RefundReturn, return_pb2.RefundReturnRequest),
        "reject": (lambda: returns().RejectReturn, return_pb2.RejectReturnRequest),
    }
    if step not in methods:
        raise NotFound("There is no such step.", reason="NOT_FOUND")
    method, message = methods[step]
    return done(
        "orders", str(record_id), lambda: call(method(), message(id=str(return_id)), idempotency_key=form_key())
    )


def done(plural: str, record_id: str, act: Callable[[], object]) -> Response:
    """The part anew after an act; what was refused is said on it."""
    try:
        act()
    except FuniaError as error:
        said = " ".join(violations(error).values()) if error.violations else say(error)
        return part(plural, record_id, said, HTTP_STATUS[error.kind])
    answer = part(plural, record_id)
    answer.headers["HX-Refresh"] = "true"
    return answer


def part(plural: str, record_id: str, problem: str = "", status: int = 200) -> Response:
    record = KINDS[plural].get(record_id)
    of_order = plural == "orders"
    asked = payment_pb2.ListPaymentsRequest(**{"order_id" if of_order else "invoice_id": record_id})
    shown = render_template(
        "console/order_money.html",
        record=record,
        plural=plural,
        payments=call(payments().ListPayments, asked).payments,
        returns=call(returns().ListReturns, return_pb2.ListReturnsRequest(order_id=record_id)).returns
        if of_order
        else (),
        returnable=returnable(record) if of_order and record.status in GIVEN_OUT else (),
        methods=PAID_BY,
        paid=PAID,
        returning=RETURNING,
        steps=STEPS,
        quantity=lambda milli: format_decimal_places(milli, SCALES["quantity"]),
        cards=takes_cards(plural, record),
        problem=problem,
    )
    return make_response(shown, status)


def takes_cards(plural: str, record: Record) -> bool:
    """Whether something is still to be paid, which points or a gift card could."""
    if plural == "orders":
        return record.payment_status in UNPAID and record.status in TAKES_MONEY
    return record.status in OWED and record.kind != "credit_note"


def returnable(order: Record) -> list[tuple[Any, int]]:
    """The lines of which something was handed over and not yet brought back, with how much."""
    left = [(line, line.fulfilled_milli - line.returned_milli) for line in order.lines]
    return [(line, milli) for line, milli in left if milli > 0]
