"""A file of order lines through the API, until every order is stored with its events, beside COPY of its rows."""

from __future__ import annotations

import csv
import random
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import httpx
import psycopg

from bench.companies import found_company
from bench.figure import Figure, Goal
from bench.rig import Rig

LINES_GOAL = Goal("value", ">=", 3_000, "lines/s")
_SEED = 11
_LINES_EACH = 22
"""Lines of an order, as in the shop of UCI 352."""
_CUSTOMERS = 4_000
_ARTICLES = 3_000
_FIRST = datetime(2025, 1, 2, 8, tzinfo=UTC)
_LOOK_EVERY_S = 0.2
_WITHIN_S = 900.0
_ENDED_OTHERWISE = ("completed_with_errors", "failed", "paused")
_COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


def measure(rig: Rig) -> list[Figure]:
    """Lines a second from the order to run until the import is completed, and until its events are consumed."""
    rig.say("import of orders")
    rig.settle()
    count = rig.sizes.order_lines
    content = _csv(count)
    floor = _copy_rate(rig, content, count)
    company = found_company(rig.stack.url, "Shop")
    with company.http() as http:
        upload = {"files": {"file": ("orders.csv", content, "text/csv")}, "data": {"kind": "order"}}
        job = http.post("/v1/sales/imports", **upload).raise_for_status().json()  # type: ignore[arg-type]
        fields = {column["heading"]: column["field"] for column in job["columns"] if column.get("field")}
        address = f"/v1/sales/imports/{job['id']}"
        http.post(f"{address}:map", json={"fields": fields}).raise_for_status()
        _wait(http, address, "ready")
        http.post(f"{address}:choose", json={"accept_suggestions": True}).raise_for_status()
        started = time.monotonic()
        http.post(f"{address}:run", json={}).raise_for_status()
        done = _wait(http, address, "completed")
        completed_s = time.monotonic() - started
        rig.settle()
        settled_s = time.monotonic() - started
    if done["rows_created"] != count:
        raise RuntimeError(f"{done['rows_created']} of {count} lines were stored: {done}")
    return [
        Figure("order lines imported", count / completed_s, "lines/s", floor, count / completed_s / floor, LINES_GOAL),
        Figure("order lines imported, events consumed", count / settled_s, "lines/s", floor, count / settled_s / floor),
    ]


def _csv(count: int) -> bytes:
    """Lines of orders of one shop; the same for the same count."""
    chance = random.Random(_SEED)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for number in range(count):
        order, line = divmod(number, _LINES_EACH)
        if not line:
            customer = 10_000 + chance.randrange(_CUSTOMERS)
            articles = chance.sample(range(_ARTICLES), _LINES_EACH)
        article = articles[line]
        moment = _FIRST + timedelta(minutes=20 * order)
        quantity, price = chance.randint(1, 12), f"{1 + article % 40}.{article % 100:02d}"
        row = (500_000 + order, f"A{article:05d}", f"Article {article}", quantity, f"{moment:%Y-%m-%d %H:%M:%S}")
        writer.writerow((*row, price, customer, "Germany"))
    return out.getvalue().encode()


def _copy_rate(rig: Rig, content: bytes, count: int) -> float:
    """Lines a second of the same file into a plain table by COPY, durable."""
    with psycopg.connect(rig.admin_url("sales"), autocommit=True) as connection:
        columns = ", ".join(f"{name} text" for name in _COLUMNS)
        connection.execute(f"CREATE TABLE bench_copy ({columns})".encode())
        started = time.monotonic()
        with connection.cursor().copy("COPY bench_copy FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(content)
        seconds = time.monotonic() - started
        connection.execute("DROP TABLE bench_copy")
    return count / seconds


def _wait(http: httpx.Client, address: str, status: str) -> dict[str, Any]:
    """The import once it has that status. Raises RuntimeError where it ends otherwise."""
    deadline = time.monotonic() + _WITHIN_S
    while time.monotonic() < deadline:
        job: dict[str, Any] = http.get(address).raise_for_status().json()
        if job["status"] == status:
            return job
        if job["status"] in _ENDED_OTHERWISE:
            raise RuntimeError(f"the import {job['status']}: {job}")
        time.sleep(_LOOK_EVERY_S)
    raise TimeoutError(f"the import is not {status} after {_WITHIN_S:.0f} s")
