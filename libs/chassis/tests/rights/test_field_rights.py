"""What a role hides and locks, told by the protos alone: no server and no database."""

from __future__ import annotations

from typing import Any

import pytest
from chassis import field_rights
from chassis.caller import EVERY_FIELD, FieldRights
from chassis.errors import PermissionDenied
from chassis.ids import uuid7
from chassis.testing.tokens import TokenIssuer
from funia.contacts.v1 import account_pb2, bulk_pb2, contact_pb2, events_pb2, search_pb2
from funia.contacts.v1.contact_pb2 import Contact
from funia.sales.v1.customer_pb2 import Customer
from google.protobuf.field_mask_pb2 import FieldMask

RIGHTS = FieldRights(
    hidden=frozenset({"contact.score", "contact.emails", "contact.custom.margin", "contact.lifecycle_stage"}),
    read_only=frozenset({"contact.owner_id", "contact.custom.grade", "account.tier"}),
)


def anna(**fields: Any) -> Contact:
    contact = Contact(given_name="Anna", score=7, owner_id=str(uuid7()), lifecycle_stage="lead", **fields)
    contact.emails.add(address="anna@example.com")
    contact.custom.update({"margin": 12, "grade": "A"})
    return contact


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: contact_pb2.ListContactsResponse(contacts=[one]),
        lambda one: contact_pb2.BatchGetContactsResponse(contacts=[one]),
        lambda one: contact_pb2.FindDuplicateContactsResponse(candidates=[contact_pb2.DuplicateCandidate(contact=one)]),
        lambda one: account_pb2.ListAccountContactsResponse(contacts=[account_pb2.AccountContact(contact=one)]),
        lambda one: one,
    ],
)
def test_hidden_fields_are_gone_wherever_in_an_answer_the_record_stands(wrap: Any) -> None:
    answer = wrap(anna())
    field_rights.hide(answer, RIGHTS)
    text = str(answer)
    assert "Anna" in text
    assert "grade" in text
    assert not any(word in text for word in ("anna@example.com", "score", "margin", "lead"))


def test_a_name_made_of_a_hidden_address_is_hidden_with_it() -> None:
    nameless = Contact(display_name="anna@example.com")
    named = Contact(given_name="Anna", display_name="Anna")
    for one in (nameless, named):
        field_rights.hide(one, RIGHTS)
    assert (nameless.display_name, named.display_name) == ("", "Anna")


def test_what_is_no_record_itself_hides_what_it_tells_of_one() -> None:
    hit = search_pb2.CustomerHit(kind="contact", name="Anna", email="anna@example.com", phone="+3592")
    changed = events_pb2.LifecycleChanged(contact_id="1", from_stage="lead", to_stage="customer")
    customer = Customer(kind="contact", stage="lead", owner_id="2", country_code="BG")
    for one in (hit, changed, customer):
        field_rights.hide(one, RIGHTS)
    assert (hit.email, hit.phone, hit.name) == ("", "+3592", "Anna")
    assert (changed.from_stage, changed.to_stage) == ("", "")
    assert (customer.stage, customer.owner_id, customer.country_code) == ("", "2", "BG")


def update(mask: list[str], **fields: Any) -> contact_pb2.UpdateContactRequest:
    return contact_pb2.UpdateContactRequest(contact=Contact(id="1", **fields), update_mask=FieldMask(paths=mask))


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        (contact_pb2.CreateContactRequest(contact=Contact(given_name="A", score=7)), "contact.score"),
        (contact_pb2.CreateContactRequest(contact=Contact(given_name="A", owner_id="1")), "contact.owner_id"),
        (contact_pb2.CreateContactRequest(contact=anna()), "contact.custom.margin"),
        (update(["score"]), "contact.score"),
        (update(["custom.grade"]), "contact.custom.grade"),
        (update(["*"], given_name="A"), "contact.emails"),
        (update([], owner_id="1"), "contact.owner_id"),
        (bulk_pb2.UpsertContactRequest(contact=Contact(score=7)), "contact.score"),
        (account_pb2.UpdateAccountRequest(update_mask=FieldMask(paths=["tier"]), account={}), "account.tier"),
    ],
)
def test_writing_what_is_hidden_or_locked_is_refused_by_name(request_: Any, named: str) -> None:
    with pytest.raises(PermissionDenied) as raised:
        field_rights.refuse_forbidden(request_, RIGHTS, read_only=False)
    assert any(named in one.message for one in raised.value.violations)


def test_a_request_may_carry_what_its_mask_leaves_out() -> None:
    field_rights.refuse_forbidden(update(["given_name"], given_name="A", score=7), RIGHTS, read_only=False)


def test_asking_by_a_hidden_field_is_refused_and_by_a_locked_one_is_not() -> None:
    by_email = contact_pb2.LookupContactRequest(email="anna@example.com")
    with pytest.raises(PermissionDenied) as raised:
        field_rights.refuse_forbidden(by_email, RIGHTS, read_only=True)
    assert raised.value.reason == "FIELD_HIDDEN"
    like = contact_pb2.FindDuplicateContactsRequest(contact=Contact(given_name="A", owner_id="1"))
    field_rights.refuse_forbidden(like, RIGHTS, read_only=True)
    field_rights.refuse_forbidden(contact_pb2.LookupContactRequest(phone="+3592"), RIGHTS, read_only=True)


def test_rights_come_with_the_token_and_most_tokens_have_none() -> None:
    issuer, tenant = TokenIssuer(), uuid7()
    assert issuer.caller(tenant).fields is EVERY_FIELD
    fields = issuer.caller(tenant, hid="contact.score", rdo="contact.tags").fields
    assert (fields.hidden_in("contact"), fields.unwritable_in("contact")) == ({"score"}, {"score", "tags"})
    assert fields.hidden_in("account") == frozenset()


def test_every_field_that_only_a_record_has_can_be_governed_but_not_its_name() -> None:
    governable = field_rights.governable(Contact.DESCRIPTOR)
    assert {"emails", "score", "owner_id", "description"} <= set(governable)
    assert not {"id", "etag", "given_name", "display_name", "created_at", "custom"} & set(governable)
