"""Rows of people: matched, merged, put into companies, counted, and told of by events."""

from __future__ import annotations

import pytest
from chassis.errors import FailedPrecondition, InvalidArgument
from contacts.queries.import_job import IMPORTS
from contacts.usecases import import_job
from funia.contacts.v1.events_pb2 import AccountContactChanged, ContactChanged, ImportEnded

from .importer import Importer, counts

HEAD = "First name,Last name,E-mail,Phone\n"
ANNA = "Anna,Petrova,anna@example.com,+359 888 123 456\n"


def test_a_contact_goes_in_with_identities_owner_and_event(ours: Importer, theirs: Importer) -> None:
    done = ours.load(HEAD + ANNA)
    (contact,) = ours.contacts()
    assert contact.emails == [{"address": "anna@example.com", "label": "", "primary": True}]
    assert contact.phones == [{"number": "+359888123456", "label": "", "primary": True}]
    assert (contact.lifecycle_stage, contact.source, contact.version) == ("lead", "import", 1)
    assert contact.owner_id == contact.created_by == ours.caller.actor_id
    keys = ours.rows("SELECT kind, value FROM identity_key WHERE record_id = %(id)s ORDER BY kind", id=contact.id)
    assert [tuple(key) for key in keys] == [("email", "anna@example.com"), ("phone", "+359888123456")]
    created, completed = ours.events()
    assert (created.type, created.subject_id, created.aggregate_version) == (
        "contacts.contact.created",
        str(contact.id),
        1,
    )
    assert created.actor.id == str(ours.caller.actor_id)
    assert created.correlation_id == completed.correlation_id == str(done.id)
    assert ContactChanged.FromString(created.payload).import_id == str(done.id)
    assert completed.type == "contacts.import.completed"
    assert ImportEnded.FromString(completed.payload).rows_created == 1


def test_an_upsert_changes_what_is_given_and_leaves_what_is_empty(ours: Importer) -> None:
    ours.load("First name,Last name,E-mail,Job title,Tags\nAnna,Petrova,anna@example.com,Buyer,vip\n")
    done = ours.load("First name,E-mail,Job title,Tags,Phone\nAnka,ANNA@example.com,,new,+359888123456\n")
    assert counts(done) == {"rows_read": 1, "rows_total": 1, "rows_updated": 1}
    (contact,) = ours.contacts()
    assert (contact.given_name, contact.family_name, contact.job_title) == ("Anka", "Petrova", "Buyer")
    assert contact.tags == ["vip", "new"]
    assert [one["address"] for one in contact.emails] == ["anna@example.com"]
    assert (contact.version, contact.display_name) == (2, "Anka Petrova")
    updated = next(event for event in ours.events() if event.type == "contacts.contact.updated")
    assert sorted(updated.changed_fields) == ["given_name", "phones", "tags"]


def test_a_row_that_changes_nothing_is_skipped_without_event(ours: Importer) -> None:
    ours.load(HEAD + ANNA)
    done = ours.load(HEAD + ANNA)
    assert counts(done) == {"rows_read": 1, "rows_total": 1, "rows_skipped": 1}
    assert done.status == "completed"
    assert ours.contacts()[0].version == 1
    assert ours.event_types() == {"contacts.contact.created": 1, "contacts.import.completed": 2}


def test_create_skips_what_is_there_and_says_so(ours: Importer) -> None:
    ours.load(HEAD + ANNA)
    done = ours.load(HEAD + ANNA + "Ivan,Ivanov,ivan@example.com,\n", mode="create")
    assert counts(done) == {"rows_read": 2, "rows_total": 2, "rows_created": 1, "rows_skipped": 1}
    assert ours.reasons(done.id) == [(2, "DUPLICATE")]
    assert done.status == "completed"


def test_update_never_creates(ours: Importer) -> None:
    ours.load(HEAD + ANNA)
    done = ours.load(HEAD + "Anka,Petrova,anna@example.com,\nIvan,Ivanov,ivan@example.com,\n", mode="update")
    assert counts(done) == {"rows_read": 2, "rows_total": 2, "rows_updated": 1, "rows_failed": 1}
    assert ours.reasons(done.id) == [(3, "NO_MATCH")]
    assert [one.given_name for one in ours.contacts()] == ["Anka"]


