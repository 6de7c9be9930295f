"""Custom fields of leads, deals, quotes, orders and invoices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from chassis.caller import Caller
from chassis.custom_fields import FieldDef
from chassis.custom_values import FieldState, keep
from chassis.ids import uuid7
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import deal_pb2, invoice_pb2, lead_pb2, order_pb2, quote_pb2
from google.protobuf.field_mask_pb2 import FieldMask

from .companies import customer, settle
from .importer import Desk
from .shop import Shop, open_shop
from .test_lines import item


@dataclass(frozen=True)
class Paper:
    """A kind of document, by the names of its messages."""

    name: str
    module: Any

    def create(self, person: Person, **given: Any) -> Any:
        made = getattr(self.module, self.name)(**given)
        request = getattr(self.module, f"Create{self.name}Request")(**{self.name.lower(): made})
        return person.call(f"{self.name}Service.Create{self.name}", request)

    def change(self, person: Person, one: Any, custom: dict[str, Any]) -> Any:
        changed = getattr(self.module, self.name)(id=one.id)
        changed.custom.update(custom)
        request = getattr(self.module, f"Update{self.name}Request")(
            **{self.name.lower(): changed, "update_mask": FieldMask(paths=["custom"])}
        )
        return person.call(f"{self.name}Service.Update{self.name}", request)

    def listed(self, person: Person, filter_text: str) -> list[str]:
        request = getattr(self.module, f"List{self.name}sRequest")(filter=filter_text)
        answer = person.call(f"{self.name}Service.List{self.name}s", request)
        return [one.id for one in getattr(answer, f"{self.name.lower()}s")]


DEAL, QUOTE = Paper("Deal", deal_pb2), Paper("Quote", quote_pb2)
ORDER, INVOICE, LEAD = Paper("Order", order_pb2), Paper("Invoice", invoice_pb2), Paper("Lead", lead_pb2)
PAPERS = [LEAD, DEAL, QUOTE, ORDER, INVOICE]
Define = Callable[..., None]


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


@pytest.fixture
def define(alice: Person, database: Database) -> Define:
    """Lets Alice's company have a field, as the event of identity would."""

    def made(object_: str, key: str, kind: Any, **rest: Any) -> None:
        with database.open_work(Caller.system(alice.tenant_id)) as work:
            keep(work, [FieldState(uuid7(), object_, 1, FieldDef(key, kind, **rest))])

    return made


def given(paper: Paper) -> dict[str, Any]:
    return {"Deal": {"name": "Cups"}, "Quote": {"title": "Cups"}, "Lead": {"company_name": "Cups"}}.get(paper.name, {})


@pytest.mark.parametrize("paper", PAPERS, ids=lambda one: one.name)
def test_values_are_checked_kept_changed_and_filtered_by(
    alice: Person, bob: Person, database: Database, shop: Shop, define: Define, paper: Paper
) -> None:
    kind = paper.name.lower()
    settle(database, bob.tenant_id)
    define(kind, "dock", "text", required=True)
    define(kind, "crates", "number")
    define(kind, "carrier", "reference", references="account")
    assert refused(paper.create, alice, **given(paper)).violations[0].field == f"{kind}.custom.dock"
    wrong = refused(paper.create, alice, **given(paper), custom={"dock": "North", "crates": "many", "colour": "red"})
    assert {one.field for one in wrong.violations} == {f"{kind}.custom.crates", f"{kind}.custom.colour"}
    theirs = customer(database, bob.tenant_id, "account")
    stranger = refused(paper.create, alice, **given(paper), custom={"dock": "North", "carrier": theirs})
    assert stranger.violations[0].field == f"{kind}.custom.carrier"
    ours = customer(database, alice.tenant_id, "account")
    one = paper.create(alice, **given(paper), custom={"dock": "North", "crates": 3, "carrier": ours})
    assert paper.listed(alice, 'custom.dock = "North" AND custom.crates >= 3') == [one.id]
    changed = paper.change(alice, one, {"dock": "South", "crates": None})
    assert dict(changed.custom) == {"dock": "South", "carrier": ours}
    assert paper.listed(alice, 'custom.dock = "North"') == []
    assert paper.listed(alice, 'custom.dock = "South"') == [one.id]
    assert refused(paper.change, alice, one, {"dock": None}).violations[0].field == f"{kind}.custom.dock"
    assert refused(paper.listed, bob, 'custom.dock = "South"').reason == "INVALID_FILTER"
    assert refused(paper.change, bob, one, {"dock": "Mine"}).reason == f"{paper.name.upper()}_NOT_FOUND"
    assert not paper.create(bob, **given(paper)).HasField("custom"), "another company's fields are its own"


