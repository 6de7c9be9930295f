"""What a company uses, and what its plan refuses, on every way a record comes in or goes; a neighbour beside it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from chassis.allowances import set_limits
from chassis.caller import Caller
from chassis.errors import PermissionDenied, ResourceExhausted
from chassis.files import DiskFiles
from chassis.importing.limits import ImportLimits
from chassis.statements import text
from chassis.testing.databases import TestDatabase
from chassis.work import Database, Work
from contacts.jobs.recount import recount_of
from contacts.settings import ContactsSettings
from contacts.usecases import bulk_job
from funia.contacts.v1 import account_pb2, bulk_pb2, contact_pb2

from .conftest import Person, refused
from .imports.importer import Importer
from .test_bulk import batch, named, outcomes, to_create
from .test_bulk_jobs import Partner

USED = text("SELECT meter, used FROM usage_count WHERE tenant_id = %(tenant_id)s AND used > 0", "tenant_id")
EVENTS = text("SELECT id FROM outbox WHERE tenant_id = %(tenant_id)s", "tenant_id")
LIVING = text("SELECT id FROM contact WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL", "tenant_id")
SPOIL = text("UPDATE usage_count SET used = 77 WHERE tenant_id = %(tenant_id)s AND meter = 'contacts'", "tenant_id")
KNOW = text(
    "INSERT INTO tenant_profile (tenant_id, country_code, version) VALUES (%(tenant_id)s, 'BG', 1)", "tenant_id"
)


def allow(database: Database, tenant_id: object, **limits: int) -> None:
    with database.open_work(Caller.system(tenant_id)) as work:  # type: ignore[arg-type]
        set_limits(work, limits)


def used(database: Database, tenant_id: object) -> dict[str, int]:
    with database.open_work(Caller.system(tenant_id)) as work:  # type: ignore[arg-type]
        return {row.meter: row.used for row in work.rows(USED)}


def create(who: Person, number: int = 1) -> str:
    request = contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(**named(number)))
    answer: contact_pb2.CreateContactResponse = who.call("ContactService.CreateContact", request)
    return str(getattr(answer, "id", "") or answer.contact.id)


def test_counters_follow_every_way_a_record_comes_and_goes(alice: Person, bob: Person, database: Database) -> None:
    ids = [create(alice, number) for number in range(3)]
    account = account_pb2.CreateAccountRequest(account=account_pb2.Account(name="Acme"))
    alice.call("AccountService.CreateAccount", account)
    batch(alice, "Create", to_create(**named(10)), to_create(**named(11)), to_create(**named(10)))
    assert used(database, alice.tenant_id) == {"contacts": 5, "accounts": 1, "bulk_rows": 3}
    alice.call("ContactService.DeleteContact", contact_pb2.DeleteContactRequest(id=ids[0]))
    alice.call("ContactService.MergeContacts", contact_pb2.MergeContactsRequest(id=ids[1], other_id=ids[2]))
    assert used(database, alice.tenant_id)["contacts"] == 3
    alice.call("ContactService.UndeleteContact", contact_pb2.UndeleteContactRequest(id=ids[0]))
    batch(alice, "Delete", contact_pb2.DeleteContactRequest(id=ids[0]), contact_pb2.DeleteContactRequest(id=ids[0]))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert used(database, alice.tenant_id)["contacts"] == len(work.rows(LIVING)) == 3
    assert used(database, bob.tenant_id) == {}


def test_a_write_beyond_the_plan_is_refused_and_changes_nothing(alice: Person, bob: Person, database: Database) -> None:
    allow(database, alice.tenant_id, contacts=2, accounts=0)
    kept = [create(alice, number) for number in range(2)]
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        before = len(work.rows(EVENTS))
    problem = refused(create, alice, 3)
    assert isinstance(problem, PermissionDenied)
    assert problem.reason == "LIMIT_REACHED"
    assert problem.metadata == {"limit": "contacts", "used": "2", "most": "2"}
    assert "larger plan" in problem.message
    account = account_pb2.CreateAccountRequest(account=account_pb2.Account(name="Acme"))
    assert refused(alice.call, "AccountService.CreateAccount", account).metadata["limit"] == "accounts"
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert (len(work.rows(LIVING)), len(work.rows(EVENTS))) == (2, before)
    assert used(database, alice.tenant_id) == {"contacts": 2}

    get = contact_pb2.GetContactRequest(id=kept[0])
    assert alice.call("ContactService.GetContact", get).given_name == "P0"
    change = contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(id=kept[0], job_title="Buyer"))
    change.update_mask.paths.append("job_title")
    assert alice.call("ContactService.UpdateContact", change).job_title == "Buyer"
    alice.call("ContactService.DeleteContact", contact_pb2.DeleteContactRequest(id=kept[0]))
    create(alice, 4)
    undelete = contact_pb2.UndeleteContactRequest(id=kept[0])
    assert refused(alice.call, "ContactService.UndeleteContact", undelete).reason == "LIMIT_REACHED"
    create(bob, 3)


def test_a_lower_plan_deletes_nothing_and_lets_go_only_down(alice: Person, database: Database) -> None:
    ids = [create(alice, number) for number in range(3)]
    allow(database, alice.tenant_id, contacts=1)
    assert used(database, alice.tenant_id) == {"contacts": 3}
    alice.call("ContactService.DeleteContact", contact_pb2.DeleteContactRequest(id=ids[0]))
    assert refused(create, alice, 9).reason == "LIMIT_REACHED"
    allow(database, alice.tenant_id)
    create(alice, 9)
    assert used(database, alice.tenant_id) == {"contacts": 3}


def test_items_of_a_batch_fail_one_by_one_where_the_plan_ends(alice: Person, bob: Person, database: Database) -> None:
    allow(database, alice.tenant_id, contacts=2, bulk_rows=5)
    answer = batch(alice, "Create", *[to_create(**named(number)) for number in range(4)])
    assert outcomes(answer) == ["created", "created", "failed", "failed"]
    assert {one.problem.reason for one in answer.results[2:]} == {"LIMIT_REACHED"}
    known = [bulk_pb2.UpsertContactRequest(contact=contact_pb2.Contact(id=answer.results[0].id, job_title="Boss"))] * 2
    for item in known:
        item.update_mask.paths[:] = ["job_title"]
    later = batch(alice, "Upsert", *known)
    assert outcomes(later) == ["updated", "failed"]
    assert later.results[1].problem.status == 429
    assert used(database, alice.tenant_id) == {"contacts": 2, "bulk_rows": 5}


def test_of_two_who_take_the_last_place_one_is_refused(alice: Person, database: Database) -> None:
    allow(database, alice.tenant_id, contacts=5)
    start = threading.Barrier(8)
    reasons: list[str] = []

    def take(number: int) -> None:
        start.wait()
        try:
            create(alice, number)
        except PermissionDenied as error:
            reasons.append(error.reason)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reasons == ["LIMIT_REACHED"] * 3
    assert used(database, alice.tenant_id) == {"contacts": 5}


def test_rows_of_an_import_fail_where_the_plan_ends_and_the_rest_goes_in(database: Database, tmp_path: Path) -> None:
    ours = Importer(database, DiskFiles(tmp_path))
    allow(database, ours.caller.tenant_id, contacts=2, accounts=1)
    rows = ["A,a@example.com,One", "B,b@example.com,Two", "C,c@example.com,One", "D,d@example.com,"]
    done = ours.load("\n".join(["First name,E-mail,Company", *rows]))
    assert (done.status, done.rows_created, done.rows_failed) == ("completed_with_errors", 2, 2)
    assert ours.reasons(done.id) == [(3, "LIMIT_REACHED"), (5, "LIMIT_REACHED")]
    counted = used(database, ours.caller.tenant_id)
    assert counted == {"contacts": 2, "accounts": 1, "bulk_rows": 4, "storage_bytes": done.file_bytes}


def test_a_dry_run_foresees_where_the_plan_and_the_day_end(database: Database, tmp_path: Path) -> None:
    ours = Importer(database, DiskFiles(tmp_path), limits=ImportLimits(batch_rows=2))
    allow(database, ours.caller.tenant_id, contacts=3, bulk_rows=5)
    rows = "".join(f"N{number},n{number}@example.com\n" for number in range(7))
    checked = ours.map(ours.upload(f"Last name,E-mail\n{rows}"))
    ours.start(checked.id, dry_run=True)
    done = ours.work_off(checked.id)
    assert (done.status, done.rows_created, done.rows_failed) == ("ready", 3, 4)
    assert ours.reasons(checked.id) == [(row, "LIMIT_REACHED") for row in (5, 6, 7, 8)]
    # Rows 2 to 5 fit into the day, the batch of rows 6 and 7 does not.
    assert [one.row for one in ours.errors(checked.id) if "A run of today stops before this row" in one.message] == [6]
    assert used(database, ours.caller.tenant_id).get("contacts", 0) == 0
    allow(database, ours.caller.tenant_id, contacts=3)
    ours.start(checked.id)
    real = ours.work_off(checked.id)
    assert (real.rows_created, real.rows_failed) == (3, 4), "a run does what the dry run said"
    assert [one.row for one in ours.errors(checked.id)] == [5, 6, 7, 8]


def test_an_import_stops_at_the_rows_of_a_day_and_goes_on_with_a_larger_plan(
    database: Database, tmp_path: Path
) -> None:
    ours = Importer(database, DiskFiles(tmp_path), ImportLimits(batch_rows=2))
    allow(database, ours.caller.tenant_id, bulk_rows=3)
    rows = [f"P{number},p{number}@example.com" for number in range(5)]
    done = ours.load("\n".join(["First name,E-mail", *rows]))
    assert (done.status, done.rows_created) == ("failed", 2)
    assert "larger plan" in done.failure
    allow(database, ours.caller.tenant_id, bulk_rows=5)
    assert ours.run(done.id).rows_created == 5
    assert len(ours.contacts()) == 5


def test_a_bulk_job_stops_at_the_rows_of_a_day_with_the_results_it_has(database: Database, tmp_path: Path) -> None:
    ours = Partner(database, DiskFiles(tmp_path))
    allow(database, ours.caller.tenant_id, bulk_rows=4)
    job = ours.load('{"contact": {"given_name": "P"}}\n' * 6, operation="create")
    assert (job.status, job.created, len(ours.results(job.id))) == ("failed", 3, 3)
    assert "Go on after midnight" in job.failure
    allow(database, ours.caller.tenant_id, bulk_rows=6)
    ours.act(bulk_job.run, job.id)
    assert ours.work_off(job.id).created == 6


def test_files_beyond_the_storage_are_not_kept(database: Database, tmp_path: Path) -> None:
    ours = Importer(database, DiskFiles(tmp_path))
    allow(database, ours.caller.tenant_id, storage_bytes=10)
    with pytest.raises(PermissionDenied, match="10 bytes"):
        ours.upload("First name,E-mail\nAnna,anna@example.com\n")
    assert list(ours.files.names(ours.caller.tenant_id)) == []


def test_a_daily_limit_asks_to_wait_until_midnight(alice: Person, database: Database) -> None:
    allow(database, alice.tenant_id, bulk_rows=0)
    with pytest.raises(ResourceExhausted) as caught, database.open_work(Caller.system(alice.tenant_id)) as work:
        work.count("bulk_rows", 1)
    assert 0 < int(caught.value.metadata["retry_after_s"]) <= 86_401


def test_what_a_savepoint_undoes_is_not_counted(alice: Person, database: Database) -> None:
    def fails(work: Work) -> None:
        with work.savepoint():
            work.count("contacts", 5)
            raise ValueError("not now")

    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.count("contacts", 1)
        with pytest.raises(ValueError, match="not now"):
            fails(work)
    assert used(database, alice.tenant_id) == {"contacts": 1}
    with database.open_work(Caller.system(alice.tenant_id)) as work, pytest.raises(LookupError):
        work.count("elephants", 1)


def test_the_nightly_recount_puts_right_what_somebody_has_spoilt(
    alice: Person, bob: Person, database: Database, contacts_database: TestDatabase
) -> None:
    recount = recount_of(database, ContactsSettings(relay_database_url=contacts_database.relay_url))
    for one in (alice, bob):
        create(one)
        with database.open_work(Caller.system(one.tenant_id)) as work:
            work.execute(KNOW)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(SPOIL)
    recount.sweep(missing_only=True)
    assert used(database, alice.tenant_id) == {"contacts": 77}
    assert recount.sweep() == 1
    assert used(database, alice.tenant_id) == used(database, bob.tenant_id) == {"contacts": 1}