@pytest.mark.parametrize(
    ("on_duplicate", "expected", "people"),
    [
        ("skip", {"rows_skipped": 1}, ["Anna"]),
        ("create", {"rows_created": 1}, ["Anna", "Anya"]),
        ("update", {"rows_updated": 1}, ["Anya"]),
    ],
)
def test_a_likely_duplicate_is_dealt_with_as_chosen(
    ours: Importer, on_duplicate: str, expected: dict[str, int], people: list[str]
) -> None:
    ours.load(HEAD + ANNA)
    done = ours.load(HEAD + "Anya,Petrova,other@example.com,+359888123456\n", on_duplicate=on_duplicate)
    assert counts(done) == {"rows_read": 1, "rows_total": 1, **expected}
    assert [one.given_name for one in ours.contacts()] == people


def test_duplicates_inside_the_file_become_one(ours: Importer) -> None:
    done = ours.load(HEAD + ANNA + "Anka,,anna@example.com,\n" + "Anna,Petrova,anna@example.com,+359888123456\n")
    assert counts(done) == {"rows_read": 3, "rows_total": 3, "rows_created": 1, "rows_updated": 2}
    (contact,) = ours.contacts()
    assert (contact.given_name, contact.version) == ("Anna", 1)
    assert ours.event_types() == {"contacts.contact.created": 1, "contacts.import.completed": 1}


def test_a_duplicate_inside_the_file_names_its_twin_even_batches_apart(ours: Importer) -> None:
    between = "".join(f"Ivan,Ivanov{i},ivan{i}@example.com,\n" for i in range(1500))
    done = ours.load(HEAD + ANNA + between + ANNA, mode="create")
    assert counts(done)["rows_skipped"] == 1
    (error,) = ours.errors(done.id)
    assert (error.row, error.reason) == (1503, "DUPLICATE")
    assert error.message.startswith("Row 2 of this file has the same e-mail")


def test_the_second_company_has_its_own_people_of_the_same_address(ours: Importer) -> None:
    other = Importer(ours.database, ours.files)
    ours.load(HEAD + ANNA)
    done = other.load(HEAD + ANNA)
    assert counts(done)["rows_created"] == 1
    assert ours.contacts()[0].id != other.contacts()[0].id


def test_a_record_in_the_bin_is_no_match(ours: Importer) -> None:
    first = ours.load(HEAD + ANNA)
    with ours.database.open_work(ours.caller) as work:
        import_job.revert(work, first.id)
    ours.work_off(first.id)
    assert counts(ours.load(HEAD + ANNA))["rows_created"] == 1


def test_an_ambiguous_match_is_an_error(ours: Importer) -> None:
    ours.load(HEAD + ANNA)
    ours.load(HEAD + "Anka,P,anna@example.com,\n", mode="create", on_duplicate="create")
    done = ours.load(HEAD + "Anja,P,anna@example.com,\n")
    assert ours.reasons(done.id) == [(2, "AMBIGUOUS")]
    assert [one.given_name for one in ours.contacts()] == ["Anna", "Anka"]


def test_a_stage_does_not_go_backward(ours: Importer) -> None:
    ours.load("Name,E-mail,Stage\nAnna,anna@example.com,customer\n")
    done = ours.load("Name,E-mail,Stage\nAnna,anna@example.com,lead\nEva,eva@example.com,mql\n")
    assert ours.reasons(done.id) == [(2, "REASON_REQUIRED")]
    assert [one.lifecycle_stage for one in ours.contacts()] == ["customer", "mql"]


def test_people_are_put_into_their_companies(ours: Importer, theirs: Importer) -> None:
    done = ours.load(
        "Name,E-mail,Company,Role\n"
        "Anna,anna@example.com,Acme,buyer\nIvan,ivan@example.com, ACME ,\nEva,eva@example.com,Globex,owner\n"
    )
    assert counts(done) == {"rows_read": 3, "rows_total": 3, "rows_created": 3}
    assert [one.name for one in ours.accounts()] == ["Acme", "Globex"]
    links = ours.rows(
        "SELECT contact.given_name, account.name, role, is_primary FROM account_contact"
        " JOIN contact ON contact.id = contact_id JOIN account ON account.id = account_id ORDER BY 1"
    )
    assert [tuple(one) for one in links] == [
        ("Anna", "Acme", "buyer", True),
        ("Eva", "Globex", "owner", True),
        ("Ivan", "Acme", "", True),
    ]
    assert ours.event_types() == {
        "contacts.account.created": 2,
        "contacts.contact.created": 3,
        "contacts.account_contact.linked": 3,
        "contacts.import.completed": 1,
    }
    versions = {one.given_name: one.version for one in ours.contacts()}
    assert versions == {"Anna": 2, "Ivan": 2, "Eva": 2}
    linked = next(event for event in ours.events() if event.type == "contacts.account_contact.linked")
    assert linked.aggregate_version == 2
    assert AccountContactChanged.FromString(linked.payload).primary


