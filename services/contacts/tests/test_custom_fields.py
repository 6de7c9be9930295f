"""Custom fields on every path by which values come in, and in filters and search; a second company has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from chassis.caller import Caller
from chassis.custom_feed import custom_fields_subscription
from chassis.custom_values import definitions
from chassis.errors import InvalidArgument
from chassis.files import DiskFiles
from chassis.ids import uuid7
from chassis.statements import text
from chassis.structs import plain
from chassis.testing.events import recorded
from chassis.work import Database
from contacts.usecases.customer_search import contact_document
from contacts.usecases.export_contacts import exported
from funia.contacts.v1 import account_pb2, bulk_pb2, contact_pb2
from funia.identity.v1.events_pb2 import CustomFieldChanged
from google.protobuf.struct_pb2 import Struct

from .conftest import Person, refused
from .custom_definitions import define, define_all
from .imports.importer import Importer
from .test_bulk import batch, outcomes


def values(**given: Any) -> Struct:
    struct = Struct()
    struct.update(given)
    return struct


def create(who: Person, **custom: Any) -> contact_pb2.Contact:
    contact = contact_pb2.Contact(given_name="Anna", custom=values(**custom))
    request = contact_pb2.CreateContactRequest(contact=contact, allow_duplicate=True)
    made: contact_pb2.Contact = who.call("ContactService.CreateContact", request)
    return made


def update(who: Person, contact_id: str, **custom: Any) -> contact_pb2.Contact:
    contact = contact_pb2.Contact(id=contact_id, custom=values(**custom))
    changed: contact_pb2.Contact = who.call(
        "ContactService.UpdateContact", contact_pb2.UpdateContactRequest(contact=contact)
    )
    return changed


def custom_of(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = plain(message.custom)
    return found


def found(who: Person, filter_text: str) -> set[str]:
    request = contact_pb2.ListContactsRequest(filter=filter_text, view=contact_pb2.VIEW_FULL)
    return {one.id for one in who.call("ContactService.ListContacts", request).contacts}


def company(who: Person, name: str) -> str:
    request = account_pb2.CreateAccountRequest(account=account_pb2.Account(name=name))
    return str(who.call("AccountService.CreateAccount", request).id)


EVERY = {
    "text": "Vendor list",
    "number": 12.5,
    "money": {"currency_code": "EUR", "amount_minor": 120050},
    "date": "2026-05-31",
    "boolean": True,
    "choice": "Gold",
    "choices": ["Gold", "Bronze"],
}


@pytest.fixture
def defined(alice: Person, database: Database) -> None:
    """Alice's company has a field of every type."""
    define_all(database, alice.tenant_id)


@pytest.mark.usefixtures("defined")
def test_values_of_every_type_are_kept_and_answered(alice: Person, bob: Person) -> None:
    every = {**EVERY, "reference": company(alice, "Acme")}
    made = create(alice, **every)
    assert custom_of(made) == every
    read = alice.call("ContactService.GetContact", contact_pb2.GetContactRequest(id=made.id))
    assert custom_of(read) == every
    error = refused(create, bob, text="x")
    assert error.violations[0].field == "contact.custom.text"


