"""Field rights on every path by which records of contacts are read and written, over real gRPC and a real database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from chassis.caller import Caller, FieldRights
from chassis.client import TAKES
from chassis.errors import PermissionDenied
from chassis.ids import uuid7
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database
from contacts.search.port import Hit
from contacts.usecases.customer_search import find_customers
from contacts.usecases.export_contacts import exported
from funia.contacts.v1 import account_pb2, activity_pb2, bulk_pb2, contact_pb2
from funia.contacts.v1.contact_pb2 import Contact
from google.protobuf.field_mask_pb2 import FieldMask

from .conftest import Person, person, refused
from .custom_definitions import define

HIDDEN = "contact.score contact.emails contact.custom.margin account.annual_revenue"
LOCKED = "contact.tags contact.custom.grade"
SECRETS = ("anna@example.com", "777", "margin")


@pytest.fixture
def clerk(issuer: TokenIssuer, grpc_channel: grpc.Channel, alice: Person, database: Database) -> Person:
    """Somebody of Alice's company who sees all of its records, and not all of their fields."""
    for key in ("margin", "grade"):
        define(database, alice.tenant_id, key, "text")
    return person(issuer, grpc_channel, alice.tenant_id, hid=HIDDEN, rdo=LOCKED)


@pytest.fixture
def anna(alice: Person, clerk: Person) -> Contact:
    contact = Contact(given_name="Anna", job_title="Buyer", score=777, tags=["vip"])
    contact.emails.add(address="anna@example.com")
    contact.custom.update({"margin": "margin 12", "grade": "A"})
    return _call(alice, "CreateContact", contact_pb2.CreateContactRequest(contact=contact))


def _call(who: Person, method: str, request: Any, service: str = "ContactService", **metadata: str) -> Any:
    return who.call(f"{service}.{method}", request, **metadata)


def change(contact: Contact, *mask: str, **fields: Any) -> contact_pb2.UpdateContactRequest:
    return contact_pb2.UpdateContactRequest(contact=Contact(id=contact.id, **fields), update_mask=FieldMask(paths=mask))


READS: dict[str, Callable[[Contact], tuple[str, Any]]] = {
    "get": lambda one: ("GetContact", contact_pb2.GetContactRequest(id=one.id)),
    "list": lambda _: ("ListContacts", contact_pb2.ListContactsRequest()),
    "full list": lambda _: ("ListContacts", contact_pb2.ListContactsRequest(view=contact_pb2.VIEW_FULL)),
    "batch": lambda one: ("BatchGetContacts", contact_pb2.BatchGetContactsRequest(ids=[one.id])),
    "update": lambda one: ("UpdateContact", change(one, "job_title", job_title="Head buyer")),
    "delete": lambda one: ("DeleteContact", contact_pb2.DeleteContactRequest(id=one.id)),
}


@pytest.mark.parametrize("way", READS)
@pytest.mark.parametrize("as_json", [False, True])
def test_no_answer_shows_a_hidden_field(
    clerk: Person, alice: Person, anna: Contact, grpc_channel: grpc.Channel, way: str, as_json: bool
) -> None:
    method, request = READS[way](anna)
    raw = grpc_channel.unary_unary(
        f"/funia.contacts.v1.ContactService/{method}",
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=bytes,
    )
    answers = {}
    for who in (clerk, alice):
        takes = [TAKES] if as_json else []
        answers[who.token] = raw(request, metadata=[("authorization", f"Bearer {who.token}"), *takes], timeout=10)
    assert b"Anna" in answers[clerk.token]
    assert not any(secret.encode() in answers[clerk.token] for secret in SECRETS[::2])
    assert b"anna@example.com" in answers[alice.token]