def test_a_role_hides_and_locks_them(alice: Person, house: House, shop: Shop, define: Define) -> None:
    define("order", "dock", "text", required=True)
    one = ORDER.create(alice, custom={"dock": "North"})
    blind = house.person(alice.tenant_id, hid="order.custom.dock")
    found = blind.call("OrderService.GetOrder", order_pb2.GetOrderRequest(id=one.id))
    assert not found.HasField("custom")
    assert not ORDER.create(blind).HasField("custom"), "nobody is asked for what he may not write"
    assert refused(ORDER.change, blind, one, {"dock": "South"}).reason == "FIELD_HIDDEN"
    assert refused(ORDER.listed, blind, 'custom.dock = "North"').reason == "FIELD_HIDDEN"


def test_papers_made_from_others_are_not_asked_and_a_new_version_keeps_its_values(
    alice: Person, shop: Shop, define: Define
) -> None:
    quote = QUOTE.create(alice, title="Cups", lines=[item(shop.red, 1)], custom={})
    for kind in ("deal", "quote", "order", "invoice"):
        define(kind, "dock", "text", required=True)
    QUOTE.change(alice, quote, {"dock": "North"})
    alice.call("QuoteService.SendQuote", quote_pb2.SendQuoteRequest(id=quote.id))
    assert refused(QUOTE.change, alice, quote, {"dock": "South"}).reason == "WRONG_STATE"
    revised = alice.call("QuoteService.ReviseQuote", quote_pb2.ReviseQuoteRequest(id=quote.id))
    assert dict(revised.custom) == {"dock": "North"}
    assert QUOTE.listed(alice, 'custom.dock = "North"') == [revised.id, quote.id]
    alice.call("QuoteService.SendQuote", quote_pb2.SendQuoteRequest(id=revised.id))
    alice.call("QuoteService.AcceptQuote", quote_pb2.AcceptQuoteRequest(id=revised.id, name="Carla"))
    order = alice.call("QuoteService.CreateOrderFromQuote", quote_pb2.CreateOrderFromQuoteRequest(quote_id=revised.id))
    assert not order.HasField("custom")
    alice.call("OrderService.ConfirmOrder", order_pb2.ConfirmOrderRequest(id=order.id))
    request = invoice_pb2.CreateInvoiceFromOrderRequest(order_id=order.id)
    invoice = alice.call("InvoiceService.CreateInvoiceFromOrder", request)
    assert dict(INVOICE.change(alice, invoice, {"dock": "West"}).custom) == {"dock": "West"}


def test_a_deal_made_of_a_lead_has_the_values_that_fit_it(
    alice: Person, database: Database, shop: Shop, define: Define
) -> None:
    for kind in ("lead", "deal"):
        define(kind, "size", "choice", options=("S", "L") if kind == "deal" else ("S", "M", "L"))
        define(kind, "fleet", "number")
    define("lead", "dock", "text")
    define("deal", "dock", "number")
    define("deal", "owed", "text", required=True)
    made = []
    for size in ("L", "M"):
        lead = LEAD.create(alice, family_name=size, custom={"size": size, "fleet": 3, "dock": "North"})
        alice.call("LeadService.QualifyLead", lead_pb2.QualifyLeadRequest(id=lead.id))
        person = customer(database, alice.tenant_id, "contact")
        done = alice.call("LeadService.ConvertLead", lead_pb2.ConvertLeadRequest(id=lead.id, contact_id=person))
        deal = alice.call("DealService.GetDeal", deal_pb2.GetDealRequest(id=done.deal_id))
        made.append(dict(deal.custom))
    assert made == [{"size": "L", "fleet": 3}, {"fleet": 3}], "what the deal cannot hold stays with the lead"
    assert len(DEAL.listed(alice, "custom.fleet = 3")) == 2


@pytest.mark.parametrize("kind", ["lead", "deal"])
def test_files_fill_them(alice: Person, bob: Person, desk: Desk, shop: Shop, define: Define, kind: str) -> None:
    define(kind, "size", "choice", options=("S", "L"))
    define(kind, "since", "date", required=True)
    first = {"lead": "Company,Email", "deal": "name,stage"}[kind]
    rows = {"lead": ("A,a@a.example", "B,b@b.example", "C,c@c.example"), "deal": ("A,Won", "B,Won", "C,Won")}[kind]
    lines = [f"{one},{rest}" for one, rest in zip(rows, ("l,31.01.2026", "XL,2026-01-31", "S,"), strict=True)]
    content = "\n".join([f"{first},custom.size,custom.since", *lines])
    job = desk.check(alice, desk.upload(alice, kind, content, "own.csv"))
    wrong = [(3, "NOT_ALLOWED"), (4, "REQUIRED")]
    found = [one for one in desk.findings(alice, job) if not one[1].startswith("NO_")]
    assert found == (wrong if kind == "lead" else wrong[:1])
    done = desk.run(alice, job)
    paper = LEAD if kind == "lead" else DEAL
    assert done.rows_created == len(paper.listed(alice, "")) == (1 if kind == "lead" else 2)
    assert len(paper.listed(alice, 'custom.size = "L" AND custom.since = "2026-01-31"')) == 1
    theirs = desk.upload(bob, kind, content, "own.csv")
    assert refused(desk.check, bob, theirs).reason == "UNKNOWN_FIELD"
