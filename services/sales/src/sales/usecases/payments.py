"""Money that comes, for an order, for an invoice, or for both.

Locks are taken in this order: order, invoice, payment. A payment that was begun keeps its place: what is pending cannot
be paid a second time, and the same id never pays twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound, Violation, invalid_field
from chassis.work import Row, Work

from sales.events import payment_event
from sales.queries import billing as queries
from sales.queries.billing import PAYMENTS
from sales.records import INVOICE, INVOICES, ORDER, ORDERS
from sales.usecases import invoices, orders
from sales.usecases.states import INVOICE as INVOICE_STEPS
from sales.usecases.states import ORDER as ORDER_STEPS

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Debt:
    """What a payment is for, locked."""

    order: Row | None
    invoice: Row | None

    @property
    def currency(self) -> str:
        """Currency it is paid in."""
        currency: str = (self.invoice or self.order).currency_code  # type: ignore[union-attr]
        return currency

    @property
    def ids(self) -> dict[str, UUID | None]:
        """Columns of a payment that name it."""
        return {
            "order_id": None if self.order is None else self.order.id,
            "invoice_id": None if self.invoice is None else self.invoice.id,
        }

    def due(self, work: Work) -> int:
        """What is still to be paid and not on its way. Raises Conflict where it cannot be paid."""
        dues = []
        if self.order is not None:
            ORDER_STEPS.after("pay", self.order.status)
            dues.append(self.order.gross_amount_minor - self.order.paid_amount_minor)
        if self.invoice is not None:
            if self.invoice.kind != "invoice":
                raise Conflict("A credit note is not paid. Refund the payment of its invoice.", reason="CREDIT_NOTE")
            INVOICE_STEPS.after("pay", self.invoice.status)
            dues.append(self.invoice.open_amount_minor)
        return int(min(dues)) - queries.pending(work, **self.ids)

    def settle(self, work: Work, *, paid: int = 0, refunded: int = 0) -> None:
        """Adds to what was paid or given back."""
        if self.order is not None:
            orders.settle(work, self.order, paid=paid, refunded=refunded)
        if self.invoice is not None:
            invoices.settle(work, self.invoice, paid=paid, refunded=refunded)


def debt(work: Work, order_id: UUID | None, invoice_id: UUID | None, *, lock: bool = True) -> Debt:
    """What is to be paid. Raises NotFound, InvalidArgument where neither is named."""
    if order_id is None and invoice_id is None:
        raise invalid_field("order_id", "name an order or an invoice", reason="REQUIRED")
    if invoice_id is not None:
        known = INVOICES.get(work, invoice_id)
        if known is None:
            raise INVOICE.not_found(invoice_id)
        if order_id is not None and known.order_id != order_id:
            raise invalid_field("invoice_id", "this invoice is not of that order", reason="OTHER_ORDER")
        order_id = known.order_id
    order = invoice = None
    if order_id is not None:
        order = ORDERS.get(work, order_id, lock=lock)
        if order is None:
            raise ORDER.not_found(order_id)
    if invoice_id is not None:
        invoice = INVOICES.get(work, invoice_id, lock=lock)
    return Debt(order, invoice)


def begin(
    work: Work,
    owed: Debt,
    payment_id: UUID,
    *,
    method: str,
    amount: int | None,
    currency: str = "",
    reference: str = "",
    provider: str = "",
) -> Row:
    """A pending payment; the one that is there where this id was sent before. Without an amount, all that is due.

    Raises Conflict where more would be paid than is due, counting what is on its way.
    """
    known = PAYMENTS.get(work, payment_id, lock=True)
    if known is not None:
        if {name: getattr(known, name) for name in owed.ids} != owed.ids or known.method != method:
            raise Conflict("This id belongs to another payment. Use a new one.", reason="ID_TAKEN")
        return known
    due = owed.due(work)
    amount = due if amount is None else amount
    if currency and currency != owed.currency:
        raise invalid_field("amount.currency_code", f"this is paid in {owed.currency}", reason="OTHER_CURRENCY")
    if amount <= 0 or amount > due:
        if due <= 0:
            raise Conflict("Nothing is to be paid, or it is on its way already.", reason="NOTHING_DUE")
        raise Conflict(
            f"{due} minor units are still to be paid. Pay at most that.",
            reason="MORE_THAN_DUE",
            violations=[Violation("amount", f"between 1 and {due}", "MORE_THAN_DUE")],
            metadata={"due_minor": str(due)},
        )
    return PAYMENTS.insert(
        work,
        payment_id,
        {
            **owed.ids,
            "method": method,
            "status": "pending",
            "currency_code": owed.currency,
            "amount_minor": amount,
            "refunding_minor": 0,
            "refunded_amount_minor": 0,
            "reference": reference,
            "provider": provider,
            "provider_reference": "",
            "failure": "",
            "captured_at": None,
        },
    )


def capture(work: Work, owed: Debt, payment: Row, *, amount: int | None = None) -> Row:
    """The money has come: so much, where the provider says another amount than was begun. Once, however often told."""
    if payment.status == "captured":
        return payment
    values = {"status": "captured", "captured_at": work.now, "failure": ""}
    written = PAYMENTS.update(work, payment.id, values | {"amount_minor": amount or payment.amount_minor})
    owed.settle(work, paid=written.amount_minor)
    work.record(payment_event("captured", written))
    return written


def end(work: Work, payment: Row, status: str, failure: str = "") -> Row:
    """A pending payment that failed or was given up; one that came before stays."""
    if payment.status != "pending":
        return payment
    written = PAYMENTS.update(work, payment.id, {"status": status, "failure": failure[:200]})
    work.record(payment_event(status, written))
    return written


def note_reference(work: Work, payment_id: UUID, reference: str) -> Row:
    """Keeps the provider's own id of a payment."""
    payment = PAYMENTS.get(work, payment_id, lock=True)
    assert payment is not None, "it was begun before the provider was asked"
    if payment.provider_reference == reference:
        return payment
    return PAYMENTS.update(work, payment.id, {"provider_reference": reference})


def found(work: Work, payment_id: UUID, *, lock: bool = True) -> tuple[Debt, Row]:
    """A payment of something the caller sees, locked after what it is for. Raises NotFound."""
    known = PAYMENTS.get(work, payment_id)
    if known is None:
        raise not_found(payment_id)
    try:
        owed = debt(work, known.order_id, known.invoice_id, lock=lock)
    except NotFound:
        raise not_found(payment_id) from None
    row = PAYMENTS.get(work, payment_id, lock=lock)
    assert row is not None, "payments are never deleted"
    return owed, row


def not_found(payment_id: UUID | str) -> NotFound:
    """No such payment, or none the caller may see."""
    return NotFound(f"There is no payment {payment_id} that you may see.", reason="PAYMENT_NOT_FOUND")
