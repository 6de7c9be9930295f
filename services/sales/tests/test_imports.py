"""Leads, products, deals and orders of other systems: what goes in, what is said of it, and what a second time does."""

from __future__ import annotations

import csv
import gzip
import io
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.events.v1.break_glass_pb2 import BreakGlassUsed
from funia.events.v1.envelope_pb2 import Envelope
from funia.sales.v1 import deal_pb2, lead_pb2, order_pb2, pipeline_pb2, return_pb2, sales_import_pb2

from .companies import settle
from .importer import Desk
from .neighbour import Neighbour

ORDERS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1001,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
1001,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850,United Kingdom
1001,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850,United Kingdom
1002,85123a,WHITE HEART T-LIGHT,3,2010-12-02 09:00:00,2.55,13047,France
1003,POST,POSTAGE,1,2010-12-02 10:00:00,18,,France
C1004,85123A,WHITE HEART,-2,2010-12-03 10:00:00,2.55,17850,United Kingdom
C1005,22423,CAKESTAND,-1,2010-12-03 11:00:00,10.95,17850,United Kingdom
1006,85123A,?,-10,2010-12-03 12:00:00,0,,United Kingdom
A1007,B,Adjust bad debt,1,2010-12-03 12:00:00,-100.50,,United Kingdom
1008,71053,LANTERN,1,2010-12-04 12:00:00,0,13047,France
1009,71053,LANTERN,x,2010-12-04 12:00:00,1,13047,France
"""


_OF_US = "tenant_id = %(tenant_id)s"
_USUAL_CLEANING = f"""
    SELECT count(*) AS lines, count(DISTINCT head.account_id) AS customers, count(DISTINCT head.id) AS orders,
           sum(line.gross_minor) AS gross
      FROM sales_order AS head
      JOIN order_line AS line ON line.tenant_id = head.tenant_id AND line.order_id = head.id
     WHERE head.{_OF_US} AND head.account_id IS NOT NULL AND line.list_unit_micros > 0
"""
_CLOSED = f"""
    SELECT count(*) FILTER (WHERE status = 'won') AS won, count(*) FILTER (WHERE status = 'lost') AS lost,
           sum(home_amount_minor) FILTER (WHERE status = 'won') AS value,
           count(*) FILTER (WHERE account_id IS NULL) AS alone
      FROM deal WHERE {_OF_US}
"""
_STAGES = f"""
    SELECT stage.name FROM deal JOIN stage ON stage.tenant_id = deal.tenant_id AND stage.id = deal.stage_id
     WHERE deal.{_OF_US}
"""
_CONSERVED = f"""
    SELECT (SELECT sum(gross_amount_minor) FROM sales_order WHERE {_OF_US}) AS gross,
           (SELECT sum(refunded_amount_minor) FROM sales_order WHERE {_OF_US}) AS refunded,
           (SELECT sum(amount_minor) FROM payment WHERE {_OF_US}) AS paid,
           (SELECT sum(amount_minor) FROM refund WHERE {_OF_US}) AS given_back,
           (SELECT sum(returned_milli) FROM order_line WHERE {_OF_US}) AS returned,
           (SELECT sum(line.quantity_milli) FROM return_line AS line JOIN return_order AS head
                ON head.tenant_id = line.tenant_id AND head.id = line.return_id
             WHERE line.{_OF_US} AND head.order_id IS NOT NULL) AS linked
