"""The rules of an order: how it is drafted, placed, handed over, completed and canceled.

Whoever changes an order locks it first, then coupons and stock in the order of their ids, and takes numbers last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.approvals import About
from chassis.errors import Conflict, Violation, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from sales.errors import InvalidPricing
from sales.events import order_event
from sales.model.order import OWN_WAREHOUSE
from sales.operations import CONFIRM_ORDER
from sales.pricing.amounts import in_currency
from sales.pricing.discounts import Discount
from sales.queries import company
from sales.queries import orders as queries
from sales.queries.orders import ORDER_LINES
from sales.records import ORDERS
from sales.usecases import credit, earning, numbering
from sales.usecases.agreement import check_agreed, document_facts
from sales.usecases.lines import LineGiven, PricedLines, asked_again, buyer, price_lines
from sales.usecases.prices import rates, today
from sales.usecases.states import ORDER, payment_status

Values = dict[str, Any]
UNTOUCHED: Values = {"fulfilled_milli": 0, "invoiced_milli": 0, "returned_milli": 0}
NEW: Values = {
    "number": "",
    "status": "draft",
    "payment_status": "unpaid",
    "deal_id": None,
    "quote_id": None,
    "account_id": None,
    "contact_id": None,
    "store_id": None,
    "channel": "sales",
    "reference": "",
    "note": "",
    "coupon_codes": [],
    "document_discount_basis_points": 0,
    "document_discount_minor": 0,
    "paid_amount_minor": 0,
    "refunded_amount_minor": 0,
    "placed_at": None,
    "closed_at": None,
    "cancel_reason": "",
    "loyalty_member_id": None,
    "custom": {},
    "external_ids": {},
    "owner_id": None,
    "team_id": None,
}
PRICED_BY = frozenset(
    {
        "currency_code",
        "account_id",
        "contact_id",
        "loyalty_member_id",
        "store_id",
        "channel",
        "coupon_codes",
        "document_discount_basis_points",
        "document_discount_minor",
    }
)
"""Columns of an order that its prices depend on."""


def draft(work: Work, given: Mapping[str, Any], lines: Sequence[LineGiven], *, order_id: UUID | None = None) -> Row:
    """A new draft, priced by what holds now. Raises InvalidArgument naming what is wrong with it."""
    values = NEW | dict(given)
    values["currency_code"] = values.get("currency_code") or home_currency(work, "order")
    return put_draft(work, values, price(work, values, lines), order_id=order_id)


def put_draft(work: Work, given: Mapping[str, Any], priced: PricedLines, *, order_id: UUID | None = None) -> Row:
    """A new draft of lines that have their prices, as those of a deal or of a quote. The caller owns it where nobody
    else is named."""
    values = NEW | dict(given) | priced.totals
    if values["owner_id"] is None and work.caller.actor_type == "user":
        values["owner_id"] = work.caller.actor_id
        values["team_id"] = values["team_id"] or next(iter(work.caller.team_ids), None)
    values["ordered_on"] = today(work)
    values |= at_home(work, values["net_amount_minor"], values["currency_code"])
    row = ORDERS.insert(work, order_id or uuid7(), values)
    ORDER_LINES.put(work, row.id, [UNTOUCHED | line for line in priced.lines])
    work.record(order_event("created", row))
    return row


def change(work: Work, row: Row, given: Values, lines: Sequence[LineGiven] | None) -> Row:
    """Changes a locked draft; priced anew where lines are given, or what prices depend on."""
    ORDER.after("change", row.status)
    values = {name: value for name, value in given.items() if getattr(row, name) != value}
    if lines is not None or not PRICED_BY.isdisjoint(values):
        after = {name: getattr(row, name) for name in PRICED_BY} | values
        priced = price(work, after, asked_again(lines_of(work, row)) if lines is None else lines)
        ORDER_LINES.put(work, row.id, [UNTOUCHED | line for line in priced.lines])
        values |= priced.totals | at_home(work, priced.totals["net_amount_minor"], after["currency_code"])
    if not values:
        return row
    written = ORDERS.update(work, row.id, values)
    work.record(order_event("updated", written, changed=tuple(values)))
    return written


def price(work: Work, order: Mapping[str, Any], lines: Sequence[LineGiven]) -> PricedLines:
    """Prices lines as this order has them."""
    return price_lines(
        work,
        buyer(
            work,
            order["currency_code"],
            account_id=order["account_id"],
            contact_id=order["contact_id"],
            member_id=order["loyalty_member_id"],
            store_id=order["store_id"],
            channel=order["channel"],
        ),
        lines,
        coupon_codes=order["coupon_codes"],
        discount=Discount(order["document_discount_basis_points"], order["document_discount_minor"]),
    )


def confirm(work: Work, row: Row, *, new: bool = False) -> Row:
    """Places a locked draft, or one that the same request has made (`new`): coupons, stock, number.

    Raises Conflict where it is no draft, holds nothing, where a coupon is used up or goods are out of stock, and as
    `check_agreed` and `credit.check`.
    """
    status = ORDER.after("confirm", row.status)
    lines = lines_of(work, row)
    if not lines:
        raise Conflict("This order has no lines. Add what is sold first.", reason="ORDER_EMPTY")
    over = credit.beyond(work, row)
    facts = document_facts(work, row, lines)
    facts |= {"store_id": row.store_id, "channel": row.channel, "over_credit_minor": over}
    about = About("order") if new else About("order", row.id, row.version)
    if not check_agreed(work, CONFIRM_ORDER, facts, about, row.breaches):
        credit.check(over)
    for one in sorted(row.coupons, key=lambda coupon: str(coupon["id"])):
        customer_id = row.contact_id or row.account_id
        if not queries.coupon_left(work, UUID(one["id"]), customer_id):
            raise coupon_used_up()
        queries.redeem(work, UUID(one["id"]), row.id, customer_id)
    _take_from_stock(work, row, lines)
    day = today(work)
    values = {
        "status": status,
        "payment_status": payment_status(row.gross_amount_minor, 0, 0),
        "placed_at": work.now,
        "ordered_on": day,
        "number": numbering.take(work, "order", day),
    }
    written = ORDERS.update(work, row.id, values)
    work.record_all([order_event("placed", written, lines), order_event("confirmed", written)])
    return written


def cancel(work: Work, row: Row, reason: str) -> Row:
    """Cancels a locked order of which nothing was handed over; coupons and stock come back."""
    status = ORDER.after("cancel", row.status)
    if row.paid_amount_minor > row.refunded_amount_minor:
        raise Conflict("This order was paid. Give the money back first, then cancel it.", reason="ORDER_PAID")
    lines = lines_of(work, row)
    if any(line.invoiced_milli for line in lines):
        raise Conflict("This order was invoiced. Void or credit the invoice first.", reason="ORDER_INVOICED")
    if row.status == "confirmed":
        queries.give_back_uses(work, row.id)
        return_to_stock(work, row, {line.id: line.quantity_milli for line in lines}, lines)
    values = {"status": status, "closed_at": work.now, "cancel_reason": reason}
    written = ORDERS.update(work, row.id, values)
    work.record(order_event("canceled", written))
    return written


def fulfil(
    work: Work, row: Row, steps: Mapping[UUID, int], fulfilment_id: UUID, *, tracking_code: str = "", note: str = ""
) -> Row:
    """Hands over so much of each line of a locked order; everything that is left where none is named."""
    ORDER.after("fulfil", row.status)
    lines = lines_of(work, row)
    left = {line.id: line.quantity_milli - line.fulfilled_milli for line in lines}
    steps = check_steps(steps, left) or {line_id: rest for line_id, rest in left.items() if rest}
    queries.add_fulfilment(work, row.id, fulfilment_id, steps, tracking_code=tracking_code, note=note)
    queries.advance(work, row.id, "fulfilled_milli", steps)
    whole = all(rest == steps.get(line_id, 0) for line_id, rest in left.items())
    written = ORDERS.update(work, row.id, {"status": "fulfilled" if whole else "partially_fulfilled"})
    work.record(order_event("fulfilled", written))
    return completed(work, written)


def complete(work: Work, row: Row) -> Row:
    """Completes a locked order that is fulfilled."""
    values = {"status": ORDER.after("complete", row.status), "closed_at": work.now}
    written = ORDERS.update(work, row.id, values)
    work.record(order_event("completed", written))
    return written


def completed(work: Work, row: Row) -> Row:
    """The order, completed where it is fulfilled and paid."""
    return complete(work, row) if row.status == "fulfilled" and row.payment_status == "paid" else row


def settle(work: Work, row: Row, *, paid: int = 0, refunded: int = 0) -> Row:
    """Adds to what a locked order was paid or gave back; its payment status follows from the sums."""
    paid, refunded = row.paid_amount_minor + paid, row.refunded_amount_minor + refunded
    values = {
        "paid_amount_minor": paid,
        "refunded_amount_minor": refunded,
        "payment_status": payment_status(row.gross_amount_minor, paid, refunded),
    }
    written = ORDERS.update(work, row.id, values)
    work.record(order_event("paid", written))
    earning.follow(work, written)
    return completed(work, written)


def lines_of(work: Work, row: Row) -> list[Row]:
    """The lines of an order."""
    return ORDER_LINES.of(work, [row.id])[row.id]


def check_steps(steps: Mapping[UUID, int], left: Mapping[UUID, int]) -> dict[UUID, int]:
    """These quantities, where each line is there and has so much left. Raises InvalidArgument naming the first that
    has not."""
    for index, (line_id, quantity) in enumerate(steps.items()):
        if line_id not in left:
            raise invalid_field(f"lines[{index}].line_id", "there is no such line", reason="LINE_NOT_FOUND")
        if quantity > left[line_id]:
            raise invalid_field(
                f"lines[{index}].quantity_milli",
                f"{left[line_id]} thousandths are left of this line",
                reason="MORE_THAN_LEFT",
            )
    if not any(left.values()):
        raise Conflict("Nothing is left of this order.", reason="NOTHING_LEFT")
    return dict(steps)


def return_to_stock(work: Work, row: Row, steps: Mapping[UUID, int], lines: Sequence[Row]) -> None:
    """Puts so much of each line back to where it was taken from."""
    back: dict[UUID, int] = {}
    for line in lines:
        if steps.get(line.id):
            back[line.product_variant_id] = back.get(line.product_variant_id, 0) + steps[line.id]
    for variant_id in queries.counted(work, list(back)):
        queries.change_stock(work, variant_id, row.store_id or OWN_WAREHOUSE, back[variant_id])


def at_home(work: Work, minor: int, currency: str) -> Values:
    """An amount in the company's own currency, by the rate of today. Raises InvalidArgument where there is none."""
    home = company.company(work).currency_code or currency
    worth = minor
    if minor and home != currency:
        try:
            worth = in_currency(minor, currency, home, rates(work).of(currency, home, today(work)))
        except InvalidPricing as error:
            raise invalid_field("order.currency_code", error.message, reason=error.reason) from error
    return {"home_amount_currency": home, "home_amount_minor": worth}


