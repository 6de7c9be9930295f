"""Recency, frequency and money, cohorts and repeat purchases, to the unit."""

from __future__ import annotations

import csv
import gzip
import os
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid5

import pytest
from analytics.consumers.events import store_events
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

from .telling import account, line, order

SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
AS_OF = "2011-12-10"


@pytest.fixture
def reports(store: ColumnStore) -> CustomerReportServicer:
    return CustomerReportServicer(store, Settings(), Pager("s" * 32, default_size=2))


def call(tenant: UUID, caller: Caller | None = None) -> Call:
    return Call(caller or Caller.system(tenant), cast(Any, None), cast(Any, None))


def bought(tenant: UUID, who: str, day: str, minor: int, **given: Any) -> Envelope:
    return order(
        tenant,
        lines=[line(minor)] if minor else [],
        account_id=str(uuid5(SPACE, who)),
        ordered_on=day,
        **given,
    )


def customers_of(reports: CustomerReportServicer, tenant: UUID, **asked: Any) -> list[pb.RfmCustomer]:
    found: list[pb.RfmCustomer] = []
    token = ""
    while True:
        page = reports.ListRfmCustomers(call(tenant), pb.ListRfmCustomersRequest(page_token=token, **asked))
        found += page.customers
        token = page.next_page_token
        if not token:
            return found


