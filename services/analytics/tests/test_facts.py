"""From events to facts: the newest version counts, whatever order events come in and how often."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from analytics.consumers.events import store_events
from analytics.store.port import ColumnStore
from analytics.store.schema import FACTS
from chassis.ids import uuid7
from funia.events.v1.envelope_pb2 import Envelope
from funia.sales.v1 import events_pb2 as sales

from .telling import account, deal, event, line, merged, order

ORDERS = "SELECT toString(order_id), status, net_minor, paid_minor FROM order_fact ORDER BY net_minor"


def put(store: ColumnStore, *events: Envelope) -> None:
    store_events(store, events)


def test_an_order_stands_as_its_newest_version_says_however_late_the_others_come(
    store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    sold = [line(1_000), line(500)]
    order_id = str(uuid7())
    told = [
        order(tenant, "placed", lines=sold, version=2, order_id=order_id),
        order(tenant, "paid", version=3, order_id=order_id, net_minor=1_500, paid_minor=1_500),
        order(tenant, "completed", version=4, order_id=order_id, status="completed", net_minor=1_500, paid_minor=1_500),
    ]
    theirs = order(second_tenant, lines=[line(77)])
    put(store, told[2], theirs)
    put(store, told[0])
    put(store, told[1], told[0], theirs)
    assert store.for_tenant(tenant).query(ORDERS) == [(order_id, "completed", 1_500, 1_500)]
    assert store.for_tenant(tenant).query("SELECT count(), sum(net_minor) FROM order_line_fact") == [(2, 1_500)]
    assert store.for_tenant(second_tenant).query("SELECT sum(net_minor) FROM order_line_fact") == [(77,)]


def test_any_order_of_events_makes_the_same_facts(embedded_store: ColumnStore) -> None:
    chance = random.Random(20261123)
    sold = line(900, list_minor=1_000, discount_minor=100)
    back = sales.OrderedLine()
    back.CopyFrom(sold)
    back.returned_milli = 1_000
    order_id, deal_id = str(uuid7()), str(uuid7())

    def history(tenant: UUID) -> list[Envelope]:
        return [
            order(tenant, "created", version=1, order_id=order_id, status="draft", net_minor=900),
            order(tenant, "placed", lines=[sold], version=2, order_id=order_id),
            order(tenant, "returned", lines=[back], version=3, order_id=order_id, status="returned"),
            deal(tenant, "created", version=1, deal_id=deal_id),
            deal(tenant, "won", version=2, deal_id=deal_id, status="won", from_stage_id=str(uuid7())),
        ]

    def facts(tenant: UUID) -> list[object]:
        reader = embedded_store.for_tenant(tenant)
        return [
            reader.query("SELECT status, net_minor FROM order_fact"),
            reader.query("SELECT net_minor, discount_minor, returned_milli FROM order_line_fact"),
            reader.query("SELECT version, status FROM deal_fact ORDER BY version"),
        ]

    expected = [[("returned", 900)], [(900, 100, 1_000)], [(1, "open"), (2, "won")]]
    for _ in range(5):
        tenant = uuid7()
        told = history(tenant) * 2
        chance.shuffle(told)
        for start in range(0, len(told), 3):
            put(embedded_store, *told[start : start + 3])
        assert facts(tenant) == expected


def test_a_return_may_come_before_its_order(embedded_store: ColumnStore, tenant: UUID) -> None:
    order_id = str(uuid7())
    payload = sales.ReturnChanged(
        return_id=str(uuid7()), order_id=order_id, status="refunded", currency_code="EUR", amount_minor=400
    )
    put(embedded_store, event(tenant, "sales.return.refunded", payload.return_id, payload, version=4))
    put(embedded_store, order(tenant, lines=[line(1_000)], order_id=order_id))
    reader = embedded_store.for_tenant(tenant)
    assert reader.query("SELECT status, amount_minor, toString(returned_on) FROM return_fact") == [
        ("refunded", 400, "2026-03-01")
    ]
    assert reader.query("SELECT count() FROM order_fact") == [(1,)]


@pytest.mark.parametrize("year", [1, 1970, 2099, 9999])
def test_a_broken_clock_breaks_no_fact(embedded_store: ColumnStore, tenant: UUID, year: int) -> None:
    at = datetime(year, 1, 1, tzinfo=UTC)
    # An id made elsewhere has no clock inside.
    odd = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    for version in (2, 3):
        put(
            embedded_store,
            order(
                tenant, lines=[line(5)], version=version, at=at, order_id=odd, ordered_on=at.date().isoformat(),
                status="confirmed" if version == 2 else "completed",
            ),
        )  # fmt: skip
    assert embedded_store.for_tenant(tenant).query(ORDERS) == [(odd, "completed", 5, 0)]


@pytest.mark.parametrize("broken", [b"\xff\xff", sales.OrderChanged(order_id="x").SerializeToString()])
def test_a_payload_that_cannot_be_read_is_counted_and_holds_up_nothing(
    embedded_store: ColumnStore, tenant: UUID, broken: bytes
) -> None:
    bad = order(tenant)
    bad.payload = broken
    put(embedded_store, bad, order(tenant, lines=[line(10)]))
    reader = embedded_store.for_tenant(tenant)
    assert reader.query("SELECT count() FROM event_fact") == [(2,)]
    assert reader.query("SELECT count() FROM order_fact") == [(1,)]


def test_costs_that_are_not_known_are_not_zero(store: ColumnStore, tenant: UUID) -> None:
    put(store, order(tenant, lines=[line(10), line(20, cost_minor=0), line(30, cost_minor=12)]))
    reader = store.for_tenant(tenant)
    assert reader.query("SELECT net_minor, cost_minor FROM order_line_fact ORDER BY net_minor") == [
        (10, None),
        (20, 0),
        (30, 12),
    ]


def test_every_fact_is_forgotten_with_its_tenant(
    embedded_store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    def told(whose: UUID) -> Sequence[Envelope]:
        member = sales.LoyaltyChanged(member_id=str(uuid7()), points=5, owed_points=5)
        lead = sales.LeadChanged(lead_id=str(uuid7()), status="new")
        paid = sales.PaymentChanged(payment_id=str(uuid7()), amount_minor=10)
        back = sales.ReturnChanged(return_id=str(uuid7()), amount_minor=3)
        stage = sales.StageChanged(stage_id=str(uuid7()), name="Prospecting")
        shown = sales.SuggestionsShown(document_id=str(uuid7()), document_kind="order")
        shown.suggestions.add(suggestion_id=str(uuid7()), shown_on="2026-01-05")
        return [
            order(whose, lines=[line(10)]),
            deal(whose, "created"),
            account(whose),
            merged(whose, str(uuid7()), str(uuid7())),
            event(whose, "sales.loyalty.earned", member.member_id, member),
            event(whose, "sales.lead.captured", lead.lead_id, lead),
            event(whose, "sales.payment.captured", paid.payment_id, paid),
            event(whose, "sales.return.refunded", back.return_id, back),
            event(whose, "sales.stage.created", stage.stage_id, stage),
            event(whose, "sales.suggestion.shown", shown.document_id, shown),
        ]

    put(embedded_store, *told(tenant), *told(second_tenant))
    for table in FACTS:
        assert embedded_store.for_tenant(tenant).query(f"SELECT count() > 0 FROM {table.name}") == [(1,)], table.name
    embedded_store.erase(tenant)
    assert embedded_store.count(tenant) == 0
    assert embedded_store.count(second_tenant) == 22
