"""Events: from commit to consumer at a steady pace, and how fast a full outbox drains, beside the plain bus."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
from chassis.caller import Caller
from chassis.envelope import enclose, subject
from chassis.outbox import shard_of
from local_stack.fixtures import nats_server

from bench import event_processes
from bench.event_processes import example_event, seed_tenant
from bench.figure import Figure, Goal, percentile
from bench.frame_database import FrameDatabase, frame_database
from bench.rig import Rig

LAG_GOAL = Goal("value", "<", 60, "ms")
DRAIN_GOAL = Goal("value", ">=", 15_000, "events/s")
_SYNC_INTERVALS = {"outbox drain": "2m", "outbox drain, sync_interval always": "always"}
_FLOOR_SHARE = 5
"""The floor publishes a fifth of the events: it is slow, and a rate needs no more."""
_PROCESS_S = 180.0
_processes = multiprocessing.get_context("spawn")


def measure(rig: Rig) -> list[Figure]:
    """Lag and drain."""
    rig.settle()
    with frame_database(rig) as database:
        lag = lag_figure(rig, database)
    figures = [lag]
    for name, sync_interval in _SYNC_INTERVALS.items():
        with frame_database(rig) as database:
            figures.append(drain_figure(rig, database, name, sync_interval))
    return figures


def lag_figure(rig: Rig, database: FrameDatabase) -> Figure:
    """p99 from the start of the writing transaction to the consumer's handler; it includes the commit to disk."""
    rig.say("event lag")
    pace = (rig.sizes.lag_writes_per_s, rig.sizes.lag_s)
    nats_url = rig.stack.nats_url
    plain = _lags(
        rig,
        lambda ready, lags: (event_processes.listen_plainly, (nats_url, _count(rig), ready, lags)),
        lambda ready: (event_processes.publish_plainly, (nats_url, *pace, ready)),
    )
    lags = _lags(
        rig,
        lambda ready, lags: (event_processes.read_events, (database.app_url, nats_url, _count(rig), ready, lags)),
        lambda ready: (event_processes.write_events, (database.app_url, database.relay_url, nats_url, *pace, ready)),
    )
    value, floor = percentile(lags, 99), percentile(plain, 99)
    name = f"event lag p99 at {rig.sizes.lag_writes_per_s} writes/s"
    return Figure(name, value, "ms", floor, value / floor, LAG_GOAL)


def drain_figure(rig: Rig, database: FrameDatabase, name: str, sync_interval: str) -> Figure:
    """Events a second from a full outbox, marked as published; a NATS server of its own for each way of syncing."""
    rig.say(name)
    body = _seed_outbox(database.admin_url, rig.sizes.drained_events)
    with nats_server(rig.scratch / f"nats-{sync_interval}", sync_interval=sync_interval) as nats_url:
        few = rig.sizes.drained_events // _FLOOR_SHARE
        floor = _rate(event_processes.publish_concurrently, nats_url, body, few)
        value = _rate(event_processes.drain_outbox, database.relay_url, nats_url)
    return Figure(name, value, "events/s", floor, value / floor, DRAIN_GOAL)


def _count(rig: Rig) -> int:
    return int(rig.sizes.lag_writes_per_s * rig.sizes.lag_s)


def _lags(
    rig: Rig,
    reader: Callable[[Any, Any], tuple[Callable[..., None], tuple[Any, ...]]],
    writer: Callable[[Any], tuple[Callable[..., None], tuple[Any, ...]]],
) -> list[float]:
    """Runs a reader and a writer in processes of their own; every lag the reader saw, in ms."""
    ready = _processes.Event()
    lags: Any = _processes.Queue()
    targets = [reader(ready, lags), writer(ready)]
    running = [_processes.Process(target=target, args=arguments) for target, arguments in targets]
    for process in running:
        process.start()
    try:
        found: list[float] = lags.get(timeout=_PROCESS_S)
        for process in running:
            process.join(_PROCESS_S)
    finally:
        for process in running:
            process.kill()
    if len(found) < _count(rig):
        raise RuntimeError(f"only {len(found)} of {_count(rig)} events arrived")
    return found


def _rate(target: Callable[..., None], *arguments: Any) -> float:
    taken: Any = _processes.Queue()
    process = _processes.Process(target=target, args=(*arguments, taken))
    process.start()
    try:
        count, seconds = taken.get(timeout=_PROCESS_S)
        process.join(_PROCESS_S)
    finally:
        process.kill()
    return float(count / seconds)


def _seed_outbox(admin_url: str, count: int) -> bytes:
    """Fills the outbox; returns the envelope of one event."""
    caller = Caller.system(seed_tenant())
    now = datetime.now(UTC)
    envelope = b""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        columns = "tenant_id, id, created_at, shard, subject, envelope"
        with connection.cursor().copy(f"COPY outbox ({columns}) FROM STDIN".encode()) as copy:
            for _ in range(count):
                event = example_event()
                envelope = enclose(event, caller, now=now).SerializeToString()
                bus_subject = subject(event.type, caller.tenant_id)
                copy.write_row((caller.tenant_id, event.id, now, shard_of(event.subject_id), bus_subject, envelope))
        connection.execute("ANALYZE outbox")
    return envelope
