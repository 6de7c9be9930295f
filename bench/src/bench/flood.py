"""A company that floods, from a process of its own: reads, writes, batches, imports and exports, all at once.

It pays no heed to Retry-After: what is refused is sent again a moment later.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from typing import Any

import httpx
import orjson

_THREADS = {"read": 6, "write": 4, "batch": 2, "import": 1, "export": 2}
_REFUSED_PAUSE_S = 0.05
_IMPORT_ROWS = 2_000
_TIMEOUT_S = 120.0
_processes = multiprocessing.get_context("spawn")


@contextmanager
def flooding(url: str, token: str) -> Iterator[Callable[[], dict[str, int]]]:
    """Floods while the block runs; gives a function that ends it and tells requests by kind and status."""
    stop, told = _processes.Event(), _processes.Queue()
    process = _processes.Process(target=_flood, args=(url, token, stop, told), daemon=True)
    process.start()
    told.get(timeout=_TIMEOUT_S)

    def end() -> dict[str, int]:
        stop.set()
        counted: dict[str, int] = told.get(timeout=2 * _TIMEOUT_S)
        return counted

    try:
        yield end
    finally:
        stop.set()
        process.join(_TIMEOUT_S)
        process.kill()


def _flood(url: str, token: str, stop: Event, told: Queue[Any]) -> None:
    # A session of its own, as every service is one: Linux divides processors among sessions first.
    os.setsid()
    counted: Counter[str] = Counter()
    threads = [
        threading.Thread(target=_send, args=(url, token, kind, number, stop, counted))
        for kind, count in _THREADS.items()
        for number in range(count)
    ]
    for thread in threads:
        thread.start()
    told.put(None)
    for thread in threads:
        thread.join()
    told.put(dict(counted))


def _send(url: str, token: str, kind: str, sender: int, stop: Event, counted: Counter[str]) -> None:
    mark = f"{sender}-{time.time_ns():x}"
    with httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT_S, trust_env=False
    ) as http:
        for number in itertools.count():
            if stop.is_set():
                return
            try:
                status = _KINDS[kind](http, f"{mark}-{number}")
            except httpx.TransportError:
                status = 0
            counted[f"{kind} {status}"] += 1
            if status in (0, 429):
                time.sleep(_REFUSED_PAUSE_S)


def _read(http: httpx.Client, _mark: str) -> int:
    return http.get("/v1/contacts", params={"page_size": 50}).status_code


def _write(http: httpx.Client, mark: str) -> int:
    body = {"given_name": "Loud", "family_name": mark, "emails": [{"address": f"{mark}@loud.example"}]}
    return http.post("/v1/contacts", json=body).status_code


def _batch(http: httpx.Client, mark: str) -> int:
    items = [
        {"contact": {"given_name": f"Batch {one}", "external_ids": {"loud": f"{mark}-{one}"}}} for one in range(500)
    ]
    return http.post("/v1/contacts:batchUpsert", json={"system": "loud", "requests": items}).status_code


def _import(http: httpx.Client, mark: str) -> int:
    """Uploads a file, runs it, and comes back when it is done: the next one must not be refused for waiting."""
    content = "given_name,emails\n" + "".join(f"Row {one},{mark}-{one}@loud.example\n" for one in range(_IMPORT_ROWS))
    uploaded = http.post("/v1/imports", files={"file": ("a.csv", content, "text/csv")}, data={"kind": "contact"})
    if not uploaded.is_success:
        return uploaded.status_code
    job = f"/v1/imports/{uploaded.json()['id']}"
    fields = {"fields": {"given_name": "given_name", "emails": "emails"}, "mode": "create", "on_duplicate": "skip"}
    steps: tuple[tuple[str, Any], ...] = ((f"{job}:map", fields), (f"{job}:run", {}))
    for path, body in steps:
        while (answer := http.post(path, content=orjson.dumps(body), headers=_JSON)).status_code == 429:
            time.sleep(_REFUSED_PAUSE_S)
        if not answer.is_success:
            return answer.status_code
    return uploaded.status_code


def _export(http: httpx.Client, _mark: str) -> int:
    with http.stream("GET", "/v1/contacts:export") as answer:
        for _ in answer.iter_bytes():
            continue
        return answer.status_code


_JSON = {"Content-Type": "application/json"}
_KINDS: dict[str, Callable[[httpx.Client, str], int]] = {
    "read": _read,
    "write": _write,
    "batch": _batch,
    "import": _import,
    "export": _export,
}
