"""Events of sales and contacts as their services tell them, for tests of facts and reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from funia.contacts.v1 import events_pb2 as contacts
from funia.events.v1.envelope_pb2 import Actor, Envelope
from funia.sales.v1 import events_pb2 as sales
from google.protobuf.message import Message

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def event(
    tenant: UUID, kind: str, subject: str | UUID, payload: Message, *, version: int = 1, at: datetime = NOON
) -> Envelope:
    """An event with a payload that its consumers can read."""
    envelope = Envelope(
        id=str(uuid7()),
        type=kind,
        tenant_id=str(tenant),
        subject_id=str(subject),
        aggregate_version=version,
        actor=Actor(type="user", id=str(uuid7())),
        payload=payload.SerializeToString(),
        payload_type=payload.DESCRIPTOR.full_name,
    )
    envelope.occurred_at.FromDatetime(at)
    return envelope


def line(net_minor: int, **given: Any) -> sales.OrderedLine:
    """A line without discounts or tax, unless told otherwise."""
    said: dict[str, Any] = {
        "line_id": str(uuid7()), "product_id": str(uuid7()), "product_variant_id": str(uuid7()),
        "quantity_milli": 1000, "list_minor": net_minor, "gross_minor": net_minor,
    }  # fmt: skip
    return sales.OrderedLine(net_minor=net_minor, **(said | given))


def order(
    tenant: UUID,
    verb: str = "placed",
    *,
    lines: Sequence[sales.OrderedLine] = (),
    version: int = 2,
    at: datetime = NOON,
    **given: Any,
) -> Envelope:
    """An order with these lines, in euros."""
    net = sum(one.net_minor for one in lines)
    said: dict[str, Any] = {
        "order_id": str(uuid7()), "status": "confirmed", "channel": "sales", "currency_code": "EUR",
        "ordered_on": "2026-03-01", "net_minor": net, "gross_minor": net, "home_currency_code": "EUR",
        "home_minor": net,
    }  # fmt: skip
    payload = sales.OrderChanged(lines=lines, **(said | given))
    return event(tenant, f"sales.order.{verb}", payload.order_id, payload, version=version, at=at)


def deal(tenant: UUID, verb: str, *, version: int = 1, at: datetime = NOON, **given: Any) -> Envelope:
    """A deal that is open, unless told otherwise."""
    said: dict[str, Any] = {"deal_id": str(uuid7()), "status": "open", "currency_code": "EUR"}
    begun = given.pop("created_at", None)
    closed = given.pop("closed_at", None)
    payload = sales.DealChanged(**(said | given))
    if begun is not None:
        payload.created_at.FromDatetime(begun)
    if closed is not None:
        payload.closed_at.FromDatetime(closed)
    return event(tenant, f"sales.deal.{verb}", payload.deal_id, payload, version=version, at=at)


def account(tenant: UUID, verb: str = "created", *, version: int = 1, **given: Any) -> Envelope:
    """A company."""
    payload = contacts.AccountChanged(**({"account_id": str(uuid7())} | given))
    return event(tenant, f"contacts.account.{verb}", payload.account_id, payload, version=version)


def contact(tenant: UUID, verb: str = "created", *, version: int = 1, **given: Any) -> Envelope:
    """A person."""
    payload = contacts.ContactChanged(**({"contact_id": str(uuid7())} | given))
    return event(tenant, f"contacts.contact.{verb}", payload.contact_id, payload, version=version)


def merged(tenant: UUID, person: str, stays: str, *, version: int = 3) -> Envelope:
    """A person who was merged into another."""
    return contact(tenant, "merged", version=version, contact_id=person, merged_into_id=stays, deleted=True)
