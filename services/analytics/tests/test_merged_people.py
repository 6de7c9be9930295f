"""People who were merged are one customer in every figure, of the past as well, whatever order the events come in."""

from __future__ import annotations

import random
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid5

import pytest
from analytics.consumers.events import store_events
from analytics.queries import baskets, histories, metrics, prices, rfm
from analytics.queries.funnels import event_funnel
from analytics.queries.metrics import Question
from analytics.queries.people import staying_for
from analytics.queries.sight import Sight
from analytics.servicers.customer_report import CustomerReportServicer
from analytics.settings import Settings
from analytics.store.port import ColumnStore
from analytics.store.schema import MIGRATIONS
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import customer_report_pb2 as pb
from funia.events.v1.envelope_pb2 import Envelope

from .telling import NOON, contact, line, merged, order

SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
FIRST, LAST = date(2011, 1, 1), date(2011, 12, 10)
PRODUCT = str(uuid5(SPACE, "tea"))
ANN, ANNA, BOB, CARL = (str(uuid5(SPACE, who)) for who in ("ann", "anna", "bob", "carl"))


def bought(tenant: UUID, who: str, day: str, minor: int, **given: Any) -> Envelope:
    discounted = line(minor, product_id=PRODUCT, list_minor=minor + 10, discount_minor=10)
    return order(tenant, lines=[discounted], contact_id=who, ordered_on=day, **given)


def shop(tenant: UUID) -> list[Envelope]:
    """Three records of two people: Ann is Anna."""
    return [
        bought(tenant, ANN, "2011-01-10", 1_000),
        bought(tenant, ANNA, "2011-03-10", 500),
        bought(tenant, ANNA, "2011-12-01", 100),
        bought(tenant, BOB, "2011-12-01", 70),
    ]


def sight_of(store: ColumnStore, tenant: UUID) -> Sight:
    return Sight(store.for_tenant(tenant), Caller.system(tenant))


def bought_by(store: ColumnStore, tenant: UUID) -> dict[str, tuple[int, int]]:
    """Orders and money of each customer, as the list of RFM has them."""
    reports = CustomerReportServicer(store, Settings(), Pager("s" * 32))
    call = Call(Caller.system(tenant), cast(Any, None), cast(Any, None))
    found = reports.ListRfmCustomers(call, pb.ListRfmCustomersRequest(as_of=LAST.isoformat())).customers
    return {one.customer_id: (one.frequency, one.monetary_minor) for one in found}


APART = {ANN: (1, 1_000), ANNA: (2, 600), BOB: (1, 70)}
TOGETHER = {ANNA: (3, 1_600), BOB: (1, 70)}