def test_rfm_counts_what_was_sold_and_nothing_else(
    reports: CustomerReportServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    canceled = bought(tenant, "c", "2011-12-05", 9_999)
    store_events(
        store,
        [
            bought(tenant, "a", "2011-12-01", 1_000),
            bought(tenant, "a", "2011-12-09", 500),
            bought(tenant, "b", "2011-01-10", 70),
            bought(tenant, "b", "2011-01-11", 0),
            bought(tenant, "a", "2011-12-11", 400),
            bought(tenant, "a", "2011-12-02", 333, status="draft"),
            bought(tenant, "a", "2011-12-02", 50, home_currency_code="USD"),
            order(tenant, lines=[line(5_000)], ordered_on="2011-12-01"),
            canceled,
            bought(second_tenant, "z", "2011-12-01", 77),
        ],
    )
    gone = Envelope()
    gone.CopyFrom(canceled)
    gone.id, gone.type, gone.aggregate_version = str(uuid7()), "sales.order.canceled", 3
    gone.payload = order(
        tenant, "canceled", status="canceled", order_id=canceled.subject_id, account_id=str(uuid5(SPACE, "c"))
    ).payload
    store_events(store, [gone])
    report = reports.GetRfm(call(tenant), pb.GetRfmRequest(as_of=AS_OF))
    assert (report.customers, report.orders, report.monetary_minor, report.left_out_orders) == (2, 3, 1_570, 1)
    assert (report.recency.median, report.frequency.mean, report.monetary.median) == (167.5, 1.5, 785.0)
    assert sum(group.customers for group in report.groups) == 2
    found = {one.customer_id: one for one in customers_of(reports, tenant, as_of=AS_OF)}
    first = found[str(uuid5(SPACE, "a"))]
    assert (first.kind, first.recency, first.frequency, first.monetary_minor) == ("account", 1, 2, 1_500)
    assert (first.recency_score, first.monetary_score) == (5, 1 + sum(cut < 1_500 for cut in report.monetary.cuts))


def test_given_cuts_decide_scores_and_groups(reports: CustomerReportServicer, store: ColumnStore, tenant: UUID) -> None:
    sold = [bought(tenant, "best", f"2011-12-0{day}", 10_000) for day in range(1, 7)]
    store_events(store, [*sold, bought(tenant, "once", "2011-12-06", 10), bought(tenant, "old", "2010-01-01", 10)])
    cuts: dict[str, Any] = {
        "as_of": AS_OF, "recency_cuts": [7, 30, 90, 180], "frequency_cuts": [1, 2, 3, 5],
        "monetary_cuts": [1_000, 5_000, 10_000, 50_000],
    }  # fmt: skip
    groups = {one.customer_id: one.group for one in customers_of(reports, tenant, **cuts)}
    assert groups == {
        str(uuid5(SPACE, "best")): "champions",
        str(uuid5(SPACE, "once")): "new",
        str(uuid5(SPACE, "old")): "lost",
    }
    assert [one.customer_id for one in customers_of(reports, tenant, group="lost", **cuts)] == [
        str(uuid5(SPACE, "old"))
    ]
    with pytest.raises(InvalidArgument, match="monetary_cuts"):
        reports.GetRfm(call(tenant), pb.GetRfmRequest(monetary_cuts=[5, 4, 3, 2]))


def test_an_empty_company_one_customer_and_equal_spend_have_an_answer(
    reports: CustomerReportServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    nothing = reports.GetRfm(call(tenant), pb.GetRfmRequest(as_of=AS_OF))
    assert (nothing.customers, len(nothing.groups)) == (0, 0)
    assert customers_of(reports, tenant) == []
    assert not reports.GetCohorts(call(tenant), pb.GetCohortsRequest()).cohorts
    assert reports.GetRepeatPurchases(call(tenant), pb.GetRepeatPurchasesRequest()).customers == 0
    store_events(store, [bought(second_tenant, f"c{at}", "2011-12-01", 100) for at in range(4)])
    equal = reports.GetRfm(call(second_tenant), pb.GetRfmRequest(as_of=AS_OF))
    assert [(cell.recency_score, cell.value_score, cell.customers) for cell in equal.cells] == [(5, 1, 4)]


def test_cohorts_follow_customers_from_their_first_purchase_of_all_time(
    reports: CustomerReportServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    days = {"a": ["2011-01-31", "2011-02-01", "2011-02-28", "2011-04-02"], "b": ["2011-01-05"], "c": ["2011-03-01"],
            "old": ["2010-05-05", "2011-02-02"]}  # fmt: skip
    store_events(store, [bought(tenant, who, day, 100) for who, all_days in days.items() for day in all_days])
    store_events(store, [bought(second_tenant, "z", "2011-02-02", 100)])
    asked = pb.GetCohortsRequest(first_day="2011-01-15", last_day="2011-04-30")
    found = reports.GetCohorts(call(tenant), asked).cohorts
    assert [(one.starts_on, one.customers, list(one.active)) for one in found] == [
        ("2011-01-01", 2, [2, 1, 0, 1]),
        ("2011-03-01", 1, [1, 0]),
    ]
    cell = reports.ListCohortCustomers(
        call(tenant), pb.ListCohortCustomersRequest(starts_on="2011-01-01", age=3, last_day="2011-04-30")
    )
    assert list(cell.customer_ids) == [str(uuid5(SPACE, "a"))]
    weeks = pb.GetCohortsRequest(first_day="2011-03-01", last_day="2011-03-08", step="week")
    assert [list(one.active) for one in reports.GetCohorts(call(tenant), weeks).cohorts] == [[1, 0]]


def test_repeat_purchases_tell_who_comes_back_and_when(
    reports: CustomerReportServicer, store: ColumnStore, tenant: UUID
) -> None:
    days = {"a": ["2011-01-01", "2011-01-01", "2011-01-11", "2011-03-12"], "b": ["2011-01-05"]}
    store_events(store, [bought(tenant, who, day, 100) for who, all_days in days.items() for day in all_days])
    found = reports.GetRepeatPurchases(call(tenant), pb.GetRepeatPurchasesRequest(last_day="2011-12-31"))
    assert (found.customers, found.repeat_customers, found.repeat_purchases) == (2, 1, 3)
    assert (found.median_days, round(found.mean_days, 3)) == (10.0, 23.333)
    assert {gap.from_days: gap.purchases for gap in found.gaps if gap.purchases} == {0: 1, 8: 1, 31: 1}


def test_a_seller_counts_the_own_orders_and_a_lead_those_of_the_team(
    reports: CustomerReportServicer, store: ColumnStore, tenant: UUID
) -> None:
    seller, team = uuid7(), uuid7()
    store_events(
        store,
        [
            bought(tenant, "a", "2011-12-01", 100, owner_id=str(seller)),
            bought(tenant, "b", "2011-12-01", 20, team_id=str(team)),
            bought(tenant, "c", "2011-12-01", 3),
        ],
    )

    def seen(visibility: Any, teams: Sequence[UUID] = ()) -> int:
        caller = Caller(tenant, "user", seller, frozenset(), visibility, tuple(teams))
        return reports.GetRfm(call(tenant, caller), pb.GetRfmRequest(as_of=AS_OF)).monetary_minor

    assert (seen("own"), seen("team", [team]), seen("all")) == (100, 120, 123)


def test_a_year_of_purchases_scores_as_counted_by_hand(
    reports: CustomerReportServicer, store: ColumnStore, tenant: UUID
) -> None:
    start = date(2011, 1, 1)
    sold: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for at in range(300):
        sold[f"c{at * 7 % 40}"].append((start + timedelta(days=at * 13 % 340), 100 + at * 31 % 977))
    told = [bought(tenant, who, day.isoformat(), minor) for who, all_sold in sold.items() for day, minor in all_sold]
    store_events(store, [*told, account(tenant, account_id=str(uuid5(SPACE, "c0")))])
    end = date.fromisoformat(AS_OF)
    expected = {
        str(uuid5(SPACE, who)): (
            (end - max(day for day, _ in all_sold)).days,
            len(all_sold),
            sum(m for _, m in all_sold),
        )
        for who, all_sold in sold.items()
    }
    found = customers_of(reports, tenant, as_of=AS_OF, page_size=17)
    assert {one.customer_id: (one.recency, one.frequency, one.monetary_minor) for one in found} == expected


@pytest.fixture
def retail() -> Path:
    named = os.environ.get("FUNIA_SHARED_DATA")
    folder = (Path(named) if named else Path(__file__).parents[4] / "shared" / "data") / "online_retail"
    if not folder.is_dir():
        pytest.skip("the shared sample files are not here; set FUNIA_SHARED_DATA to their folder")
    return folder


@pytest.mark.soak
def test_online_retail_is_counted_as_published(embedded_store: ColumnStore, retail: Path, tenant: UUID) -> None:
    orders: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    days: dict[str, str] = {}
    with gzip.open(retail / "online_retail.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            quantity = int(row["Quantity"])
            if row["CustomerID"] and quantity > 0 and float(row["UnitPrice"]) >= 0:
                minor = round(quantity * float(row["UnitPrice"]) * 100)
                orders[row["InvoiceNo"], row["CustomerID"]].append((row["StockCode"], minor))
                days[row["InvoiceNo"]] = row["InvoiceDate"][:10]
    told = [
        order(
            tenant, "imported", version=1, lines=[line(minor) for _, minor in sold], ordered_on=days[number],
            account_id=str(uuid5(SPACE, who)), status="completed",
        )
        for (number, who), sold in orders.items()
    ]  # fmt: skip
    for at in range(0, len(told), 5_000):
        store_events(embedded_store, told[at : at + 5_000])
    reports = CustomerReportServicer(embedded_store, Settings(), Pager("s" * 32))
    report = reports.GetRfm(call(tenant), pb.GetRfmRequest(as_of=AS_OF))
    assert (report.customers, report.orders, report.monetary_minor) == (4_338, 18_532, 891_140_790)
    assert (round(report.recency.mean, 2), report.recency.median) == (93.06, 51)
    assert (round(report.frequency.mean, 3), report.monetary.median) == (4.272, 67_448.5)
    with gzip.open(retail / "expected_rfm.csv.gz", "rt") as lines:
        expected = {
            str(uuid5(SPACE, row["CustomerID"])): (
                int(row["recency"]), int(row["frequency"]), round(float(row["monetary"]) * 100)
            )
            for row in csv.DictReader(lines)
        }  # fmt: skip
    found = customers_of(reports, tenant, as_of=AS_OF, page_size=200)
    assert {one.customer_id: (one.recency, one.frequency, one.monetary_minor) for one in found} == expected
