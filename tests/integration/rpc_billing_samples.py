"""Sample requests for orders, invoices, payments and returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import uuid4

from funia.sales.v1 import invoice_pb2 as invoices
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import payment_event_pb2 as payment_events
from funia.sales.v1 import payment_pb2 as payments
from funia.sales.v1 import return_pb2 as returns
from funia.type.v1.money_pb2 import Money
from rpc_sales_samples import _fulfilled_id, _records
from rpc_world import Sample, World


def _placed(world: World) -> orders.Order:
    request = orders.GetOrderRequest(id=_fulfilled_id(world))
    return cast(orders.Order, world.call("sales.v1.OrderService", "GetOrder", request))


def _invoice(world: World) -> invoices.Invoice:
    return invoices.Invoice(currency_code="EUR", note=world.mark, lines=_placed(world).lines)


def _drafted(world: World) -> str:
    request = invoices.CreateInvoiceFromOrderRequest(order_id=_placed(world).id)
    return cast(invoices.Invoice, world.call("sales.v1.InvoiceService", "CreateInvoiceFromOrder", request)).id


def _issued(world: World) -> str:
    draft = _drafted(world)
    world.call("sales.v1.InvoiceService", "IssueInvoice", invoices.IssueInvoiceRequest(id=draft))
    return draft


def _to_pay(world: World) -> payments.RecordPaymentRequest:
    amount = Money(currency_code="EUR", amount_minor=100)
    return payments.RecordPaymentRequest(order_id=_placed(world).id, method="cash", amount=amount)


def _paid(world: World) -> payments.Payment:
    return cast(payments.Payment, world.call("sales.v1.PaymentService", "RecordPayment", _to_pay(world)))


def _to_return(world: World) -> returns.RequestReturnRequest:
    order = _placed(world)
    line = orders.LineQuantity(line_id=order.lines[0].id, quantity_milli=1_000)
    return returns.RequestReturnRequest(order_id=order.id, lines=[line])


def _returned(world: World, *steps: str) -> str:
    made: Any = world.call("sales.v1.ReturnService", "RequestReturn", _to_return(world))
    for verb in steps:
        request = getattr(returns, f"{verb}ReturnRequest")(id=made.id)
        world.call("sales.v1.ReturnService", f"{verb}Return", request)
    return cast(str, made.id)


def _refundable(world: World) -> str:
    """A return of a paid order, inspected."""
    order = _placed(world)
    request = payments.RecordPaymentRequest(order_id=order.id, method="cash", amount=order.gross_amount)
    world.call("sales.v1.PaymentService", "RecordPayment", request)
    line = orders.LineQuantity(line_id=order.lines[0].id, quantity_milli=1_000)
    asked = returns.RequestReturnRequest(order_id=order.id, lines=[line])
    made: Any = world.call("sales.v1.ReturnService", "RequestReturn", asked)
    for verb in ("Authorize", "Receive", "Inspect"):
        world.call("sales.v1.ReturnService", f"{verb}Return", getattr(returns, f"{verb}ReturnRequest")(id=made.id))
    return cast(str, made.id)


def _exchange(world: World) -> returns.ExchangeReturnRequest:
    other = orders.Order(currency_code="EUR", lines=_placed(world).lines)
    return returns.ExchangeReturnRequest(id=_refundable(world), order=other)


def _card_account(world: World) -> payments.SetCardAccountRequest:
    return payments.SetCardAccountRequest(publishable_key="pk")


def _kept_account(world: World) -> payments.GetCardAccountRequest:
    world.call("sales.v1.PaymentService", "SetCardAccount", _card_account(world))
    return payments.GetCardAccountRequest()


def _ageing(world: World) -> invoices.GetReceivablesAgeingRequest:
    _issued(world)
    return invoices.GetReceivablesAgeingRequest()


def _to_start(world: World) -> payments.StartCardPaymentRequest:
    """A payment that no provider is asked for: the account has no key."""
    return payments.StartCardPaymentRequest(id=str(uuid4()), order_id=_placed(world).id)


def _of(service: str, samples: dict[str, Callable[[World], Any]]) -> dict[str, Sample]:
    return {f"/funia.sales.v1.{service}/{name}": Sample(make) for name, make in samples.items()}


BILLING_SAMPLES: dict[str, Sample] = {
    **_records(invoices.DESCRIPTOR, "Invoice", _invoice, {"note": "Changed"}),
    **_of(
        "InvoiceService",
        {
            "CreateInvoiceFromOrder": lambda w: invoices.CreateInvoiceFromOrderRequest(order_id=_placed(w).id),
            "IssueInvoice": lambda w: invoices.IssueInvoiceRequest(id=_drafted(w)),
            "VoidInvoice": lambda w: invoices.VoidInvoiceRequest(id=_drafted(w)),
            "WriteOffInvoice": lambda w: invoices.WriteOffInvoiceRequest(id=_issued(w), reason="Gone"),
            "CreditInvoice": lambda w: invoices.CreditInvoiceRequest(invoice_id=_issued(w), reason="Damaged"),
        },
    ),
    "/funia.sales.v1.InvoiceService/GetReceivablesAgeing": Sample(_ageing),
    **_of(
        "PaymentService",
        {
            "GetPayment": lambda w: payments.GetPaymentRequest(id=_paid(w).id),
            "ListPayments": lambda w: payments.ListPaymentsRequest(order_id=_paid(w).order_id),
            "RecordPayment": _to_pay,
            "RefundPayment": lambda w: payments.RefundPaymentRequest(payment_id=_paid(w).id, id=str(uuid4())),
        },
    ),
    "/funia.sales.v1.PaymentService/SetCardAccount": Sample(_card_account, ours=True),
    "/funia.sales.v1.PaymentService/GetCardAccount": Sample(_kept_account, ours=True),
    "/funia.sales.v1.PaymentService/StartCardPayment": Sample(_to_start, refused="NO_CARD_ACCOUNT"),
    "/funia.sales.v1.PaymentService/CancelPayment": Sample(
        lambda w: payments.CancelPaymentRequest(id=_paid(w).id), refused="CAPTURED"
    ),
    # The gateway alone has its scope, which nobody can be given.
    "/funia.sales.v1.PaymentEventService/ReceivePaymentEvent": Sample(
        lambda _: payment_events.ReceivePaymentEventRequest(account_id=str(uuid4())), ours=True, refused="MISSING_SCOPE"
    ),
    **_of(
        "ReturnService",
        {
            "GetReturn": lambda w: returns.GetReturnRequest(id=_returned(w)),
            "ListReturns": lambda w: returns.ListReturnsRequest(
                order_id=cast(
                    returns.ReturnOrder,
                    w.call("sales.v1.ReturnService", "GetReturn", returns.GetReturnRequest(id=_returned(w))),
                ).order_id
            ),
            "RequestReturn": _to_return,
            "AuthorizeReturn": lambda w: returns.AuthorizeReturnRequest(id=_returned(w)),
            "ReceiveReturn": lambda w: returns.ReceiveReturnRequest(id=_returned(w, "Authorize")),
            "InspectReturn": lambda w: returns.InspectReturnRequest(id=_returned(w, "Authorize", "Receive")),
            "RejectReturn": lambda w: returns.RejectReturnRequest(id=_returned(w)),
            "RefundReturn": lambda w: returns.RefundReturnRequest(id=_refundable(w)),
            "ExchangeReturn": _exchange,
        },
    ),
}
