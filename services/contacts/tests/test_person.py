"""One person shown and erased as a whole, with a neighbour of the same name who must keep everything."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
import psycopg
import pytest
from chassis.caller import Caller
from chassis.errors import Conflict, FailedPrecondition, NotFound
from chassis.files import DiskFiles
from chassis.ids import uuid7
from chassis.jobs import Control, Outcome
from chassis.settings import Settings
from chassis.tenancy.part import METERED_TABLES
from chassis.testing.databases import TestDatabase
from chassis.testing.events import received
from chassis.work import Database
from contacts.consumers.timeline import add_lines
from contacts.elsewhere import OtherServices
from contacts.events import contact_changed
from contacts.jobs.erased_files import ErasedFiles
from contacts.model.drafts import ContactDraft
from contacts.queries.person import TABLES
from contacts.tenancy import TABLES as DECLARED
from contacts.usecases import person
from funia.contacts.v1 import activity_pb2, contact_pb2, person_pb2
from funia.events.v1.envelope_pb2 import Envelope
from funia.marketing.v1 import held_pb2 as marketing_pb2
from funia.marketing.v1 import held_pb2_grpc as marketing_grpc
from funia.sales.v1 import held_pb2 as sales_pb2
from funia.sales.v1 import held_pb2_grpc as sales_grpc
from funia.support.v1 import held_pb2 as support_pb2
from funia.support.v1 import held_pb2_grpc as support_grpc

from .conftest import Person, refused
from .imports.importer import Importer
from .test_bulk_jobs import Partner

MARK = "Zanzibarova"
KEPT = {
    **dict.fromkeys(METERED_TABLES, "numbers of the company"),
    "account": "companies are no people; whoever works there alone is written about in the contact",
    "custom_field": "definitions",
    "tenant_profile": "of the company",
    "taken_back": "rights of colleagues",
    "import_job": "names files and headings, and loses the file that told of the person",
    "import_parent": "names of companies while an import runs, which an erasure waits for",
    "bulk_job": "loses the file that told of the person",
    "bulk_result": "ids and reasons",
    "person_erasure": "the proof, which leads to nobody",
    "erased_identity": "keyed hashes that keep the person away",
}
"""Tables of contacts that an erasure leaves alone, with the reason."""


def contact(who: Person, address: str, **fields: object) -> contact_pb2.Contact:
    emails = [contact_pb2.EmailAddress(address=address)]
    draft = contact_pb2.Contact(given_name="Maria", family_name=MARK, emails=emails, **fields)  # type: ignore[arg-type]
    made = who.call("ContactService.CreateContact", contact_pb2.CreateContactRequest(contact=draft))
    found: contact_pb2.Contact = getattr(made, "contact", made)
    return found


def erase(who: Person, contact_id: str, etag: str = "") -> person_pb2.PersonErasure:
    answer: person_pb2.PersonErasure = who.call(
        "PersonService.EraseContact", person_pb2.EraseContactRequest(id=contact_id, etag=etag)
    )
    return answer


def whole(stored: TestDatabase, tenant_id: object) -> str:
    """Every row of the company in every table but the outbox, as text."""
    found = []
    with psycopg.connect(stored.admin_url) as admin:
        tables = admin.execute(
            "SELECT c.relname FROM pg_class AS c"
            " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            rows = admin.execute(f"SELECT t::text FROM {table} AS t WHERE tenant_id = %s", [tenant_id]).fetchall()
            found += [f"{table}: {row[0]}" for row in rows]
    return "\n".join(found)


def test_every_table_is_about_a_person_or_says_why_it_is_not() -> None:
    assert sorted([*TABLES, *KEPT]) == sorted(DECLARED)


def test_nothing_is_left_of_a_person_and_everything_of_the_neighbour(
    alice: Person, bob: Person, contacts_database: TestDatabase, database: Database
) -> None:
    kept = contact(alice, "maria@zanzibar.example")
    other = contact(alice, "m@zanzibar.example", external_ids={"erp": "z1"})
    theirs, friend = contact(bob, "maria@zanzibar.example"), contact(alice, "friend@example.com")
    note = activity_pb2.Activity(kind="note", subject_id=kept.id, title=f"{MARK} called", body="maria@zanzibar.example")
    alice.call("ActivityService.CreateActivity", activity_pb2.CreateActivityRequest(activity=note))
    alice.call("ContactService.MergeContacts", contact_pb2.MergeContactsRequest(id=kept.id, other_id=other.id))
    alice.call(
        "ContactService.UpdateContact",
        contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(id=friend.id, family_name="Other")),
    )
    data = alice.call("PersonService.GetPersonalData", person_pb2.GetPersonalDataRequest(id=other.id))
    assert data.contact_id == kept.id
    assert list(data.missing_services) == ["sales", "marketing", "support"]
    assert {table.name: len(table.rows) for table in data.tables} == {"contact": 2, "activity": 1, "identity_key": 3}
    assert MARK in str(data)

    erasure = erase(alice, other.id)
    assert erasure.contact_digest == person.digest_of(UUID(kept.id))
    assert {one.name: one.count for one in erasure.rows} == {"contact": 2, "activity": 1, "identity_key": 3}
    left = whole(contacts_database, alice.tenant_id)
    assert "zanzibar.example" not in left
    assert f"{MARK} called" not in left
    for one in (kept.id, other.id):
        get = contact_pb2.GetContactRequest(id=one)
        assert isinstance(refused(alice.call, "ContactService.GetContact", get), NotFound)
    assert MARK in whole(contacts_database, bob.tenant_id)
    assert bob.call("ContactService.GetContact", contact_pb2.GetContactRequest(id=theirs.id)).family_name == MARK
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        rows = work.raw.execute("SELECT envelope FROM outbox ORDER BY id").fetchall()
        used = work.raw.execute("SELECT used FROM usage_count WHERE meter = 'contacts'").fetchone()
    told = [Envelope.FromString(bytes(row.envelope)) for row in rows]
    assert sorted(one.subject_id for one in told if one.type == "contacts.contact.erased") == sorted(
        [kept.id, other.id]
    )
    assert b"zanzibar" not in b"".join(bytes(row.envelope) for row in rows)
    assert used is not None
    assert used.used == 1
    listed = alice.call("PersonService.ListPersonErasures", person_pb2.ListPersonErasuresRequest())
    assert [one.id for one in listed.person_erasures] == [erasure.id]
    assert not bob.call("PersonService.ListPersonErasures", person_pb2.ListPersonErasuresRequest()).person_erasures


def test_a_stranger_and_a_stale_etag_erase_nothing(alice: Person, bob: Person) -> None:
    ours = contact(alice, "maria@example.com")
    assert isinstance(refused(erase, bob, ours.id), NotFound)
    assert isinstance(refused(erase, alice, ours.id, "77"), Conflict)
    get = contact_pb2.GetContactRequest(id=ours.id)
    assert alice.call("ContactService.GetContact", get).family_name == MARK


def test_files_rows_and_undo_records_of_imports_go_with_the_person(
    database: Database, contacts_database: TestDatabase, tmp_path: Path
) -> None:
    files = DiskFiles(tmp_path)
    ours = Importer(database, files)
    rows = f"Last name,E-mail\n{MARK},maria@zanzibar.example\nBoris,boris@example.com\n,Maria@Zanzibar.example\n"
    done = ours.load(rows, mode="create", on_duplicate="skip")
    partner = Partner(database, files, caller=ours.caller)
    job = partner.load('{"contact": {"given_name": "%s"}}\n' % MARK, operation="create")  # noqa: UP031
    other = ours.load("First name,E-mail\nC,c@example.com\n")
    (maria,) = [row for row in ours.contacts() if row.family_name == MARK]
    with database.open_work(ours.caller) as work:
        erasure = person.erase(work, maria.id, etag="")
    assert list(erasure.file_keys) == [done.file_key]
    control = Control(threading.Event(), slice_s=3600, attempt=0, last_attempt=False)
    for _ in range(2):  # A job that was killed at its end begins anew.
        assert ErasedFiles(database, files).handle(ours.caller.tenant_id, erasure.id, control) is Outcome.DONE
    kept = set(files.names(ours.caller.tenant_id))
    assert done.file_key not in kept
    assert {other.file_key, job.file_key} <= kept
    assert "zanzibar.example" not in whole(contacts_database, ours.caller.tenant_id).lower()
    assert ours.get(done.id).file_key == ""
    (of_bulk,) = [row for row in ours.contacts() if row.given_name == MARK]
    with database.open_work(ours.caller) as work:
        assert list(person.erase(work, of_bulk.id, etag="").file_keys) == [job.file_key]


def test_an_import_that_runs_is_waited_for(database: Database, tmp_path: Path) -> None:
    ours = Importer(database, DiskFiles(tmp_path))
    done = ours.load("First name,E-mail\nAnna,anna@example.com\n")
    (anna,) = ours.contacts()
    with database.open_work(ours.caller) as work:
        work.raw.execute("UPDATE import_job SET status = 'paused' WHERE id = %s", [done.id])
    with pytest.raises(FailedPrecondition, match="not over"), database.open_work(ours.caller) as work:
        person.erase(work, anna.id, etag="")
    assert len(ours.contacts()) == 1


def test_an_erasure_that_is_broken_off_has_not_happened(alice: Person, database: Database) -> None:
    ours = contact(alice, "maria@example.com")
    with pytest.raises(RuntimeError, match="killed"), database.open_work(Caller.system(alice.tenant_id)) as work:
        person.erase(work, UUID(ours.id), etag="")
        raise RuntimeError("killed")
    get = contact_pb2.GetContactRequest(id=ours.id)
    assert alice.call("ContactService.GetContact", get).family_name == MARK


def test_lines_that_were_on_their_way_do_not_bring_a_timeline_back(alice: Person, database: Database) -> None:
    gone, other = uuid7(), uuid7()
    events = [
        contact_changed(verb, one, version, ContactDraft(), changed_fields=["job_title"] if verb == "updated" else ())
        for one, verb, version in ((gone, "updated", 2), (other, "updated", 2), (gone, "erased", 3))
    ]
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        add_lines(work, [received(event, alice.tenant_id) for event in events[:2]])
        add_lines(work, [received(events[2], alice.tenant_id), received(events[0], alice.tenant_id)])
        rows = work.raw.execute("SELECT subject_id FROM timeline_entry").fetchall()
    assert [row.subject_id for row in rows] == [other]


class Neighbour(sales_grpc.HeldServiceServicer, marketing_grpc.HeldServiceServicer, support_grpc.HeldServiceServicer):
    """Stands in for sales and support, and is no marketing."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def ListHeldRows(self, request: Any, context: Any) -> Any:
        if isinstance(request, marketing_pb2.ListHeldRowsRequest):
            context.abort(grpc.StatusCode.UNAVAILABLE, "not now")
        self.asked.append(request)
        if isinstance(request, support_pb2.ListHeldRowsRequest):
            table = person_pb2.PersonalTable(name="ticket", service="support", rows=[{"subject": MARK}])
            return support_pb2.ListHeldRowsResponse(tables=[table])
        table = person_pb2.PersonalTable(name="lead", service="sales", rows=[{"given_name": MARK}])
        return sales_pb2.ListHeldRowsResponse(tables=[table])