@pytest.mark.usefixtures("defined")
@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("text", 5, "WRONG_TYPE"),
        ("text", "x" * 501, "TOO_LONG"),
        ("number", "12", "WRONG_TYPE"),
        ("number", True, "WRONG_TYPE"),
        ("number", 1e300, "TOO_LARGE"),
        ("money", 5, "WRONG_TYPE"),
        ("money", {"currency_code": "XXX1", "amount_minor": 5}, "INVALID_CURRENCY"),
        ("money", {"currency_code": "EUR", "amount_minor": 5.5}, "WRONG_TYPE"),
        ("date", "31.05.2026", "INVALID_DATE"),
        ("date", "2026-02-30", "INVALID_DATE"),
        ("boolean", "yes", "WRONG_TYPE"),
        ("choice", "Platinum", "NOT_ALLOWED"),
        ("choices", "Gold", "WRONG_TYPE"),
        ("choices", ["Platinum"], "NOT_ALLOWED"),
        ("reference", "x", "INVALID_UUID"),
        ("reference", "01900000-0000-7000-8000-000000000000", "REFERENCE_NOT_FOUND"),
        ("txet", "x", "UNKNOWN_FIELD"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(
    alice: Person, database: Database, key: str, value: Any, reason: str
) -> None:
    error = refused(create, alice, **{key: value})
    assert isinstance(error, InvalidArgument)
    assert [(one.field, one.reason) for one in error.violations] == [(f"contact.custom.{key}", reason)]
    assert recorded(database, alice.tenant_id) == []


@pytest.mark.usefixtures("defined")
def test_an_account_of_a_second_company_is_no_reference(alice: Person, bob: Person) -> None:
    error = refused(create, alice, reference=company(bob, "Theirs"))
    assert error.violations[0].reason == "REFERENCE_NOT_FOUND"


@pytest.mark.usefixtures("defined")
def test_an_update_keeps_what_it_does_not_name_and_null_empties(alice: Person) -> None:
    made = create(alice, text="One", number=1, choice="Gold")
    changed = update(alice, made.id, text="Two", choice=None)
    assert custom_of(changed) == {"text": "Two", "number": 1}
    assert changed.etag == "2"
    assert update(alice, made.id, text="Two").etag == "2"


def test_a_required_field_is_asked_for_on_every_creation(alice: Person, database: Database, tmp_path: Path) -> None:
    early = create(alice)
    define(database, alice.tenant_id, "tier", "choice", options=("A", "B"), required=True)
    error = refused(create, alice)
    assert (error.violations[0].field, error.violations[0].reason) == ("contact.custom.tier", "REQUIRED")
    item = contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(given_name="B"))
    assert batch(alice, "Create", item).results[0].problem.violations[0].field == "contact.custom.tier"
    ours = Importer(database, DiskFiles(tmp_path), caller=_caller(alice))
    job = ours.load("First name,custom.tier\nAnn,A\nBob,\nCid,C\n", mode="create")
    assert ours.reasons(job.id) == [(3, "REQUIRED"), (4, "NOT_ALLOWED")]
    # Those written before stay as they are, until somebody touches the field.
    changed = contact_pb2.Contact(id=early.id, job_title="Buyer")
    assert alice.call("ContactService.UpdateContact", contact_pb2.UpdateContactRequest(contact=changed)).etag == "2"
    assert refused(update, alice, early.id, tier=None).violations[0].reason == "REQUIRED"


def test_an_archived_field_keeps_its_values_and_takes_no_more(alice: Person, database: Database) -> None:
    field_id = uuid7()
    define(database, alice.tenant_id, "tier", "text", id=field_id)
    made = create(alice, tier="A")
    define(database, alice.tenant_id, "tier", "text", id=field_id, version=2, archived=True)
    define(database, alice.tenant_id, "tier", "text", id=field_id, version=1)
    assert refused(update, alice, made.id, tier="B").violations[0].reason == "UNKNOWN_FIELD"
    changed = contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(id=made.id, job_title="Buyer"))
    assert custom_of(alice.call("ContactService.UpdateContact", changed)) == {"tier": "A"}
    assert "custom.tier" in refused(found, alice, 'custom.tier = "A"').message


