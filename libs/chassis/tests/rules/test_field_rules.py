"""Field rules: what a request may hold, and how a caller is told what it may not."""

from __future__ import annotations

import timeit

import pytest
from chassis.errors import Violation
from chassis.rules import clear_output_only, violations
from funia.contacts.v1 import account_pb2, activity_pb2, contact_pb2, import_pb2, search_pb2
from funia.identity.v1 import tenant_pb2
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

ID = "0197a3c2-7d1e-7000-8000-5f2a41c6e001"


def found(message: object) -> list[tuple[str, str]]:
    return [(one.field, one.reason) for one in violations(message)]  # type: ignore[arg-type]


def a_contact(**fields: object) -> contact_pb2.CreateContactRequest:
    return contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(**fields))  # type: ignore[arg-type]


def test_a_full_contact_keeps_every_rule() -> None:
    request = a_contact(
        given_name="Jón",
        family_name="Смит",
        lifecycle_stage="lead",
        language="pt-BR",
        country_code="BG",
        owner_id=ID,
        score=1000,
        emails=[contact_pb2.EmailAddress(address="jon.o'neil+crm@büro.example.com")],
        phones=[contact_pb2.PhoneNumber(number="+359 2 981 1234")],
        tags=["vip"],
        external_ids={"mailchimp": "x81"},
    )
    assert violations(request) == []


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"given_name": "x" * 121}, "contact.given_name", "TOO_LONG"),
        ({"given_name": "a\0b"}, "contact.given_name", "INVALID_TEXT"),
        ({"lifecycle_stage": "Lead"}, "contact.lifecycle_stage", "NOT_ALLOWED"),
        ({"language": "english"}, "contact.language", "INVALID_LANGUAGE"),
        ({"country_code": "bg"}, "contact.country_code", "INVALID_COUNTRY"),
        ({"country_code": "ZZ"}, "contact.country_code", "INVALID_COUNTRY"),
        ({"owner_id": "me"}, "contact.owner_id", "INVALID_UUID"),
        ({"owner_id": ID + "\n"}, "contact.owner_id", "INVALID_UUID"),
        ({"score": -1}, "contact.score", "TOO_SMALL"),
        ({"score": 1001}, "contact.score", "TOO_LARGE"),
        ({"tags": ["a", "b" * 61]}, "contact.tags[1]", "TOO_LONG"),
        ({"tags": [""]}, "contact.tags[0]", "TOO_SHORT"),
        ({"tags": [str(n) for n in range(51)]}, "contact.tags", "TOO_MANY"),
        ({"external_ids": {"a": "x" * 201}}, "contact.external_ids.a", "TOO_LONG"),
        ({"external_ids": {"": "x"}}, "contact.external_ids", "INVALID_KEY"),
        ({"external_ids": {str(n): "x" for n in range(21)}}, "contact.external_ids", "TOO_MANY"),
        ({"emails": [contact_pb2.EmailAddress(label="work")]}, "contact.emails[0].address", "REQUIRED"),
        (
            {"addresses": [contact_pb2.PostalAddress(country_code="XX")]},
            "contact.addresses[0].country_code",
            "INVALID_COUNTRY",
        ),
    ],
)
def test_a_broken_rule_names_the_field_and_the_reason(fields: dict[str, object], field: str, reason: str) -> None:
    assert found(a_contact(**fields)) == [(field, reason)]


@pytest.mark.parametrize(
    "address", ["anna", "anna@", "@x.com", "a b@x.com", "a@x", "a@x..com", "a@-x.com", "<a@x.com>", "a@x.com\n"]
)
def test_what_is_no_email_address_is_refused(address: str) -> None:
    request = a_contact(emails=[contact_pb2.EmailAddress(address=address)])
    assert found(request) == [("contact.emails[0].address", "INVALID_EMAIL")]


def test_every_broken_rule_is_reported_in_field_order() -> None:
    request = a_contact(given_name="x" * 200, score=5000, tags=[""])
    assert [one.field for one in violations(request)] == ["contact.given_name", "contact.score", "contact.tags[0]"]


def test_a_violation_says_what_to_do() -> None:
    assert violations(contact_pb2.GetContactRequest(id="7")) == [
        Violation("id", "Give a UUID in its hyphenated form.", "INVALID_UUID")
    ]


