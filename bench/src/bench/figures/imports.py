"""A CSV import through the API, until it is completed and until every row can be found, beside COPY of its rows."""

from __future__ import annotations

import csv
import time
from io import StringIO
from typing import Any

import httpx
import psycopg

from bench.companies import found_company
from bench.figure import Figure, Goal
from bench.people import Person, people
from bench.processes import forget_peak, peak_rss_mb
from bench.rig import Rig

ROWS_GOAL = Goal("value", ">=", 4_000, "rows/s")
MEMORY_GOAL = Goal("ratio", "<=", 1.25)
_SEED = 7
_LOOK_EVERY_S = 0.1
_WITHIN_S = 600.0
_FIRST_PART = 0.3
"""Memory is called flat where the rest of the file takes no more than this part of it took."""
_ENDED = ("completed", "completed_with_errors", "failed")
_COLUMNS = ("given_name", "family_name", "job_title", "lifecycle_stage", "country_code", "emails", "phones", "tags")


def measure(rig: Rig) -> list[Figure]:
    """Rows a second, and the memory of the process that imports."""
    rig.say("import")
    rig.settle()
    count = rig.sizes.import_rows
    crowd = list(people(count, seed=_SEED))
    content = _csv(crowd)
    floor = _copy_rate(rig, content, count)
    company = found_company(rig.stack.url, "Importer")
    pid = rig.stack.processes["contacts-work"]
    forget_peak(pid)
    with company.http() as http:
        job = (
            http.post("/v1/imports", files={"file": ("people.csv", content, "text/csv")}, data={"kind": "contact"})
            .raise_for_status()
            .json()
        )
        fields = {"fields": {name: name for name in _COLUMNS}, "mode": "create", "on_duplicate": "skip"}
        http.post(f"/v1/imports/{job['id']}:map", json=fields).raise_for_status()
        started = time.monotonic()
        http.post(f"/v1/imports/{job['id']}:run", json={}).raise_for_status()
        first_mb = _wait(http, job["id"], pid, count)
        completed_s = time.monotonic() - started
        rig.settle()
        _find(http, crowd[-1])
        searchable_s = time.monotonic() - started
    peak_mb = peak_rss_mb(pid)
    return [
        Figure("import until completed", count / completed_s, "rows/s", floor, count / completed_s / floor, ROWS_GOAL),
        Figure(
            "import until searchable", count / searchable_s, "rows/s", floor, count / searchable_s / floor, ROWS_GOAL
        ),
        Figure("import, peak RSS of contacts", peak_mb, "MB", first_mb, peak_mb / first_mb, MEMORY_GOAL),
    ]


def _csv(crowd: list[Person]) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in crowd:
        row = (one.given_name, one.family_name, one.job_title, one.stage, "DE", one.email, one.phone, "newsletter")
        writer.writerow(row)
    return out.getvalue().encode()


def _copy_rate(rig: Rig, content: bytes, count: int) -> float:
    """Rows a second of the same file into a plain table by COPY, durable."""
    with psycopg.connect(rig.admin_url(), autocommit=True) as connection:
        columns = ", ".join(f"{name} text" for name in _COLUMNS)
        connection.execute(f"CREATE TABLE bench_copy ({columns})".encode())
        started = time.monotonic()
        with connection.cursor().copy("COPY bench_copy FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(content)
        seconds = time.monotonic() - started
        connection.execute("DROP TABLE bench_copy")
    return count / seconds


def _wait(http: httpx.Client, job_id: str, pid: int, count: int) -> float:
    """Waits for the end of the import; the peak RSS after its first part, in MB."""
    deadline = time.monotonic() + _WITHIN_S
    first_mb = 0.0
    while time.monotonic() < deadline:
        job: dict[str, Any] = http.get(f"/v1/imports/{job_id}").raise_for_status().json()
        if job["rows_created"] >= count * _FIRST_PART and not first_mb:
            first_mb = peak_rss_mb(pid)
        if job["status"] in _ENDED:
            if job["rows_created"] != count:
                raise RuntimeError(
                    f"the import {job['status']}: {job['rows_created']} of {count} rows, {job['failure']}"
                )
            return first_mb
        time.sleep(_LOOK_EVERY_S)
    raise TimeoutError(f"the import did not end within {_WITHIN_S:.0f} s")


def _find(http: httpx.Client, person: Person) -> None:
    """Returns when search finds the person."""
    deadline = time.monotonic() + _WITHIN_S
    while time.monotonic() < deadline:
        answer = http.get("/v1/customers:search", params={"query": person.email}).raise_for_status().json()
        if answer["hits"]:
            return
        time.sleep(_LOOK_EVERY_S)
    raise TimeoutError(f"an imported contact was not found within {_WITHIN_S:.0f} s")
