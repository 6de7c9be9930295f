"""Movement between groups of RFM, to the customer: groups are those of each day's report, orders those in between."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID, uuid5

import pytest
from analytics.consumers.events import store_events
from analytics.queries import rfm
from analytics.queries.sight import Sight
from analytics.servicers.customer_report import CustomerReportServicer
from analytics.settings import Settings
from analytics.store.port import ColumnStore
from chassis.caller import Caller
from chassis.errors import InvalidArgument
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import customer_report_pb2 as pb
from funia.events.v1.envelope_pb2 import Envelope
from funia.sales.v1.events_pb2 import OrderChanged

from .telling import line, merged, order

SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
START = date(2011, 1, 1)
FROM, TO = "2011-06-30", "2011-12-10"
DAYS: dict[str, Any] = {"from_day": FROM, "to_day": TO}


@pytest.fixture
def reports(embedded_store: ColumnStore) -> CustomerReportServicer:
    return CustomerReportServicer(embedded_store, Settings(), Pager("s" * 32, default_size=7))


def call(tenant: UUID, caller: Caller | None = None) -> Call:
    return Call(caller or Caller.system(tenant), cast(Any, None), cast(Any, None))


def who(name: str) -> str:
    return str(uuid5(SPACE, name))


def bought(tenant: UUID, name: str, day: str, minor: int, **given: Any) -> Envelope:
    return order(tenant, lines=[line(minor)], contact_id=who(name), ordered_on=day, **given)


def year(tenant: UUID) -> list[Envelope]:
    """A year of forty customers, of whom some stop and some come late."""
    told = []
    for at in range(300):
        customer, days = at * 7 % 40, at * 13 % 340
        if (customer % 4 == 0 and days > 100) or (customer % 7 == 1 and days < 190):
            continue
        told.append(bought(tenant, f"c{customer}", str(START + timedelta(days=days)), 100 + at * 31 % 977))
    return told


def groups_on(reports: CustomerReportServicer, tenant: UUID, day: str, **given: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    token = ""
    while True:
        asked = pb.ListRfmCustomersRequest(as_of=day, page_token=token, **given)
        page = reports.ListRfmCustomers(call(tenant), asked)
        found |= {one.customer_id: one.group for one in page.customers}
        token = page.next_page_token
        if not token:
            return found


def moved(reports: CustomerReportServicer, tenant: UUID, **asked: Any) -> list[pb.RfmMovementCustomer]:
    found: list[pb.RfmMovementCustomer] = []
    token = ""
    while True:
        request = pb.ListRfmMovementCustomersRequest(page_token=token, **(DAYS | asked))
        page = reports.ListRfmMovementCustomers(call(tenant), request)
        found += page.customers
        token = page.next_page_token
        if not token:
            return found


def test_every_customer_moves_from_the_group_of_one_report_to_that_of_the_other(
    reports: CustomerReportServicer, embedded_store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    store_events(embedded_store, [*year(tenant), bought(second_tenant, "z", "2011-02-02", 5)])
    before, after = groups_on(reports, tenant, FROM), groups_on(reports, tenant, TO)
    assert len(after) > len(before) > 20
    expected = {one: (before.get(one, "none"), after[one]) for one in after}
    listed = moved(reports, tenant)
    assert {one.customer_id: (one.from_group, one.to_group) for one in listed} == expected
    report = reports.GetRfmMovement(call(tenant), pb.GetRfmMovementRequest(**DAYS))
    assert (report.customers, report.cuts, report.currency_code) == (len(after), "each", "EUR")
    assert {(one.from_group, one.to_group): one.customers for one in report.moves} == {
        pair: list(expected.values()).count(pair) for pair in expected.values()
    }
    for day, field in ((FROM, "before"), (TO, "after")):
        sizes = {one.group: one.customers for one in reports.GetRfm(call(tenant), pb.GetRfmRequest(as_of=day)).groups}
        assert {one.group: getattr(one, field) for one in report.groups} == sizes
    others = reports.GetRfmMovement(call(second_tenant), pb.GetRfmMovementRequest(**DAYS))
    assert (others.customers, len(others.moves)) == (1, 1)


def test_each_figure_has_its_customers_and_what_they_bought_between_the_days(
    reports: CustomerReportServicer, embedded_store: ColumnStore, tenant: UUID
) -> None:
    told = year(tenant)
    store_events(embedded_store, told)
    report = reports.GetRfmMovement(call(tenant), pb.GetRfmMovementRequest(**DAYS))
    later = [one for one in map(_sold, told) if FROM < one[0] <= TO]
    assert sum(one.orders for one in report.moves) == len(later)
    assert sum(one.monetary_minor for one in report.directions) == sum(minor for _, minor in later)
    assert [one.direction for one in report.directions] == ["improved", "worsened", "stayed", "came"]
    assert all(one.customers for one in report.directions)
    for one in report.directions:
        behind = moved(reports, tenant, direction=one.direction)
        figures = (len(behind), sum(each.orders for each in behind), sum(each.monetary_minor for each in behind))
        assert figures == (one.customers, one.orders, one.monetary_minor)
    places = [one.group for one in report.groups]
    for one in report.moves:
        behind = moved(reports, tenant, from_group=one.from_group, to_group=one.to_group)
        assert len(behind) == one.customers
        if one.from_group == "none":
            assert one.direction == "came"
        else:
            step = places.index(one.to_group) - places.index(one.from_group)
            assert one.direction == ("stayed" if not step else "improved" if step < 0 else "worsened")


def _sold(told: Envelope) -> tuple[str, int]:
    said = OrderChanged.FromString(told.payload)
    return said.ordered_on, said.home_minor


def test_with_the_limits_of_the_first_day_nobody_moves_because_of_others(
    reports: CustomerReportServicer, embedded_store: ColumnStore, tenant: UUID
) -> None:
    store_events(embedded_store, year(tenant))
    sight = Sight(embedded_store.for_tenant(tenant), Caller.system(tenant))
    limits = rfm.spreads(sight, "EUR", START, date.fromisoformat(FROM)).quintiles
    scored = rfm.customers(
        sight, "EUR", START, date.fromisoformat(TO), limits, group="", after=UUID(int=0), limit=99
    )  # fmt: skip
    after = {str(row[0]): str(row[-1]) for row in scored}
    assert {one.customer_id: one.to_group for one in moved(reports, tenant, cuts="first")} == after
    assert after != groups_on(reports, tenant, TO)
    # Before anybody had bought there are no limits to take.
    early = pb.GetRfmMovementRequest(from_day="2010-01-01", to_day=TO, cuts="first")
    report = reports.GetRfmMovement(call(tenant), early)
    assert (report.cuts, [one.customers for one in report.directions]) == ("each", [0, 0, 0, len(after)])


def test_one_day_moves_nobody_and_a_company_without_orders_has_an_answer(
    reports: CustomerReportServicer, embedded_store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    store_events(embedded_store, year(tenant))
    same = reports.GetRfmMovement(call(tenant), pb.GetRfmMovementRequest(from_day=TO, to_day=TO))
    assert [one.customers for one in same.directions] == [0, 0, same.customers, 0]
    assert not any(one.orders for one in same.moves)
    nothing = reports.GetRfmMovement(call(second_tenant), pb.GetRfmMovementRequest())
    assert (nothing.customers, len(nothing.groups), len(nothing.moves)) == (0, 0, 0)
    assert date.fromisoformat(nothing.to_day) - date.fromisoformat(nothing.from_day) == timedelta(days=90)
    assert moved(reports, second_tenant) == []


def test_merged_people_move_once_and_orders_in_other_currencies_are_told(
    reports: CustomerReportServicer, embedded_store: ColumnStore, tenant: UUID
) -> None:
    foreign = bought(tenant, "b", "2011-08-01", 50, home_currency_code="USD")
    told = [bought(tenant, "a", "2011-03-01", 100), bought(tenant, "b", "2011-11-01", 40), foreign]
    store_events(embedded_store, [*told, merged(tenant, who("a"), who("b"))])
    found = moved(reports, tenant)
    assert [(one.customer_id, one.kind, one.recency, one.orders, one.monetary_minor) for one in found] == [
        (who("b"), "contact", 39, 1, 40)
    ]
    report = reports.GetRfmMovement(call(tenant), pb.GetRfmMovementRequest(**DAYS))
    assert (report.customers, report.left_out_orders) == (1, 1)


def test_a_seller_sees_the_movement_of_the_own_orders(
    reports: CustomerReportServicer, embedded_store: ColumnStore, tenant: UUID
) -> None:
    seller = uuid7()
    told = [bought(tenant, "a", "2011-03-01", 1, owner_id=str(seller)), bought(tenant, "b", "2011-03-01", 1)]
    store_events(embedded_store, told)
    own = Caller(tenant, "user", seller, frozenset(), "own", ())
    found = reports.ListRfmMovementCustomers(call(tenant, own), pb.ListRfmMovementCustomersRequest(**DAYS))
    assert [one.customer_id for one in found.customers] == [who("a")]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from_day": TO, "to_day": FROM}, "to_day"),
        ({"to_day": "2222-01-01"}, "to_day"),
        ({"from_group": "best"}, "from_group"),
        ({"to_group": "none"}, "to_group"),
    ],
)
def test_a_question_that_cannot_be_answered_names_its_field(
    reports: CustomerReportServicer, tenant: UUID, asked: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidArgument, match=field):
        reports.ListRfmMovementCustomers(call(tenant), pb.ListRfmMovementCustomersRequest(**asked))