"""


@pytest.fixture
def alice(house: Any, database: Database) -> Person:
    """Somebody of a company that counts in pounds."""
    person: Person = house.person()
    settle(database, person.tenant_id, currency="GBP")
    return person


@pytest.fixture
def shared_data() -> Path:
    """The folder of shared sample files: FUNIA_SHARED_DATA, else beside the repository."""
    named = os.environ.get("FUNIA_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).parents[4] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared sample files are not here; set FUNIA_SHARED_DATA to their folder")
    return folder


def rows(database: Database, person: Person, sql: str) -> list[Any]:
    with database.open_work(Caller.system(person.tenant_id), read_only=True) as work:
        return work.rows(text(sql, "tenant_id"))


def test_orders_go_in_as_they_were_and_cancels_come_back(
    alice: Person, bob: Person, desk: Desk, database: Database
) -> None:
    job = desk.check(alice, desk.upload(alice, "order", ORDERS, "shop.csv"))
    assert (job.status, job.rows_read, job.rows_created, job.rows_failed) == ("ready", 11, 8, 3)
    assert dict(job.made) == {"orders": 4, "returns": 2}
    assert desk.values(alice, job, "customer").keys() == {"17850", "13047"}
    assert rows(database, alice, "SELECT id FROM sales_order WHERE tenant_id = %(tenant_id)s") == []

    done = desk.run(alice, job)
    assert (done.status, done.rows_created, done.rows_failed) == ("completed_with_errors", 8, 3)
    assert dict(done.made) == {"orders": 4, "products": 4, "returns": 2}
    assert desk.findings(alice, done) == [
        (4, "EXACT_DUPLICATE"),
        (8, "ORDER_UNKNOWN"),
        (9, "ADJUSTMENT"),
        (10, "ADJUSTMENT"),
        (11, "ZERO_PRICE"),
        (12, "INVALID_QUANTITY"),
    ]
    listed = alice.call("OrderService.ListOrders", order_pb2.ListOrdersRequest())
    orders = {one.number: one for one in listed.orders}
    first = alice.call("OrderService.GetOrder", order_pb2.GetOrderRequest(id=orders["1001"].id))
    assert (first.status, first.payment_status, first.ordered_on) == (
        "partially_returned",
        "partially_refunded",
        "2010-12-01",
    )
    assert (first.gross_amount.amount_minor, first.refunded_amount.amount_minor) == (2886, 510)
    assert [line.returned_milli for line in first.lines] == [2000, 0, 0]
    assert not orders["1003"].account_id
    assert orders["1001"].account_id != orders["1002"].account_id
    came = alice.call("ReturnService.ListReturns", return_pb2.ListReturnsRequest(order_id=first.id)).returns
    assert [(one.number, one.status, one.amount.amount_minor) for one in came] == [("C1004", "refunded", 510)]
    alone = rows(
        database,
        alice,
        f"SELECT id, amount_minor FROM return_order WHERE {_OF_US} AND order_id IS NULL",
    )
    assert [one.amount_minor for one in alone] == [1095]
    shown = alice.call("ReturnService.GetReturn", return_pb2.GetReturnRequest(id=str(alone[0].id)))
    assert (shown.order_id, shown.returned_on, shown.account_id) == ("", "2010-12-03", first.account_id)
    assert rows(database, bob, "SELECT id FROM sales_order WHERE tenant_id = %(tenant_id)s") == []
    assert refused(desk.findings, bob, done).reason == "IMPORT_NOT_FOUND"


def test_looking_at_imports_under_break_glass_is_told_of_and_at_settings_is_not(house: Any, database: Database) -> None:
    opening = str(uuid7())
    owner = house.person(glass={"id": opening, "until": int(time.time()) + 60})
    owner.call("SalesImportService.ListSalesImports", sales_import_pb2.ListSalesImportsRequest())
    owner.call("PipelineService.ListPipelines", pipeline_pb2.ListPipelinesRequest())
    told = rows(database, owner, "SELECT envelope FROM outbox WHERE tenant_id = %(tenant_id)s ORDER BY id")
    uses = [Envelope.FromString(one.envelope) for one in told]
    assert [(one.type, one.subject_id) for one in uses] == [("sales.break_glass.used", opening)]
    assert BreakGlassUsed.FromString(uses[0].payload).method == "SalesImportService/ListSalesImports"


def test_a_file_of_orders_that_comes_again_changes_nothing(alice: Person, desk: Desk, database: Database) -> None:
    desk.load(alice, "order", ORDERS, "shop.csv")
    sums = f"SELECT count(*), sum(version) FROM sales_order WHERE {_OF_US}"
    before = rows(database, alice, sums)
    again = desk.load(alice, "order", ORDERS, "shop.csv")
    assert (again.rows_created, again.rows_skipped, dict(again.made)) == (0, 8, {})
    assert rows(database, alice, sums) == before
    kept = rows(database, alice, _CONSERVED)[0]
    assert (kept.gross, kept.refunded, kept.returned) == (kept.paid, kept.given_back, kept.linked) == (5451, 510, 2000)


def test_a_price_before_the_discount_shows_what_was_given_away(alice: Person, desk: Desk, database: Database) -> None:
    head = "Order number,SKU,Quantity,Unit price,List price,Order date"
    sold = ["7,A,3,9.00,10.00,2026-01-05", "7,B,1,5.00,,2026-01-05", "8,A,1,10.00,9.00,2026-01-06"]
    done = desk.load(alice, "order", "\n".join([head, *sold]), "discounts.csv")
    assert desk.findings(alice, done) == [(4, "INVALID_AMOUNT")]
    shown = "list_amount_minor, discount_amount_minor, net_amount_minor, gross_amount_minor, paid_amount_minor"
    (order,) = rows(database, alice, f"SELECT {shown} FROM sales_order WHERE {_OF_US}")
    assert tuple(order) == (3500, 300, 3200, 3200, 3200)
    lines = f"SELECT list_minor, discounted_minor, net_minor FROM order_line WHERE {_OF_US} ORDER BY position"
    assert [tuple(one) for one in rows(database, alice, lines)] == [(3000, 300, 2700), (500, 0, 500)]


def test_an_import_whose_worker_was_killed_goes_on_where_it_was(alice: Person, desk: Desk, database: Database) -> None:
    lines = [f"{number},SKU{at},Thing {at},1,2020-05-0{1 + at % 9},1.5,7" for number in range(9) for at in range(3)]
    content = "\n".join(
        [
            "number,sku,product,quantity,date,price,customer",
            *lines,
            "8,SKU9,Thing 9,1,2020-05-09,2,7",
            "0,SKU9,Thing 9,1,2020-05-01,2,7",
        ]
    )
    job = desk.check(alice, desk.upload(alice, "order", content))
    alice.call("SalesImportService.RunSalesImport", _run(job))
    half = desk.work_off(alice, job.id, batches=2)
    assert half.status == "running"
    assert 0 < half.rows_created < 29
    done = desk.work_off(alice, job.id)
    assert (done.status, done.rows_created, done.made["orders"]) == ("completed", 29, 9)
    found = rows(database, alice, f"SELECT gross_amount_minor AS gross FROM sales_order WHERE {_OF_US}")
    assert Counter(one.gross for one in found) == {450: 7, 650: 2}
    told = rows(database, alice, f"SELECT id FROM outbox WHERE {_OF_US} AND subject LIKE '%%sales.order.imported'")
    assert len(told) == 10


def test_deals_wait_until_every_value_has_a_meaning(
    alice: Person, bob: Person, desk: Desk, neighbour: Neighbour, database: Database
) -> None:
    desk.load(alice, "product", "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n")
    pipeline = alice.call("PipelineService.ListPipelines", pipeline_pb2.ListPipelinesRequest()).pipelines[0]
    stages = {one.name: one for one in pipeline.stages}
    acme = neighbour.known(alice.token, "Acme")
    content = (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "A1,Moses Frase,GTXPro,Acme,Won,2016-10-20,2017-03-01,1054\n"
        "A2,Moses Frase,MG Special,,Lost,2016-10-25,2017-03-11,0\n"
        "A3,Darcel Schlecht,GTXPro,Betatech,Engaging,2016-11-25,,\n"
        "A4,Darcel Schlecht,MG Special,,Prospecting,,,\n"
        "A5,Darcel Schlecht,MG Special,,Prospecting,soon,,\n"
    )
    job = desk.check(alice, desk.upload(alice, "deal", content, "pipeline.csv"))
    assert (job.status, job.rows_created, job.rows_failed) == ("ready", 4, 1)
    products, found = desk.values(alice, job, "product"), desk.values(alice, job, "stage")
    assert (products["GTXPro"].choice, products["GTXPro"].suggestion_name, products["GTXPro"].rows) == (
        "",
        "GTX Pro",
        2,
    )
    assert products["MG Special"].choice
    assert (found["Won"].choice, found["Engaging"].choice) == (stages["Closed won"].id, "")
    assert refused(desk.run, alice, job).reason == "VALUES_UNDECIDED"
    assert refused(desk.choose, alice, job, {("stage", "Engaging"): "soon"}).reason == "NOT_ONE_OF"
    desk.choose(alice, job, {("stage", "Engaging"): stages["Qualification"].id})
    done = desk.run(alice, job)
    assert (done.status, done.rows_created, dict(done.made)) == ("completed_with_errors", 4, {"deals": 4})
    deals = {one.external_ids["pipeline"]: one for one in _deals(alice)}
    won, lost, engaging, prospect = (deals[f"A{one}"] for one in range(1, 5))
    assert (won.status, won.amount.amount_minor, won.account_id, list(won.tags)) == (
        "won",
        105400,
        str(acme),
        ["Moses Frase"],
    )
    assert won.closed_at.ToDatetime().date().isoformat() == "2017-03-01"
    assert (lost.status, lost.account_id, lost.amount.amount_minor) == ("lost", "", 5500)
    assert (engaging.stage_id, engaging.amount.amount_minor) == (stages["Qualification"].id, 482100)
    assert prospect.stage_id == stages["Prospecting"].id
    steps = alice.call("DealService.ListStageHistory", deal_pb2.ListStageHistoryRequest(deal_id=won.id)).steps
    assert [one.seconds_before // 86_400 for one in steps] == [132, 0]
    assert _deals(bob) == []


def test_leads_of_a_file_are_taken_up_once(alice: Person, desk: Desk) -> None:
    content = (
        "First name,Last name,Email,Company,Country\n"
        "Ana,Ivanova,ana@example.com,Acme,Bulgaria\n"
        "Bo,,not an address,Betatech,\n"
        "Ana,Again,ANA@example.com,,\n"
    )
    done = desk.load(alice, "lead", content)
    assert (done.rows_created, done.rows_skipped, done.rows_failed) == (1, 1, 1)
    assert desk.findings(alice, done) == [(3, "INVALID_EMAIL"), (4, "DUPLICATE")]
    leads = alice.call("LeadService.ListLeads", lead_pb2.ListLeadsRequest()).leads
    assert [(one.given_name, one.company_name, one.country_code) for one in leads] == [("Ana", "Acme", "BG")]
    again = desk.load(alice, "lead", content)
    assert (again.rows_created, again.rows_skipped) == (0, 2)


def test_the_opportunities_of_a_real_company_come_out_right(
    alice: Person, desk: Desk, database: Database, shared_data: Path
) -> None:
    folder = shared_data / "crm_opportunities"
    desk = Desk(_with_large_batches(desk))
    desk.load(alice, "product", (folder / "products.csv").read_bytes(), "products.csv")
    pipeline = alice.call("PipelineService.ListPipelines", pipeline_pb2.ListPipelinesRequest()).pipelines[0]
    stages = {one.name: one.id for one in pipeline.stages}
    whole = gzip.decompress((folder / "sales_pipeline.csv.gz").read_bytes())
    job = desk.check(alice, desk.upload(alice, "deal", whole, "sales_pipeline.csv"), currency_code="GBP")
    assert job.rows_noted == 1_588
    assert desk.values(alice, job, "product")["GTXPro"].suggestion_name == "GTX Pro"
    desk.choose(alice, job, {("stage", "Engaging"): stages["Qualification"]})
    done = desk.run(alice, job)
    assert (done.status, done.rows_created, done.rows_failed) == ("completed", 8_800, 0)
    sums = rows(database, alice, _CLOSED)[0]
    assert (sums.won, sums.lost, sums.value, sums.alone) == (4_238, 2_473, 1_000_553_400, 1_425)
    assert round(sums.won / (sums.won + sums.lost), 4) == 0.6315
    per_stage = Counter(one.name for one in rows(database, alice, _STAGES))
    assert (per_stage["Qualification"], per_stage["Prospecting"]) == (1_589, 500)


def test_a_slice_of_a_real_shop_adds_up(alice: Person, desk: Desk, database: Database, shared_data: Path) -> None:
    with gzip.open(shared_data / "online_retail" / "online_retail.csv.gz", "rt", newline="") as stream:
        lines = [next(stream) for _ in range(3_001)]
    wanted, customers, orders, count = 0, set(), set(), 0
    for one in csv.DictReader(io.StringIO("".join(lines))):
        quantity, price = int(one["Quantity"]), round(float(one["UnitPrice"]) * 1000)
        if one["CustomerID"] and not one["InvoiceNo"].startswith("C") and quantity > 0 and price > 0:
            wanted += quantity * price
            count += 1
            customers.add(one["CustomerID"])
            orders.add(one["InvoiceNo"])
    desk = Desk(_with_large_batches(desk))
    done = desk.load(alice, "order", "".join(lines), "online_retail.csv")
    assert done.rows_read == 3_000
    found = rows(database, alice, _USUAL_CLEANING)[0]
    assert (found.lines, found.customers, found.orders) == (count, len(customers), len(orders))
    assert found.gross == round(wanted / 10)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_two_years_of_a_real_shop_add_up(alice: Person, desk: Desk, database: Database, shared_data: Path) -> None:
    whole = gzip.decompress((shared_data / "online_retail" / "online_retail.csv.gz").read_bytes())
    desk = Desk(_with_large_batches(desk))
    job = desk.check(alice, desk.upload(alice, "order", whole, "online_retail.csv"))
    alice.call("SalesImportService.RunSalesImport", _run(job))
    began = time.monotonic()
    done = desk.work_off(alice, job.id)
    print(f"{done.rows_read / (time.monotonic() - began):,.0f} lines a second; {done.made}")
    found = rows(database, alice, _USUAL_CLEANING)[0]
    assert (done.rows_read, found.customers, found.orders) == (541_909, 4_338, 18_532)
    assert found.gross == 891_140_790
    kept = rows(database, alice, _CONSERVED)[0]
    assert (kept.gross, kept.refunded, kept.returned) == (kept.paid, kept.given_back, kept.linked)


def _with_large_batches(desk: Desk) -> Any:
    from chassis.importing.limits import ImportLimits
    from sales.imports.running import ImportRunner

    held = desk.runner
    return ImportRunner(held._database, held._files, ImportLimits(batch_rows=2_000), held._capture)


def _run(job: Any) -> Any:
    from funia.sales.v1 import sales_import_pb2

    return sales_import_pb2.RunSalesImportRequest(id=job.id)


def _deals(person: Person) -> list[Any]:
    return list(person.call("DealService.ListDeals", deal_pb2.ListDealsRequest()).deals)
