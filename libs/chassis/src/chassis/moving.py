"""Moves one tenant of one service into another database while it is in use: copy, catch up, switch.

Writes of this tenant alone wait for the moment between the last catching up and the switch; reads go on. The switch is
one commit in the database that the tenant leaves, so a move that is killed has either not happened or is finished by
the next one. Runs as the owner role, and as one move of a tenant at a time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, sql

from chassis import tenant_rows
from chassis.errors import Conflict, FailedPrecondition, Unavailable
from chassis.placements import owner_urls
from chassis.schema import MOVE_LOCK
from chassis.settings import POOLED, Settings
from chassis.tenant_tables import TenantTable, tenant_tables

log = logging.getLogger(__name__)

_ONE_MOVE_LOCK = MOVE_LOCK + 1
_ROUNDS_MAX = 12
_ROUND_SHORT_S = 0.2
_ROUND_FEW = 200
"""A round of catching up that was so short or found so little leaves little for the one in the pause."""
_PAUSES_MAX = 20
_DRAIN_LOOK_S = 0.005
_BETWEEN_PAUSES_S = 0.5

Step = Callable[[str], None]
"""Told the name of each step when it is done: "copied", "caught_up", "paused", "carried", "switched", "opened"."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How a move went. `pause_s` is how long writes waited; 0 where there was nothing to switch any more."""

    tables: int
    rows: int
    rounds: int
    pause_s: float


@dataclass(frozen=True, slots=True)
class TenantHome:
    """Where a tenant lives, by the word of the databases themselves."""

    placement: str
    epoch: int


class Mover:
    """Opens one connection a placement, as its owner; close it by leaving the `with`."""

    def __init__(self, settings: Settings, *, on_step: Step = lambda _: None) -> None:
        self._settings = settings
        self._urls = dict(owner_urls(settings))
        self._on_step = on_step

    def home_of(self, tenant_id: UUID) -> TenantHome:
        """The tenant's home: the shared database, or what its row there and in those after it says."""
        home = TenantHome(POOLED, 0)
        for _ in range(len(self._urls) * 2 + 1):
            with self._connect(home.placement) as connection, bound(connection, tenant_id):
                row = connection.execute(_HOME, [tenant_id]).fetchone()
            if row is None or row[0] != "gone" or row[2] < home.epoch:
                return home if row is None else TenantHome(home.placement, max(home.epoch, row[2]))
            home = TenantHome(row[1], row[2])
        raise Conflict("The databases send the tenant round in a circle. Ask a person.", reason="NO_HOME")

    def move(self, tenant_id: UUID, placement: str) -> Moved:
        """Moves the tenant, or finishes a move that was killed. Raises FailedPrecondition, Conflict and Unavailable."""
        if placement not in self._urls:
            known = ", ".join(self._urls)
            raise FailedPrecondition(f'There is no placement "{placement}". Known: {known}.', reason="NO_PLACEMENT")
        with self._alone(tenant_id):
            home = self.home_of(tenant_id)
            with ExitStack() as stack:
                target = stack.enter_context(self._connect(placement))
                if home.placement == placement:
                    _open(target, tenant_id, home)
                    return Moved(0, 0, 0, 0.0)
                source = stack.enter_context(self._connect(home.placement))
                reader = stack.enter_context(self._connect(home.placement))
                witness = stack.enter_context(self._connect(placement))
                return _Run(self, tenant_id, home, placement, source, reader, target, witness).go()

    def clean(self, tenant_id: UUID) -> dict[str, int]:
        """Deletes the tenant's rows wherever it does not live, which also gives up a move that was not finished.

        Returns how many rows there were by placement.
        """
        with self._alone(tenant_id):
            home = self.home_of(tenant_id)
            gone = {}
            for placement in self._urls:
                if placement == home.placement:
                    continue
                with self._connect(placement) as connection, bound(connection, tenant_id):
                    row = connection.execute(_HOME, [tenant_id]).fetchone()
                    if row is not None and row[0] == "gone":
                        tables = tenant_tables(connection)
                        gone[placement] = sum(tenant_rows.delete_rows(connection, tables, tenant_id).values())
            return gone

    @contextmanager
    def alone_at_home(self, tenant_id: UUID) -> Iterator[tuple[TenantHome, Connection[Any]]]:
        """The tenant's home and a connection of its owner, while no move can begin."""
        with self._alone(tenant_id):
            home = self.home_of(tenant_id)
            with self._connect(home.placement) as connection:
                yield home, connection

    @contextmanager
    def _alone(self, tenant_id: UUID) -> Iterator[None]:
        """Lets no second move of the tenant begin; a process that dies lets go."""
        with self._connect(POOLED) as guard:
            lock = guard.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_ONE_MOVE_LOCK, str(tenant_id)])
            if lock.fetchone() != (True,):
                raise Conflict("This company is being moved already. Wait for the end.", reason="MOVE_RUNS")
            yield

    @contextmanager
    def _connect(self, placement: str) -> Iterator[Connection[Any]]:
        url = self._urls.get(placement, "")
        if not url:
            raise FailedPrecondition(
                f'The owner\'s URL of "{placement}" is missing: FUNIA_OWNER_DATABASE_URL and FUNIA_PLACEMENTS name it.',
                reason="NO_OWNER_URL",
            )
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection


