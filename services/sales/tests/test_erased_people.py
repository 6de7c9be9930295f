"""Erased people in sales: leads, mails and members that no contact leads to are known by digests of their addresses;
whoever shares only a number, and every other company, keeps everything.
"""

from __future__ import annotations

import threading
from uuid import UUID

import psycopg
import pytest
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.files import DiskFiles
from chassis.ids import uuid7
from chassis.jobs import Control
from chassis.person_digests import digest_of, digests_of
from chassis.testing.databases import TestDatabase
from chassis.testing.events import received
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.contacts.v1.events_pb2 import ContactChanged, PersonErased
from funia.sales.v1 import deal_pb2, record_mail_pb2
from funia.sales.v1 import lead_pb2 as pb
from sales.consumers.people import forget_erased
from sales.jobs.erased_files import ErasedFiles
from sales.queries import addresses as queries
from sales.usecases.people import held, marks_of

from .companies import customer, settle
from .conftest import SCOPES
from .importer import Desk
from .shop import open_shop
from .test_deals import deal, need
from .test_leads import lead, step
from .test_lines import item
from .test_loyalty import enrol, member
from .test_orders import place
from .test_payments import pay

ADDRESS, NUMBER = "vera@gone.example", "+359 88 812 3456"
_TABLES = (
    "sales_import",
    "sales_import_value",
    "lead",
    "need",
    "deal",
    "sales_activity",
    "record_mail",
    "sales_import_row_error",
    "loyalty_member",
)


CONTROL = Control(threading.Event(), slice_s=60, attempt=0, last_attempt=False)


@pytest.fixture
def sally(house: House, database: Database) -> Person:
    person = house.person(scopes=(*SCOPES, "contacts.read", "identity.read"))
    settle(database, person.tenant_id)
    return person


def erase(database: Database, person: Person, contact_id: str) -> None:
    """What contacts tells of an erasure, twice, as the bus may."""
    with database.open_work(Caller.system(person.tenant_id)) as work:
        told = PersonErased(
            erasure_id=str(uuid7()),
            email_digests=digests_of(work, "email", ["Vera@Gone.example "]),
            phone_digests=digests_of(work, "phone", ["+359888123456"]),
            family_name_digests=digests_of(work, "family_name", ["Gone"]),
        )
        events = [
            Event("contacts.contact.erased", UUID(contact_id), 2, ContactChanged(contact_id=contact_id)),
            Event("contacts.person_erasure.completed", UUID(told.erasure_id), 1, told),
        ]
        for _ in range(2):
            forget_erased(work, [received(event, person.tenant_id) for event in events])


def whole(stored: TestDatabase, tenant_id: UUID) -> str:
    """Every row of the company where people are named, as text."""
    with psycopg.connect(stored.admin_url) as admin:
        rows = [
            row
            for table in _TABLES
            for row in admin.execute(f"SELECT t::text FROM {table} AS t WHERE tenant_id = %s", [tenant_id]).fetchall()
        ]
    return "\n".join(row[0] for row in rows).lower()


def get(person: Person, one: pb.Lead) -> pb.Lead:
    found: pb.Lead = person.call("LeadService.GetLead", pb.GetLeadRequest(id=one.id))
    return found


