"""Sellers that files name are colleagues by address or name; others are chosen, kept as a text, or nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.identity.v1 import tenant_pb2
from funia.sales.v1 import deal_pb2, lead_pb2, order_pb2, sales_import_pb2
from sales.queries import lead as lead_queries

from .companies import settle
from .importer import Desk
from .neighbour import Neighbour

SALLY, BORIS, NAMESAKE, GONE = (str(uuid7()) for _ in range(4))
TEAM = uuid7()


@pytest.fixture
def alice(house: Any, database: Database, neighbour: Neighbour) -> Person:
    """Somebody whose colleagues are Sally, two people called Boris, and one who has left."""
    person: Person = house.person()
    settle(database, person.tenant_id)
    neighbour.colleagues = [
        tenant_pb2.User(id=SALLY, full_name="Sally  Seller", email="Sally@cups.example", status="active"),
        tenant_pb2.User(id=BORIS, full_name="Boris B", email="boris@cups.example", status="active"),
        tenant_pb2.User(id=NAMESAKE, full_name="boris b", email="bb@cups.example", status="active"),
        tenant_pb2.User(id=GONE, full_name="Gone Person", email="gone@cups.example", status="deactivated"),
    ]
    with database.open_work(Caller.system(person.tenant_id)) as work:
        lead_queries.keep_colleague(work, UUID(SALLY), TEAM, active=True, version=1)
    return person


def test_sellers_of_deals_are_found_chosen_tagged_or_nobody(alice: Person, desk: Desk, database: Database) -> None:
    names = ["sally seller", "SALLY@cups.example", "Boris B", "bb@cups.example", "Gone Person", "Moses Frase", ""]
    lines = "\n".join(f"D{at},Won,5,{name}" for at, name in enumerate(names))
    job = desk.check(alice, desk.upload(alice, "deal", f"name,stage,amount,sales agent\n{lines}\n"))
    chosen = {name: one.choice for name, one in desk.values(alice, job, "owner").items()}
    assert chosen == {
        "sally seller": SALLY,
        "SALLY@cups.example": SALLY,
        "bb@cups.example": NAMESAKE,
        **dict.fromkeys(("Boris B", "Gone Person", "Moses Frase"), "text"),
    }
    kept = text("SELECT owners FROM sales_import WHERE tenant_id = %(tenant_id)s", "tenant_id")
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert [row.owners for row in work.rows(kept)] == [{}], "whom a file may mean is forgotten after the check"
    desk.choose(alice, job, {("owner", "Boris B"): BORIS, ("owner", "Gone Person"): "none"})
    assert desk.run(alice, job).rows_created == len(names)
    deals = {one.name: one for one in alice.call("DealService.ListDeals", deal_pb2.ListDealsRequest()).deals}
    owners = [deals[f"D{at}"].owner_id for at in range(len(names))]
    assert owners == [SALLY, SALLY, BORIS, NAMESAKE, "", "", str(alice.actor_id)]
    assert [deals[f"D{at}"].team_id for at in (0, 2)] == [str(TEAM), ""]
    assert [list(deals[f"D{at}"].tags) for at in (4, 5)] == [[], ["Moses Frase"]]


def test_sellers_of_orders_and_leads_are_found_too(alice: Person, desk: Desk) -> None:
    head = "number,sku,quantity,date,price,sales agent"
    sold = ["1,A,1,2026-01-05,10,sally@cups.example", "2,A,1,2026-01-05,10,Moses Frase", "3,A,1,2026-01-05,10,"]
    desk.load(alice, "order", "\n".join([head, *sold]))
    orders = {one.number: one for one in alice.call("OrderService.ListOrders", order_pb2.ListOrdersRequest()).orders}
    assert [(orders[one].owner_id, orders[one].note) for one in "123"] == [(SALLY, ""), ("", "Moses Frase"), ("", "")]
    assert orders["1"].team_id == str(TEAM)
    desk.load(alice, "lead", "First name,Owner\nAna,Sally Seller\nBo,Moses Frase\n")
    leads = {one.given_name: one for one in alice.call("LeadService.ListLeads", lead_pb2.ListLeadsRequest()).leads}
    assert (leads["Ana"].owner_id, leads["Ana"].team_id, list(leads["Bo"].tags)) == (SALLY, str(TEAM), ["Moses Frase"])


def test_a_mapping_that_comes_twice_is_one_and_a_stranger_maps_nothing(house: Any, alice: Person, desk: Desk) -> None:
    job = desk.upload(alice, "lead", "First name,Owner\nAna,Sally Seller\n")
    fields = {"First name": "given_name", "Owner": "owner"}
    request = sales_import_pb2.MapSalesImportRequest(id=job.id, fields=fields)
    first = alice.call("SalesImportService.MapSalesImport", request)
    assert alice.call("SalesImportService.MapSalesImport", request) == first
    stranger = house.person()
    assert refused(stranger.call, "SalesImportService.MapSalesImport", request).reason == "IMPORT_NOT_FOUND"
