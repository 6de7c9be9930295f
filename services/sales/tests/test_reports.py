"""Reports over gRPC: figures, what the caller sees of them, and the filters that open the records behind them."""

from __future__ import annotations

import csv
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.statements import text
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import deal_pb2 as deals
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import sales_report_pb2 as pb
from python_calamine import CalamineWorkbook
from sales.queries import sales_days

from .companies import customer, settle
from .shop import Shop, open_shop
from .test_activities import activity
from .test_activities import move as move_activity
from .test_deals import deal, euros, move
from .test_goals import won
from .test_lines import item
from .test_orders import draft, place, step

_ON = text(
    "UPDATE sales_order SET ordered_on = %(day)s::date WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id"
)
_SPOIL = text("UPDATE sales_day SET gross_minor = gross_minor + 1 WHERE tenant_id = %(tenant_id)s", "tenant_id")
_YEAR = {"first_day": "2026-01-01", "last_day": "2026-12-31"}


@pytest.fixture
def shop(alice: Person, bob: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    for person in (alice, bob):
        settle(database, person.tenant_id)
    return opened


def run(person: Person, report: str, *by: str, **given: Any) -> pb.SalesReport:
    request = pb.RunSalesReportRequest(report=report, group_by=by, **given)
    answer: pb.SalesReport = person.call("SalesReportService.RunSalesReport", request)
    return answer


def figures(report: pb.SalesReport, *columns: str) -> dict[tuple[str, ...], tuple[int | None, ...]]:
    """Values of these columns by the keys of the rows."""
    return {tuple(row.keys): values(report, row, *columns) for row in report.rows}


def values(report: pb.SalesReport, row: pb.SalesReportRow, *columns: str) -> tuple[int | None, ...]:
    at = [one.column for one in report.definition.columns]
    chosen = [row.values[at.index(one)] for one in columns]
    return tuple(one.value if one.HasField("value") else None for one in chosen)


def sold_on(database: Database, person: Person, order: orders.Order, day: str) -> None:
    with database.open_work(Caller.system(person.tenant_id)) as work:
        work.execute(_ON, id=UUID(order.id), day=day)


def test_sales_are_counted_by_day_and_customer_without_drafts_cancels_and_gifts(
    alice: Person, bob: Person, database: Database, shop: Shop
) -> None:
    regular = customer(database, alice.tenant_id, "contact")
    first = place(alice, item(shop.red, 2), item(shop.blue, 1), contact_id=regular)
    second = place(alice, item(shop.red, 1), contact_id=regular)
    stranger = place(alice, item(shop.red, 1), document_discount_minor=100)
    draft(alice, item(shop.red, 5))
    canceled = place(alice, item(shop.red, 7))
    step(alice, "Cancel", canceled)
    place(alice, item(shop.red, 1), document_discount_basis_points=10_000)
    for one, day in ((first, "2026-03-30"), (second, "2026-04-02"), (stranger, "2026-04-02")):
        sold_on(database, alice, one, day)
    of_year = run(alice, "sales", "month", **_YEAR, filter="contact_id != null OR account_id != null")
    assert figures(of_year, "orders", "lines", "customers", "net", "tax", "gross") == {
        ("2026-03",): (1, 2, 1, 3_200, 640, 3_840), ("2026-04",): (1, 1, 1, 1_000, 200, 1_200),
    }  # fmt: skip
    assert values(of_year, of_year.totals[0], "orders", "lines", "customers", "net") == (2, 3, 1, 4_200)
    everybody = run(alice, "sales", "day", **_YEAR)
    assert figures(everybody, "orders", "net", "discount")[("2026-04-02",)] == (2, 1_900, 100)
    assert not run(bob, "sales", "day", **_YEAR).rows
    april = next(row for row in of_year.rows if row.keys == ["2026-04"])
    listed = alice.call("OrderService.ListOrders", orders.ListOrdersRequest(filter=april.filter))
    assert [one.id for one in listed.orders] == [second.id]


def test_sums_follow_orders_that_change_their_day_and_are_put_right_when_spoiled(
    alice: Person, database: Database, shop: Shop
) -> None:
    made = place(alice, item(shop.red, 1))
    sold_on(database, alice, made, "2026-05-05")
    assert figures(run(alice, "sales", "day", **_YEAR), "orders") == {("2026-05-05",): (1,)}
    sold_on(database, alice, made, "2026-05-06")
    assert figures(run(alice, "sales", "day", **_YEAR), "orders") == {("2026-05-06",): (1,)}
    step(alice, "Cancel", made)
    assert not run(alice, "sales", "day", **_YEAR).rows
    again = place(alice, item(shop.red, 1))
    sold_on(database, alice, again, "2026-05-07")
    run(alice, "sales", "day", **_YEAR)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_SPOIL)
        assert sales_days.recount(work)
        assert not sales_days.recount(work)
    assert figures(run(alice, "sales", "day", **_YEAR), "gross") == {("2026-05-07",): (1_200,)}


def test_products_and_discounts_open_the_orders_they_are_of(alice: Person, shop: Shop, database: Database) -> None:
    cut = place(alice, item(shop.red, 2), document_discount_minor=500)
    place(alice, item(shop.blue, 1))
    of_products = run(alice, "products", "product")
    assert [(list(row.names), values(of_products, row, "quantity", "net")) for row in of_products.rows] == [
        (["Cup"], (3_000, 2_700))
    ]
    off = run(alice, "discounts", "owner")
    assert figures(off, "orders", "list", "by_hand", "discount_share") == {
        (str(alice.actor_id),): (2, 3_200, 500, 1_563)
    }
    listed = alice.call("OrderService.ListOrders", orders.ListOrdersRequest(filter=of_products.rows[0].filter))
    assert len(listed.orders) == 2
    assert cut.id in {one.id for one in listed.orders}


