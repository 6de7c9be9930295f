"""Contacts over real gRPC and a real database, always with a second company present."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.caller import Caller
from chassis.errors import Conflict, InvalidArgument, NotFound, PermissionDenied, Unauthenticated, Unprocessable
from chassis.ids import uuid7
from chassis.statements import text
from chassis.work import Database
from funia.contacts.v1 import account_pb2
from funia.contacts.v1 import contact_pb2 as pb
from funia.events.v1.envelope_pb2 import Envelope

from .conftest import Person, person, refused

COUNT = text("SELECT count(*) AS n FROM contact WHERE tenant_id = %(tenant_id)s", "tenant_id")
EVENTS = text("SELECT subject, envelope FROM outbox WHERE tenant_id = %(tenant_id)s ORDER BY id", "tenant_id")


def create(who: Person, **fields: Any) -> pb.Contact:
    return who.call("ContactService.CreateContact", pb.CreateContactRequest(contact=pb.Contact(**fields)))


def published(database: Database, who: Person) -> list[Envelope]:
    with database.open_work(Caller.system(who.tenant_id)) as work:
        return [Envelope.FromString(bytes(row.envelope)) for row in work.rows(EVENTS)]


def stored(database: Database, who: Person) -> int:
    with database.open_work(Caller.system(who.tenant_id)) as work:
        row = work.row(COUNT)
        assert row is not None
        return int(row.n)


def john(**fields: Any) -> dict[str, Any]:
    return {
        "given_name": "John",
        "family_name": "Smith",
        "job_title": "Buyer",
        "emails": [pb.EmailAddress(address="John.Smith@acme.example", label="work")],
        "phones": [pb.PhoneNumber(number="+359 2 987 6543")],
        **fields,
    }


def test_a_created_contact_is_answered_normalised_and_read_back(alice: Person) -> None:
    created = create(alice, **john())
    assert created.display_name == "John Smith"
    assert created.etag == "1"
    assert created.lifecycle_stage == "lead"
    assert created.owner_id == str(alice.actor_id)
    assert created.phones[0].number == "+35929876543"
    assert created.phones[0].primary
    assert created.emails[0].primary
    assert alice.call("ContactService.GetContact", pb.GetContactRequest(id=created.id)) == created


def test_creation_records_one_event_without_personal_identifiers(alice: Person, database: Database) -> None:
    created = create(alice, **john())
    envelopes = published(database, alice)
    assert [(e.type, e.subject_id, e.aggregate_version) for e in envelopes] == [
        ("contacts.contact.created", created.id, 1)
    ]
    raw = envelopes[0].SerializeToString()
    assert all(secret not in raw for secret in (b"John", b"Smith", b"acme", b"9876543"))


def test_a_second_company_sees_nothing(alice: Person, bob: Person) -> None:
    created = create(alice, **john())
    assert isinstance(refused(bob.call, "ContactService.GetContact", pb.GetContactRequest(id=created.id)), NotFound)
    assert not bob.call("ContactService.ListContacts", pb.ListContactsRequest()).contacts
    assert not bob.call("ContactService.BatchGetContacts", pb.BatchGetContactsRequest(ids=[created.id])).contacts
    lookup = pb.LookupContactRequest(email="john.smith@acme.example")
    assert isinstance(refused(bob.call, "ContactService.LookupContact", lookup), NotFound)
    update = pb.UpdateContactRequest(contact=pb.Contact(id=created.id, job_title="Thief"))
    assert isinstance(refused(bob.call, "ContactService.UpdateContact", update), NotFound)
    assert alice.call("ContactService.GetContact", pb.GetContactRequest(id=created.id)).job_title == "Buyer"


def test_own_visibility_hides_what_others_own(alice: Person, issuer: Any, grpc_channel: Any) -> None:
    hers = create(alice, **john())
    seller = person(issuer, grpc_channel, alice.tenant_id, visibility="own")
    his = create(seller, given_name="Ivan", family_name="Petrov")
    assert isinstance(refused(seller.call, "ContactService.GetContact", pb.GetContactRequest(id=hers.id)), NotFound)
    assert [c.id for c in seller.call("ContactService.ListContacts", pb.ListContactsRequest()).contacts] == [his.id]
    assert len(alice.call("ContactService.ListContacts", pb.ListContactsRequest()).contacts) == 2


def test_team_visibility_shows_what_the_team_owns(alice: Person, issuer: Any, grpc_channel: Any) -> None:
    team = uuid7()
    shared = create(alice, given_name="Team", family_name="Mate", team_id=str(team))
    create(alice, given_name="Other", family_name="Team")
    mate = person(issuer, grpc_channel, alice.tenant_id, visibility="team", team_ids=[team])
    assert [c.id for c in mate.call("ContactService.ListContacts", pb.ListContactsRequest()).contacts] == [shared.id]


def test_a_likely_duplicate_is_refused_with_candidates_and_can_be_overridden(alice: Person, database: Database) -> None:
    first = create(alice, **john())
    twin = pb.Contact(given_name="J.", emails=[pb.EmailAddress(address="JOHN.SMITH@ACME.EXAMPLE")])
    error = refused(alice.call, "ContactService.CreateContact", pb.CreateContactRequest(contact=twin))
    assert isinstance(error, Conflict)
    assert error.reason == "DUPLICATE_CONTACT"
    found = pb.FindDuplicateContactsResponse()
    assert error.details[0].Unpack(found)  # type: ignore[attr-defined]
    assert [(c.contact.id, list(c.reasons)) for c in found.candidates] == [(first.id, ["email"])]
    assert stored(database, alice) == 1
    assert len(published(database, alice)) == 1
    request = pb.CreateContactRequest(contact=twin, allow_duplicate=True)
    assert alice.call("ContactService.CreateContact", request).id != first.id


def test_the_same_name_alone_does_not_stop_a_creation(alice: Person) -> None:
    create(alice, given_name="Anna", family_name="Ivanova")
    create(alice, given_name="Anna", family_name="Ivanova")
    request = pb.FindDuplicateContactsRequest(contact=pb.Contact(given_name="anna", family_name="IVANOVA"))
    found = alice.call("ContactService.FindDuplicateContacts", request).candidates
    assert [list(one.reasons) for one in found] == [["name"], ["name"]]


def test_an_update_changes_only_the_named_fields(alice: Person, database: Database) -> None:
    created = create(alice, **john())
    request = pb.UpdateContactRequest(contact=pb.Contact(id=created.id, job_title="Director"))
    request.update_mask.paths.append("job_title")
    updated = alice.call("ContactService.UpdateContact", request)
    assert (updated.job_title, updated.given_name, updated.etag) == ("Director", "John", "2")
    assert list(published(database, alice)[-1].changed_fields) == ["job_title"]


def test_an_update_that_changes_nothing_writes_and_publishes_nothing(alice: Person, database: Database) -> None:
    created = create(alice, **john())
    request = pb.UpdateContactRequest(contact=pb.Contact(id=created.id, job_title="Buyer"))
    assert alice.call("ContactService.UpdateContact", request).etag == "1"
    assert len(published(database, alice)) == 1


def test_a_stale_etag_is_refused_and_changes_nothing(alice: Person, database: Database) -> None:
    created = create(alice, **john())
    alice.call("ContactService.UpdateContact", pb.UpdateContactRequest(contact=pb.Contact(id=created.id, score=5)))
    request = pb.UpdateContactRequest(contact=pb.Contact(id=created.id, score=9), etag=created.etag)
    error = refused(alice.call, "ContactService.UpdateContact", request)
    assert (type(error), error.reason) == (Conflict, "STALE_ETAG")
    assert alice.call("ContactService.GetContact", pb.GetContactRequest(id=created.id)).score == 5
    assert len(published(database, alice)) == 2


def test_a_lifecycle_step_back_needs_a_reason(alice: Person) -> None:
    created = create(alice, **john(lifecycle_stage="customer"))
    back = pb.UpdateContactRequest(contact=pb.Contact(id=created.id, lifecycle_stage="lead"))
    error = refused(alice.call, "ContactService.UpdateContact", back)
    assert (type(error), error.violations[0].field) == (InvalidArgument, "reason")
    back.reason = "the order was a mistake"
    assert alice.call("ContactService.UpdateContact", back).lifecycle_stage == "lead"


def test_a_deleted_contact_leaves_the_lists_and_comes_back(alice: Person) -> None:
    created = create(alice, **john())
    gone = alice.call("ContactService.DeleteContact", pb.DeleteContactRequest(id=created.id))
    assert gone.HasField("deleted_at")
    assert not alice.call("ContactService.ListContacts", pb.ListContactsRequest()).contacts
    in_bin = alice.call("ContactService.ListContacts", pb.ListContactsRequest(deleted=True)).contacts
    assert [one.id for one in in_bin] == [created.id]
    back = alice.call("ContactService.UndeleteContact", pb.UndeleteContactRequest(id=created.id))
    assert not back.HasField("deleted_at")
    assert [c.id for c in alice.call("ContactService.ListContacts", pb.ListContactsRequest()).contacts] == [created.id]


@pytest.mark.parametrize(
    "identity", [{"email": "john.SMITH@acme.example"}, {"phone": "+35929876543"}, {"external_id": "erp:77"}]
)
def test_lookup_finds_by_any_identity(alice: Person, identity: dict[str, str]) -> None:
    created = create(alice, **john(external_ids={"erp": "77"}))
    assert alice.call("ContactService.LookupContact", pb.LookupContactRequest(**identity)).id == created.id


def test_lists_page_through_everything_once_in_every_order(alice: Person) -> None:
    made = {create(alice, given_name=f"N{n % 3}", family_name=f"F{n}", score=n % 4).id for n in range(11)}
    for order in ("", "created_at", "display_name", "display_name desc", "score desc", "updated_at desc"):
        seen: list[str] = []
        token = ""
        while True:
            request = pb.ListContactsRequest(page_size=3, page_token=token, order_by=order)
            page = alice.call("ContactService.ListContacts", request)
            seen += [one.id for one in page.contacts]
            token = page.next_page_token
            if not token:
                break
        assert len(seen) == len(made), order
        assert set(seen) == made, order


def test_a_page_token_of_another_company_or_order_is_refused(alice: Person, bob: Person) -> None:
    for who in (alice, bob):
        for n in range(3):
            create(who, given_name=f"N{n}")
    token = alice.call("ContactService.ListContacts", pb.ListContactsRequest(page_size=1)).next_page_token
    for who, request in (
        (bob, pb.ListContactsRequest(page_token=token)),
        (alice, pb.ListContactsRequest(page_token=token, order_by="score desc")),
        (alice, pb.ListContactsRequest(page_token="AAAA")),
    ):
        error = refused(who.call, "ContactService.ListContacts", request)
        assert (type(error), error.reason) == (InvalidArgument, "INVALID_PAGE_TOKEN")


def test_an_idempotency_key_writes_once_and_refuses_another_body(alice: Person, database: Database) -> None:
    request = pb.CreateContactRequest(contact=pb.Contact(**john()))
    first = alice.call("ContactService.CreateContact", request, idempotency_key="k1")
    again = alice.call("ContactService.CreateContact", request, idempotency_key="k1")
    assert first == again
    assert stored(database, alice) == 1
    other = pb.CreateContactRequest(contact=pb.Contact(given_name="Other"))
    error = refused(alice.call, "ContactService.CreateContact", other, idempotency_key="k1")
    assert isinstance(error, Unprocessable)
    assert stored(database, alice) == 1


def test_merging_unites_lists_and_leaves_an_alias(alice: Person) -> None:
    account = alice.call(
        "AccountService.CreateAccount", account_pb2.CreateAccountRequest(account=account_pb2.Account(name="Acme"))
    )
    kept = create(alice, **john())
    other = alice.call(
        "ContactService.CreateContact",
        pb.CreateContactRequest(
            contact=pb.Contact(
                given_name="Jon",
                family_name="Smith",
                job_title="CEO",
                do_not_contact=True,
                emails=[pb.EmailAddress(address="jon@home.example")],
                tags=["vip"],
            ),
            account_id=account.id,
        ),
    )
    request = pb.MergeContactsRequest(id=kept.id, other_id=other.id)
    request.take_from_other.paths.append("job_title")
    merged = alice.call("ContactService.MergeContacts", request)
    assert (merged.given_name, merged.job_title, merged.do_not_contact) == ("John", "CEO", True)
    assert [one.address for one in merged.emails] == ["John.Smith@acme.example", "jon@home.example"]
    assert [one.primary for one in merged.emails] == [True, False]
    assert list(merged.tags) == ["vip"]
    assert [one.account_name for one in merged.accounts] == ["Acme"]
    assert alice.call("ContactService.GetContact", pb.GetContactRequest(id=other.id)).id == kept.id
    found = alice.call("ContactService.LookupContact", pb.LookupContactRequest(email="jon@home.example"))
    assert found.id == kept.id


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "contact"),
        ({"given_name": "x" * 121}, "contact.given_name"),
        ({"given_name": "A", "phones": [pb.PhoneNumber(number="12")]}, "contact.phones[0].number"),
        ({"given_name": "A", "emails": [pb.EmailAddress(address="nobody")]}, "contact.emails[0].address"),
        ({"given_name": "A", "lifecycle_stage": "friend"}, "contact.lifecycle_stage"),
        ({"given_name": "A", "country_code": "ZZZ"}, "contact.country_code"),
    ],
)
def test_bad_values_name_the_field_and_write_nothing(
    alice: Person, database: Database, fields: dict[str, Any], path: str
) -> None:
    request = pb.CreateContactRequest(contact=pb.Contact(**fields))
    error = refused(alice.call, "ContactService.CreateContact", request)
    assert isinstance(error, InvalidArgument)
    assert [one.field for one in error.violations] == [path]
    assert stored(database, alice) == 0
    assert published(database, alice) == []


def test_no_token_and_a_missing_scope_are_told_apart(alice: Person, issuer: Any, grpc_channel: Any) -> None:
    request = pb.GetContactRequest(id=str(uuid7()))
    stranger = Person(alice.tenant_id, alice.actor_id, "", grpc_channel)
    assert isinstance(refused(stranger.call, "ContactService.GetContact", request), Unauthenticated)
    reader = Person(alice.tenant_id, alice.actor_id, issuer.token(alice.tenant_id, ["sales.read"]), grpc_channel)
    error = refused(reader.call, "ContactService.GetContact", request)
    assert (type(error), error.metadata["scope"]) == (PermissionDenied, "contacts.read")
