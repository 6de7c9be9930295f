"""Cells: names, numbers, phones; and bounds that are those of the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from chassis.importing.custom_columns import yes_or_no
from chassis.importing.numbers import decimal, money
from chassis.importing.safe_csv import guarded, unguarded
from chassis.rules import rules_of
from contacts.imports import fields
from contacts.imports.proposals import propose
from contacts.imports.values import phone, split_name
from contacts.model.names import phone_key
from funia.contacts.v1.account_pb2 import Account, LinkContactRequest
from funia.contacts.v1.contact_pb2 import Contact, EmailAddress, PhoneNumber, PostalAddress
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["1", "7", "359", "49", "39", "44", "33", "86", "55", "998"]),
    st.from_regex(r"[0-9]{4,12}", fullmatch=True),
)
def test_the_quick_way_to_read_a_phone_finds_what_the_slow_way_finds(code: str, national: str) -> None:
    number = f"+{code}{national}"
    assert phone(number, "BG") == phone_key(number, "BG")


@pytest.mark.parametrize(
    "text", ["+359 (0)888 123-456", "+44 020 7946 0018", "0888 123 456", "+7 8 495 123 45 67", "12"]
)
def test_phones_as_people_write_them_are_read_the_same_both_ways(text: str) -> None:
    assert phone(text, "BG") == phone_key(text, "BG")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Anna Petrova", ("Anna", "", "Petrova")),
        ("Anna Maria Petrova", ("Anna", "Maria", "Petrova")),
        ("Petrova, Anna Maria", ("Anna", "Maria", "Petrova")),
        ("Иванов Иван Иванович", ("Иван", "Иванович", "Иванов")),
        ("Иван Петров Иванов", ("Иван", "Петров", "Иванов")),
        ("Cher", ("Cher", "", "")),
    ],
)
def test_whole_names_are_taken_apart(text: str, parts: tuple[str, str, str]) -> None:
    assert split_name(text) == parts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234", "1234"),
        ("1,5", "1.5"),
        ("1.500", "1.500"),
        ("-7", "-7"),
        ("1,234,567", "1234567"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert decimal(text) == Decimal(value)


def test_what_is_no_number_is_none() -> None:
    assert [decimal(text) for text in ("", "x", "1x", "--1")] == [None] * 4
    assert money("12 PHONE", scale=1, currency="USD") is None
    assert money("¥ 5", scale=1, currency="USD") is None
    assert money("5 JPY", scale=1000, currency="USD") == ("JPY", 5000)
    assert [yes_or_no(text) for text in ("Да", "no", "maybe")] == [True, False, None]


@given(st.text(max_size=20))
def test_a_guarded_value_starts_no_formula_and_comes_back(value: str) -> None:
    assert not guarded(value).startswith(("=", "+", "-", "@", "\t", "\r"))
    if not value.startswith("'"):
        assert unguarded(guarded(value)) == value


def test_a_messy_heading_row_is_understood() -> None:
    headings = ["First name ", "LAST NAME", "E-Mail", "Mobile Phone", "Телефон 2", "company", "Име", "Unknown"]
    samples = [["Anna"], ["P"], ["a@example.com"], ["1"], ["2"], ["Acme"], ["x"], ["y"]]
    found = propose("contact", headings, samples)
    assert found == ("given_name", "family_name", "emails", "phones", "phones", "account_name", "", "")


def test_bounds_are_those_of_the_api() -> None:
    for name, most in fields.CONTACT_TEXTS.items():
        assert _rules(Contact, name).max_length == most, name
    for name, most in fields.ACCOUNT_TEXTS.items():
        assert _rules(Account, name).max_length == most, name
    for name, most in fields.ADDRESS_TEXTS.items():
        assert _rules(PostalAddress, name).max_length == most, name
    for name in ("emails", "phones", "tags", "external_ids", "addresses"):
        assert _rules(Contact, name).max_items == fields.LIST_MAX[name], name
    assert _rules(Account, "domains").max_items == fields.LIST_MAX["domains"]
    assert _rules(Account, "domains").max_length == fields.DOMAIN_MAX_CHARS
    assert _rules(Contact, "tags").max_length == fields.TAG_MAX_CHARS
    assert _rules(Contact, "external_ids").max_length == fields.EXTERNAL_ID_MAX_CHARS
    assert _rules(Contact, "score").at_most == fields.SCORE_MAX
    assert _rules(Account, "employees").at_most == fields.EMPLOYEES_MAX
    assert _rules(Account, "founded_year").at_most == fields.YEAR_MAX
    assert _rules(EmailAddress, "address").max_length == fields.EMAIL_MAX_CHARS
    assert _rules(PhoneNumber, "number").max_length == fields.PHONE_MAX_CHARS
    assert _rules(LinkContactRequest, "role").max_length == fields.ROLE_MAX_CHARS


def _rules(message: Any, name: str) -> Any:
    return rules_of(message.DESCRIPTOR.fields_by_name[name])
