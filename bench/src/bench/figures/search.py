"""Search: how long a query takes among many documents, and how soon what was written is found."""

from __future__ import annotations

import multiprocessing
import time
from typing import Any

from bench import search_process
from bench.companies import found_company
from bench.figure import Figure, Goal, percentile
from bench.people import people
from bench.rig import Rig

QUERY_GOAL = Goal("value", "<", 30, "ms")
LAG_GOAL = Goal("value", "<", 1_000, "ms")
_FILLED_WITHIN_S = 1_800.0
_FOUND_WITHIN_S = 10.0
_LOOK_EVERY_S = 0.005
_LAG_SEED = 9
_processes = multiprocessing.get_context("spawn")


def measure(rig: Rig) -> list[Figure]:
    """Both."""
    return [index_lag_figure(rig), query_figure(rig)]


def query_figure(rig: Rig) -> Figure:
    """p95 of a mix of queries on the embedded engine, beside the p95 of bare term queries on the names."""
    rig.say(f"search among {rig.sizes.search_documents:,} documents")
    taken: Any = _processes.Queue()
    arguments = (str(rig.scratch / "search"), rig.sizes.search_documents, rig.sizes.search_queries, taken)
    process = _processes.Process(target=search_process.time_queries, args=arguments)
    process.start()
    try:
        times, bare = taken.get(timeout=_FILLED_WITHIN_S)
        process.join()
    finally:
        process.kill()
    value, floor = percentile(times, 95), percentile(bare, 95)
    return Figure(
        f"search p95, {rig.sizes.search_documents:,} documents", value, "ms", floor, value / floor, QUERY_GOAL
    )


def index_lag_figure(rig: Rig) -> Figure:
    """p99 from the answer to a create until search finds the contact, one at a time."""
    rig.say("index lag")
    rig.settle()
    company = found_company(rig.stack.url, "Searcher")
    lags = []
    with company.http() as http:
        for person in people(rig.sizes.index_lag_writes, seed=_LAG_SEED):
            http.post("/v1/contacts", json=person.as_contact()).raise_for_status()
            started = time.monotonic()
            while (
                not http.get("/v1/customers:search", params={"query": person.email}).raise_for_status().json()["hits"]
            ):
                if time.monotonic() - started > _FOUND_WITHIN_S:
                    raise TimeoutError(f"{person.email} was not found within {_FOUND_WITHIN_S:.0f} s")
                time.sleep(_LOOK_EVERY_S)
            lags.append((time.monotonic() - started) * 1000)
    return Figure("index lag p99", percentile(lags, 99), "ms", goal=LAG_GOAL)