@contextmanager
def bound(connection: Connection[Any], tenant_id: UUID, *, frozen: bool = False) -> Iterator[None]:
    """A transaction of the owner's bound to the tenant; a frozen one only reads, all of it at the same moment."""
    with connection.transaction():
        if frozen:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tenant_rows.bind(connection, tenant_id)
        yield


def keep_home(
    connection: Connection[Any], tenant_id: UUID, state: str, home: TenantHome, *, pause_s: float | None = None
) -> None:
    """Writes what this database says of the tenant: "here", "paused" for so long, or "gone" to that home."""
    connection.execute(_KEEP_HOME, [tenant_id, state, home.placement, home.epoch, pause_s])


def lock_alone(connection: Connection[Any], tenant_id: UUID, wait_ms: int) -> float:
    """Waits until no write of the tenant runs, and keeps new ones waiting until the transaction ends.

    Returns when it began to wait. Raises LockNotAvailable where a write runs longer than that.
    """
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{wait_ms}ms")))
    began = time.monotonic()
    connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [MOVE_LOCK, str(tenant_id)])
    return began


def is_drained(connection: Connection[Any], tenant_id: UUID) -> bool:
    """Whether the relay has published all that the tenant ever recorded in this database."""
    with bound(connection, tenant_id):
        return connection.execute(_PENDING, [tenant_id]).fetchone() is None


class _Run:
    """One move from its beginning. `reader` and `witness` hold the moment of the switch on either side."""

    def __init__(
        self,
        mover: Mover,
        tenant_id: UUID,
        home: TenantHome,
        placement: str,
        source: Connection[Any],
        reader: Connection[Any],
        target: Connection[Any],
        witness: Connection[Any],
    ) -> None:
        self._settings = mover._settings
        self._step = mover._on_step
        self._tenant_id = tenant_id
        self._home = home
        self._placement = placement
        self._source = source
        self._reader = reader
        self._target = target
        self._witness = witness
        self._tables: list[TenantTable] = []
        self._jobs: list[int] = []

    def go(self) -> Moved:
        self._prepare()
        rows, since = self._round(None, verified=True)
        self._step("copied")
        rounds = 1
        for _ in range(_ROUNDS_MAX):
            began = time.monotonic()
            changed, since = self._round(since)
            rows += changed
            rounds += 1
            if changed <= _ROUND_FEW or time.monotonic() - began < _ROUND_SHORT_S:
                break
        self._step("caught_up")
        for _ in range(_PAUSES_MAX):
            pause_s, since = self._switch(since)
            if pause_s is not None:
                return Moved(len(self._tables), rows, rounds, pause_s)
            time.sleep(_BETWEEN_PAUSES_S)
            _, since = self._round(since)
            rounds += 1
        raise Unavailable(
            "The switch did not fit into the longest pause of writes. Try again at a quieter time, or raise "
            "FUNIA_MOVE_PAUSE_MAX_S.",
            reason="MOVE_TOO_BUSY",
        )

    def _prepare(self) -> None:
        """Closes the target to the tenant until the switch, and looks whether both databases have the same tables."""
        with bound(self._source, self._tenant_id):
            self._tables = tenant_tables(self._source)
        with bound(self._target, self._tenant_id):
            if tenant_tables(self._target) != self._tables:
                raise FailedPrecondition(
                    f'The schema of "{self._placement}" is another one. Run the migrations, then move.',
                    reason="SCHEMA_DIFFERS",
                )
            self._target.execute("SET LOCAL lock_timeout = '2s'")
            tenant_rows.make_deferrable(self._target)
            keep_home(self._target, self._tenant_id, "gone", self._home)

    def _round(self, since: int | None, *, verified: bool = False) -> tuple[int, int]:
        """Makes the target what the source is now. Returns how many rows changed, and the `since` of the next round."""
        with bound(self._reader, self._tenant_id, frozen=True):
            following = tenant_rows.snapshot(self._reader)
            with bound(self._target, self._tenant_id):
                changed = self._carry(since)
                if verified:
                    self._compare(self._reader, self._target)
        return changed, following

    def _carry(self, since: int | None) -> int:
        done = tenant_rows.catch_up(self._reader, self._target, self._tables, self._tenant_id, since=since)
        return done.written + done.removed

    def _switch(self, since: int) -> tuple[float | None, int]:
        """Pauses writes, carries what is left and switches. None for the pause where that took too long."""
        began = self._pause()
        if began is None:
            return None, since
        self._step("paused")
        until = began + self._settings.move_pause_max_s
        if not self._drained(until):
            self._resume()
            return None, since
        with bound(self._reader, self._tenant_id, frozen=True):
            following = tenant_rows.snapshot(self._reader)
            with bound(self._target, self._tenant_id):
                self._carry(since)
                self._jobs = _carry_jobs(self._reader, self._target, self._tenant_id)
            self._step("carried")
            with bound(self._witness, self._tenant_id, frozen=True):
                tenant_rows.snapshot(self._witness)
                if not self._commit():
                    return None, following
                pause_s = time.monotonic() - began
                self._step("switched")
                _open(self._target, self._tenant_id, TenantHome(self._placement, self._home.epoch + 1))
                self._step("opened")
                _drop_jobs(self._source, self._jobs)
                # Nobody waits any more; both sides still show the moment of the switch.
                self._compare(self._reader, self._witness)
        return pause_s, following

    def _pause(self) -> float | None:
        """Lets running writes end and holds new ones back. None where one of them took too long."""
        try:
            with bound(self._source, self._tenant_id):
                began = lock_alone(self._source, self._tenant_id, self._settings.move_lock_wait_ms)
                longest_s = self._settings.move_pause_max_s
                keep_home(self._source, self._tenant_id, "paused", self._home, pause_s=longest_s)
        except psycopg.errors.LockNotAvailable:
            log.info("a write of the company runs long; the pause waits")
            return None
        return began

    def _resume(self) -> None:
        with bound(self._source, self._tenant_id):
            keep_home(self._source, self._tenant_id, "here", self._home)

    def _drained(self, until: float) -> bool:
        """Whether the relay has published all that the tenant ever recorded here; it goes first, so order is kept."""
        while time.monotonic() < until:
            if is_drained(self._source, self._tenant_id):
                return True
            time.sleep(_DRAIN_LOOK_S)
        return False

    def _commit(self) -> bool:
        """The switch itself: one commit. False where the pause had ended by then, so that writes may have passed."""
        try:
            with bound(self._source, self._tenant_id):
                lock_alone(self._source, self._tenant_id, self._settings.move_lock_wait_ms)
                done = self._source.execute(_LEAVE, [self._placement, self._home.epoch + 1, self._tenant_id]).rowcount
        except psycopg.errors.LockNotAvailable:
            return False
        return done == 1

    def _compare(self, left: Connection[Any], right: Connection[Any]) -> None:
        here = tenant_rows.sums(left, self._tables, self._tenant_id)
        there = tenant_rows.sums(right, self._tables, self._tenant_id)
        differing = sorted(name for name in here if here[name] != there[name])
        if differing:
            raise Conflict(
                f"Rows differ between the databases in {', '.join(differing)}. Nothing was deleted; ask a person.",
                reason="ROWS_DIFFER",
            )


