"""Money that is given back: never more than came, and the same id never twice."""

from __future__ import annotations

from uuid import UUID

from chassis import approvals
from chassis.approvals import About
from chassis.errors import Conflict, Violation, invalid_field
from chassis.work import Row, Work

from sales.events import payment_event
from sales.operations import REFUND_PAYMENT
from sales.queries.billing import PAYMENTS, REFUNDS
from sales.usecases import sold_cards, tenders
from sales.usecases.payments import Debt


def begin(
    work: Work,
    payment: Row,
    refund_id: UUID,
    *,
    amount: int | None,
    currency: str = "",
    reason: str = "",
    return_id: UUID | None = None,
    asks: bool = True,
) -> Row:
    """A pending refund of a locked payment; the one that is there where this id was sent before. Without an amount, all
    that is left. Raises Conflict where more would be given back than came or than
    is left beside gift cards that were sold, and NeedsApproval where a policy fits and it
    `asks` for that."""
    known = REFUNDS.get(work, refund_id, lock=True)
    if known is not None and known.status != "failed":
        if known.payment_id != payment.id:
            raise Conflict("This id belongs to another refund. Use a new one.", reason="ID_TAKEN")
        return known
    if payment.status != "captured":
        raise Conflict(f"This payment is {payment.status}: there is nothing to give back.", reason="NOT_CAPTURED")
    if currency and currency != payment.currency_code:
        raise invalid_field("amount.currency_code", f"it came in {payment.currency_code}", reason="OTHER_CURRENCY")
    left = payment.amount_minor - payment.refunding_minor
    amount = left if amount is None else amount
    if amount <= 0 or amount > left:
        raise Conflict(
            f"{left} minor units are left of this payment. Give back at most that.",
            reason="MORE_THAN_PAID",
            violations=[Violation("amount", f"between 1 and {left}", "MORE_THAN_PAID")],
            metadata={"left_minor": str(left)},
        )
    sold_cards.check_refund(work, payment, amount)
    if asks:
        facts = {
            "amount_minor": amount,
            "currency_code": payment.currency_code,
            "method": payment.method,
            "order_id": payment.order_id,
        }
        approvals.given(work, REFUND_PAYMENT, facts, About("payment", payment.id, payment.version))
    PAYMENTS.update(work, payment.id, {"refunding_minor": payment.refunding_minor + amount})
    values = {"status": "pending", "amount_minor": amount, "reason": reason, "failure": ""}
    if known is not None:
        return REFUNDS.update(work, refund_id, values)
    return REFUNDS.insert(
        work, refund_id, values | {"payment_id": payment.id, "return_id": return_id, "provider_reference": ""}
    )


def succeed(work: Work, owed: Debt, payment: Row, refund: Row, reference: str = "") -> Row:
    """The money is given back. Once, however often told."""
    if refund.status != "pending":
        return refund
    written = REFUNDS.update(work, refund.id, {"status": "succeeded", "provider_reference": reference})
    tenders.give_back(work, payment, written)
    total = payment.refunded_amount_minor + refund.amount_minor
    paid = PAYMENTS.update(work, payment.id, {"refunded_amount_minor": total})
    owed.settle(work, refunded=refund.amount_minor)
    work.record(payment_event("refunded", paid, refund=written))
    return written


def fail(work: Work, payment: Row, refund: Row, failure: str) -> Row:
    """The money could not be given back; it may be tried again under the same id."""
    if refund.status != "pending":
        return refund
    PAYMENTS.update(work, payment.id, {"refunding_minor": payment.refunding_minor - refund.amount_minor})
    return REFUNDS.update(work, refund.id, {"status": "failed", "failure": failure[:200]})
