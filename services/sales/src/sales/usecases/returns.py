"""Goods that come back: asked for, received, judged; what is given for them is their part of what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from sales.events import order_event, return_event
from sales.pricing.amounts import part_of
from sales.queries import billing as queries
from sales.queries import orders as order_queries
from sales.queries.billing import PAYMENTS, RETURNS
from sales.records import ORDERS
from sales.usecases import earning, numbering, orders, payments, refunds, sold_cards
from sales.usecases.prices import today
from sales.usecases.states import ORDER, RETURN

Judged = Mapping[UUID, tuple[int, int]]
"""What of each line is taken back, and what of that can be sold again."""


def request(work: Work, order: Row, steps: Mapping[UUID, int], reason: str, return_id: UUID | None = None) -> Row:
    """Asks to send so much of each line of a locked order back."""
    ORDER.after("return", order.status)
    coming = queries.coming_back(work, order.id)
    lines = orders.lines_of(work, order)
    left = {line.id: line.fulfilled_milli - line.returned_milli - coming.get(line.id, 0) for line in lines}
    steps = orders.check_steps(steps, left)
    values: dict[str, Any] = {
        "order_id": order.id,
        "status": "requested",
        "reason": reason,
        "note": "",
        "currency_code": order.currency_code,
        "amount_minor": 0,
        "exchange_order_id": None,
        "account_id": order.account_id,
        "contact_id": order.contact_id,
    }
    day = today(work)
    values["returned_on"] = day
    values["number"] = numbering.take(work, "return", day)
    row = RETURNS.insert(work, return_id or uuid7(), values)
    queries.add_return_lines(work, row.id, steps)
    work.record(return_event("requested", row))
    return row


def move(work: Work, row: Row, verb: str, *, note: str = "") -> Row:
    """Authorizes, receives or rejects a locked return."""
    values = {"status": RETURN.after(verb, row.status)} | ({"note": note} if note else {})
    if verb == "reject" and row.status == "inspected" and row.amount_minor:
        raise Conflict("Goods of this return were taken back. Refund or exchange them.", reason="TAKEN_BACK")
    written = RETURNS.update(work, row.id, values)
    work.record(return_event(written.status, written))
    return written


def inspect(work: Work, order: Row, row: Row, judged: Judged) -> Row:
    """Judges the goods of a locked return of a locked order: everything taken back and on the shelf, where nothing is
    said. What is given adds up, over all returns, to what the line cost. Gift cards that come back are void; Conflict
    where one was spent from."""
    status = RETURN.after("inspect", row.status)
    asked = {line.line_id: line.quantity_milli for line in queries.return_lines(work, [row.id])[row.id]}
    judged = dict(judged) or {line_id: (quantity, quantity) for line_id, quantity in asked.items()}
    for index, (line_id, (accepted, restocked)) in enumerate(judged.items()):
        if accepted > asked.get(line_id, 0) or restocked > accepted:
            raise invalid_field(
                f"lines[{index}].accepted_milli",
                f"{asked.get(line_id, 0)} thousandths were sent back; restock at most what is accepted",
                reason="MORE_THAN_SENT",
            )
    lines = {line.id: line for line in orders.lines_of(work, order)}
    amounts = {}
    for line_id, (accepted, restocked) in judged.items():
        line = lines[line_id]
        before = line.returned_milli
        given = part_of(line.gross_minor, before, before + accepted, line.quantity_milli)
        amounts[line_id] = (accepted, restocked, given)
    queries.judge_return_lines(work, row.id, amounts)
    order_queries.advance(work, order.id, "returned_milli", {one: parts[0] for one, parts in amounts.items()})
    sold_cards.take_back(work, order, [one for one, parts in amounts.items() if parts[0]])
    orders.return_to_stock(work, order, {one: parts[1] for one, parts in amounts.items()}, list(lines.values()))
    values = {"status": status, "amount_minor": sum(parts[2] for parts in amounts.values())}
    written = RETURNS.update(work, row.id, values)
    work.record(return_event("inspected", written))
    if any(parts[0] for parts in amounts.values()):
        after = orders.lines_of(work, order)
        whole = all(line.returned_milli == line.quantity_milli for line in after)
        returned = ORDERS.update(work, order.id, {"status": "returned" if whole else "partially_returned"})
        work.record(order_event("returned", returned, after))
        earning.follow(work, returned)
    return written


def begin_refund(
    work: Work, row: Row, payment_id: UUID | None, *, asks: bool = True
) -> tuple[payments.Debt, Row, Row] | None:
    """A refund of what is to be given for a locked return, under the return's own id; None where that is nothing.

    Raises Conflict where no payment of the order has enough left.
    """
    RETURN.after("refund", row.status)
    if not row.amount_minor:
        return None
    known = queries.REFUNDS.get(work, row.id)
    chosen = known.payment_id if known is not None else payment_id
    if chosen is None:
        enough = [
            one.id
            for one in PAYMENTS.by(work, "order_id", row.order_id)
            if one.status == "captured" and one.amount_minor - one.refunding_minor >= row.amount_minor
        ]
        if not enough:
            raise Conflict(
                "No payment of this order has that much left. Refund its payments one by one.", reason="MORE_THAN_PAID"
            )
        chosen = enough[0]
    owed, payment = payments.found(work, chosen)
    if payment.order_id != row.order_id:
        raise invalid_field("payment_id", "this payment is of another order", reason="OTHER_ORDER")
    refund = refunds.begin(
        work, payment, row.id, amount=row.amount_minor, reason=row.reason, return_id=row.id, asks=asks
    )
    return owed, payment, refund


def refunded(work: Work, row: Row) -> Row:
    """The money of a locked return is given back."""
    if row.status == "refunded":
        return row
    written = RETURNS.update(work, row.id, {"status": RETURN.after("refund", row.status)})
    work.record(return_event("refunded", written))
    return written


def exchange(work: Work, row: Row, other: Row) -> Row:
    """Pays a placed order of other goods with what is to be given for a locked return."""
    status = RETURN.after("exchange", row.status)
    if other.currency_code != row.currency_code or other.gross_amount_minor < row.amount_minor:
        raise Conflict(
            "Choose goods worth at least as much, in the same currency, or refund the return.", reason="WORTH_LESS"
        )
    if row.amount_minor:
        # No money leaves the house.
        begun = begin_refund(work, row, None, asks=False)
        assert begun is not None, "there is something to give"
        refunds.succeed(work, *begun)
        owed = payments.debt(work, other.id, None)
        payment = payments.begin(work, owed, row.id, method="exchange", amount=row.amount_minor, reference=row.number)
        payments.capture(work, owed, payment)
    written = RETURNS.update(work, row.id, {"status": status, "exchange_order_id": other.id})
    work.record(return_event("exchanged", written))
    return written


def locked(work: Work, return_id: UUID) -> tuple[Row, Row]:
    """The order and a return of it, locked. Raises NotFound."""
    known = RETURNS.get(work, return_id)
    order = None if known is None or known.order_id is None else ORDERS.get(work, known.order_id, lock=True)
    row = RETURNS.get(work, return_id, lock=True)
    if order is None or row is None:
        raise NotFound(f"There is no return {return_id} that you may see.", reason="RETURN_NOT_FOUND")
    return order, row
