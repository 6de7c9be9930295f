"""Goods that come back over the counter: asked for, judged and paid back in one step, with a receipt of the till."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition
from chassis.ids import uuid7
from chassis.record_shares import check_writes
from chassis.work import Row, Work

from sales.pricing.amounts import part_of
from sales.queries import till_receipts
from sales.queries.billing import PAYMENTS
from sales.records import ORDER, ORDERS
from sales.usecases import orders, payments, refunds, returns, till_orders
from sales.usecases.till_tenders import GIFT_CARD, POINTS

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Back:
    """What comes back to a till. `steps` are quantities by line with what of each cannot be sold again."""

    id: UUID
    session_id: UUID
    sequence: int
    order_id: UUID
    steps: Mapping[UUID, tuple[int, int]]
    reason: str
    method: str
    digest: str


def post(work: Work, register_id: UUID, back: Back) -> Row:
    """Takes goods back and gives the money back; the receipt, which is the one that is there where it was sent before.

    Raises Conflict out of turn and where less is left of the line or of what was paid, FailedPrecondition without a
    session.
    """
    named, session, register = till_orders.lock(work, register_id, back.session_id)
    known = till_receipts.known(work, back.id)
    if known is not None:
        return till_orders.same(known, back.digest)
    till_orders.check_turn(register, back.sequence)
    if session is None or session.id != named.id or session.status != "open":
        raise FailedPrecondition("Open a session at this register first.", reason="SESSION_CLOSED")
    order = ORDERS.get(work, back.order_id, lock=True)
    if order is None:
        raise ORDER.not_found(back.order_id)
    check_writes(order, ORDER.said)
    if order.currency_code != register.currency_code:
        raise Conflict(
            f"This was sold in {order.currency_code}, and the drawer holds {register.currency_code}. Take it back on"
            " the page of the order.",
            reason="OTHER_CURRENCY",
        )
    before = {line.id: line for line in orders.lines_of(work, order)}
    row = returns.request(work, order, {one: parts[0] for one, parts in back.steps.items()}, back.reason, back.id)
    for verb in ("authorize", "receive"):
        row = returns.move(work, row, verb)
    judged = {one: (quantity, quantity - damaged) for one, (quantity, damaged) in back.steps.items()}
    row = returns.inspect(work, order, row, judged)
    given = _give_back(work, row, back)
    row = returns.refunded(work, row)
    receipt = till_receipts.add(
        work,
        {
            "register_id": register_id,
            "sequence": back.sequence,
            "id": back.id,
            "session_id": session.id,
            "kind": "return",
            "order_id": order.id,
            "return_id": row.id,
            "sold_at": work.now,
            "till_said_at": work.now,
            "received_at": work.now,
            "sold_by": work.caller.actor_id,
            "agreed_by": None,
            "currency_code": order.currency_code,
            "gross_minor": row.amount_minor,
            "discount_minor": 0,
            "taxes": till_orders.taxes_of([_part(before[one], parts[0]) for one, parts in back.steps.items()]),
            "payments": given,
            "flags": [],
            "priced_gross_minor": row.amount_minor,
            "differences": [],
            "card_number": "",
            "points": {},
            "digest": back.digest,
        },
    )
    work.record(till_orders.posted(receipt, register))
    return receipt


def _give_back(work: Work, row: Row, back: Back) -> list[Values]:
    """Refunds payments of the order until all that is to be given is given; how, by the till's ways to pay."""
    left = row.amount_minor
    given: dict[str, int] = {}
    for payment in PAYMENTS.by(work, "order_id", row.order_id):
        amount = min(left, payment.amount_minor - payment.refunding_minor)
        if payment.status != "captured" or payment.provider or amount <= 0:
            continue
        owed, locked = payments.found(work, payment.id)
        refund = refunds.begin(work, locked, uuid7(), amount=amount, reason=back.reason, return_id=row.id)
        refunds.succeed(work, owed, locked, refund)
        # Points and gift cards have been given back by the refund itself: the drawer gives nothing for them.
        method = payment.method if payment.method in (POINTS, GIFT_CARD) else back.method or payment.method
        given[method] = given.get(method, 0) + amount
        left -= amount
    if left:
        raise Conflict(
            "So much was not paid at a till. Refund the payments of the order one by one.", reason="MORE_THAN_PAID"
        )
    return [{"method": method, "amount_minor": amount, "tendered_minor": 0} for method, amount in given.items()]


def _part(line: Row, quantity: int) -> Values:
    before, after, whole = line.returned_milli, line.returned_milli + quantity, line.quantity_milli
    gross, tax = (part_of(amount, before, after, whole) for amount in (line.gross_minor, line.tax_minor))
    return {"tax_rate_basis_points": line.tax_rate_basis_points, "net_minor": gross - tax, "tax_minor": tax}