def test_nothing_is_left_of_a_person_whom_only_addresses_lead_to(
    sally: Person,
    bob: Person,
    database: Database,
    sales_database: TestDatabase,
    desk: Desk,
    files: DiskFiles,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    vera = {"given_name": "Vera", "family_name": "Gone", "company_name": ""}
    never_linked = lead(sally, **vera, email="VERA@gone.example", description="Vera asked for cups")
    need(sally, "Cups for Vera", lead_id=never_linked.id)
    mended = lead(sally, given_name="Ida", email=ADDRESS)
    for one in (never_linked, mended):
        written = record_mail_pb2.SendRecordMailRequest(
            record_kind="lead", record_id=one.id, subject="Dear Vera", body="Cups for you, Vera"
        )
        sally.call("RecordMailService.SendRecordMail", written)
    new_address = pb.UpdateLeadRequest(lead=pb.Lead(id=mended.id, email="ida@new.example"))
    sally.call("LeadService.UpdateLead", new_address)
    asked = pb.CreateLeadRequest(lead=pb.Lead(given_name="Vera", family_name="Gone", email=ADDRESS))
    sally.call("LeadService.CreateLead", asked, idempotency_key="vera")
    by_number = lead(sally, given_name="Verá", family_name="von Gone", phone="088 812 3456")
    in_bin = lead(sally, **vera, email=ADDRESS)
    sally.call("LeadService.DeleteLead", pb.DeleteLeadRequest(id=in_bin.id))
    became = step(sally, "Qualify", lead(sally, **vera, phone=NUMBER))
    contact_id = customer(database, sally.tenant_id, "contact")
    became = step(sally, "Convert", became, contact_id=contact_id)
    shopper = enrol(sally, phone=NUMBER, name="Vera Gone")
    told = desk.load(sally, "lead", f"First name,Email\nVera,{ADDRESS}\nIda,ida@example.com\nIda,ida@example.com\n")
    office = lead(sally, given_name="Ida", family_name="Stays", phone=NUMBER, email="ida@stays.example")
    theirs = lead(bob, **vera, email=ADDRESS, phone=NUMBER)

    erase(database, sally, contact_id)
    for _ in range(2):
        ErasedFiles(database, files).handle(sally.tenant_id, UUID(told.id), CONTROL)
    assert list(files.names(sally.tenant_id)) == []
    assert refused(sally.call, "LeadService.CreateLead", asked, idempotency_key="vera").reason == "ANSWER_FORGOTTEN"
    left = whole(sales_database, sally.tenant_id)
    assert [one for one in ("vera", "verá", "gone", "812 3456", "812345") if one in left] == []
    assert get(sally, by_number).family_name == ""
    assert member(sally, shopper).status == "closed"
    kept = get(sally, office)
    assert (kept.given_name, kept.email, kept.phone) == ("Ida", "ida@stays.example", "")
    assert get(sally, mended).email == "ida@new.example"
    assert "ida@example.com" in left
    named = sally.call("DealService.GetDeal", deal_pb2.GetDealRequest(id=became.deal_id))
    assert named.name == "–"
    there = get(bob, theirs)
    assert (there.given_name, there.email, there.phone) == ("Vera", ADDRESS, NUMBER)


def test_digests_say_nothing_in_another_company(sally: Person, bob: Person, database: Database) -> None:
    theirs = lead(bob, given_name="Vera", family_name="Gone", email=ADDRESS)
    with database.open_work(Caller.system(sally.tenant_id)) as work:
        told = PersonErased(erasure_id=str(uuid7()), email_digests=[digest_of(work, "email", ADDRESS)])
    with database.open_work(Caller.system(bob.tenant_id)) as work:
        event = Event("contacts.person_erasure.completed", UUID(told.erasure_id), 1, told)
        forget_erased(work, [received(event, bob.tenant_id)])
    assert get(bob, theirs).email == ADDRESS


def test_what_sales_holds_about_a_person_is_shown_whole_and_to_no_stranger(
    alice: Person, bob: Person, database: Database
) -> None:
    shop = open_shop(alice)
    settle(database, alice.tenant_id)
    contact_id, other = (customer(database, alice.tenant_id, "contact") for _ in range(2))
    lead(alice, given_name="Vera", family_name="Gone", email=ADDRESS)
    lead(alice, given_name="Ida", phone=NUMBER, family_name="Stays")
    need(alice, "Cups for Vera", contact_id=contact_id)
    deal(alice, "Cups", contacts=[deal_pb2.DealContact(contact_id=contact_id)])
    deal(alice, "Others", contacts=[deal_pb2.DealContact(contact_id=other)])
    member_of = enrol(alice, contact_id=contact_id)
    order = place(alice, item(shop.red, 2), contact_id=contact_id)
    pay(alice, order, order.gross_amount.amount_minor)
    place(alice, item(shop.red, 1), contact_id=other)
    with database.open_work(Caller.system(alice.tenant_id), read_only=True) as work:
        marks = marks_of(work, emails=[ADDRESS], phones=[NUMBER], family_names=["Gone"])
        found = held(work, [UUID(contact_id)], marks, limit=9)
        assert {name: len(rows) for name, rows in found.items()} == {
            "lead": 1,
            "need": 1,
            "deal": 1,
            "sales_order": 1,
            "order_line": 1,
            "payment": 1,
            "loyalty_member": 1,
        }
        assert found["loyalty_member"][0]["id"] == member_of.id
        assert len(held(work, [UUID(contact_id), UUID(other)], marks, limit=1)["sales_order"]) == 1
    with database.open_work(Caller.system(bob.tenant_id), read_only=True) as work:
        assert held(work, [UUID(contact_id)], marks, limit=9) == {}
