"""A run may be paused, killed and undone, and the counts stay exact."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from uuid import UUID

from chassis.importing.limits import ImportLimits
from chassis.jobs import Control, Outcome
from chassis.statements import text
from chassis.testing.databases import TestDatabase
from chassis.work import Row
from contacts.imports.running import ImportRunner
from contacts.queries.import_job import IMPORTS
from contacts.usecases import import_job

from .importer import Importer, counts

HEAD = "First name,Last name,E-mail,Company\n"
RENAME = text(
    "UPDATE contact SET job_title = 'changed', version = version + 1"
    " WHERE tenant_id = %(tenant_id)s AND given_name = %(name)s",
    "tenant_id",
)


def test_a_run_that_leaves_off_goes_on_where_it_was(ours: Importer, theirs: Importer) -> None:
    ours.limits = ImportLimits(batch_rows=100)
    row = ours.upload(_people(950))
    ours.map(row)
    ours.start(row.id)
    control = Control(threading.Event(), slice_s=0, attempt=0, last_attempt=False)
    runner = ImportRunner(ours.database, ours.files, ours.limits)
    turns = 0
    while runner.handle(ours.caller.tenant_id, row.id, control) is Outcome.AGAIN:
        turns += 1
        assert ours.get(row.id).rows_read == min(950, turns * 100)
    assert turns == 10
    _assert_complete(ours, row.id, 950)


def test_a_worker_killed_in_mid_import_is_followed_exactly(
    ours: Importer, theirs: Importer, contacts_database: TestDatabase
) -> None:
    ours.limits = ImportLimits(batch_rows=50)
    row = ours.upload(_people(4_000))
    ours.map(row)
    ours.start(row.id)
    arguments = [contacts_database.app_url, str(ours.files._folder), str(ours.caller.tenant_id), str(row.id)]
    reached = 0
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", WORKER, *arguments], env=os.environ)
        try:
            deadline = time.monotonic() + 60
            while ours.get(row.id).rows_read <= reached + 200:
                assert child.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.005)
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
        reached = ours.get(row.id).rows_read
        assert 0 < reached < 4_000
    assert ours.work_off(row.id).status == "completed"
    _assert_complete(ours, row.id, 4_000)


def test_two_workers_on_one_import_write_every_row_once(ours: Importer) -> None:
    ours.limits = ImportLimits(batch_rows=20)
    row = ours.upload(_people(600))
    ours.map(row)
    ours.start(row.id)
    workers = [threading.Thread(target=ours.work_off, args=[row.id]) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    _assert_complete(ours, row.id, 600)


def test_a_paused_import_stops_and_goes_on_when_asked(ours: Importer) -> None:
    ours.limits = ImportLimits(batch_rows=100)
    row = ours.upload(_people(500))
    ours.map(row)
    ours.start(row.id)
    once = Control(threading.Event(), slice_s=0, attempt=0, last_attempt=False)
    runner = ImportRunner(ours.database, ours.files, ours.limits)
    assert runner.handle(ours.caller.tenant_id, row.id, once) is Outcome.AGAIN
    with ours.database.open_work(ours.caller) as work:
        assert IMPORTS.pause(work, row.id).status == "paused"
    assert ours.work_off(row.id).rows_read == 100
    assert len(ours.contacts()) == 100
    assert ours.run(row.id).status == "completed"
    _assert_complete(ours, row.id, 500)


def test_undoing_takes_new_records_away_and_gives_changed_ones_their_values_back(
    ours: Importer, theirs: Importer
) -> None:
    ours.load("First name,E-mail,Job title,Tags,Stage\nAnna,anna@example.com,Buyer,vip,lead\n")
    (before,) = ours.contacts()
    done = ours.load(
        "First name,E-mail,Job title,Tags,Stage,Phone,Company\n"
        "Anka,anna@example.com,Boss,new,customer,+359888123456,Acme\nIvan,ivan@example.com,,,,,Acme\n"
        "Anya,anna@example.com,,,,,\n"
    )
    assert counts(done) == {"rows_read": 3, "rows_total": 3, "rows_created": 1, "rows_updated": 2}
    undone = _revert(ours, done.id)
    assert undone.status == "reverted"
    (after,) = ours.contacts()
    changed = {
        name: (getattr(before, name), getattr(after, name))
        for name in before._fields
        if getattr(before, name) != getattr(after, name)
    }
    assert set(changed) == {"version", "updated_at"}
    assert ours.accounts() == []
    assert ours.rows("SELECT 1 FROM account_contact WHERE contact_id = %(id)s", id=after.id) == []
    keys = ours.rows("SELECT kind, value FROM identity_key WHERE record_id = %(id)s", id=after.id)
    assert [tuple(key) for key in keys] == [("email", "anna@example.com")]
    types = ours.event_types()
    assert types["contacts.contact.deleted"] == types["contacts.account.deleted"] == 1
    assert types["contacts.import.reverted"] == 1
    assert types["contacts.lifecycle.changed"] == 2
    assert types["contacts.account_contact.unlinked"] == 1
    versions = [event.aggregate_version for event in ours.events() if event.subject_id == str(after.id)]
    assert versions == sorted(versions)
    assert versions[-1] == after.version
    assert ours.rows("SELECT 1 FROM import_change WHERE import_id = %(id)s", id=done.id) == []


def test_undoing_leaves_what_others_have_changed_since_and_says_so(ours: Importer) -> None:
    done = ours.load(HEAD + "Anna,Petrova,anna@example.com,Acme\nIvan,Ivanov,ivan@example.com,Globex\n")
    with ours.database.open_work(ours.caller) as work:
        work.execute(RENAME, name="Anna")
    _revert(ours, done.id)
    assert [one.given_name for one in ours.contacts()] == ["Anna"]
    assert [one.name for one in ours.accounts()] == ["Acme"]
    (error,) = ours.errors(done.id)
    assert (error.row, error.reason) == (2, "CHANGED_SINCE_IMPORT")
    assert "changed the contact" in error.message
    assert "company of this row has people in it" in error.message


def test_undoing_companies_restores_values_and_parents(ours: Importer) -> None:
    ours.load("Company,Employees,Parent\nAcme,10,\nGlobex,5,Acme\n", kind="account")
    before = {one.name: (one.employees, one.parent_id) for one in ours.accounts()}
    done = ours.load("Company,Employees,Parent\nAcme,20,Initech\nInitech,7,\nGlobex,6,Initech\n", kind="account")
    assert counts(done) == {"rows_read": 3, "rows_total": 3, "rows_created": 1, "rows_updated": 2}
    _revert(ours, done.id)
    assert {one.name: (one.employees, one.parent_id) for one in ours.accounts()} == before


def test_a_paused_import_can_be_undone_and_an_undone_one_stays_so(ours: Importer) -> None:
    ours.limits = ImportLimits(batch_rows=100, undo_batch_records=30)
    row = ours.upload(_people(300))
    ours.map(row)
    ours.start(row.id)
    once = Control(threading.Event(), slice_s=0, attempt=0, last_attempt=False)
    ImportRunner(ours.database, ours.files, ours.limits).handle(ours.caller.tenant_id, row.id, once)
    with ours.database.open_work(ours.caller) as work:
        IMPORTS.pause(work, row.id)
    assert _revert(ours, row.id).status == "reverted"
    assert ours.contacts() == []
    with ours.database.open_work(ours.caller) as work:
        assert import_job.revert(work, row.id).status == "reverted"


def test_an_import_that_cannot_go_on_fails_and_can_be_taken_up_again(ours: Importer) -> None:
    row = ours.upload(_people(10))
    ours.map(row)
    ours.start(row.id)
    key = f"imports/{row.id}"
    content = b"".join(ours.files.read(ours.caller.tenant_id, key))
    ours.files.delete(ours.caller.tenant_id, key)
    failed = ours.work_off(row.id)
    assert (failed.status, failed.failure) == ("failed", "The uploaded file is gone. Upload it again.")
    assert ours.event_types() == {"contacts.import.failed": 1}
    ours.files.put(ours.caller.tenant_id, key, [content], max_bytes=10**6)
    assert ours.run(row.id).status == "completed"
    assert len(ours.contacts()) == 10


def _people(count: int) -> str:
    return HEAD + "".join(f"Anna{i},Petrova,anna{i}@example.com,Company {i % 37}\n" for i in range(count))


def _revert(ours: Importer, import_id: UUID) -> Row:
    with ours.database.open_work(ours.caller) as work:
        import_job.revert(work, import_id)
    return ours.work_off(import_id)


def _assert_complete(ours: Importer, import_id: UUID, people: int) -> None:
    """Every row once: in the counts, in the tables, in the events and in what undoing needs."""
    done = ours.get(import_id)
    assert counts(done) == {"rows_read": people, "rows_total": people, "rows_created": people}
    (names,) = ours.rows("SELECT count(*) AS all, count(DISTINCT given_name) AS different FROM contact")
    assert tuple(names) == (people, people)
    assert len(ours.accounts()) == 37
    assert ours.event_types() == {
        "contacts.account.created": 37,
        "contacts.contact.created": people,
        "contacts.account_contact.linked": people,
        "contacts.import.completed": 1,
    }
    (changes,) = ours.rows("SELECT count(*) AS count FROM import_change WHERE import_id = %(id)s", id=import_id)
    assert changes.count == people + 37


WORKER = """
import sys, threading
from pathlib import Path
from uuid import UUID
from chassis.files import DiskFiles
from chassis.jobs import Control
from chassis.work import Database
from chassis.importing.limits import ImportLimits
from contacts.imports.running import ImportRunner
from contacts.settings import ContactsSettings

url, folder, tenant_id, import_id = sys.argv[1:]
database = Database(ContactsSettings(database_url=url))
runner = ImportRunner(database, DiskFiles(Path(folder)), ImportLimits(batch_rows=50))
runner.handle(UUID(tenant_id), UUID(import_id), Control(threading.Event(), slice_s=3600, attempt=0, last_attempt=False))
"""