def test_a_missing_resource_is_required() -> None:
    assert found(contact_pb2.CreateContactRequest()) == [("contact", "REQUIRED")]
    assert found(contact_pb2.GetContactRequest()) == [("id", "REQUIRED")]
    assert found(search_pb2.SearchCustomersRequest(kinds=["deal"])) == [
        ("query", "REQUIRED"),
        ("kinds[0]", "NOT_ALLOWED"),
    ]


def test_repeated_ids_are_required_and_each_checked() -> None:
    assert found(contact_pb2.BatchGetContactsRequest()) == [("ids", "REQUIRED")]
    assert found(contact_pb2.BatchGetContactsRequest(ids=[ID, "x"])) == [("ids[1]", "INVALID_UUID")]


def test_an_enum_number_nobody_knows_is_refused() -> None:
    assert found(contact_pb2.ListContactsRequest(view=9)) == [("view", "NOT_ALLOWED")]  # type: ignore[arg-type]


def test_a_time_out_of_range_is_refused() -> None:
    activity = activity_pb2.Activity(kind="note", subject_id=ID, due_at=Timestamp(seconds=10**12))
    assert found(activity_pb2.CreateActivityRequest(activity=activity)) == [("activity.due_at", "INVALID_TIME")]


def test_formats_of_domain_currency_zone_and_pattern() -> None:
    account = account_pb2.Account(name="Acme", domains=["acme.example", "https://acme.example"])
    account.annual_revenue.currency_code = "EURO"
    assert found(account_pb2.CreateAccountRequest(account=account)) == [
        ("account.domains[1]", "INVALID_DOMAIN"),
        ("account.annual_revenue.currency_code", "INVALID_CURRENCY"),
    ]
    tenant = tenant_pb2.Tenant(time_zone="Europe/Sofya", accent_color="red")
    assert found(tenant_pb2.UpdateTenantRequest(tenant=tenant)) == [
        ("tenant.time_zone", "INVALID_TIMEZONE"),
        ("tenant.accent_color", "INVALID_FORMAT"),
    ]


def test_an_update_without_the_required_field_is_fine_unless_the_mask_names_it() -> None:
    account = account_pb2.Account(id=ID, industry="Steel")
    assert violations(account_pb2.UpdateAccountRequest(account=account)) == []
    named = account_pb2.UpdateAccountRequest(account=account, update_mask=FieldMask(paths=["industry", "name"]))
    assert found(named) == [("account.name", "REQUIRED")]
    everything = account_pb2.UpdateAccountRequest(account=account, update_mask=FieldMask(paths=["*"]))
    assert found(everything) == [("account.name", "REQUIRED")]


def test_an_update_checks_the_id_and_the_values() -> None:
    request = contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(id="7", score=2000))
    assert found(request) == [("contact.id", "INVALID_UUID"), ("contact.score", "TOO_LARGE")]
    assert found(contact_pb2.UpdateContactRequest()) == [("contact", "REQUIRED")]


def test_map_values_without_own_rules_pass() -> None:
    assert violations(import_pb2.MapImportRequest(id=ID, fields={"Vorname": "given_name"})) == []


def test_output_only_values_of_a_caller_are_cleared_in_create() -> None:
    request = a_contact(id=ID, etag="e", display_name="Forged", given_name="Ann", created_at=Timestamp(seconds=1))
    request.contact.accounts.add(account_id=ID)
    clear_output_only(request)
    assert request == a_contact(given_name="Ann")


def test_output_only_values_are_cleared_in_updates_but_for_id_and_etag() -> None:
    contact = contact_pb2.Contact(id=ID, etag="e", display_name="Forged", merged_into_id=ID, given_name="Ann")
    request = contact_pb2.UpdateContactRequest(contact=contact)
    clear_output_only(request)
    assert request.contact == contact_pb2.Contact(id=ID, etag="e", given_name="Ann")


def test_output_only_values_break_no_rule_in_create() -> None:
    assert violations(a_contact(id="not a uuid", given_name="Ann")) == []


def test_checking_costs_little() -> None:
    """Limits are five times the goal (8 and 25 us): a slow machine passes, a lost compilation does not."""
    one = contact_pb2.GetContactRequest(id=ID)
    full = a_contact(
        given_name="Ann", emails=[contact_pb2.EmailAddress(address="a@b.cc")], owner_id=ID, tags=["x", "y"]
    )
    violations(full)
    for message, limit_us in ((one, 40), (full, 125)):
        best = min(timeit.repeat(lambda message=message: violations(message), number=500, repeat=5)) / 500 * 1e6
        assert best < limit_us
