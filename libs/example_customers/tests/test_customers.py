"""Example customers: repeatable, unique, and right by the rules of their languages and countries."""

import re
from collections import Counter

import phonenumbers
import pytest
from chassis.rules import violations
from example_customers import bulgarian, russian
from example_customers.customers import Customers, make_customers
from example_customers.documents import account_document, contact_document
from funia.contacts.v1 import account_pb2, contact_pb2
from google.protobuf.json_format import ParseDict


@pytest.fixture(scope="module")
def customers() -> Customers:
    return make_customers(1)


def test_the_same_seed_gives_the_same_customers_and_another_seed_others(customers: Customers) -> None:
    assert make_customers(1) == customers
    assert make_customers(2).contacts[0] != customers.contacts[0]


def test_there_are_300_accounts_and_2000_contacts_a_third_in_each_language(customers: Customers) -> None:
    assert Counter(account.language for account in customers.accounts) == {"en": 100, "ru": 100, "bg": 100}
    assert Counter(contact.language for contact in customers.contacts) == {"en": 667, "ru": 667, "bg": 666}


def test_no_two_contacts_share_a_name_an_email_or_a_phone(customers: Customers) -> None:
    names = [(contact.given_name, contact.family_name) for contact in customers.contacts]
    emails = [address for contact in customers.contacts for address, _ in contact.emails]
    phones = [number for contact in customers.contacts for number, _ in contact.phones]
    accounts = [account.name for account in customers.accounts]
    for values in (names, emails, phones, accounts):
        assert len(set(values)) == len(values)


def test_every_phone_is_valid_in_the_country_of_its_address(customers: Customers) -> None:
    for contact in customers.contacts:
        for text, _ in contact.phones:
            number = phonenumbers.parse(text)
            assert phonenumbers.is_valid_number(number), text
            assert phonenumbers.region_code_for_number(number) == contact.address.country_code, text
    for account in customers.accounts:
        assert phonenumbers.is_valid_number(phonenumbers.parse(account.phone)), account.phone


def test_no_address_can_reach_a_stranger(customers: Customers) -> None:
    for contact in customers.contacts:
        for address, _ in contact.emails:
            assert re.fullmatch(r"[a-z0-9.]+@[a-z-]+\.example", address), address
    for account in customers.accounts:
        assert re.fullmatch(r"[a-z]+-[a-z]+\.example", account.domain), account.domain


def test_people_work_for_companies_of_their_language_and_some_for_a_second(customers: Customers) -> None:
    employed = [contact for contact in customers.contacts if contact.account is not None]
    for contact in employed:
        assert contact.account is not None
        assert customers.accounts[contact.account].language == contact.language
        assert contact.emails[0][0].endswith("@" + customers.accounts[contact.account].domain)
        assert contact.second_account != contact.account
    assert 1_800 < len(employed) < 1_900
    assert 100 < sum(contact.second_account is not None for contact in employed) < 200


def test_every_document_keeps_the_rules_of_the_api(customers: Customers) -> None:
    for contact in customers.contacts:
        message = ParseDict(contact_document(contact), contact_pb2.Contact())
        assert violations(contact_pb2.CreateContactRequest(contact=message)) == []
    for account in customers.accounts:
        record = ParseDict(account_document(account), account_pb2.Account())
        assert violations(account_pb2.CreateAccountRequest(account=record)) == []


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Андрей", "Андреевич", "Андреевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Евгений", "Евгеньевич", "Евгеньевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Лев", "Львович", "Львовна"),
        ("Михаил", "Михайлович", "Михайловна"),
        ("Олег", "Олегович", "Олеговна"),
    ],
)
def test_russian_patronymics_follow_the_father(father: str, son: str, daughter: str) -> None:
    middle = russian.vocabulary().middle
    assert (middle(father, False), middle(father, True)) == (son, daughter)


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Георги", "Георгиев", "Георгиева"),
        ("Димитър", "Димитров", "Димитрова"),
        ("Николай", "Николаев", "Николаева"),
        ("Христо", "Христов", "Христова"),
        ("Васил", "Василев", "Василева"),
        ("Иван", "Иванов", "Иванова"),
    ],
)
def test_bulgarian_middle_names_follow_the_father(father: str, son: str, daughter: str) -> None:
    middle = bulgarian.vocabulary().middle
    assert (middle(father, False), middle(father, True)) == (son, daughter)


def test_family_names_of_women_take_their_ending(customers: Customers) -> None:
    assert russian.vocabulary().feminine("Достоевский") == "Достоевская"
    assert bulgarian.vocabulary().feminine("Рилски") == "Рилска"
    women = set(russian.vocabulary().women) - set(bulgarian.vocabulary().women)
    families = {c.family_name for c in customers.contacts if c.given_name in women}
    assert families
    assert all(family.endswith(("а", "я")) for family in families)
