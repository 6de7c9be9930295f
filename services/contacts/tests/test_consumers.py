"""What contacts does with events: the search index and the timeline, with a second company present."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.subscriptions import Received, Subscription
from chassis.testing.events import recorded
from chassis.work import Database
from contacts.consumers.search_index import search_subscription
from contacts.consumers.timeline import timeline_subscription
from contacts.search.embedded import EmbeddedSearch
from contacts.search.port import CustomerSearch
from contacts.usecases.customer_search import FoundCustomer, find_customers
from funia.contacts.v1 import account_pb2, activity_pb2
from funia.contacts.v1 import contact_pb2 as pb

from .conftest import Person, refused


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[CustomerSearch]:
    opened = EmbeddedSearch(tmp_path / "search")
    yield opened
    opened.close()


def feed(database: Database, subscription: Subscription, who: Person, events: list[Received] | None = None) -> None:
    prefixes = tuple(subject.removesuffix("*") for subject in subscription.subjects)
    chosen = [e for e in events or recorded(database, who.tenant_id) if e.type.startswith(prefixes)]
    with database.open_work(Caller.system(who.tenant_id)) as work:
        subscription.handler(work, chosen)


def find(database: Database, engine: CustomerSearch, who: Person, query: str) -> list[FoundCustomer]:
    caller = Caller(who.tenant_id, "user", who.actor_id, frozenset({"contacts.read"}), "all")
    return find_customers(database, caller, engine, query, (), 10)


def create(who: Person, contact: pb.Contact, account_id: str = "") -> pb.Contact:
    return who.call("ContactService.CreateContact", pb.CreateContactRequest(contact=contact, account_id=account_id))


def test_search_finds_a_person_by_typo_phone_part_and_company(
    alice: Person, bob: Person, database: Database, engine: CustomerSearch
) -> None:
    account = account_pb2.Account(name="Globex Rocketry", domains=["globex.example"])
    company = alice.call("AccountService.CreateAccount", account_pb2.CreateAccountRequest(account=account))
    john = pb.Contact(
        given_name="John",
        family_name="Smith",
        emails=[pb.EmailAddress(address="jsmith@globex.example")],
        phones=[pb.PhoneNumber(number="+359 2 987 6543")],
    )
    made = create(alice, john, company.id)
    create(bob, pb.Contact(given_name="Bob", family_name="Smith"))
    subscription = search_subscription(lambda: engine)
    feed(database, subscription, alice)
    feed(database, subscription, bob)
    for query in ("jon smth", "smith", "jsmith", "6543", "rocketry john"):
        assert str(find(database, engine, alice, query)[0].id) == made.id, query
    assert [one.name for one in find(database, engine, bob, "smith")] == ["Bob Smith"]
    assert find(database, engine, alice, "globex rocketry")[0].kind == "account"


def test_deleted_people_are_not_found_and_late_events_do_not_bring_them_back(
    alice: Person, database: Database, engine: CustomerSearch
) -> None:
    made = create(alice, pb.Contact(given_name="Late", family_name="Event"))
    subscription = search_subscription(lambda: engine)
    early = recorded(database, alice.tenant_id)
    feed(database, subscription, alice, early)
    assert len(find(database, engine, alice, "late event")) == 1
    alice.call("ContactService.DeleteContact", pb.DeleteContactRequest(id=made.id))
    feed(database, subscription, alice)
    feed(database, subscription, alice, early)
    assert engine.document_count(str(alice.tenant_id)) == 0


def test_renaming_a_company_reindexes_its_people(alice: Person, database: Database, engine: CustomerSearch) -> None:
    account = account_pb2.CreateAccountRequest(account=account_pb2.Account(name="Oldname Ltd"))
    company = alice.call("AccountService.CreateAccount", account)
    create(alice, pb.Contact(given_name="Mira", family_name="Koleva"), company.id)
    subscription = search_subscription(lambda: engine)
    feed(database, subscription, alice)
    rename = account_pb2.UpdateAccountRequest(account=account_pb2.Account(id=company.id, name="Brandnew Ltd"))
    alice.call("AccountService.UpdateAccount", rename)
    feed(database, subscription, alice)
    assert {one.kind for one in find(database, engine, alice, "brandnew")} == {"account", "contact"}


def test_the_timeline_tells_what_happened_newest_first_and_once(alice: Person, bob: Person, database: Database) -> None:
    made = create(alice, pb.Contact(given_name="Anna", lifecycle_stage="lead"))
    update = pb.UpdateContactRequest(contact=pb.Contact(id=made.id, job_title="CEO", lifecycle_stage="customer"))
    alice.call("ContactService.UpdateContact", update)
    note = activity_pb2.Activity(kind="note", subject_id=made.id, body="Met at the fair")
    alice.call("ActivityService.CreateActivity", activity_pb2.CreateActivityRequest(activity=note))
    for _ in range(2):
        feed(database, timeline_subscription(), alice)
    request = activity_pb2.ListTimelineRequest(subject_id=made.id)
    entries = alice.call("ActivityService.ListTimeline", request).entries
    assert [entry.type for entry in entries] == [
        "contacts.activity.created",
        "contacts.lifecycle.changed",
        "contacts.contact.updated",
        "contacts.contact.created",
    ]
    assert entries[0].activity.body == "Met at the fair"
    assert dict(entries[1].details) == {"from": "lead", "to": "customer"}
    assert set(entries[2].changed_fields) == {"job_title", "lifecycle_stage"}
    assert entries[3].actor_id == str(alice.actor_id)
    refused(bob.call, "ActivityService.ListTimeline", request)


def test_the_timeline_pages_and_filters_by_type(alice: Person, database: Database) -> None:
    made = create(alice, pb.Contact(given_name="Paged"))
    for n in range(4):
        note = activity_pb2.Activity(kind="note", subject_id=made.id, body=f"note {n}")
        alice.call("ActivityService.CreateActivity", activity_pb2.CreateActivityRequest(activity=note))
    feed(database, timeline_subscription(), alice)
    seen: list[str] = []
    token = ""
    while True:
        request = activity_pb2.ListTimelineRequest(
            subject_id=made.id, page_size=2, page_token=token, type_prefix="contacts.activity"
        )
        page = alice.call("ActivityService.ListTimeline", request)
        seen += [entry.activity.body for entry in page.entries]
        token = page.next_page_token
        if not token:
            break
    assert seen == ["note 3", "note 2", "note 1", "note 0"]
    assert UUID(made.id)