def test_others_are_asked_by_what_is_the_person_s_alone_and_who_does_not_answer_is_named(
    alice: Person, database: Database, tmp_path: Path
) -> None:
    shared = [contact_pb2.PhoneNumber(number="+359 2 555 0100")]
    contact(alice, "other@example.com", phones=shared)
    emails = [contact_pb2.EmailAddress(address="Maria@Example.com")]
    draft = contact_pb2.Contact(family_name=MARK, emails=emails, phones=shared)
    request = contact_pb2.CreateContactRequest(contact=draft, allow_duplicate=True)
    ours = alice.call("ContactService.CreateContact", request)
    neighbour, server = Neighbour(), grpc.server(ThreadPoolExecutor(1))
    sales_grpc.add_HeldServiceServicer_to_server(neighbour, server)
    marketing_grpc.add_HeldServiceServicer_to_server(neighbour, server)
    support_grpc.add_HeldServiceServicer_to_server(neighbour, server)
    address = f"unix:{tmp_path}/others.sock"
    server.add_insecure_port(address)
    server.start()
    others = OtherServices(Settings(sales_address=address, marketing_address=address, support_address=address))
    caller = Caller.system(alice.tenant_id)
    with database.open_work(caller, read_only=True) as work:
        sought = person.everything(work, UUID(ours.id)).sought
    found = others.ask(caller, sought)
    others.close()
    server.stop(None).wait()
    assert (found.missing, [table.name for table in found.tables]) == (["marketing"], ["lead", "ticket"])
    expected = sales_pb2.ListHeldRowsRequest(contact_ids=[ours.id], emails=["maria@example.com"], family_names=[MARK])
    assert neighbour.asked == [expected, support_pb2.ListHeldRowsRequest(contact_ids=[ours.id])]