@pytest.mark.usefixtures("defined")
@pytest.mark.parametrize(
    ("filter_text", "fits"),
    [
        ('custom.text = "Vendor list"', True),
        ('custom.text = "vendor list"', False),
        ('custom.text:"vendor"', True),
        ('custom.text IN ("a", "Vendor list")', True),
        ("custom.number > 12 AND custom.number < 13", True),
        ("custom.number > 13", False),
        ("custom.money >= 120050", True),
        ("custom.date = 2026-05-31", True),
        ("custom.date < 2026-05-31", False),
        ("custom.boolean = true", True),
        ("custom.boolean != true", False),
        ('custom.choice = "Gold"', True),
        ('custom.choices:"Bronze"', True),
        ('custom.choices:"Silver"', False),
        ('NOT custom.choices:"Silver"', True),
        ('custom.reference = "$company"', True),
        ("custom.reference = null", False),
        ("custom.text:*", True),
        ('given_name = "Anna" AND custom.choice != "Silver"', True),
    ],
)
def test_the_filter_language_knows_custom_fields(alice: Person, bob: Person, filter_text: str, fits: bool) -> None:
    account_id = company(alice, "Acme")
    made = create(alice, **EVERY, reference=account_id)
    empty = create(alice)
    ids = found(alice, filter_text.replace("$company", account_id))
    assert (made.id in ids) is fits
    negative = "!=" in filter_text or "NOT" in filter_text or "= null" in filter_text
    assert (empty.id in ids) is negative
    assert "cannot be filtered by" in refused(found, bob, "custom.number > 1").message


@pytest.mark.usefixtures("defined")
def test_the_index_follows_changes(alice: Person) -> None:
    made = create(alice, text="One", choices=["Gold"])
    update(alice, made.id, text="Two", choices=["Silver"])
    assert found(alice, 'custom.text = "One"') == found(alice, 'custom.choices:"Gold"') == set()
    assert found(alice, 'custom.text = "Two" AND custom.choices:"Silver"') == {made.id}


@pytest.mark.usefixtures("defined")
def test_bulk_writes_custom_fields_by_the_same_rules(alice: Person) -> None:
    def item(which: int, /, **custom: Any) -> bulk_pb2.UpsertContactRequest:
        contact = contact_pb2.Contact(given_name=f"P{which}", external_ids={"erp": str(which)})
        contact.custom.update(custom)
        return bulk_pb2.UpsertContactRequest(contact=contact)

    first = batch(alice, "Upsert", item(1, text="A", number=1), item(2, choice="Tin"), item(3, text="C"), system="erp")
    assert outcomes(first) == ["created", "failed", "created"]
    assert first.results[1].problem.violations[0].field == "contact.custom.choice"
    second = batch(alice, "Upsert", item(1, text="B"), item(3, text="C"), system="erp")
    assert outcomes(second) == ["updated", "unchanged"]
    made = alice.call("ContactService.GetContact", contact_pb2.GetContactRequest(id=first.results[0].id))
    assert custom_of(made) == {"text": "B", "number": 1}
    assert found(alice, 'custom.text = "B" AND custom.number = 1') == {made.id}
    assert found(alice, 'custom.text = "A"') == set()


def test_companies_have_custom_fields_of_their_own(alice: Person, database: Database) -> None:
    define(database, alice.tenant_id, "seats", "number", object_="account")
    account = account_pb2.Account(name="Acme", custom=values(seats=7))
    made = alice.call("AccountService.CreateAccount", account_pb2.CreateAccountRequest(account=account))
    assert custom_of(made) == {"seats": 7}
    listed = alice.call("AccountService.ListAccounts", account_pb2.ListAccountsRequest(filter="custom.seats = 7"))
    assert [one.id for one in listed.accounts] == [made.id]
    changed = account_pb2.Account(id=made.id, custom=values(seats="many"))
    error = refused(alice.call, "AccountService.UpdateAccount", account_pb2.UpdateAccountRequest(account=changed))
    assert error.violations[0].field == "account.custom.seats"
    assert refused(create, alice, seats=7).violations[0].reason == "UNKNOWN_FIELD"