def test_the_win_rate_is_of_what_closed_in_the_period_and_of_whom_the_caller_sees(
    alice: Person, bob: Person, house: House, database: Database, shop: Shop
) -> None:
    seller = house.person(alice.tenant_id, visibility="own")
    won(seller, database, 300, "2026-10-31T21:59:00Z", source="web")
    won(alice, database, 500, "2026-10-31T22:01:00Z")
    won(bob, database, 900, "2026-10-03T12:00:00Z")
    lost = deal(alice, amount=euros(50))
    move(alice, lost, "Closed lost", lost_reason="Price")
    months = run(alice, "win_rate", "month", first_day="2026-10-01", last_day="2026-11-30")
    at = figures(months, "won", "lost", "win_rate", "won_amount")
    assert at[("2026-10",)] == (1, 0, 10_000, 30_000)
    assert values(months, months.totals[0], "won", "win_rate", "won_amount")[0] == 2
    own = run(seller, "win_rate", "source", **_YEAR)
    assert figures(own, "won", "lost", "won_amount") == {("web",): (1, 0, 30_000)}
    opened = alice.call(
        "DealService.ListDeals",
        deals.ListDealsRequest(filter=f"({months.rows[0].filter}) AND {months.definition.columns[0].filter}"),
    )
    assert len(opened.deals) == 1


def test_a_hidden_amount_hides_its_sums_and_filters(alice: Person, house: House, shop: Shop) -> None:
    deal(alice, amount=euros(100))
    blind = house.person(alice.tenant_id, hid="deal.amount")
    found = run(blind, "pipeline", "stage")
    assert [values(found, row, "deals", "amount", "weighted") for row in found.rows] == [(1, None, None)]
    assert refused(run, blind, "pipeline", filter="amount > 5").reason == "FIELD_HIDDEN"
    seen = run(alice, "pipeline", "stage", "owner")
    assert [values(seen, row, "deals", "amount", "weighted") for row in seen.rows] == [(1, 10_000, 1_000)]
    assert list(seen.rows[0].names) == ["Prospecting", ""]


def test_stays_cycles_and_activities_are_counted(alice: Person, database: Database, shop: Shop) -> None:
    account = customer(database, alice.tenant_id, "account")
    move(alice, deal(alice, amount=euros(10), account_id=account), "Closed won")
    move_activity(alice, activity(alice), "completed")
    stays = run(alice, "stage_time")
    assert [(list(row.names), values(stays, row, "stays")) for row in stays.rows] == [(["Prospecting"], (1,))]
    left = alice.call("DealService.ListDeals", deals.ListDealsRequest(filter=stays.rows[0].filter))
    assert [one.status for one in left.deals] == ["won"]
    stage_id = stays.rows[0].keys[0]
    elsewhere = f'left_stage_id = "{stage_id}" AND stage_left_at < 2026-01-01'
    assert not alice.call("DealService.ListDeals", deals.ListDealsRequest(filter=elsewhere)).deals
    cycle = run(alice, "cycle")
    assert [values(cycle, row, "won", "cycle_average") for row in cycle.rows] == [(1, 0)]
    assert figures(run(alice, "activities", "owner", "kind"), "done", "tasks") == {
        (str(alice.actor_id), "task"): (1, 1)
    }


def test_what_cannot_be_asked_is_told(alice: Person, shop: Shop) -> None:
    assert refused(run, alice, "weather").reason == "REPORT_NOT_FOUND"
    assert refused(run, alice, "sales", "day", "day").reason == "UNKNOWN_GROUP"
    assert refused(run, alice, "sales", "stage").violations[0].field == "group_by[0]"
    assert refused(run, alice, "sales", first_day="2026-02-01", last_day="2026-01-01").reason == "BACKWARDS"
    assert refused(run, alice, "sales", first_day="1990-01-01").reason == "TOO_LONG"
    assert refused(run, alice, "sales", filter="colour = 1").reason == "INVALID_FILTER"
    listed = alice.call("SalesReportService.ListSalesReports", pb.ListSalesReportsRequest())
    for one in listed.reports:
        assert one.definition
        for group in one.group_by:
            run(alice, one.report, group)


def test_a_report_leaves_as_a_file_in_which_nothing_reckons(alice: Person, bob: Person, shop: Shop) -> None:
    deal(alice, amount=euros(1_000), source="=HYPERLINK(1)")

    def export(person: Person, form: str, **words: str) -> pb.SalesReportFile:
        request = pb.ExportSalesReportRequest(
            report="pipeline", group_by=["source", "owner"], format=form, language="ru", words=words
        )
        made: pb.SalesReportFile = person.call("SalesReportService.ExportSalesReport", request)
        return made

    spoken = {str(alice.actor_id): "Анна", "deals": "Сделки", "total": "Всего"}
    rows = list(csv.reader(export(alice, "csv", **spoken).content.decode("utf-8-sig").splitlines()))
    assert rows == [
        ["source", "owner", "currency", "Сделки", "amount", "weighted"],
        ["'=HYPERLINK(1)", "Анна", "EUR", "1", "1000.00", "100.00"],
    ]
    book = export(alice, "xlsx", **spoken)
    sheet = CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert sheet[1:] == [["=HYPERLINK(1)", "Анна", "EUR", 1.0, 1000.0, 100.0], ["Всего", "", "EUR", 1.0, 1000.0, 100.0]]
    assert book.file_name.startswith("pipeline-")
    assert export(alice, "pdf", **spoken).content.startswith(b"%PDF-")
    assert len(export(bob, "csv").content.splitlines()) == 1
    assert refused(export, alice, "doc").reason == "INVALID_FIELD"
