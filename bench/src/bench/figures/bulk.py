"""Contacts upserted by external id over HTTP, a thousand a request, beside COPY of the same people."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
import orjson
import psycopg

from bench.companies import Company, found_company
from bench.figure import Figure, Goal
from bench.people import Person, people
from bench.rig import Rig

RATE_GOAL = Goal("value", ">=", 3_000, "records/s")
_SEED = 11
_BATCH = 1_000
_SENDERS = 4
"""Requests under way at once: a partner that sends one after the other leaves the gateway idle half of the time."""
_SYSTEM = "bench"


def measure(rig: Rig) -> list[Figure]:
    """Records a second, when all are new and when each changes in one field."""
    rig.say("bulk")
    rig.settle()
    count = rig.sizes.bulk_records
    crowd = list(people(count, seed=_SEED))
    floor = _copy_rate(rig, crowd)
    company = found_company(rig.stack.url, "Partner")
    fresh = _rate(company, _bodies(crowd, job_title=""), "created", count)
    rig.settle()
    again = _rate(company, _bodies(crowd, job_title="Changed"), "updated", count)
    rig.settle()
    return [
        Figure("bulk upsert, new records", fresh, "records/s", floor, fresh / floor, RATE_GOAL),
        Figure("bulk upsert, changed records", again, "records/s", floor, again / floor, RATE_GOAL),
    ]


def _bodies(crowd: Sequence[Person], *, job_title: str) -> list[bytes]:
    """The requests, made ahead."""
    items = []
    for one in crowd:
        contact = {**one.as_contact(), "external_ids": {_SYSTEM: str(one.number)}}
        if job_title:
            contact["job_title"] = job_title
        items.append({"contact": contact})
    return [
        orjson.dumps({"system": _SYSTEM, "requests": items[at : at + _BATCH]}) for at in range(0, len(items), _BATCH)
    ]


def _rate(company: Company, bodies: Sequence[bytes], outcome: str, count: int) -> float:
    def send(http: httpx.Client, body: bytes) -> int:
        answer = http.post(
            "/v1/contacts:batchUpsert", content=body, headers={"Content-Type": "application/json"}, timeout=60
        )
        done: int = answer.raise_for_status().json()[outcome]
        return done

    with company.http() as http, ThreadPoolExecutor(_SENDERS) as senders:
        started = time.monotonic()
        done = sum(senders.map(lambda body: send(http, body), bodies))
        seconds = time.monotonic() - started
    if done != count:
        raise RuntimeError(f"{done} of {count} records were {outcome}")
    return count / seconds


def _copy_rate(rig: Rig, crowd: Sequence[Person]) -> float:
    """Rows a second of the same people into a plain table by COPY, durable."""
    with psycopg.connect(rig.admin_url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_bulk (number integer, contact json)")
        rows = [(one.number, orjson.dumps(one.as_contact()).decode()) for one in crowd]
        started = time.monotonic()
        with connection.cursor().copy("COPY bench_bulk FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        seconds = time.monotonic() - started
        connection.execute("DROP TABLE bench_bulk")
    return len(crowd) / seconds