def _open(target: Connection[Any], tenant_id: UUID, home: TenantHome) -> None:
    """Tells the tenant's new database that it lives there; those that come from the old one know already."""
    with bound(target, tenant_id):
        keep_home(target, tenant_id, "here", home)


def _carry_jobs(source: Connection[Any], target: Connection[Any], tenant_id: UUID) -> list[int]:
    """Puts jobs that wait into the queue of the target; returns their ids in the old one.

    A running job stays: it reaches the tenant wherever it lives, and goes on from the old queue until it is done.
    """
    if not _has_jobs(source):
        return []
    jobs = source.execute(_WAITING, [str(tenant_id)]).fetchall()
    for _, *job in jobs:
        target.execute(_PUT_JOB, job)
    return [job[0] for job in jobs]


def _drop_jobs(source: Connection[Any], jobs: list[int]) -> None:
    if jobs:
        source.execute("DELETE FROM procrastinate_jobs WHERE id = ANY (%s) AND status = 'todo'", [jobs])


def _has_jobs(connection: Connection[Any]) -> bool:
    return connection.execute("SELECT to_regclass('public.procrastinate_jobs') IS NOT NULL").fetchone() == (True,)


_HOME = "SELECT state, placement, epoch FROM tenant_home WHERE tenant_id = %s"
_KEEP_HOME = """
    INSERT INTO tenant_home (tenant_id, state, placement, epoch, paused_until)
    VALUES (%s, %s, %s, %s, clock_timestamp() + make_interval(secs => %s))
    ON CONFLICT (tenant_id) DO UPDATE
       SET state = excluded.state, placement = excluded.placement, epoch = excluded.epoch,
           paused_until = excluded.paused_until, updated_at = now()
"""
_LEAVE = """
    UPDATE tenant_home SET state = 'gone', placement = %s, epoch = %s, paused_until = NULL, updated_at = now()
     WHERE tenant_id = %s AND state = 'paused' AND paused_until > clock_timestamp()
"""
_PENDING = "SELECT 1 FROM outbox WHERE tenant_id = %s AND published_at IS NULL LIMIT 1"
_WAITING = """
    SELECT id, queue_name, task_name, priority, lock, queueing_lock, args::text, scheduled_at, attempts
      FROM procrastinate_jobs WHERE status = 'todo' AND args ->> 'tenant_id' = %s ORDER BY id
"""
_PUT_JOB = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at, attempts)
    VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s) ON CONFLICT DO NOTHING
"""