def test_two_records_of_a_person_are_one_customer_from_the_merge_on(
    store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    store_events(store, [*shop(tenant), *shop(second_tenant)])
    assert bought_by(store, tenant) == APART
    store_events(store, [merged(tenant, ANN, ANNA)])
    assert bought_by(store, tenant) == TOGETHER
    assert bought_by(store, second_tenant) == APART
    reports = CustomerReportServicer(store, Settings(), Pager("s" * 32))
    call = Call(Caller.system(tenant), cast(Any, None), cast(Any, None))
    report = reports.GetRfm(call, pb.GetRfmRequest(as_of=LAST.isoformat()))
    assert (report.customers, report.orders, report.monetary_minor) == (2, 4, 1_670)
    asked = pb.GetCohortsRequest(first_day=FIRST.isoformat(), last_day=LAST.isoformat(), step="quarter")
    assert [(one.starts_on, list(one.active)) for one in reports.GetCohorts(call, asked).cohorts] == [
        ("2011-01-01", [1, 0, 0, 1]),
        ("2011-10-01", [1]),
    ]
    again = reports.GetRepeatPurchases(call, pb.GetRepeatPurchasesRequest(last_day=LAST.isoformat()))
    assert (again.customers, again.repeat_customers, again.repeat_purchases) == (2, 1, 2)


def test_models_read_one_history_of_both(embedded_store: ColumnStore, tenant: UUID) -> None:
    store_events(embedded_store, [merged(tenant, ANN, ANNA), *shop(tenant)])
    found = histories.by_customer(sight_of(embedded_store, tenant), "EUR", FIRST, LAST, cut=LAST)
    assert dict(zip(map(str, found.customers), found.spend, strict=True)) == {ANNA: 1_600, BOB: 70}
    assert dict(zip(map(str, found.customers), found.visits, strict=True)) == {ANNA: 3, BOB: 1}
    assert not any(found.is_account)


def test_figures_by_customer_and_the_orders_behind_them_are_of_both(store: ColumnStore, tenant: UUID) -> None:
    store_events(store, [*shop(tenant), merged(tenant, ANN, ANNA)])
    sight = sight_of(store, tenant)
    named = metrics.named("metrics", ["customers", "sales"])
    everything = metrics.rows_of(sight, Question(named, FIRST, LAST, {}), limit=9)
    assert [list(one.values) for one in everything] == [[2, 1_670]]
    sales = metrics.named("metrics", ["net_sales"])
    split = metrics.rows_of(sight, Question(sales, FIRST, LAST, {}, ["customer"]), limit=9)
    assert [(one.keys[0], one.values[0]) for one in split] == [(ANNA, 1_600), (BOB, 70)]
    for asked in (ANN, ANNA):
        behind = metrics.records_of(sight, Question(named, FIRST, LAST, {"customer": asked}), limit=9, after=None)
        assert len(behind) == 3
    span = prices.Span("EUR", FIRST, LAST)
    assert [(one.key, one.orders, one.given) for one in prices.leakage(sight, span, "customer", 0)] == [
        (ANNA, 3, 30),
        (BOB, 1, 10),
    ]
    assert len(prices.leaking(sight, span, "customer", 0, ANN, after=None, limit=9)) == 3


def test_baskets_of_a_group_hold_the_orders_of_both(embedded_store: ColumnStore, tenant: UUID) -> None:
    store_events(embedded_store, [*shop(tenant), merged(tenant, ANN, ANNA)])
    sight = sight_of(embedded_store, tenant)
    cuts = rfm.spreads(sight, "EUR", FIRST, LAST).quintiles
    listed = rfm.customers(sight, "EUR", FIRST, LAST, cuts, group="", after=UUID(int=0), limit=9)
    groups = {str(row[0]): str(row[-1]) for row in listed}
    assert groups[ANNA] != groups[BOB]
    chosen = baskets.Chosen(FIRST, LAST, group=groups[ANNA])
    assert len(baskets.holding(sight, chosen, [UUID(PRODUCT)], after=None, limit=9)) == 3


def test_a_person_goes_one_way_though_the_first_steps_were_of_the_other_record(
    embedded_store: ColumnStore, tenant: UUID
) -> None:
    first = contact(tenant, contact_id=ANN)
    then = contact(tenant, "updated", contact_id=ANNA, version=2)
    store_events(embedded_store, [first, then])
    steps = ("contacts.contact.created", "contacts.contact.updated")
    start, end = NOON.replace(hour=0), NOON.replace(hour=23)

    def reached() -> list[int]:
        return event_funnel(sight_of(embedded_store, tenant), steps, 60, start, end, by="subject")

    assert reached() == [1, 0]
    store_events(embedded_store, [merged(tenant, ANN, ANNA)])
    assert reached() == [1, 1]
    store_events(embedded_store, [contact(tenant, "unmerged", contact_id=ANN, version=9)])
    assert reached() == [1, 0]


def test_merges_of_merged_people_lead_to_the_last_one_in_any_order_of_events(embedded_store: ColumnStore) -> None:
    chance = random.Random(20261123)
    for _ in range(4):
        tenant = uuid7()
        told = [
            *shop(tenant),
            contact(tenant, contact_id=ANN),
            merged(tenant, ANN, BOB, version=3),
            contact(tenant, "unmerged", contact_id=ANN, version=5),
            merged(tenant, ANN, ANNA, version=7),
            merged(tenant, ANNA, CARL, version=4),
            contact(tenant, "erased", contact_id=ANN, version=8, deleted=True),
        ] * 2
        chance.shuffle(told)
        for start in range(0, len(told), 4):
            store_events(embedded_store, told[start : start + 4])
        assert bought_by(embedded_store, tenant) == {CARL: (3, 1_600), BOB: (1, 70)}
        assert staying_for(sight_of(embedded_store, tenant), ANN) == CARL


@pytest.mark.parametrize("verb", ["unmerged", "undeleted"])
def test_an_undone_merge_parts_the_customers_again_even_where_it_is_told_late(
    embedded_store: ColumnStore, tenant: UUID, verb: str
) -> None:
    store_events(embedded_store, [*shop(tenant), contact(tenant, verb, contact_id=ANN, version=4)])
    store_events(embedded_store, [merged(tenant, ANN, ANNA, version=3)])
    assert bought_by(embedded_store, tenant) == APART
    store_events(embedded_store, [merged(tenant, ANN, ANNA, version=6)])
    assert bought_by(embedded_store, tenant) == TOGETHER


def test_a_circle_that_is_known_in_part_ends(embedded_store: ColumnStore, tenant: UUID) -> None:
    """Ann was merged into Anna, parted, and Anna merged into Ann; the parting has not come yet."""
    store_events(embedded_store, [*shop(tenant), merged(tenant, ANN, ANNA), merged(tenant, ANNA, ANN)])
    assert sum(orders for orders, _ in bought_by(embedded_store, tenant).values()) == 4
    store_events(embedded_store, [contact(tenant, "unmerged", contact_id=ANN, version=4)])
    assert bought_by(embedded_store, tenant) == {ANN: (3, 1_600), BOB: (1, 70)}


def test_merges_told_before_they_had_a_fact_are_taken_over(embedded_store: ColumnStore, tenant: UUID) -> None:
    store_events(embedded_store, [*shop(tenant), merged(tenant, ANN, ANNA)])
    engine = cast(Any, embedded_store)._engine
    engine.run("TRUNCATE TABLE merge_fact", {})
    assert bought_by(embedded_store, tenant) == APART
    for _ in range(2):
        for statement in MIGRATIONS[4].statements:
            engine.run(statement, {})
    assert bought_by(embedded_store, tenant) == TOGETHER
