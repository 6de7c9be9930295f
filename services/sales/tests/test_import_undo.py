"""Imports that are taken back: what they made goes, what somebody used since stays, and the file can come again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.statements import text
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.sales.v1 import (
    catalogue_pb2,
    deal_pb2,
    invoice_pb2,
    lead_pb2,
    order_pb2,
    return_pb2,
    sales_import_pb2,
)
from google.protobuf.field_mask_pb2 import FieldMask

from .companies import settle
from .importer import Desk

ORDERS = """number,sku,product,quantity,date,price,customer
1,A,Apple,2,2026-01-05,10,7
1,B,Bear,1,2026-01-05,5,7
2,A,Apple,1,2026-01-06,10,8
C3,A,Apple,-1,2026-01-07,10,7
"""
LATER = "number,sku,product,quantity,date,price,customer\nC4,B,Bear,-1,2026-01-08,5,7\n"
_OF_US = "tenant_id = %(tenant_id)s"


@pytest.fixture
def alice(house: Any, database: Database) -> Person:
    """Somebody of a company that counts in pounds."""
    person: Person = house.person()
    settle(database, person.tenant_id, currency="GBP")
    return person


@pytest.fixture
def bob(house: Any, database: Database) -> Person:
    """Somebody of another one."""
    person: Person = house.person()
    settle(database, person.tenant_id, currency="GBP")
    return person


def test_orders_go_with_their_returns_payments_and_articles(
    alice: Person, bob: Person, desk: Desk, database: Database
) -> None:
    theirs = desk.load(bob, "order", ORDERS, "shop.csv")
    done = desk.load(alice, "order", ORDERS, "shop.csv")
    assert dict(done.made) == {"orders": 2, "returns": 1, "products": 2}
    undone = desk.undo(alice, done)
    assert (undone.status, undone.undo_total, undone.undo_left) == ("reverted", 7, 0)
    assert dict(undone.undone) == {"orders": 2, "returns": 1, "products": 2, "variants": 2}
    assert _orders(alice) == {}
    kept = "status, payment_status, paid_amount_minor, refunded_amount_minor"
    assert {tuple(one) for one in _rows(database, alice, f"SELECT {kept} FROM sales_order WHERE {_OF_US}")} == {
        ("canceled", "unpaid", 0, 0)
    }
    paid = f"SELECT status, refunding_minor FROM payment WHERE {_OF_US}"
    assert {tuple(one) for one in _rows(database, alice, paid)} == {("canceled", 0)}
    assert _rows(database, alice, f"SELECT code FROM barcode WHERE {_OF_US}") == []
    for table in ("external_record", "sales_import_change"):
        told = f"SELECT import_id FROM {table} WHERE {_OF_US} AND import_id = '{done.id}'"
        assert len(_rows(database, alice, told)) == (2 if table == "external_record" else 0), "companies stay"
    subjects = [one.subject.split(".", 2)[2] for one in _outbox(database, alice, done)]
    assert subjects.count("sales.order.canceled") == 2
    assert subjects.count("sales.return.rejected") == subjects.count("sales.import.reverted") == 1
    assert subjects.count("sales.product.deleted") == subjects.count("sales.product_variant.deleted") == 2
    assert desk.undo(alice, done).status == "reverted"

    again = desk.load(alice, "order", ORDERS, "shop.csv")
    assert dict(again.made) == {"orders": 2, "returns": 1, "products": 2}
    assert set(_orders(alice)) == {"1", "2"}
    assert set(_orders(bob)) == {"1", "2"}
    assert refused(desk.undo, alice, theirs).reason == "IMPORT_NOT_FOUND"


def test_a_return_of_a_later_file_goes_and_its_order_is_as_before(
    alice: Person, desk: Desk, database: Database
) -> None:
    first = desk.load(alice, "order", ORDERS, "shop.csv", system="shop")
    second = desk.load(alice, "order", LATER, "back.csv", system="shop")
    assert dict(second.made) == {"returns": 1}
    assert (_orders(alice)["1"].status, _orders(alice)["1"].refunded_amount.amount_minor) == (
        "partially_returned",
        1500,
    )
    left = desk.undo(alice, first)
    assert (left.undo_left, desk.findings(alice, first)) == (5, [(2, "RETURNED_SINCE"), (3, "STILL_USED")])
    assert set(_orders(alice)) == {"1"}
    assert desk.undo(alice, second).undo_left == 0
    order = _orders(alice)["1"]
    assert (order.status, order.payment_status, order.refunded_amount.amount_minor) == ("completed", "paid", 0)
    assert [line.returned_milli for line in order.lines] == [0, 0]
    last = desk.undo(alice, first)
    assert (last.status, last.undo_left, dict(last.undone)["orders"]) == ("reverted", 0, 2)
    assert _orders(alice) == {}


def test_an_order_that_was_invoiced_or_changed_stays_with_the_reason(
    alice: Person, desk: Desk, database: Database
) -> None:
    done = desk.load(alice, "order", ORDERS, "shop.csv")
    orders = _orders(alice)
    request = invoice_pb2.CreateInvoiceFromOrderRequest(order_id=orders["2"].id)
    invoice = alice.call("InvoiceService.CreateInvoiceFromOrder", request)
    asked = return_pb2.RequestReturnRequest(
        order_id=orders["1"].id,
        lines=[order_pb2.LineQuantity(line_id=orders["1"].lines[1].id, quantity_milli=1000)],
    )
    alice.call("ReturnService.RequestReturn", asked)
    undone = desk.undo(alice, done)
    assert (undone.status, undone.undo_left) == ("reverted", 6)
    assert dict(undone.undone) == {"returns": 1}
    found = desk.findings(alice, done)
    assert found == [(2, "RETURNED_SINCE"), (3, "STILL_USED"), (4, "INVOICED")]
    assert {number: one.status for number, one in _orders(alice).items()} == {"1": "completed", "2": "completed"}
    alice.call("InvoiceService.VoidInvoice", invoice_pb2.VoidInvoiceRequest(id=invoice.id, reason="undone"))
    assert desk.undo(alice, done).undo_left < 6
    assert set(_orders(alice)) == {"1"}


def test_deals_and_leads_go_to_the_bin_unless_somebody_worked_on_them(
    alice: Person, desk: Desk, database: Database
) -> None:
    deals = desk.check(alice, desk.upload(alice, "deal", "name,stage,amount\nOne,Won,10\nTwo,Won,20\nThree,Won,30\n"))
    desk.choose(alice, deals, {})
    deals = desk.run(alice, deals)
    listed = {one.name: one for one in alice.call("DealService.ListDeals", deal_pb2.ListDealsRequest()).deals}
    change = deal_pb2.Deal(id=listed["Two"].id, next_step="call")
    mask = FieldMask(paths=["next_step"])
    alice.call("DealService.UpdateDeal", deal_pb2.UpdateDealRequest(deal=change, update_mask=mask))
    alice.call("DealService.DeleteDeal", deal_pb2.DeleteDealRequest(id=listed["Three"].id))
    undone = desk.undo(alice, deals)
    assert (undone.undo_left, desk.findings(alice, deals)) == (1, [(3, "CHANGED_SINCE_IMPORT")])
    assert [one.name for one in alice.call("DealService.ListDeals", deal_pb2.ListDealsRequest()).deals] == ["Two"]
    leads = desk.load(alice, "lead", "First name,Email\nAna,ana@example.com\n", "people.csv")
    assert desk.undo(alice, leads).undo_left == 0
    assert not alice.call("LeadService.ListLeads", lead_pb2.ListLeadsRequest()).leads
    assert desk.load(alice, "lead", "First name,Email\nAna,ana@example.com\n", "people.csv").rows_created == 1
    used = (
        f"SELECT meter, used FROM usage_count WHERE {_OF_US} AND meter IN ('deals', 'leads') AND period = '-infinity'"
    )
    assert {one.meter: one.used for one in _rows(database, alice, used)} in ({"deals": 1, "leads": 1}, {})


def test_products_go_with_their_branches_and_codes(alice: Person, desk: Desk) -> None:
    done = desk.load(alice, "product", "name,sku,category,price,barcode\nPen,P1,Office,2,777\nInk,P2,Office,3,778\n")
    variant = alice.call(
        "ProductVariantService.FindProductVariant", catalogue_pb2.FindProductVariantRequest(code="778")
    )
    draft = order_pb2.Order(currency_code="GBP", lines=[{"product_variant_id": variant.id, "quantity_milli": 1000}])
    alice.call("OrderService.CreateOrder", order_pb2.CreateOrderRequest(order=draft))
    undone = desk.undo(alice, done)
    assert (dict(undone.undone), undone.undo_left) == ({"products": 1, "variants": 1}, 3)
    listed = alice.call("ProductService.ListProducts", catalogue_pb2.ListProductsRequest()).products
    assert [one.name for one in listed] == ["Ink"]


def test_an_undoing_that_was_killed_goes_on_and_one_that_is_no_more_possible_is_refused(
    alice: Person, desk: Desk, database: Database
) -> None:
    lines = "\n".join(f"{number},S,Thing,1,2026-01-05,2,7" for number in range(12))
    job = desk.check(alice, desk.upload(alice, "order", f"number,sku,product,quantity,date,price,customer\n{lines}"))
    assert refused(desk.undo, alice, job).reason == "WRONG_STATE"
    done = desk.run(alice, job)
    alice.call("SalesImportService.RevertSalesImport", sales_import_pb2.RevertSalesImportRequest(id=done.id))
    half = desk.work_off(alice, done.id, batches=1)
    assert (half.status, dict(half.undone)) == ("reverting", {"orders": 5})
    assert refused(desk.run, alice, half).reason == "WRONG_STATE"
    over = desk.work_off(alice, done.id)
    assert (over.status, over.undone["orders"], over.undo_left) == ("reverted", 12, 0)
    assert _orders(alice) == {}


def test_a_number_that_is_taken_is_left_out_with_a_remark(alice: Person, desk: Desk) -> None:
    desk.load(alice, "order", ORDERS, "shop.csv")
    again = desk.load(alice, "order", ORDERS, "renamed.csv")
    assert (again.rows_created, again.rows_skipped) == (0, 4)
    assert {reason for _, reason in desk.findings(alice, again)} == {"NUMBER_TAKEN"}
    assert refused(desk.undo, alice, again).reason == "NOTHING_TO_UNDO"


def _orders(person: Person) -> dict[str, order_pb2.Order]:
    listed = person.call("OrderService.ListOrders", order_pb2.ListOrdersRequest()).orders
    found = [person.call("OrderService.GetOrder", order_pb2.GetOrderRequest(id=one.id)) for one in listed]
    return {one.number: one for one in found}


def _rows(database: Database, person: Person, sql: str) -> list[Any]:
    with database.open_work(Caller.system(UUID(str(person.tenant_id)))) as work:
        return work.rows(text(sql, "tenant_id"))


def _outbox(database: Database, person: Person, job: Any) -> list[Any]:
    return _rows(database, person, f"SELECT subject FROM outbox WHERE {_OF_US} ORDER BY id")
