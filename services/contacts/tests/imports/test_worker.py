"""The worker as it really runs: jobs found in the database by a process of its own, which is killed and replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tracemalloc

from chassis.importing.limits import ImportLimits
from chassis.importing.rows import text_rows
from chassis.testing.databases import TestDatabase

from .importer import Importer, counts


def test_a_killed_worker_process_is_replaced_and_the_import_ends_exactly(
    ours: Importer, theirs: Importer, contacts_database: TestDatabase
) -> None:
    people = 3_000
    row = ours.upload(
        "First name,E-mail\n" + "".join(f"Anna{i},anna{i}@example.com\n" for i in range(people)),
    )
    ours.map(row)
    ours.start(row.id)
    first = _worker(ours, contacts_database)
    try:
        _wait(lambda: ours.get(row.id).rows_read > 0, first)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert 0 < ours.get(row.id).rows_read < people
    second = _worker(ours, contacts_database)
    try:
        _wait(lambda: ours.get(row.id).status == "completed", second)
    finally:
        second.terminate()
        assert second.wait(20) == 0
    assert counts(ours.get(row.id)) == {"rows_read": people, "rows_total": people, "rows_created": people}
    (written,) = ours.rows("SELECT count(*) AS all, count(DISTINCT given_name) AS different FROM contact")
    assert tuple(written) == (people, people)
    assert ours.event_types() == {"contacts.contact.created": people, "contacts.import.completed": 1}


def test_a_long_file_is_streamed_and_not_held() -> None:
    rows = 300_000

    def pieces() -> object:
        yield b"Name,E-mail\n"
        for start in range(0, rows, 1000):
            yield b"".join(b"Anna %d,anna%d@example.com\n" % (i, i) for i in range(start, start + 1000))

    tracemalloc.start()
    try:
        found = text_rows(pieces(), encoding="utf-8", delimiter=",", width=2, limits=ImportLimits())
        assert sum(1 for _ in found) == rows + 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


def _worker(ours: Importer, database: TestDatabase) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "FUNIA_DATABASE_URL": database.app_url,
        "FUNIA_RELAY_DATABASE_URL": database.relay_url,
        "FUNIA_JOBS_POLL_MS": "50",
        "FUNIA_JOBS_HEARTBEAT_S": "0.5",
        "FUNIA_JOBS_STALLED_AFTER_S": "2",
        "FUNIA_JOBS_RESCUE_EVERY_S": "0.5",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER, str(ours.files._folder)], env=environment)


def _wait(condition: object, worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert worker.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)


WORKER = """
import asyncio, signal, sys
from pathlib import Path
from chassis.files import DiskFiles
from chassis.jobs import Jobs
from chassis.work import Database
from chassis.importing.limits import ImportLimits
from contacts.imports.running import JOB, ImportRunner
from contacts.settings import ContactsSettings

settings = ContactsSettings()
runner = ImportRunner(Database(settings), DiskFiles(Path(sys.argv[1])), ImportLimits(batch_rows=20))
jobs = Jobs(settings)
jobs.register(JOB, runner.handle, lane="bulk", gave_up=runner.give_up)


async def main():
    task = asyncio.create_task(jobs.background())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        pass

asyncio.run(main())
"""