@pytest.mark.usefixtures("defined")
def test_what_was_exported_can_be_imported_again(
    alice: Person, bob: Person, database: Database, tmp_path: Path
) -> None:
    every = {**EVERY, "reference": company(alice, "Acme")}
    made = create(alice, **every)
    content = b"".join(exported(database, _caller(alice), filter_text="", form="csv")).decode()
    lines = b"".join(exported(database, _caller(alice), filter_text="", form="jsonl")).splitlines()
    assert orjson.loads(lines[0])["custom"] == every
    delete = contact_pb2.DeleteContactRequest(id=made.id)
    alice.call("ContactService.DeleteContact", delete)
    ours = Importer(database, DiskFiles(tmp_path), caller=_caller(alice))
    job = ours.load(content, mode="create")
    assert (job.rows_created, job.rows_failed) == (1, 0), ours.errors(job.id)
    assert [row.custom for row in ours.contacts()] == [every]
    assert found(alice, 'custom.choice = "Gold"') == {str(row.id) for row in ours.contacts()}
    theirs = Importer(database, DiskFiles(tmp_path), caller=_caller(bob))
    uploaded = theirs.upload(content)
    assert refused(theirs.map, uploaded).violations[0].reason == "UNKNOWN_FIELD"


@pytest.mark.usefixtures("defined")
def test_undoing_an_import_gives_custom_values_back(alice: Person, database: Database, tmp_path: Path) -> None:
    contact = contact_pb2.Contact(
        given_name="Ann", emails=[contact_pb2.EmailAddress(address="ann@example.com")], custom=values(text="Before")
    )
    made = alice.call("ContactService.CreateContact", contact_pb2.CreateContactRequest(contact=contact))
    ours = Importer(database, DiskFiles(tmp_path), caller=_caller(alice))
    job = ours.load("Email,custom.text\nann@example.com,After\n")
    assert found(alice, 'custom.text = "After"') == {made.id}
    from contacts.usecases import import_job

    with database.open_work(ours.caller) as work:
        import_job.revert(work, job.id)
    assert ours.work_off(job.id).status == "reverted"
    assert found(alice, 'custom.text = "Before"') == {made.id}


def test_search_reads_searchable_fields_only(alice: Person, database: Database) -> None:
    define(database, alice.tenant_id, "vessel", "text", searchable=True)
    define(database, alice.tenant_id, "secret", "text")
    made = create(alice, vessel="Aurora", secret="Hidden")
    with database.open_work(_caller(alice), read_only=True) as work:
        from contacts.queries import contact as queries

        row = queries.get(work, UUID(made.id))
        document = contact_document(alice.tenant_id, row, 0, definitions(work, "contact"))
    assert "Aurora" in document.text
    assert "Hidden" not in document.text


def test_definitions_come_by_events_and_old_news_change_nothing(alice: Person, bob: Person, database: Database) -> None:
    field_id = str(uuid7())
    subscription = custom_fields_subscription("contacts")
    assert subscription.subjects == ("identity.custom_field.*",)
    from chassis.custom_feed import _state
    from chassis.custom_values import FieldState

    class Event:
        def __init__(self, version: int, **rest: Any) -> None:
            self.version = version
            self.payload = CustomFieldChanged(field_id=field_id, object="contact", key="vessel", type="text", **rest)

    def told(version: int, **rest: Any) -> FieldState:
        event: Any = Event(version, **rest)
        return _state(event, event.payload)

    from chassis.custom_values import keep

    with database.open_work(Caller.system(alice.tenant_id)) as work:
        keep(work, [told(2, required=True), told(1)])
    with database.open_work(_caller(alice), read_only=True) as work:
        assert definitions(work, "contact", fresh=True)["vessel"].required
    with database.open_work(_caller(bob), read_only=True) as work:
        assert definitions(work, "contact", fresh=True) == {}


def test_index_rows_of_a_company_are_its_own(alice: Person, bob: Person, database: Database) -> None:
    for who in (alice, bob):
        define(database, who.tenant_id, "vessel", "text")
        create(who, vessel="Aurora")
    count = text("SELECT count(*) AS n FROM custom_text", "tenant_id")
    with database.open_work(_caller(alice), read_only=True) as work:
        row = work.row(count)
        assert row is not None
        assert row.n == 1


def _caller(who: Person) -> Caller:
    return Caller(who.tenant_id, "user", who.actor_id, frozenset(), "all")
