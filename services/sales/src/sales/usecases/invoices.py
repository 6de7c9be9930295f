"""The rules of an invoice: drafted from an order or by hand, issued and locked, credited, voided, paid by its sums.

Whoever changes an invoice of an order locks the order first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import Conflict
from chassis.ids import uuid7
from chassis.jobs import set_timer
from chassis.work import Row, Work

from sales.events import invoice_event
from sales.queries import billing as queries
from sales.queries import company
from sales.queries import orders as order_queries
from sales.queries.billing import INVOICE_LINES
from sales.records import INVOICES
from sales.usecases import numbering, orders
from sales.usecases.lines import LineGiven, asked_again, buyer, portion, price_lines, sums
from sales.usecases.prices import today
from sales.usecases.states import INVOICE, ORDER

Values = dict[str, Any]
DUE_TIMER = "sales.invoice_due"
"""Name of the timer that looks whether an invoice is overdue."""
NEW: Values = {
    "number": "",
    "kind": "invoice",
    "status": "draft",
    "order_id": None,
    "credited_invoice_id": None,
    "account_id": None,
    "contact_id": None,
    "customer_name": "",
    "customer_address": "",
    "customer_tax_number": "",
    "reference": "",
    "note": "",
    "reason": "",
    "coupon_codes": [],
    "document_discount_basis_points": 0,
    "document_discount_minor": 0,
    "paid_amount_minor": 0,
    "refunded_amount_minor": 0,
    "credited_amount_minor": 0,
    "custom": {},
    "external_ids": {},
    "owner_id": None,
    "team_id": None,
    "due_on": None,
}
OPEN = frozenset({"issued", "partially_paid", "overdue"})
_OF_THE_CUSTOMER = (
    "order_id",
    "account_id",
    "contact_id",
    "customer_name",
    "customer_address",
    "customer_tax_number",
    "reference",
    "currency_code",
    "owner_id",
    "team_id",
)
"""What a credit note takes from its invoice."""
UNTOUCHED: Values = {"credited_milli": 0, "source_line_id": None}


def draft(work: Work, given: Mapping[str, Any], lines: Sequence[LineGiven]) -> Row:
    """A draft of lines that are priced now."""
    currency = given.get("currency_code") or orders.home_currency(work, "invoice")
    values = {**given, "currency_code": currency}
    priced = _price(work, NEW | values, lines)
    return _insert(work, values, [UNTOUCHED | line for line in priced.lines])


def draft_of_order(work: Work, order: Row, steps: Mapping[UUID, int]) -> Row:
    """A draft of a locked order: of these quantities, or of all that was not invoiced yet."""
    ORDER.after("invoice", order.status)
    lines = orders.lines_of(work, order)
    left = {line.id: line.quantity_milli - line.invoiced_milli for line in lines}
    steps = orders.check_steps(steps, left) or {line_id: rest for line_id, rest in left.items() if rest}
    order_queries.advance(work, order.id, "invoiced_milli", steps)
    parts = [
        UNTOUCHED | portion(line, line.invoiced_milli, steps[line.id]) | {"source_line_id": line.id}
        for line in lines
        if line.id in steps
    ]
    same = ("account_id", "contact_id", "reference", "currency_code", "owner_id", "team_id")
    return _insert(work, {name: getattr(order, name) for name in same} | {"order_id": order.id}, parts)


def change(work: Work, row: Row, given: Values, lines: Sequence[LineGiven] | None) -> Row:
    """Changes a locked draft."""
    INVOICE.after("change", row.status)
    values = {name: value for name, value in given.items() if getattr(row, name) != value}
    repriced = "currency_code" in values
    if (lines is not None or repriced) and row.order_id is not None:
        raise Conflict(
            "The lines of this invoice are those of its order. Void the draft and invoice other quantities.",
            reason="LINES_OF_ORDER",
        )
    if lines is not None or repriced:
        after = {name: getattr(row, name) for name in ("currency_code", "account_id", "contact_id")} | values
        priced = _price(work, after, asked_again(lines_of(work, row)) if lines is None else lines)
        INVOICE_LINES.put(work, row.id, [UNTOUCHED | line for line in priced.lines])
        values |= priced.totals | {"open_amount_minor": priced.totals["gross_amount_minor"]}
    return INVOICES.update(work, row.id, values) if values else row


def issue(work: Work, row: Row) -> Row:
    """Gives a locked draft its number and locks it for ever; a timer looks after its last day."""
    status = INVOICE.after("issue", row.status)
    if not row.gross_amount_minor and not lines_of(work, row):
        raise Conflict("This invoice has no lines. Add what is asked for first.", reason="INVOICE_EMPTY")
    on = today(work)
    settings = company.company(work)
    given = row.due_on != row.issued_on
    values: Values = {
        "status": status,
        "issued_on": on,
        "due_on": row.due_on if given else on + timedelta(days=settings.payment_days),
    }
    values["status"] = status_of(row, values["due_on"] < on)
    if values["status"] != "paid":
        set_timer(work, DUE_TIMER, row.id, _end_of(values["due_on"], settings.time_zone))
    values["number"] = numbering.take(work, row.kind, on)
    written = INVOICES.update(work, row.id, values)
    work.record(invoice_event("issued", written))
    return written


def void(work: Work, row: Row, reason: str) -> Row:
    """Takes back a locked invoice of which nothing was paid or credited. The caller has locked its order."""
    status = INVOICE.after("void", row.status)
    if row.paid_amount_minor or row.credited_amount_minor or row.kind != "invoice":
        raise Conflict(
            "Something of this invoice was paid or credited. Issue a credit note over the rest.",
            reason="INVOICE_TOUCHED",
        )
    if row.order_id is not None:
        back = {line.source_line_id: -line.quantity_milli for line in lines_of(work, row)}
        order_queries.advance(work, row.order_id, "invoiced_milli", back)
    written = INVOICES.update(work, row.id, {"status": status, "reason": reason, "open_amount_minor": 0})
    work.record(invoice_event("voided", written))
    return written


def write_off(work: Work, row: Row, reason: str) -> Row:
    """Gives up what is open of a locked invoice."""
    values = {"status": INVOICE.after("write off", row.status), "reason": reason}
    written = INVOICES.update(work, row.id, values)
    work.record(invoice_event("written_off", written))
    return written


def credit(work: Work, row: Row, steps: Mapping[UUID, int], reason: str) -> Row:
    """Issues a credit note over a locked invoice: over these quantities, or over all that is left."""
    INVOICE.after("credit", row.status)
    if row.kind != "invoice":
        raise Conflict("A credit note cannot be credited. Issue an invoice.", reason="CREDIT_OF_CREDIT")
    lines = lines_of(work, row)
    left = {line.id: line.quantity_milli - line.credited_milli for line in lines}
    steps = orders.check_steps(steps, left) or {line_id: rest for line_id, rest in left.items() if rest}
    parts = [
        UNTOUCHED | portion(line, line.credited_milli, steps[line.id]) | {"source_line_id": line.id}
        for line in lines
        if line.id in steps
    ]
    queries.credit(work, row.id, steps)
    values = {name: getattr(row, name) for name in _OF_THE_CUSTOMER}
    note = _insert(
        work, values | {"kind": "credit_note", "credited_invoice_id": row.id, "reason": reason}, parts, told=False
    )
    settle(work, row, credited=note.gross_amount_minor)
    on = today(work)
    number = numbering.take(work, "credit_note", on)
    issued = {"status": "issued", "number": number, "issued_on": on, "due_on": on, "open_amount_minor": 0}
    written = INVOICES.update(work, note.id, issued)
    work.record(invoice_event("credited", written))
    return written


def settle(work: Work, row: Row, *, paid: int = 0, refunded: int = 0, credited: int = 0) -> Row:
    """Adds to what a locked invoice was paid, gave back, or was credited; its state follows from the sums."""
    values: Values = {
        "paid_amount_minor": row.paid_amount_minor + paid,
        "refunded_amount_minor": row.refunded_amount_minor + refunded,
        "credited_amount_minor": row.credited_amount_minor + credited,
    }
    values["open_amount_minor"] = max(
        row.gross_amount_minor - values["paid_amount_minor"] - values["credited_amount_minor"], 0
    )
    written = INVOICES.update(work, row.id, values)
    if row.status in OPEN:
        status = status_of(written, written.due_on < today(work))
        if status != row.status:
            written = INVOICES.update(work, row.id, {"status": status})
            if status in ("paid", "overdue"):
                work.record(invoice_event(status, written))
    return written


def fall_due(work: Work, invoice_id: UUID) -> None:
    """Marks an invoice that is open after its last day. Does nothing where it was paid, or its day is not over."""
    row = INVOICES.get(work, invoice_id, lock=True)
    if row is None or row.status not in ("issued", "partially_paid"):
        return
    if row.due_on >= today(work):
        set_timer(work, DUE_TIMER, row.id, _end_of(row.due_on, company.company(work).time_zone))
        return
    written = INVOICES.update(work, row.id, {"status": INVOICE.after("fall due", row.status)})
    work.record(invoice_event("overdue", written))


def status_of(row: Row, late: bool) -> str:
    """The state of an issued invoice, from its sums."""
    if row.paid_amount_minor + row.credited_amount_minor >= row.gross_amount_minor:
        return "paid"
    if late:
        return "overdue"
    return "partially_paid" if row.paid_amount_minor else "issued"


def lines_of(work: Work, row: Row) -> list[Row]:
    """The lines of an invoice."""
    return INVOICE_LINES.of(work, [row.id])[row.id]


def _insert(work: Work, given: Mapping[str, Any], lines: Sequence[Values], *, told: bool = True) -> Row:
    values = NEW | dict(given) | sums(lines)
    if values["owner_id"] is None and work.caller.actor_type == "user":
        values["owner_id"] = work.caller.actor_id
        values["team_id"] = values["team_id"] or next(iter(work.caller.team_ids), None)
    values["issued_on"] = today(work)
    # A draft without a day of its own is due by the settings of the day on which it is issued.
    values["due_on"] = values["due_on"] or values["issued_on"]
    values["open_amount_minor"] = values["gross_amount_minor"]
    row = INVOICES.insert(work, uuid7(), values)
    INVOICE_LINES.put(work, row.id, lines)
    if told:
        work.record(invoice_event("created", row))
    return row


def _price(work: Work, values: Mapping[str, Any], lines: Sequence[LineGiven]) -> Any:
    asking = buyer(work, values["currency_code"], account_id=values["account_id"], contact_id=values["contact_id"])
    return price_lines(work, asking, lines)


def _end_of(day: Any, zone: str) -> datetime:
    """The moment at which a day is over at the company's place."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
