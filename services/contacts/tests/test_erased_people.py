"""Erased people stay away on every way in, until an administrator lets them back; elsewhere nobody knows of it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from chassis.caller import Caller
from chassis.errors import Conflict, NotFound
from chassis.files import DiskFiles
from chassis.ids import uuid7
from chassis.person_digests import digest_of
from chassis.tenant_keys import TenantKeys
from chassis.testing.databases import TestDatabase
from chassis.testing.events import recorded
from chassis.work import Database
from contacts.errors import ERASED_PERSON
from contacts.usecases import person
from funia.contacts.v1 import bulk_pb2, contact_pb2, person_pb2
from funia.contacts.v1.events_pb2 import PersonErased
from funia.events.v1.envelope_pb2 import Envelope

from .conftest import Person, refused
from .imports.importer import Importer
from .test_bulk_jobs import Partner
from .test_person import erase

ADDRESS, NUMBER = "Vera@Gone.example", "+359 88 812 3456"


def draft(**fields: object) -> contact_pb2.Contact:
    return contact_pb2.Contact(given_name="Vera", family_name="Gone", **fields)  # type: ignore[arg-type]


def create(who: Person, contact: contact_pb2.Contact, *, allow_duplicate: bool = False) -> contact_pb2.Contact:
    request = contact_pb2.CreateContactRequest(contact=contact, allow_duplicate=allow_duplicate)
    made: contact_pb2.Contact = who.call("ContactService.CreateContact", request)
    return made


def gone(who: Person) -> person_pb2.PersonErasure:
    """Vera, with an identity of each kind, was here and was erased."""
    made = create(
        who,
        draft(
            emails=[contact_pb2.EmailAddress(address=ADDRESS)],
            phones=[contact_pb2.PhoneNumber(number=NUMBER)],
            external_ids={"erp": "v1"},
        ),
    )
    return erase(who, made.id)


ONE_OF_EACH = (
    (draft(emails=[contact_pb2.EmailAddress(address=ADDRESS.upper())]), "contact.emails"),
    (draft(phones=[contact_pb2.PhoneNumber(number="+359888123456")]), "contact.phones"),
    (draft(external_ids={"erp": "v1"}), "contact.external_ids"),
)


def test_whoever_has_an_identity_of_an_erased_person_is_refused(alice: Person, bob: Person) -> None:
    erasure = gone(alice)
    assert erasure.identities_kept_away == 3
    for contact, field in ONE_OF_EACH:
        for allow_duplicate in (False, True):
            error = refused(create, alice, contact, allow_duplicate=allow_duplicate)
            assert isinstance(error, Conflict)
            assert (error.reason, error.violations[0].field) == (ERASED_PERSON, field)
        assert create(bob, contact).id
    there = create(alice, draft())
    for contact, field in ONE_OF_EACH:
        changed = contact_pb2.Contact.FromString(contact.SerializeToString())
        changed.id = there.id
        error = refused(alice.call, "ContactService.UpdateContact", contact_pb2.UpdateContactRequest(contact=changed))
        assert (error.reason, error.violations[0].field) == (ERASED_PERSON, field)
    renamed = contact_pb2.Contact(id=there.id, job_title="Buyer")
    alice.call("ContactService.UpdateContact", contact_pb2.UpdateContactRequest(contact=renamed))


def test_items_of_a_batch_are_refused_one_by_one(alice: Person) -> None:
    there = create(alice, draft())
    gone(alice)
    changed = draft(emails=[contact_pb2.EmailAddress(address=ADDRESS)])
    changed.id = there.id
    answer = alice.call(
        "BulkService.BatchUpsertContacts",
        bulk_pb2.BatchUpsertContactsRequest(
            system="erp",
            requests=[
                bulk_pb2.UpsertContactRequest(
                    contact=contact_pb2.Contact(family_name="New", external_ids={"erp": "n"})
                ),
                bulk_pb2.UpsertContactRequest(contact=draft(external_ids={"erp": "v1"})),
                bulk_pb2.UpsertContactRequest(contact=changed),
            ],
        ),
    )
    assert [one.outcome for one in answer.results] == ["created", "failed", "failed"]
    assert {one.problem.reason for one in answer.results[1:]} == {ERASED_PERSON}


def test_rows_of_imports_and_lines_of_jobs_are_refused_one_by_one(database: Database, tmp_path: Path) -> None:
    ours = Importer(database, DiskFiles(tmp_path))
    rows = f"Last name,E-mail\nGone,{ADDRESS}\nStays,stays@example.com\n"
    ours.load(rows)
    (vera,) = [row for row in ours.contacts() if row.family_name == "Gone"]
    with database.open_work(ours.caller) as work:
        person.erase(work, vera.id, etag="")
    for options in ({"mode": "create", "on_duplicate": "skip"}, {"mode": "upsert"}):
        again = ours.load(rows, **options)
        assert again.rows_failed == 1
        assert [one.row for one in ours.errors(again.id) if one.reason == ERASED_PERSON] == [2]
    checked = ours.upload(rows)
    ours.map(checked)
    ours.start(checked.id, dry_run=True)
    assert ours.work_off(checked.id).rows_failed == 1
    partner = Partner(database, DiskFiles(tmp_path), caller=ours.caller)
    job = partner.load('{"contact": {"emails": [{"address": "vera@gone.example"}]}}\n', operation="create")
    assert [one["problem"]["reason"] for one in partner.results(job.id)] == [ERASED_PERSON]
    assert "Gone" not in {row.family_name for row in ours.contacts()}


def test_what_living_people_share_with_an_erased_one_keeps_nobody_away(alice: Person) -> None:
    switchboard = [contact_pb2.PhoneNumber(number=NUMBER)]
    create(alice, contact_pb2.Contact(given_name="Boris", phones=switchboard))
    vera = create(alice, draft(phones=switchboard), allow_duplicate=True)
    assert erase(alice, vera.id).identities_kept_away == 0
    assert create(alice, contact_pb2.Contact(given_name="Anna", phones=switchboard), allow_duplicate=True).id


def test_an_administrator_lets_an_erased_person_back_and_says_why(
    alice: Person, bob: Person, database: Database, contacts_database: TestDatabase
) -> None:
    erasure = gone(alice)
    request = person_pb2.LiftPersonErasureRequest(id=erasure.id, reason="She signed up again")
    assert isinstance(refused(bob.call, "PersonService.LiftPersonErasure", request), NotFound)
    no_reason = person_pb2.LiftPersonErasureRequest(id=erasure.id, reason="")
    assert refused(alice.call, "PersonService.LiftPersonErasure", no_reason).violations[0].field == "reason"
    assert refused(create, alice, ONE_OF_EACH[0][0]).reason == ERASED_PERSON
    for _ in range(2):
        lifted = alice.call("PersonService.LiftPersonErasure", request)
        assert (lifted.lift_reason, lifted.lifted_by) == ("She signed up again", str(alice.actor_id))
        assert lifted.identities_kept_away == 0
    assert create(alice, ONE_OF_EACH[0][0]).id
    with database.open_work(Caller.system(alice.tenant_id), read_only=True) as work:
        rows = work.raw.execute("SELECT envelope FROM outbox ORDER BY id").fetchall()
    told = [Envelope.FromString(bytes(row.envelope)) for row in rows]
    assert [one.subject_id for one in told if one.type == "contacts.person_erasure.lifted"] == [erasure.id]
    assert b"signed up" not in b"".join(bytes(row.envelope) for row in rows)


def test_the_database_alone_does_not_tell_who_was_erased(alice: Person, contacts_database: TestDatabase) -> None:
    gone(alice)
    with psycopg.connect(contacts_database.admin_url) as admin:
        kept = admin.execute("SELECT digest FROM erased_identity WHERE tenant_id = %s", [alice.tenant_id]).fetchall()
    ours = TenantKeys("a secret of at least thirty-two bytes")
    whose = "email:vera@gone.example"
    assert (ours.hash(alice.tenant_id, "erased-people", whose),) in kept
    others = (
        TenantKeys("another").hash(alice.tenant_id, "erased-people", whose),
        ours.hash(uuid7(), "erased-people", whose),
    )
    assert not {(one,) for one in others} & set(kept)
    with pytest.raises(ValueError, match="FUNIA_SECRET"):
        TenantKeys("").hash(alice.tenant_id, "erased-people", whose)


def test_other_services_are_told_digests_of_what_was_the_person_s_alone(alice: Person, database: Database) -> None:
    shared = [contact_pb2.PhoneNumber(number="+359 2 555 0100")]
    create(alice, contact_pb2.Contact(family_name="Stays", phones=shared))
    made = create(
        alice,
        draft(
            emails=[contact_pb2.EmailAddress(address=ADDRESS)],
            phones=[contact_pb2.PhoneNumber(number=NUMBER), *shared],
            external_ids={"erp": "v1"},
        ),
        allow_duplicate=True,
    )
    erasure = erase(alice, made.id)
    (told,) = [
        one.payload
        for one in recorded(database, alice.tenant_id)
        if one.type == "contacts.person_erasure.completed" and str(one.subject_id) == erasure.id
    ]
    with database.open_work(Caller.system(alice.tenant_id), read_only=True) as work:
        expected = PersonErased(
            erasure_id=erasure.id,
            email_digests=[digest_of(work, "email", ADDRESS)],
            phone_digests=[digest_of(work, "phone", "088 812 3456")],
            family_name_digests=[digest_of(work, "family_name", "gone")],
        )
    assert told == expected
