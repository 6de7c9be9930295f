"""Accounts, the people in them, and activities on both; always with a second company present."""

from __future__ import annotations

from typing import Any

from chassis.caller import Caller
from chassis.errors import Conflict, InvalidArgument, NotFound
from chassis.statements import text
from chassis.work import Database
from funia.contacts.v1 import account_pb2 as pb
from funia.contacts.v1 import activity_pb2, contact_pb2
from funia.events.v1.envelope_pb2 import Envelope
from funia.type.v1.money_pb2 import Money

from .conftest import Person, refused

EVENTS = text("SELECT envelope FROM outbox WHERE tenant_id = %(tenant_id)s ORDER BY id", "tenant_id")


def create(who: Person, **fields: Any) -> pb.Account:
    return who.call("AccountService.CreateAccount", pb.CreateAccountRequest(account=pb.Account(**fields)))


def create_contact(who: Person, name: str) -> contact_pb2.Contact:
    request = contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(given_name=name))
    return who.call("ContactService.CreateContact", request)


def event_types(database: Database, who: Person) -> list[str]:
    with database.open_work(Caller.system(who.tenant_id)) as work:
        return [Envelope.FromString(bytes(row.envelope)).type for row in work.rows(EVENTS)]


def test_an_account_keeps_money_in_minor_units_and_domains_in_normal_form(alice: Person) -> None:
    revenue = Money(currency_code="USD", amount_minor=110_004_00)
    created = create(alice, name="Acme Corporation", domains=["WWW.Acme.example"], annual_revenue=revenue)
    assert list(created.domains) == ["acme.example"]
    assert created.annual_revenue == revenue
    assert created.type == "prospect"
    assert alice.call("AccountService.GetAccount", pb.GetAccountRequest(id=created.id)) == created


def test_a_second_company_sees_no_account(alice: Person, bob: Person) -> None:
    created = create(alice, name="Acme")
    assert isinstance(refused(bob.call, "AccountService.GetAccount", pb.GetAccountRequest(id=created.id)), NotFound)
    assert not bob.call("AccountService.ListAccounts", pb.ListAccountsRequest()).accounts
    delete = pb.DeleteAccountRequest(id=created.id)
    assert isinstance(refused(bob.call, "AccountService.DeleteAccount", delete), NotFound)


def test_the_same_name_or_domain_is_refused_with_the_candidate(alice: Person, database: Database) -> None:
    first = create(alice, name="Acme Corporation", domains=["acme.example"])
    for twin in (pb.Account(name="ACME corporation"), pb.Account(name="Other", domains=["acme.example"])):
        error = refused(alice.call, "AccountService.CreateAccount", pb.CreateAccountRequest(account=twin))
        assert (type(error), error.reason) == (Conflict, "DUPLICATE_ACCOUNT")
        found = pb.BatchGetAccountsResponse()
        assert error.details[0].Unpack(found)  # type: ignore[attr-defined]
        assert [one.id for one in found.accounts] == [first.id]
    assert event_types(database, alice) == ["contacts.account.created"]


def test_a_company_cannot_be_its_own_ancestor(alice: Person) -> None:
    parent = create(alice, name="Parent")
    child = create(alice, name="Child", parent_id=parent.id)
    request = pb.UpdateAccountRequest(account=pb.Account(id=parent.id, parent_id=child.id))
    error = refused(alice.call, "AccountService.UpdateAccount", request)
    assert (type(error), error.reason) == (InvalidArgument, "PARENT_CYCLE")


def test_a_person_joins_companies_with_roles_and_one_of_them_is_primary(alice: Person, database: Database) -> None:
    acme, globex = create(alice, name="Acme"), create(alice, name="Globex")
    anna = create_contact(alice, "Anna")
    link = pb.LinkContactRequest(account_id=acme.id, contact_id=anna.id, role="buyer")
    assert alice.call("AccountService.LinkContact", link).primary
    link = pb.LinkContactRequest(account_id=globex.id, contact_id=anna.id, role="adviser", primary=True)
    assert alice.call("AccountService.LinkContact", link).primary
    read = alice.call("ContactService.GetContact", contact_pb2.GetContactRequest(id=anna.id))
    assert [(one.account_name, one.role, one.primary) for one in read.accounts] == [
        ("Globex", "adviser", True),
        ("Acme", "buyer", False),
    ]
    people = alice.call("AccountService.ListAccountContacts", pb.ListAccountContactsRequest(account_id=acme.id))
    assert [(one.contact.display_name, one.role) for one in people.contacts] == [("Anna", "buyer")]
    alice.call("AccountService.UnlinkContact", pb.UnlinkContactRequest(account_id=globex.id, contact_id=anna.id))
    read = alice.call("ContactService.GetContact", contact_pb2.GetContactRequest(id=anna.id))
    assert [one.account_name for one in read.accounts] == ["Acme"]
    assert event_types(database, alice)[-3:] == [
        "contacts.account_contact.linked",
        "contacts.account_contact.linked",
        "contacts.account_contact.unlinked",
    ]


def test_a_person_cannot_be_put_into_a_company_of_another_tenant(alice: Person, bob: Person) -> None:
    theirs = create(bob, name="Theirs")
    anna = create_contact(alice, "Anna")
    request = pb.LinkContactRequest(account_id=theirs.id, contact_id=anna.id)
    assert isinstance(refused(alice.call, "AccountService.LinkContact", request), InvalidArgument)


def test_a_task_is_written_and_completed_once(alice: Person, bob: Person, database: Database) -> None:
    anna = create_contact(alice, "Anna")
    task = activity_pb2.Activity(kind="task", subject_id=anna.id, title="Call back")
    created = alice.call("ActivityService.CreateActivity", activity_pb2.CreateActivityRequest(activity=task))
    assert created.status == "not_started"
    complete = activity_pb2.CompleteActivityRequest(id=created.id)
    assert isinstance(refused(bob.call, "ActivityService.CompleteActivity", complete), NotFound)
    for _ in range(2):
        assert alice.call("ActivityService.CompleteActivity", complete).status == "completed"
    assert event_types(database, alice)[1:] == ["contacts.activity.created", "contacts.activity.completed"]


def test_an_empty_note_is_refused_and_nothing_is_written(alice: Person, database: Database) -> None:
    anna = create_contact(alice, "Anna")
    note = activity_pb2.Activity(kind="note", subject_id=anna.id, body="  ")
    request = activity_pb2.CreateActivityRequest(activity=note)
    error = refused(alice.call, "ActivityService.CreateActivity", request)
    assert (type(error), error.violations[0].field) == (InvalidArgument, "activity.body")
    assert event_types(database, alice) == ["contacts.contact.created"]