def test_a_change_by_somebody_who_does_not_see_a_field_keeps_its_value(
    clerk: Person, alice: Person, anna: Contact
) -> None:
    _call(clerk, "UpdateContact", change(anna, "job_title", job_title="Head buyer"))
    now = _call(alice, "GetContact", contact_pb2.GetContactRequest(id=anna.id))
    assert (now.job_title, now.score, now.emails[0].address) == ("Head buyer", 777, "anna@example.com")
    assert dict(now.custom) == {"margin": "margin 12", "grade": "A"}


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("CreateContact", lambda _: contact_pb2.CreateContactRequest(contact=Contact(given_name="B", score=1))),
        ("CreateContact", lambda _: contact_pb2.CreateContactRequest(contact=Contact(given_name="B", tags=["x"]))),
        ("UpdateContact", lambda one: change(one, "score", score=1)),
        ("UpdateContact", lambda one: change(one, "custom", custom={"grade": "B"})),
        ("LookupContact", lambda _: contact_pb2.LookupContactRequest(email="anna@example.com")),
        ("ListContacts", lambda _: contact_pb2.ListContactsRequest(filter="score > 700")),
        ("ListContacts", lambda _: contact_pb2.ListContactsRequest(filter='NOT custom.margin = "margin 12"')),
        ("ListContacts", lambda _: contact_pb2.ListContactsRequest(filter='display_name = "a*"')),
        ("ListContacts", lambda _: contact_pb2.ListContactsRequest(order_by="score desc")),
        ("ListContacts", lambda _: contact_pb2.ListContactsRequest(order_by="display_name")),
        (
            "FindDuplicateContacts",
            lambda one: contact_pb2.FindDuplicateContactsRequest(contact=Contact(emails=one.emails)),
        ),
    ],
)
def test_neither_writing_nor_asking_by_a_forbidden_field_tells_anything(
    clerk: Person, alice: Person, anna: Contact, method: str, request_: Callable[[Contact], Any]
) -> None:
    error = refused(_call, clerk, method, request_(anna))
    assert isinstance(error, PermissionDenied)
    assert error.reason in ("FIELD_HIDDEN", "FIELD_READ_ONLY")
    assert _call(alice, "GetContact", contact_pb2.GetContactRequest(id=anna.id)) == anna


def test_merging_does_not_choose_a_locked_field(clerk: Person, alice: Person, anna: Contact) -> None:
    other = _call(alice, "CreateContact", contact_pb2.CreateContactRequest(contact=Contact(given_name="Bea", score=9)))
    request = contact_pb2.MergeContactsRequest(
        id=anna.id, other_id=other.id, take_from_other=FieldMask(paths=["score"])
    )
    assert refused(_call, clerk, "MergeContacts", request).reason == "FIELD_HIDDEN"


def test_in_bulk_one_forbidden_item_costs_itself_alone(clerk: Person) -> None:
    items = [
        contact_pb2.CreateContactRequest(contact=Contact(given_name="B", **fields))
        for fields in ({}, {"score": 1}, {"tags": ["x"]})
    ]
    answer = _call(clerk, "BatchCreateContacts", bulk_pb2.BatchCreateContactsRequest(requests=items), "BulkService")
    assert [(one.outcome, one.problem.reason) for one in answer.results] == [
        ("created", ""),
        ("failed", "FIELD_HIDDEN"),
        ("failed", "FIELD_READ_ONLY"),
    ]


def test_a_required_field_is_not_asked_of_somebody_who_may_not_write_it(
    clerk: Person, alice: Person, database: Database
) -> None:
    define(database, alice.tenant_id, "grade2", "text", required=True)
    request = contact_pb2.CreateContactRequest(contact=Contact(given_name="B"))
    assert refused(_call, clerk, "CreateContact", request).reason == "INVALID_FIELD"
    rights = FieldRights(hidden=frozenset({"contact.custom.grade2"}))
    caller = Caller(clerk.tenant_id, "user", clerk.actor_id, frozenset(), "all", fields=rights)
    from contacts.imports.custom_checks import laid_over

    with database.open_work(caller) as work:
        assert laid_over(work, "contact", {}, {}, creating=True) == {}


