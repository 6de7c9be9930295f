"""Analytics: events into the columnar store, reports over it, and its models, beside the bare engine."""

from __future__ import annotations

import multiprocessing
import queue
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from local_stack.fixtures import nats_server

from bench import analytics_stream
from bench.analytics_reports import Measured, measure_reports
from bench.figure import Figure, Goal, beside, percentile
from bench.rig import Rig

INGEST_GOAL = Goal("value", ">=", 10_000, "events/s")
LAG_GOAL = Goal("value", "<", 3_000, "ms")
REPORT_GOALS: Mapping[str, float] = {"RFM": 500, "cohorts": 300, "dashboard of eight tiles": 500, "funnel": 1_500}
METHOD_GOALS: Mapping[str, float] = {"BG/NBD fit": 5, "Pareto/NBD fit": 30, "basket rules": 3}
NEAR_ENGINE = Goal("ratio", "<=", 2.0)
AMONG_GOAL = Goal("ratio", "<=", 1.5)
MEMORY_GOAL = Goal("value", "<", 1_536, "MB")
_PROCESS_S = 300.0
_LOOK_EVERY_S = 1.0
_processes = multiprocessing.get_context("spawn")


def measure(rig: Rig) -> list[Figure]:
    """Stream, then reports and models."""
    return [*stream_figures(rig), *report_figures(rig)]


def stream_figures(rig: Rig) -> list[Figure]:
    """Events a second into the store; p99 from an event until a report counts it. A NATS server of their own."""
    count, per_s, seconds = rig.sizes.analytics_ingested, rig.sizes.analytics_lag_per_s, rig.sizes.lag_s
    with nats_server(rig.scratch / "analytics-nats") as nats_url:
        rig.say(f"{count:,} events into the store")
        _run(analytics_stream.fill_streams, nats_url, count)
        floor = _asked(rig, "floor", analytics_stream.ingest_bare, nats_url, count)
        value = _asked(rig, "ingest", analytics_stream.ingest, nats_url, count)
        ingest = Figure("events into facts (floor: bare fetch, blocks made ahead)", value, "events/s", floor,
                        value / floor, INGEST_GOAL)  # fmt: skip
    with nats_server(rig.scratch / "analytics-nats-lag") as nats_url:
        rig.say("event to report")
        ready = _processes.Event()
        publisher = _processes.Process(target=analytics_stream.publish_paced, args=(nats_url, per_s, seconds, ready))
        publisher.start()
        try:
            lags = _asked(rig, "lag", analytics_stream.watch, nats_url, int(per_s * seconds), ready)
            publisher.join(_PROCESS_S)
        finally:
            publisher.kill()
    if len(lags) < int(per_s * seconds):
        raise RuntimeError(f"a report counted only {len(lags)} of {int(per_s * seconds)} events")
    return [ingest, Figure(f"event to report p99 at {per_s:,}/s", percentile(lags, 99), "ms", goal=LAG_GOAL)]


def report_figures(rig: Rig) -> list[Figure]:
    """Reports of a large shop, alone and among others; models of its customers; memory of the process."""
    rig.say(f"reports over {rig.sizes.analytics_lines:,} order lines and {rig.sizes.analytics_events:,} events")
    found: Measured = _asked(rig, "reports", measure_reports, rig.sizes)
    figures = []
    for name, pairs in found.reports.items():
        whole = beside(name, "ms", pairs, Goal("value", "<", REPORT_GOALS[name], "ms"), floor_name="bare engine")
        figures += [
            whole,
            Figure(f"{name}, against the engine", whole.value, "ms", whole.floor, whole.ratio, NEAR_ENGINE),
        ]
    name = f"RFM among {rig.sizes.analytics_tenants:,} companies"
    figures.append(beside(name, "ms", found.among, AMONG_GOAL, floor_name="the company alone"))
    figures += [
        Figure(name, seconds, "s", goal=Goal("value", "<", METHOD_GOALS[name], "s"))
        for name, seconds in found.methods.items()
    ]
    return [*figures, Figure("peak memory of reports and models", found.peak_mb, "MB", goal=MEMORY_GOAL)]


def _asked(rig: Rig, folder: str, target: Callable[..., None], *arguments: Any) -> Any:
    """What a process of its own put into its queue; its store is in the named folder."""
    taken: Any = _processes.Queue()
    state_dir = str(rig.scratch / f"analytics-{folder}")
    process = _processes.Process(target=target, args=(state_dir, *arguments, taken))
    process.start()
    deadline = time.monotonic() + _PROCESS_S
    try:
        while process.is_alive() and time.monotonic() < deadline:
            with suppress(queue.Empty):
                return taken.get(timeout=_LOOK_EVERY_S)
        return taken.get(timeout=_LOOK_EVERY_S)
    except queue.Empty as error:
        raise RuntimeError(f"{target.__name__} told nothing; it ended with {process.exitcode}") from error
    finally:
        process.join(_LOOK_EVERY_S)
        process.kill()


def _run(target: Callable[..., None], *arguments: Any) -> None:
    process = _processes.Process(target=target, args=arguments)
    process.start()
    process.join(_PROCESS_S)
    if process.exitcode:
        raise RuntimeError(f"{target.__name__} ended with {process.exitcode}")
