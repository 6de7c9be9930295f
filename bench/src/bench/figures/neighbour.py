"""A noisy neighbour: p99 of a quiet company while another floods, beside its p99 alone, under the default limits."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import httpx
from local_stack.fixtures import whole_stack

from bench.apart import apart
from bench.companies import Company, found_company
from bench.figure import Figure, Goal, beside, percentile
from bench.flood import flooding
from bench.rig import Rig

GOAL = Goal("ratio", "<", 2)
_PER_S = 20
_BATCH = 500
_SETTLE_S = 5.0
_FLOODED_FIRST_S = 3.0


def measure(rig: Rig) -> list[Figure]:
    """On a stack of its own: the rig's has no near limits, and limits are what is measured here."""
    rig.say("noisy neighbour")
    with whole_stack(rig.scratch / "neighbour", durable=True) as stack:
        quiet, loud = (found_company(stack.url, name) for name in ("Quiet", "Loud"))
        ids = _fill(quiet, rig.sizes.neighbour_contacts)
        _fill(loud, rig.sizes.neighbour_contacts)
        _times(quiet, ids, rig.sizes.warm_up_s)
        pairs = []
        for _ in range(rig.sizes.rounds):
            time.sleep(_SETTLE_S)
            alone = percentile(_asked_apart(quiet, ids, rig.sizes.neighbour_s), 99)
            with flooding(stack.url, loud.token) as end:
                time.sleep(_FLOODED_FIRST_S)
                under = percentile(_asked_apart(quiet, ids, rig.sizes.neighbour_s), 99)
                rig.say(f"p99 {alone:.0f} ms alone, {under:.0f} ms beside {_told(end())}")
            pairs.append((alone, under))
    return [beside("p99 of a quiet company under another's flood", "ms", pairs, GOAL, floor_name="alone")]


def _fill(company: Company, count: int) -> list[str]:
    ids: list[str] = []
    with company.http() as http:
        for start in range(0, count, _BATCH):
            items = [{"contact": {"given_name": f"Person {number}"}} for number in range(start, start + _BATCH)]
            answer = http.post("/v1/contacts:batchCreate", json={"requests": items}).raise_for_status().json()
            ids += [result["id"] for result in answer["results"]]
    return ids


def _asked_apart(company: Company, ids: list[str], seconds: float) -> list[float]:
    """As `_times`, asked by somebody who does not wait for the processors of the platform."""
    _ = company.token
    return apart(_times, company, ids, seconds)


def _times(company: Company, ids: list[str], seconds: float) -> list[float]:
    """Milliseconds from when each request was due: one that waits for the one before it is late, as for a person."""
    asks: list[Callable[[httpx.Client, int], httpx.Response]] = [
        lambda http, number: http.get(f"/v1/contacts/{ids[number % len(ids)]}"),
        lambda http, _: http.get("/v1/contacts", params={"page_size": 50}),
        lambda http, number: http.get("/v1/customers:search", params={"query": f"person {number}"}),
        lambda http, number: http.post("/v1/contacts", json={"given_name": "New", "family_name": f"{number} {ids[0]}"}),
    ]
    times: list[float] = []
    with company.http() as http:
        http.get("/v1/contacts").raise_for_status()
        begun = time.monotonic()
        for number in itertools.count():
            due = begun + number / _PER_S
            if due > begun + seconds:
                return times
            time.sleep(max(0.0, due - time.monotonic()))
            asks[number % len(asks)](http, number).raise_for_status()
            times.append((time.monotonic() - due) * 1000)
    return times


def _told(counted: dict[str, int]) -> str:
    return ", ".join(f"{count} x {kind}" for kind, count in sorted(counted.items()))
