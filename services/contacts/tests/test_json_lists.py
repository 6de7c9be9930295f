"""Answers that contacts writes as JSON itself say what the gateway would have made of the messages."""

from __future__ import annotations

from typing import Any

import grpc
import orjson
import pytest
from chassis.client import TAKES
from chassis.work import Database
from funia.contacts.v1 import account_pb2, contact_pb2
from gateway.transcode.codec import JsonCodec

from .custom_definitions import define_all

CREATE = "ContactService.CreateContact"
VIEWS = [contact_pb2.VIEW_SUMMARY, contact_pb2.VIEW_FULL]


@pytest.fixture(autouse=True)
def people(alice: Any, bob: Any, database: Database) -> None:
    define_all(database, alice.tenant_id)
    asked = account_pb2.CreateAccountRequest(account={"name": "Müller GmbH"})
    company = alice.call("AccountService.CreateAccount", asked)
    for caller, name in ((alice, "Анна"), (bob, "Somebody else")):
        caller.call(CREATE, contact_pb2.CreateContactRequest(contact={"given_name": name}))
    whole = contact_pb2.Contact(
        title="Dr",
        given_name='Quo"te',
        middle_name="M",
        family_name="Smith\n",
        job_title="Head",
        lifecycle_stage="customer",
        language="en",
        country_code="DE",
        source="form",
        do_not_contact=True,
        score=7,
        emails=[{"address": "a@example.com", "label": "work"}, {"address": "b@example.com"}],
        phones=[{"number": "+4915112345678"}],
        addresses=[{"street": "1 High Street", "city": "Köln"}],
        tags=["one", "two"],
        external_ids={"mailchimp": "x81"},
        description="Text",
    )
    whole.custom.update({"text": "Привет", "number": 5, "choices": ["Gold"], "boolean": False})
    whole.custom.update({"money": {"currency_code": "EUR", "amount_minor": 120050}})
    alice.call(CREATE, contact_pb2.CreateContactRequest(contact=whole, account_id=company.id))


def raw_list(person: Any, request: contact_pb2.ListContactsRequest, *metadata: tuple[str, str]) -> bytes:
    return raw_answer(person, "ListContacts", request, *metadata)


def raw_answer(person: Any, method: str, request: Any, *metadata: tuple[str, str]) -> bytes:
    call: grpc.UnaryUnaryMultiCallable[Any, Any] = person.grpc_channel.unary_unary(
        f"/funia.contacts.v1.ContactService/{method}", request_serializer=type(request).SerializeToString
    )
    answer: bytes = call(request, metadata=(("authorization", f"Bearer {person.token}"), *metadata))
    return answer


@pytest.mark.parametrize("view", VIEWS)
def test_json_of_a_list_is_what_the_gateway_would_have_written(alice: Any, view: int) -> None:
    request = contact_pb2.ListContactsRequest(view=view, page_size=50)
    message = contact_pb2.ListContactsResponse.FromString(raw_list(alice, request))
    expected = JsonCodec().to_json(message, summary=view == contact_pb2.VIEW_SUMMARY)
    assert len(message.contacts) == 2
    written = raw_list(alice, request, TAKES)
    assert orjson.loads(written) == orjson.loads(expected)
    assert [list(one) for one in orjson.loads(written)["contacts"]] == [
        list(one) for one in orjson.loads(expected)["contacts"]
    ]


def test_json_of_a_page_carries_the_token_of_the_next(alice: Any) -> None:
    first = orjson.loads(raw_list(alice, contact_pb2.ListContactsRequest(page_size=1), TAKES))
    rest = contact_pb2.ListContactsRequest(page_size=1, page_token=first["next_page_token"])
    second = orjson.loads(raw_list(alice, rest, TAKES))
    assert [first["contacts"][0]["given_name"], second["contacts"][0]["given_name"]] == ['Quo"te', "Анна"]
    assert second["next_page_token"] == ""


def test_json_of_one_contact_is_what_the_gateway_would_have_written(alice: Any) -> None:
    listed = contact_pb2.ListContactsResponse.FromString(raw_list(alice, contact_pb2.ListContactsRequest()))
    for one in listed.contacts:
        asked = contact_pb2.GetContactRequest(id=one.id)
        message = alice.call("ContactService.GetContact", asked)
        written = raw_answer(alice, "GetContact", asked, TAKES)
        assert list(orjson.loads(written).items()) == list(orjson.loads(JsonCodec().to_json(message)).items())
        assert written.startswith(f'{{"id":"{one.id}","etag":"{one.etag}"'.encode())
