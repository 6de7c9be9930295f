"""Jobs: enqueued with the state, run once, again after a failure or a kill, fair among tenants."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.jobs import Control, Jobs, Outcome, enqueue, set_timer
from chassis.settings import Settings
from chassis.statements import text
from chassis.testing.databases import TestDatabase
from chassis.work import Database

OURS = uuid7()
THEIRS = uuid7()
ADD = text("INSERT INTO note (tenant_id, id, what) VALUES (%(tenant_id)s, %(id)s, %(what)s)", "tenant_id")
ALL = text("SELECT id, what FROM note WHERE tenant_id = %(tenant_id)s ORDER BY line", "tenant_id")


def test_a_job_and_its_state_commit_together_or_not_at_all(settings: Settings, database: Database) -> None:
    kept, lost = uuid7(), uuid7()
    done: list[UUID] = []
    with pytest.raises(RuntimeError), database.open_work(Caller.system(OURS)) as work:
        enqueue(work, "count", lost, lane="interactive")
        raise RuntimeError
    with database.open_work(Caller.system(OURS)) as work:
        enqueue(work, "count", kept, lane="interactive")
    with running(settings, lambda _tenant, record, _control: finish(done, record)):
        wait_for(lambda: done)
        time.sleep(0.3)
    assert done == [kept]


def test_a_job_enqueued_twice_before_it_starts_runs_once(settings: Settings, database: Database) -> None:
    record = uuid7()
    done: list[UUID] = []
    for _ in range(2):
        with database.open_work(Caller.system(OURS)) as work:
            enqueue(work, "count", record, lane="interactive")
    with running(settings, lambda _tenant, record, _control: finish(done, record)):
        wait_for(lambda: done)
        time.sleep(0.3)
    assert done == [record]


def test_a_timer_runs_at_its_moment_and_moves_when_it_is_set_anew(settings: Settings, database: Database) -> None:
    soon, moved, later = uuid7(), uuid7(), uuid7()
    now, hour = datetime.now(UTC), timedelta(hours=1)
    done: list[UUID] = []
    with database.open_work(Caller.system(OURS)) as work:
        for record, at in ((soon, now - hour), (moved, now + hour), (later, now + hour)):
            set_timer(work, "count", record, at)
    with database.open_work(Caller.system(OURS)) as work:
        set_timer(work, "count", moved, now)
    with running(settings, lambda _tenant, record, _control: finish(done, record)):
        wait_for(lambda: len(done) == 2)
    assert set(done) == {soon, moved}


def test_a_failing_job_is_tried_again_and_given_up_after_the_last_attempt(
    settings: Settings, database: Database
) -> None:
    good, bad = uuid7(), uuid7()
    attempts: list[tuple[UUID, int]] = []
    given_up: list[tuple[UUID, UUID, str]] = []

    def handle(_tenant: UUID, record: UUID, control: Control) -> Outcome:
        attempts.append((record, control.attempt))
        if record == bad or control.attempt == 0:
            raise ValueError("not today")
        return Outcome.DONE

    with database.open_work(Caller.system(OURS)) as work:
        enqueue(work, "count", good, lane="interactive")
        enqueue(work, "count", bad, lane="interactive")
    with running(settings, handle, gave_up=lambda *told: given_up.append(told)):
        wait_for(lambda: given_up, timeout_s=15)
    assert sorted(attempts) == sorted([(good, 0), (good, 1), (bad, 0), (bad, 1), (bad, 2)])
    assert given_up == [(OURS, bad, "not today")]


def test_a_tenants_bulk_jobs_run_one_by_one_and_leave_the_interactive_lane_free(
    settings: Settings, database: Database
) -> None:
    at_once = 0
    most = 0
    lock = threading.Lock()
    bulk_done: list[UUID] = []
    quick_after: list[int] = []

    def slow(_tenant: UUID, record: UUID, _control: Control) -> Outcome:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.4)
        with lock:
            at_once -= 1
        return finish(bulk_done, record)

    def quick(_tenant: UUID, _record: UUID, _control: Control) -> Outcome:
        quick_after.append(len(bulk_done))
        return Outcome.DONE

    with database.open_work(Caller.system(OURS)) as work:
        for _ in range(4):
            enqueue(work, "slow", uuid7(), lane="bulk")
    with database.open_work(Caller.system(THEIRS)) as work:
        enqueue(work, "quick", uuid7(), lane="interactive")
    jobs = Jobs(settings.model_copy(update={"jobs_bulk_concurrency": 4}))
    jobs.register("slow", slow, lane="bulk")
    jobs.register("quick", quick, lane="interactive")
    with served(jobs):
        wait_for(lambda: len(bulk_done) == 4, timeout_s=20)
    assert most == 1
    assert quick_after == [0]


def test_a_long_job_that_yields_lets_another_tenant_go_first(settings: Settings, database: Database) -> None:
    turns: list[UUID] = []

    def handle(tenant: UUID, _record: UUID, control: Control) -> Outcome:
        while not control.should_stop():
            time.sleep(0.02)
        turns.append(tenant)
        return Outcome.DONE if turns.count(tenant) == 2 or tenant == THEIRS else Outcome.AGAIN

    for tenant in (OURS, THEIRS):
        with database.open_work(Caller.system(tenant)) as work:
            enqueue(work, "count", uuid7(), lane="bulk")
    with running(settings.model_copy(update={"jobs_slice_s": 0.2}), handle, lane="bulk"):
        wait_for(lambda: len(turns) == 3, timeout_s=15)
    assert turns == [OURS, THEIRS, OURS]


def test_a_graceful_stop_lets_the_batch_end_and_the_job_goes_on_later(settings: Settings, database: Database) -> None:
    record = uuid7()
    started = threading.Event()
    ends: list[str] = []

    def first(_tenant: UUID, _record: UUID, control: Control) -> Outcome:
        started.set()
        while not control.should_stop():
            time.sleep(0.02)
        ends.append("stopped between batches")
        return Outcome.AGAIN

    with database.open_work(Caller.system(OURS)) as work:
        enqueue(work, "count", record, lane="bulk")
    with running(settings, first, lane="bulk"):
        assert started.wait(10)
    assert ends == ["stopped between batches"]
    with running(settings, lambda *_: finish(ends, "went on"), lane="bulk"):
        wait_for(lambda: len(ends) == 2)
    assert ends[1] == "went on"


def test_the_job_of_a_killed_worker_goes_on_within_seconds(settings: Settings, database: Database) -> None:
    record = uuid7()
    with database.open_work(Caller.system(OURS)) as work:
        enqueue(work, "count", record, lane="bulk")
    environment = {
        **os.environ,
        "FUNIA_DATABASE_URL": settings.database_url,
        "FUNIA_RELAY_DATABASE_URL": settings.relay_database_url,
        "FUNIA_JOBS_POLL_MS": "50",
        "FUNIA_JOBS_HEARTBEAT_S": "0.3",
    }
    child = subprocess.Popen([sys.executable, "-c", KILLED], env=environment)
    try:
        wait_for(lambda: notes(database, OURS) == ["began in the child"], timeout_s=30)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    done: list[UUID] = []
    killed_at = time.monotonic()
    with running(settings, lambda _tenant, record, _control: finish(done, record), lane="bulk"):
        wait_for(lambda: done, timeout_s=15)
    assert done == [record]
    assert time.monotonic() - killed_at < 8


def test_the_app_role_sees_no_jobs_and_cannot_enqueue_without_a_tenant(stored: TestDatabase) -> None:
    with psycopg.connect(stored.app_url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM procrastinate_jobs")
        with pytest.raises(psycopg.errors.RaiseException, match="a job needs a tenant"):
            connection.execute("SELECT job_enqueue('count', %s, 'bulk')", (uuid7(),))


KILLED = """
import asyncio, time
from chassis.caller import Caller
from chassis.jobs import Jobs
from chassis.settings import Settings
from chassis.statements import text
from chassis.work import Database

