"""Leads over gRPC: who gets them, where they may go, and what they become."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from chassis.allowances import set_limits
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.settings import Settings
from chassis.statements import text
from chassis.testing.databases import TestDatabase
from chassis.testing.events import received, recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.contacts.v1.events_pb2 import ContactChanged
from funia.identity.v1.events_pb2 import UserChanged
from funia.sales.v1 import deal_pb2
from funia.sales.v1 import lead_pb2 as pb
from funia.sales.v1 import lead_rule_pb2 as rules_pb
from funia.sales.v1 import need_pb2 as needs_pb
from funia.type.v1.money_pb2 import Money
from google.protobuf.field_mask_pb2 import FieldMask
from sales.consumers.people import forget_erased, keep_colleagues
from sales.jobs.recount import recount_of
from sales.references import Customers
from sales.servicers.deal import DealServicer
from sales.servicers.lead import LeadServicer
from sales.servicers.need import NeedServicer

from .test_deals import customer, deal, move, need, settle

_DUE = text(
    """
    UPDATE lead SET nurture_until = current_date - 1 WHERE tenant_id = %(tenant_id)s AND status = 'nurturing'
    """,
    "tenant_id",
)
_TIMERS = "SELECT args ->> 'record_id' FROM procrastinate_jobs WHERE task_name = 'lead_return' AND status = 'todo'"
_USED = text("SELECT meter, used FROM usage_count WHERE tenant_id = %(tenant_id)s", "tenant_id")
_SPOIL = text("UPDATE usage_count SET used = 77 WHERE tenant_id = %(tenant_id)s AND meter = 'leads'", "tenant_id")


@pytest.fixture(autouse=True)
def settled(alice: Person, database: Database) -> None:
    settle(database, alice.tenant_id)


def lead(person: Person, **given: Any) -> pb.Lead:
    values = {"given_name": "Ivo", "company_name": "Acme", **given}
    made: pb.Lead = person.call("LeadService.CreateLead", pb.CreateLeadRequest(lead=pb.Lead(**values)))
    return made


def step(person: Person, verb: str, one: pb.Lead, **given: Any) -> pb.Lead:
    """Takes a step such as "Qualify"."""
    name = "MarkLeadContacted" if verb == "Contact" else f"{verb}Lead"
    taken: pb.Lead = person.call(f"LeadService.{name}", getattr(pb, f"{name}Request")(id=one.id, **given))
    return taken


def rule(person: Person, method: str, **given: Any) -> rules_pb.LeadRule:
    made = rules_pb.LeadRule(name=f"Rule {uuid7()}", method=method, active=True, **given)
    answer: rules_pb.LeadRule = person.call(
        "LeadRuleService.CreateLeadRule", rules_pb.CreateLeadRuleRequest(lead_rule=made)
    )
    return answer


def colleague(database: Database, tenant_id: UUID, team_id: UUID, version: int = 1, **given: Any) -> UUID:
    """Tells sales of a person, as identity does."""
    user_id = given.pop("user_id", None) or uuid7()
    payload = UserChanged(user_id=str(user_id), team_id=str(team_id), **{"status": "active", **given})
    with database.open_work(Caller.system(tenant_id)) as work:
        keep_colleagues(work, [received(Event("identity.user.updated", user_id, version, payload), tenant_id)])
    return user_id


def test_a_lead_that_a_person_enters_is_his_and_says_how_much_is_known(
    alice: Person, bob: Person, house: House
) -> None:
    made = lead(alice, need="Chairs", timing="now", authority="unknown")
    assert (made.status, made.owner_id, made.completeness) == ("assigned", str(alice.actor_id), 50)
    changed = alice.call(
        "LeadService.UpdateLead",
        pb.UpdateLeadRequest(
            lead=pb.Lead(id=made.id, budget=Money(currency_code="EUR", amount_minor=5_00)),
            update_mask=FieldMask(paths=["budget"]),
        ),
    )
    assert changed.completeness == 75
    assert refused(bob.call, "LeadService.GetLead", pb.GetLeadRequest(id=made.id)).reason == "LEAD_NOT_FOUND"
    program = house.person(alice.tenant_id, act="client")
    assert (lead(program).status, lead(program).owner_id) == ("new", "")
    empty = refused(lead, alice, given_name="", company_name="")
    assert empty.reason == "NOTHING_TO_IDENTIFY_BY"


def test_a_rule_gives_leads_in_turn_and_says_why(alice: Person, database: Database) -> None:
    team = uuid7()
    sellers = {str(colleague(database, alice.tenant_id, team)) for _ in range(3)}
    gone = colleague(database, alice.tenant_id, team, status="suspended")
    made = rule(alice, "round_robin", team_id=str(team), condition='source = "web form" AND country_code = "BG"')
    with ThreadPoolExecutor(6) as pool:
        leads = list(pool.map(lambda _: lead(alice, source="web form", country_code="BG"), range(12)))
    assert Counter(one.owner_id for one in leads) == dict.fromkeys(sellers, 4)
    assert str(gone) not in {one.owner_id for one in leads}
    assert {(one.status, one.team_id, one.assigned_by_rule_id) for one in leads} == {("assigned", str(team), made.id)}
    assert "in turn among 3" in leads[0].assignment_reason
    assert lead(alice, source="fair").owner_id == str(alice.actor_id)
    again = alice.call("LeadRuleService.GetLeadRule", rules_pb.GetLeadRuleRequest(id=made.id))
    assert again.assigned_count == 12


def test_who_has_least_to_do_gets_the_next_lead(alice: Person, database: Database) -> None:
    team = uuid7()
    busy, free = colleague(database, alice.tenant_id, team), colleague(database, alice.tenant_id, team)
    for _ in range(3):
        lead(alice, owner_id=str(busy))
    rule(alice, "least_busy", user_ids=[str(busy), str(free)])
    given = [lead(alice).owner_id for _ in range(4)]
    assert given[:3] == [str(free)] * 3
    assert Counter(given)[str(busy)] <= 1
    released = step(alice, "Disqualify", lead(alice, owner_id=str(busy)), reason="No budget")
    assert (released.status, released.disqualify_reason) == ("unqualified", "No budget")


def test_a_rule_that_cannot_be_read_is_refused(alice: Person) -> None:
    assert refused(rule, alice, "round_robin").reason == "TEAM_OR_PEOPLE"
    wrong = refused(rule, alice, "round_robin", user_ids=[str(uuid7())], condition="colour = 3")
    assert "cannot be filtered by" in wrong.message


def test_only_steps_there_are_can_be_taken(alice: Person, database: Database) -> None:
    one = lead(alice)
    early = refused(step, alice, "Convert", one)
    assert (early.reason, early.metadata["state"]) == ("WRONG_STATE", "assigned")
    assert "qualify" in early.metadata["possible"]
    assert step(alice, "Contact", one).status == "contacted"
    assert step(alice, "Qualify", one).status == "qualified"
    dead = step(alice, "Disqualify", one, reason="Competitor", note="Chose another")
    assert refused(step, alice, "Qualify", dead).metadata["possible"] == "nothing"
    verbs = [event.type.rpartition(".")[2] for event in recorded(database, alice.tenant_id) if ".lead." in event.type]
    assert verbs == ["captured", "assigned", "contacted", "qualified", "disqualified"]


def test_a_nurtured_lead_comes_back_on_its_day_and_not_before(
    alice: Person, database: Database, sales_database: TestDatabase
) -> None:
    one = lead(alice)
    assert refused(step, alice, "Recycle", one, until="2020-01-01").reason == "NOT_AHEAD"
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    laid = step(alice, "Recycle", one, until=until)
    assert (laid.status, laid.nurture_until) == ("nurturing", until)
    with psycopg.connect(sales_database.relay_url) as relay:
        assert (one.id,) in relay.execute(_TIMERS).fetchall()
    leads = LeadServicer(
        Pager("a secret of at least thirty-two bytes"),
        Customers(""),
        DealServicer(Pager("x" * 32), Customers("")),
        NeedServicer(Pager("x" * 32), Customers("")),
    )
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        leads.come_back(work, UUID(one.id))
    assert alice.call("LeadService.GetLead", pb.GetLeadRequest(id=one.id)).status == "nurturing"
    for _ in range(2):
        with database.open_work(Caller.system(alice.tenant_id)) as work:
            work.execute(_DUE)
            leads.come_back(work, UUID(one.id))
    back = alice.call("LeadService.GetLead", pb.GetLeadRequest(id=one.id))
    assert (back.status, back.owner_id, back.nurture_until) == ("assigned", str(alice.actor_id), "")


def test_a_qualified_lead_becomes_a_deal_of_known_customers_once(
    alice: Person, database: Database, bob: Person
) -> None:
    one = lead(alice, source="fair", budget=Money(currency_code="EUR", amount_minor=9_000))
    step(alice, "Qualify", one)
    wanted = need(alice, lead_id=one.id)
    person, company = (customer(database, alice.tenant_id, kind) for kind in ("contact", "account"))
    strangers = customer(database, bob.tenant_id, "contact")
    assert refused(step, alice, "Convert", one, contact_id=strangers).reason == "PERSON_NOT_FOUND"
    done = step(alice, "Convert", one, contact_id=person, account_id=company)
    assert (done.status, done.contact_id, done.account_id) == ("converted", person, company)
    again = step(alice, "Convert", one, contact_id=person, account_id=company)
    assert (again.deal_id, again.etag) == (done.deal_id, done.etag)
    made = alice.call("DealService.GetDeal", deal_pb2.GetDealRequest(id=done.deal_id))
    assert (made.name, made.lead_id, made.source, made.amount.amount_minor) == ("Acme", one.id, "fair", 9_000)
    assert ([contact.contact_id for contact in made.contacts], list(made.need_ids)) == ([person], [wanted.id])
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        event = Event("contacts.contact.erased", UUID(person), 9, ContactChanged(contact_id=person))
        forget_erased(work, [received(event, alice.tenant_id)])
    assert alice.call("LeadService.GetLead", pb.GetLeadRequest(id=one.id)).given_name == ""


def test_leads_that_look_the_same_are_told(alice: Person, bob: Person) -> None:
    first = lead(alice, email="Ivo@Example.com")
    second = lead(alice, email="ivo@example.com", phone="+359 88 123 4567")
    third = lead(alice, phone="088 123 4567")
    lead(bob, email="ivo@example.com")
    found = alice.call("LeadService.ListLeadDuplicates", pb.ListLeadDuplicatesRequest(id=second.id))
    assert [one.id for one in found.leads] == [third.id, first.id]


def test_items_of_a_batch_stand_for_themselves_and_count_to_the_plan(
    alice: Person, database: Database, sales_database: TestDatabase
) -> None:
    items = [pb.Lead(given_name="A"), pb.Lead(email="no address"), pb.Lead(source="fair"), pb.Lead(company_name="B")]
    request = pb.BatchCreateLeadsRequest(requests=[pb.CreateLeadRequest(lead=one) for one in items])
    results = alice.call("LeadService.BatchCreateLeads", request).results
    assert [one.reason for one in results] == ["", "INVALID_EMAIL", "NOTHING_TO_IDENTIFY_BY", ""]
    alice.call("LeadService.DeleteLead", pb.DeleteLeadRequest(id=results[0].lead.id))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert {row.meter: row.used for row in work.rows(_USED)} == {"leads": 1}
        set_limits(work, {"leads": 1})
    assert refused(lead, alice).reason == "LIMIT_REACHED"
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_SPOIL)
        assert recount_of(database, Settings(relay_database_url=sales_database.relay_url)).recount(work) == 1
        assert {row.meter: row.used for row in work.rows(_USED)} == {"leads": 1, "deals": 0, "storage_bytes": 0}


def test_a_need_goes_its_way_and_only_living_ones_pass_a_gate(alice: Person, bob: Person, house: House) -> None:
    one = deal(alice)
    wanted = need(alice, deal_id=one.id)
    assert (wanted.status, wanted.priority, wanted.owner_id) == ("identified", "should", one.owner_id)
    assert refused(need, bob, deal_id=one.id).reason == "DEAL_NOT_FOUND"
    mine = house.person(alice.tenant_id, visibility="own")
    ask = needs_pb.GetNeedRequest(id=wanted.id)
    assert refused(mine.call, "NeedService.GetNeed", ask).reason == "NEED_NOT_FOUND"
    early = refused(alice.call, "NeedService.MoveNeed", needs_pb.MoveNeedRequest(id=wanted.id, status="addressed"))
    assert (early.reason, early.metadata["possible"]) == ("WRONG_STATE", "validated, dropped")
    dropped = needs_pb.MoveNeedRequest(id=wanted.id, status="dropped", reason="Bought elsewhere")
    assert alice.call("NeedService.MoveNeed", dropped).drop_reason == "Bought elsewhere"
    assert refused(move, alice, one, "Needs analysis").reason == "STAGE_GATE"
    need(alice, deal_id=one.id)
    assert move(alice, one, "Needs analysis").status == "open"
