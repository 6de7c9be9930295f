"""The event API: how many events a second partners replay over HTTP, beside plain fetches of the same events."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

from bench import event_readers
from bench.figure import Figure, Goal, beside
from bench.rig import Rig

REPLAY_GOAL = Goal("value", ">=", 20_000, "events/s")
_READERS = 2
"""One a worker process of the gateway, each of a company of its own."""
_PROCESS_S = 180.0
_processes = multiprocessing.get_context("spawn")


def measure(rig: Rig) -> list[Figure]:
    """The replay."""
    rig.say("event replay")
    companies = rig.companies[:_READERS]
    tenants = [company.tenant_id for company in companies]
    event_readers.publish_events(rig.stack.nats_url, tenants, rig.sizes.replayed_events)
    rig.settle()
    pairs = []
    for _ in range(rig.sizes.rounds):
        floor = _together(event_readers.fetch_plainly, [(rig.stack.nats_url, tenant) for tenant in tenants])
        value = _together(event_readers.read_pages, [(rig.stack.url, company.token) for company in companies])
        pairs.append((floor, value))
    return [beside(f"event replay over HTTP, {_READERS} readers", "events/s", pairs, REPLAY_GOAL)]


def _together(target: Callable[..., None], readers: Sequence[tuple[Any, ...]]) -> float:
    """Events a second of all readers together, begun at the same moment."""
    begin = _processes.Barrier(len(readers))
    taken: Any = _processes.Queue()
    running = [_processes.Process(target=target, args=(*reader, begin, taken)) for reader in readers]
    for process in running:
        process.start()
    try:
        found = [taken.get(timeout=_PROCESS_S) for _ in running]
        for process in running:
            process.join(_PROCESS_S)
    finally:
        for process in running:
            process.kill()
    seconds = max(ended for _, _, ended in found) - min(started for _, started, _ in found)
    return float(sum(count for count, _, _ in found) / seconds)