def test_a_second_company_is_joined_without_becoming_the_main_one(ours: Importer) -> None:
    ours.load("Name,E-mail,Company\nAnna,anna@example.com,Acme\n")
    done = ours.load("Name,E-mail,Company\nAnna,anna@example.com,Globex\nAnna,anna@example.com,Acme\n")
    assert counts(done) == {"rows_read": 2, "rows_total": 2, "rows_updated": 1, "rows_skipped": 1}
    links = ours.rows("SELECT name, is_primary FROM account_contact JOIN account ON account.id = account_id ORDER BY 1")
    assert [tuple(one) for one in links] == [("Acme", True), ("Globex", False)]


def test_a_dry_run_counts_the_same_and_writes_nothing(ours: Importer, theirs: Importer) -> None:
    ours.load(HEAD + ANNA)
    before = (ours.contacts(), ours.accounts(), ours.event_types())
    between = "".join(f"Ivan,Ivanov{i},ivan{i}@example.com,\n" for i in range(1200))
    row = ours.upload(HEAD + "Anka,,anna@example.com,\n" + between + "Ivan,Again,ivan3@example.com,\nBad,Row,nope,\n")
    ours.map(row)
    tried = ours.run(row.id, dry_run=True)
    assert tried.status == "ready"
    assert tried.dry_run
    assert (ours.contacts(), ours.accounts(), ours.event_types()) == before
    assert ours.rows("SELECT 1 FROM import_change WHERE import_id = %(id)s", id=row.id) == []
    done = ours.run(row.id)
    assert done.status == "completed_with_errors"
    assert counts(done) == counts(tried)
    assert counts(done) == {
        "rows_read": 1203,
        "rows_total": 1203,
        "rows_created": 1200,
        "rows_updated": 2,
        "rows_failed": 1,
    }


@pytest.mark.parametrize(
    ("fields", "options", "said"),
    [
        ({"Nope": "emails"}, {}, 'no column "Nope"'),
        ({"E-mail": "email"}, {}, 'did you mean "emails"'),
        ({"First name": "given_name", "Last name": "given_name"}, {"match_by": "name"}, "Two columns fill"),
        ({"First name": "job_title"}, {"mode": "create"}, "map at least"),
        ({"E-mail": "emails"}, {"match_by": "domain"}, "choose one of"),
        ({"E-mail": "emails"}, {"match_by": "phone"}, "no column is mapped"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(
    ours: Importer, fields: dict[str, str], options: dict[str, str], said: str
) -> None:
    row = ours.upload(HEAD + ANNA)
    with pytest.raises(InvalidArgument, match=said):
        ours.map(row, fields, **options)
    assert ours.get(row.id).status == "uploaded"


def test_what_makes_no_sense_now_is_refused(ours: Importer) -> None:
    row = ours.upload(HEAD + ANNA)
    with pytest.raises(FailedPrecondition, match="Map its columns first"):
        ours.start(row.id)
    ours.map(row)
    done = ours.run(row.id)
    for act in (IMPORTS.pause, lambda work, id_: import_job.run(work, id_, dry_run=False)):
        with pytest.raises(FailedPrecondition), ours.database.open_work(ours.caller) as work:
            act(work, done.id)
    with pytest.raises(FailedPrecondition, match="cannot be mapped"):
        ours.map(done)


def test_an_exported_phone_with_its_apostrophe_comes_back(ours: Importer) -> None:
    done = ours.load("Name,E-mail,Phone\n'=Anna,anna@example.com,'+359888123456\n")
    assert done.status == "completed"
    (contact,) = ours.contacts()
    assert (contact.given_name, contact.phones[0]["number"]) == ("=Anna", "+359888123456")