def test_accounts_and_people_in_them_are_masked_too(clerk: Person, alice: Person, anna: Contact) -> None:
    account = account_pb2.Account(name="Acme")
    account.annual_revenue.currency_code, account.annual_revenue.amount_minor = "EUR", 5
    made = _call(alice, "CreateAccount", account_pb2.CreateAccountRequest(account=account), "AccountService")
    link = account_pb2.LinkContactRequest(account_id=made.id, contact_id=anna.id)
    _call(alice, "LinkContact", link, "AccountService")
    seen = _call(clerk, "GetAccount", account_pb2.GetAccountRequest(id=made.id), "AccountService")
    assert (seen.name, seen.HasField("annual_revenue")) == ("Acme", False)
    people = account_pb2.ListAccountContactsRequest(account_id=made.id, page_size=1)
    [row] = _call(clerk, "ListAccountContacts", people, "AccountService").contacts
    assert (row.contact.given_name, list(row.contact.emails)) == ("Anna", [])


def test_the_timeline_names_no_hidden_field(clerk: Person, alice: Person, anna: Contact, database: Database) -> None:
    from chassis.statements import text

    insert = text(
        """
        INSERT INTO timeline_entry (tenant_id, subject_id, id, type, occurred_at, actor_type, actor_id, changed_fields,
            details)
        VALUES (%(tenant_id)s, %(subject)s, %(id)s, 'contacts.contact.updated', now(), 'user', '',
            ARRAY['score', 'job_title'], '{}')
        """,
        "tenant_id",
    )
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(insert, subject=anna.id, id=uuid7())
    request = activity_pb2.ListTimelineRequest(subject_id=anna.id)
    for who, names in ((clerk, ["job_title"]), (alice, ["score", "job_title"])):
        [entry] = _call(who, "ListTimeline", request, "ActivityService").entries
        assert list(entry.changed_fields) == names


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_leaves_hidden_fields_out(clerk: Person, anna: Contact, database: Database, form: str) -> None:
    rights = FieldRights(frozenset(HIDDEN.split()), frozenset(LOCKED.split()))
    narrow = Caller(clerk.tenant_id, "user", clerk.actor_id, frozenset(), "all", fields=rights)
    whole = Caller(clerk.tenant_id, "user", clerk.actor_id, frozenset(), "all")
    texts = {
        caller: b"".join(exported(database, caller, filter_text="", form=form)).decode() for caller in (narrow, whole)
    }
    assert all(secret in texts[whole] for secret in SECRETS)
    assert not any(secret in texts[narrow] for secret in SECRETS)
    assert anna.given_name in texts[narrow]
    with pytest.raises(PermissionDenied):
        list(exported(database, narrow, filter_text="score > 1", form=form))


class Engine:
    """An engine that finds the records it is told to, as a real one would by whatever is indexed."""

    def __init__(self, *ids: str) -> None:
        self._ids = ids

    def search(self, _request: Any) -> list[Hit]:
        return [Hit("contact", one, 1.0) for one in self._ids]


def test_search_finds_nothing_by_what_is_hidden(clerk: Person, anna: Contact, database: Database) -> None:
    rights = FieldRights(frozenset(HIDDEN.split()))
    caller = Caller(clerk.tenant_id, "user", clerk.actor_id, frozenset(), "all", fields=rights)

    def found(query: str, who: Caller = caller) -> list[tuple[str, str]]:
        hits = find_customers(database, who, Engine(anna.id), query, (), 10)  # type: ignore[arg-type]
        return [(hit.name, hit.email) for hit in hits]

    assert found("anna@example.com") == []
    assert found("example") == []
    assert found("ana") == [("Anna", "")]
    assert found("buyer") == [("Anna", "")]
    whole = Caller(clerk.tenant_id, "user", clerk.actor_id, frozenset(), "all")
    assert found("anna@example.com", whole) == [("Anna", "anna@example.com")]


def test_a_second_company_is_not_touched_by_the_rights_of_the_first(bob: Person, clerk: Person) -> None:
    made = _call(bob, "CreateContact", contact_pb2.CreateContactRequest(contact=Contact(given_name="B", score=5)))
    assert made.score == 5