def home_currency(work: Work, noun: str) -> str:
    """The company's own currency, for a document that names none. Raises InvalidArgument where it is not known."""
    currency: str = company.company(work).currency_code
    if not currency:
        raise invalid_field(f"{noun}.currency_code", "say in which currency", reason="REQUIRED")
    return currency


def _take_from_stock(work: Work, row: Row, lines: Sequence[Row]) -> None:
    taken = dict.fromkeys((line.product_variant_id for line in lines), 0)
    for line in lines:
        taken[line.product_variant_id] -= line.quantity_milli
    backorders = bool(company.company(work).backorders)
    for variant_id in queries.counted(work, list(taken)):
        left = queries.change_stock(work, variant_id, row.store_id or OWN_WAREHOUSE, taken[variant_id])
        if left < 0 and not backorders:
            index = next(at for at, line in enumerate(lines) if line.product_variant_id == variant_id)
            there = max(left - taken[variant_id], 0)
            raise Conflict(
                f"{lines[index].name}: {there / 1000:g} on hand, {-taken[variant_id] / 1000:g} wanted. Order less, or"
                " allow selling beyond what is on hand in Settings > Sales.",
                reason="OUT_OF_STOCK",
                violations=[Violation(f"lines[{index}].quantity_milli", "out of stock", "OUT_OF_STOCK")],
            )


def coupon_used_up() -> Conflict:
    """A coupon that cannot be used once more."""
    return Conflict(
        "A coupon of this order is used up, by everybody or by this customer. Take it off.",
        reason="COUPON_USED_UP",
        violations=[Violation("order.coupon_codes", "used up", "COUPON_USED_UP")],
    )
