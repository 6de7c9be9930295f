"""A tenant moves between databases while it writes: nothing is lost, nothing comes twice, whatever dies on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import psycopg
import pytest
from chassis.caller import Caller
from chassis.envelope import stream_name
from chassis.errors import Conflict, FailedPrecondition, FuniaError, Unavailable
from chassis.ids import uuid7
from chassis.jobs import enqueue
from chassis.moving import Mover, TenantHome, bound, keep_home
from chassis.placements import relay_urls
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.statements import text
from chassis.testing.bus import TestBus, wait_until
from chassis.testing.notes import ADD, ALL, bodies, noted, write
from chassis.work import Database
from funia.events.v1.envelope_pb2 import Envelope

from .conftest import Two
from .test_tenant_rows import sums_of

STEPS = ("copied", "caught_up", "paused", "carried", "switched", "opened")
_CHANGE = text("UPDATE note SET body = %(body)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")
_DELETE = text("DELETE FROM note WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")
_MOVE = """
import os, signal, sys
from uuid import UUID
from chassis.moving import Mover
from chassis.settings import Settings

def at(step):
    if step == sys.argv[4]:
        os.kill(os.getpid(), signal.SIGKILL)

Mover(Settings.model_validate_json(sys.argv[1]), on_step=at).move(UUID(sys.argv[2]), sys.argv[3])
"""


class Writers:
    """Threads that write for one tenant without end, and remember what was acknowledged."""

    def __init__(self, database: Database, caller: Caller, *, threads: int) -> None:
        self._database = database
        self._caller = caller
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write) for _ in range(threads)]
        self.bodies: dict[UUID, str] = {}
        self.versions: dict[UUID, int] = {}
        self.unsure: set[UUID] = set()
        self.longest_s = 0.0
        self.refused = 0

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self) -> None:
        """A note comes, is changed twice, and every third one goes again; each change is an event of the note."""
        number = 0
        while not self._stop.is_set():
            number += 1
            note = uuid7()
            # Slower than the relays, as all tenants together must be for any length of time.
            self._stop.wait(0.01)
            for version in (1, 2, 3):
                while not self._once(note, version, gone=version == 3 and number % 3 == 0):
                    self.refused += 1

    def _once(self, note: UUID, version: int, *, gone: bool) -> bool:
        began = time.monotonic()
        try:
            with self._database.open_work(self._caller) as work:
                if version == 1:
                    work.execute(ADD, id=note, body="1")
                elif work.execute(_DELETE if gone else _CHANGE, id=note, body=str(version)) != 1:
                    pytest.fail("an acknowledged note was not there")
                work.record(noted(note, version))
        except Unavailable:
            return False
        self.longest_s = max(self.longest_s, time.monotonic() - began)
        self.versions[note] = version
        if gone:
            del self.bodies[note]
        else:
            self.bodies[note] = str(version)
        return True


@pytest.fixture
def ours() -> Caller:
    return Caller.system(uuid7(), request_id="ours")


@pytest.fixture
def theirs() -> Caller:
    return Caller.system(uuid7(), request_id="theirs")


@pytest.fixture
def relays(bus: TestBus, settings: Settings, database: Database) -> Iterator[None]:
    """A relay of each database, as a worker runs them."""
    with ExitStack() as stack:
        for url in relay_urls(settings).values():
            made: list[Relay] = []
            stack.enter_context(bus.background(lambda url=url, made=made: _relay(settings, bus, url, made)))  # type: ignore[misc]
            wait_until(lambda made=made: made)  # type: ignore[misc]
            database.on_events_committed.append(made[0].wake)
        yield
        database.on_events_committed.clear()


async def _relay(settings: Settings, bus: TestBus, url: str, made: list[Relay]) -> None:
    made.append(Relay("sample", settings, bus.client, url=url))
    await made[0].run()


def published(bus: TestBus, caller: Caller) -> list[Envelope]:
    """Every event of the tenant in the stream, in its order."""
    found = [Envelope.FromString(message.data) for message in bus.messages(stream_name("sample"))]
    return [envelope for envelope in found if envelope.tenant_id == str(caller.tenant_id)]


def check(bus: TestBus, database: Database, caller: Caller, writers: Writers) -> None:
    """What was acknowledged is there, nothing else is, and each change was published once and in order."""
    with database.open_work(caller, read_only=True) as work:
        assert {row.id: row.body for row in work.rows(ALL)} == writers.bodies
    expected = sum(writers.versions.values())
    found: list[Envelope] = []

    def all_there() -> bool:
        found[:] = published(bus, caller)
        return len(found) >= expected

    wait_until(all_there, every_s=0.2)
    seen: dict[str, list[int]] = defaultdict(list)
    for envelope in found:
        seen[envelope.subject_id].append(envelope.aggregate_version)
    assert seen == {str(note): list(range(1, last + 1)) for note, last in writers.versions.items()}


def test_a_tenant_moves_there_and_back_while_it_writes(
    two: Two, bus: TestBus, relays: None, settings: Settings, database: Database, ours: Caller, theirs: Caller
) -> None:
    mover = Mover(settings)
    with Writers(database, ours, threads=3) as writers, Writers(database, theirs, threads=1) as others:
        for placement, epoch in (("acme", 1), ("pooled", 2)):
            moved = mover.move(ours.tenant_id, placement)
            assert mover.home_of(ours.tenant_id) == TenantHome(placement, epoch)
            assert 0 < moved.pause_s < settings.move_pause_max_s
            assert mover.clean(ours.tenant_id).popitem()[1] > 0
    assert writers.refused == 0
    check(bus, database, ours, writers)
    check(bus, database, theirs, others)
    assert sums_of(two.pooled.owner_url, ours.tenant_id)["note"].rows == len(writers.bodies)
    assert not any(one.rows for one in sums_of(two.acme.owner_url, ours.tenant_id).values())
    assert mover.home_of(theirs.tenant_id) == TenantHome("pooled", 0)


@pytest.mark.parametrize("steps", [("paused", "switched"), pytest.param(STEPS, marks=pytest.mark.soak)])
def test_a_move_that_is_killed_at_any_step_has_happened_or_has_not(
    two: Two, bus: TestBus, relays: None, settings: Settings, database: Database, ours: Caller, steps: tuple[str, ...]
) -> None:
    settings = settings.model_copy(update={"move_pause_max_s": 1.0})
    mover = Mover(settings)
    with Writers(database, ours, threads=2) as writers:
        for step in steps:
            before = mover.home_of(ours.tenant_id)
            aim = "acme" if before.placement == "pooled" else "pooled"
            arguments = [settings.model_dump_json(), str(ours.tenant_id), aim, step]
            killed = subprocess.run([sys.executable, "-c", _MOVE, *arguments], check=False, capture_output=True)
            assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
            has_happened = step in ("switched", "opened")
            assert mover.home_of(ours.tenant_id).placement == (aim if has_happened else before.placement)
            mark = len(writers.versions)
            wait_until(lambda mark=mark: len(writers.versions) > mark + 5)  # type: ignore[misc]
            mover.move(ours.tenant_id, aim)
            assert mover.home_of(ours.tenant_id) == TenantHome(aim, before.epoch + 1)
    check(bus, database, ours, writers)


def test_a_process_that_has_not_heard_of_the_move_finds_the_tenant(
    settings: Settings, database: Database, ours: Caller, theirs: Caller
) -> None:
    stale = Database(settings)
    write(stale, ours, "before")
    write(stale, theirs, "before")
    drain(settings)
    mover = Mover(settings)
    mover.move(ours.tenant_id, "acme")
    write(database, ours, "after")
    drain(settings)
    mover.move(ours.tenant_id, "pooled")
    assert bodies(stale, ours) == ["before", "after"]
    mover.move(ours.tenant_id, "acme")
    write(stale, ours, "last")
    assert bodies(database, ours) == ["before", "after", "last"]
    assert bodies(stale, theirs) == ["before"]
    stale.close()


def drain(settings: Settings) -> None:
    """Marks what is recorded as published: these tests run no relay."""
    for url in relay_urls(settings).values():
        with psycopg.connect(url, autocommit=True) as relay:
            relay.execute("UPDATE outbox SET published_at = now() WHERE published_at IS NULL")


def test_a_reading_work_follows_the_tenant_between_two_statements(
    settings: Settings, database: Database, ours: Caller
) -> None:
    write(database, ours, "one")
    drain(settings)
    with database.open_work(ours, read_only=True) as work:
        assert [row.body for row in work.rows(ALL)] == ["one"]
        Mover(settings).move(ours.tenant_id, "acme")
        assert [row.body for row in work.rows(ALL)] == ["one"]
    assert database.placements.locate(ours.tenant_id).placement == "acme"


def test_writes_wait_for_the_end_of_the_pause_and_reads_do_not(
    two: Two, settings: Settings, database: Database, ours: Caller, theirs: Caller
) -> None:
    write(database, ours, "kept")
    hurried = Database(settings.model_copy(update={"move_patience_s": 0.05}))
    patient = Database(settings.model_copy(update={"move_patience_s": 60.0}))
    home = TenantHome("pooled", 0)
    with psycopg.connect(two.pooled.owner_url, autocommit=True) as owner:
        with bound(owner, ours.tenant_id):
            keep_home(owner, ours.tenant_id, "paused", home, pause_s=100.0)
        assert bodies(hurried, ours) == ["kept"]
        write(hurried, theirs, "goes on")
        with pytest.raises(Unavailable) as refused:
            write(hurried, ours, "refused")
        assert (refused.value.reason, refused.value.metadata["retry_after_s"]) == ("COMPANY_MOVING", "1")
        waiting = threading.Thread(target=write, args=(patient, ours, "waited"))
        waiting.start()
        with bound(owner, ours.tenant_id):
            keep_home(owner, ours.tenant_id, "here", home)
        waiting.join()
    assert bodies(hurried, ours) == ["kept", "waited"]
    hurried.close()
    patient.close()


def test_a_pause_ends_by_itself_where_the_move_has_died(two: Two, database: Database, ours: Caller) -> None:
    with psycopg.connect(two.pooled.owner_url, autocommit=True) as owner, bound(owner, ours.tenant_id):
        keep_home(owner, ours.tenant_id, "paused", TenantHome("pooled", 0), pause_s=0.0)
    write(database, ours, "goes on")
    assert bodies(database, ours) == ["goes on"]


def test_works_of_several_tenants_stay_together_when_one_of_them_has_left(
    two: Two, settings: Settings, database: Database, ours: Caller, theirs: Caller
) -> None:
    write(database, ours, "ours")
    write(database, theirs, "theirs")
    drain(settings)
    Mover(settings).move(ours.tenant_id, "acme")
    for order in ([ours, theirs], [theirs, ours]):
        stale = Database(settings)
        with pytest.raises(Unavailable), stale.open_works(order) as works:
            for work in works:
                work.execute(ADD, id=uuid7(), body="together")
        with pytest.raises(ValueError, match="one placement"), stale.open_works(order):
            pytest.fail("tenants of two databases were given one transaction")
        stale.close()
    assert (bodies(database, ours), bodies(database, theirs)) == (["ours"], ["theirs"])
    assert sums_of(two.acme.owner_url, theirs.tenant_id)["note"].rows == 0


def test_jobs_that_wait_are_run_by_the_new_database(
    two: Two, settings: Settings, database: Database, ours: Caller, theirs: Caller
) -> None:
    for caller in (ours, theirs):
        with database.open_work(caller) as work:
            enqueue(work, "sample", caller.tenant_id, lane="bulk")
    Mover(settings).move(ours.tenant_id, "acme")
    waiting = Counter[tuple[str, str]]()
    for name, url in relay_urls(settings).items():
        with psycopg.connect(url) as relay:
            rows = relay.execute("SELECT args ->> 'tenant_id' FROM procrastinate_jobs WHERE status = 'todo'")
            waiting.update((name, row[0]) for row in rows)
    assert waiting[("acme", str(ours.tenant_id))] == 1
    assert waiting[("pooled", str(ours.tenant_id))] == 0
    assert waiting[("pooled", str(theirs.tenant_id))] == 1


@pytest.mark.parametrize(("placement", "reason"), [("nowhere", "NO_PLACEMENT"), ("bare", "SCHEMA_DIFFERS")])
def test_a_place_that_is_none_is_refused_and_the_tenant_stays(
    settings: Settings, database: Database, ours: Caller, admin_url: str, placement: str, reason: str
) -> None:
    write(database, ours, "stays")
    bare = settings.placements["acme"].model_copy(update={"owner_database_url": admin_url})
    mover = Mover(settings.model_copy(update={"placements": {**settings.placements, "bare": bare}}))
    with pytest.raises(FuniaError) as refused:
        mover.move(ours.tenant_id, placement)
    assert isinstance(refused.value, FailedPrecondition)
    assert refused.value.reason == reason
    assert bodies(database, ours) == ["stays"]


def test_a_second_move_of_the_tenant_does_not_begin_beside_the_first(
    settings: Settings, database: Database, ours: Caller
) -> None:
    write(database, ours, "one")
    drain(settings)
    refusals = []

    def second(step: str) -> None:
        with pytest.raises(Conflict) as refused:
            Mover(settings).move(ours.tenant_id, "acme")
        refusals.append((step, refused.value.reason))

    Mover(settings, on_step=second).move(ours.tenant_id, "acme")
    assert refusals == [(step, "MOVE_RUNS") for step in STEPS]
