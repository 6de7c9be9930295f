"""Filters on contacts and accounts, through the lists, with a second company present."""

from __future__ import annotations

import pytest
from chassis.errors import InvalidArgument
from chassis.filtering import FieldType, schema_of
from contacts.queries.filters import ACCOUNT_SCHEMA, CONTACT_SCHEMA
from funia.contacts.v1 import account_pb2
from funia.contacts.v1 import contact_pb2 as pb

from .conftest import Person, refused


def create(who: Person, **fields: object) -> str:
    request = pb.CreateContactRequest(contact=pb.Contact(**fields))  # type: ignore[arg-type]
    return str(who.call("ContactService.CreateContact", request).display_name)


def found(who: Person, text: str) -> set[str]:
    page = who.call("ContactService.ListContacts", pb.ListContactsRequest(filter=text))
    return {one.display_name for one in page.contacts}


def test_what_the_protos_call_filterable_is_what_can_be_filtered() -> None:
    extra = {"tags": FieldType.TEXTS}
    assert schema_of(pb.Contact.DESCRIPTOR, extra).fields == CONTACT_SCHEMA.fields
    assert schema_of(account_pb2.Account.DESCRIPTOR, extra).fields == ACCOUNT_SCHEMA.fields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('lifecycle_stage = "customer"', {"Anna Ivanova"}),
        ("score >= 50 AND score < 90", {"Boris Petrov"}),
        ('NOT country_code = "BG"', {"Boris Petrov", "Сергей Смирнов"}),
        ('display_name = "ann*"', {"Anna Ivanova"}),
        ('display_name = "сер*"', {"Сергей Смирнов"}),
        ('tags:"vip" OR score = 50', {"Anna Ivanova", "Boris Petrov"}),
        (
            'lifecycle_stage IN ("lead", "customer") AND (score > 90 OR country_code = "RU")',
            {"Anna Ivanova", "Сергей Смирнов"},
        ),
        ('created_at > "2020-01-01T00:00:00Z"', {"Anna Ivanova", "Boris Petrov", "Сергей Смирнов"}),
        ("do_not_contact = true", set()),
    ],
)
def test_a_filter_finds_what_fits_and_nothing_of_others(
    alice: Person, bob: Person, text: str, expected: set[str]
) -> None:
    for who in (alice, bob):
        create(
            who,
            given_name="Anna",
            family_name="Ivanova",
            lifecycle_stage="customer",
            score=95,
            country_code="BG",
            tags=["vip"],
        )
        create(who, given_name="Boris", family_name="Petrov", score=50)
        create(who, given_name="Сергей", family_name="Смирнов", country_code="RU")
    assert found(alice, text) == expected


@pytest.mark.parametrize(
    ("text", "column"),
    [('nonsense = "x"', "1"), ("score >= tall", "10"), ('score > 1 AND (tags:"x"', "24"), ("score >", "8")],
)
def test_a_bad_filter_names_the_position(alice: Person, text: str, column: str) -> None:
    error = refused(alice.call, "ContactService.ListContacts", pb.ListContactsRequest(filter=text))
    assert (type(error), error.reason) == (InvalidArgument, "INVALID_FILTER")
    assert error.violations[0].field == "filter"
    assert f"column {column}" in error.violations[0].message
