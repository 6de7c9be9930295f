"""What sellers did with a customer, as lines of the timeline: what became of leads, deals, offers and orders.

A line keeps what happened and the ids of the records, no name, number or amount: whoever reads it asks sales for those,
with the own rights. Lines do not change, so they may come in any order, and more than once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.sales.v1.events_pb2 import DealChanged, LeadChanged, OrderChanged, QuoteChanged, SalesActivityChanged

from contacts.consumers.told_lines import Line, add_told

_GATHER_S = 0.1
SUBJECTS = (
    "sales.lead.converted",
    *(f"sales.deal.{verb}" for verb in ("created", "imported", "stage_changed", "won", "lost", "reopened")),
    *(f"sales.quote.{verb}" for verb in ("sent", "viewed", "accepted", "declined")),
    *(f"sales.order.{verb}" for verb in ("placed", "imported", "paid", "returned", "canceled")),
    *(f"sales.activity.{verb}" for verb in ("created", "completed", "sent")),
)


def sales_timeline_subscription() -> Subscription:
    """Every event of sales that somebody would want to see on the customer's page."""
    return Subscription("contacts-sales-timeline", "sales", SUBJECTS, add_sales_lines, _GATHER_S)


def add_sales_lines(work: Work, events: Sequence[Received]) -> None:
    """Adds the lines of these events; of a person who was merged, to the one who stayed, of one erased, none."""
    lines = [(event, line) for event in events for line in _lines(event)]
    add_told(work, lines)


def _lines(event: Received) -> list[Line]:
    describe = _DESCRIBE.get(type(event.payload))
    return describe(event, event.payload) if describe else []


def _lead(event: Received, payload: LeadChanged) -> list[Line]:
    """Whose lead it was is known from the conversion on, which therefore tells of its beginning, too."""
    about = (payload.contact_id, payload.account_id)
    converted = Line(event.type, about, {"lead_id": payload.lead_id, "deal_id": payload.deal_id})
    if not payload.HasField("captured_at"):
        return [converted]
    captured = Line(
        "sales.lead.captured",
        about,
        {"lead_id": payload.lead_id},
        uuid5(event.subject_id, "captured"),
        payload.captured_at.ToDatetime(tzinfo=UTC),
    )
    return [captured, converted]


def _deal(event: Received, payload: DealChanged) -> list[Line]:
    details = {"deal_id": payload.deal_id}
    about = (payload.account_id, *payload.contact_ids)
    if event.type == "sales.deal.imported":
        began = payload.created_at.ToDatetime(tzinfo=UTC) if payload.HasField("created_at") else None
        return [Line(event.type, about, details, uuid5(event.subject_id, "imported"), began)]
    if event.type == "sales.deal.stage_changed":
        if payload.status != "open":
            return []  # That it was won or lost is told by an event of its own.
        details["stage_id"] = payload.stage_id
    return [Line(event.type, about, details)]


def _quote(event: Received, payload: QuoteChanged) -> list[Line]:
    details = {"quote_id": payload.quote_id, "deal_id": payload.deal_id}
    return [Line(event.type, (payload.account_id, payload.contact_id), details)]


def _order(event: Received, payload: OrderChanged) -> list[Line]:
    about = (payload.account_id, payload.contact_id)
    details = {"order_id": payload.order_id, "deal_id": payload.deal_id}
    if event.type == "sales.order.imported":
        on = datetime.fromisoformat(payload.ordered_on).replace(tzinfo=UTC) if payload.ordered_on else None
        return [Line(event.type, about, details, uuid5(event.subject_id, "imported"), on)]
    if event.type == "sales.order.paid" and payload.payment_status != "paid":
        return []  # A part, or money that went back.
    return [Line(event.type, about, details)]


def _activity(event: Received, payload: SalesActivityChanged) -> list[Line]:
    if event.type == "sales.activity.created" and payload.kind != "note":
        return []  # What is planned is no event of the customer's yet.
    about: Iterable[str] = payload.customer_ids or (payload.contact_id, payload.account_id)
    details = {
        "sales_activity_id": payload.sales_activity_id,
        "kind": payload.kind,
        "deal_id": payload.deal_id,
        "lead_id": payload.lead_id,
    }
    return [Line(event.type, tuple(about), details)]


_DESCRIBE: dict[type[Any], Callable[[Received, Any], list[Line]]] = {
    LeadChanged: _lead,
    DealChanged: _deal,
    QuoteChanged: _quote,
    OrderChanged: _order,
    SalesActivityChanged: _activity,
}