settings = Settings()
database = Database(settings)

def handle(tenant, record, control):
    with database.open_work(Caller.system(tenant)) as work:
        work.execute(text("INSERT INTO note (tenant_id, id, what) VALUES (%(tenant_id)s, %(id)s, 'began in the child')",
                          "tenant_id"), id=record)
    time.sleep(60)

jobs = Jobs(settings)
jobs.register("count", handle, lane="bulk")
asyncio.run(jobs.background())
"""


def finish(done: list[object], value: object) -> Outcome:
    done.append(value)
    return Outcome.DONE


def notes(database: Database, tenant_id: UUID) -> list[str]:
    with database.open_work(Caller.system(tenant_id), read_only=True) as work:
        return [row.what for row in work.rows(ALL)]


def wait_for(condition: Callable[[], object], *, timeout_s: float = 10) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def running(settings: Settings, handle: object, *, lane: str = "interactive", gave_up: object = None) -> Iterator[None]:
    jobs = Jobs(settings)
    jobs.register("count", handle, lane=lane, gave_up=gave_up)
    with served(jobs):
        yield


@contextmanager
def served(jobs: Jobs) -> Iterator[None]:
    """The worker as `chassis.process` runs it: in a loop of its own, cancelled at the end."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(jobs.background())

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(15)
        assert not thread.is_alive()
