"""Receivers of webhooks in a process of their own: one that takes everything at once and one that never answers.

Knows just enough HTTP for that; what it has counted it tells by GET /seen.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from http.client import HTTPConnection
from multiprocessing.queues import Queue
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import orjson

_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
_START_S = 30.0
_HANG, _LAGS = b"/hang", b"/lags"
_processes = multiprocessing.get_context("spawn")


@contextmanager
def running_receiver() -> Iterator[str]:
    """A receiver that listens; gives its URL. `/hang` never answers, `/lags` keeps how old each event was."""
    told: Queue[int] = _processes.Queue()
    process = _processes.Process(target=_serve, args=(told,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{told.get(timeout=_START_S)}"
    finally:
        process.kill()
        process.join(_START_S)


def seen(url: str, path: str) -> dict[str, Any]:
    """Messages that came to a path so far: `count`, `last` (when), `lags` (seconds from the event to its arrival)."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=_START_S)) as connection:
        connection.request("GET", "/seen")
        answer = orjson.loads(connection.getresponse().read())
    found: dict[str, Any] = answer.get(path, {"count": 0, "last": 0.0, "lags": []})
    return found


def plain_posts_per_s(url: str, *, count: int, connections: int, body: bytes) -> float:
    """Posts a second of the same size by the library that sends webhooks, from a process of its own."""
    told: Queue[float] = _processes.Queue()
    process = _processes.Process(target=_post_plainly, args=(url, count, connections, body, told))
    process.start()
    try:
        return told.get(timeout=_START_S + count / 20)
    finally:
        process.join(_START_S)


class _Receiving(asyncio.Protocol):
    def __init__(self, counted: dict[str, dict[str, Any]]) -> None:
        self._counted = counted
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = _content_length(head)
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            self._take(head.split(b" ", 2)[1], body)

    def _take(self, path: bytes, body: bytes) -> None:
        if path == b"/seen":
            answer = orjson.dumps(self._counted)
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer))
            return
        one = self._counted.setdefault(path.decode(), {"count": 0, "last": 0.0, "lags": []})
        one["count"] += 1
        one["last"] = time.time()
        if path.startswith(_LAGS):
            happened_at = datetime.fromisoformat(orjson.loads(body)["time"]).timestamp()
            one["lags"].append(one["last"] - happened_at)
        if not path.startswith(_HANG):
            self._transport.write(_TAKEN)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _serve(told: Queue[int]) -> None:
    async def listen() -> None:
        counted: dict[str, dict[str, Any]] = {}
        server = await asyncio.get_running_loop().create_server(lambda: _Receiving(counted), "127.0.0.1", 0)
        told.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())


def _post_plainly(url: str, count: int, connections: int, body: bytes, told: Queue[float]) -> None:
    async def post_all() -> float:
        left = iter(range(count))
        headers = [("content-type", "application/json")]
        async with httpcore2.AsyncConnectionPool(max_connections=connections) as pool:

            async def post_some() -> None:
                for _ in left:
                    answer = await pool.request("POST", url, headers=headers, content=body)
                    assert answer.status == 204

            started = time.monotonic()
            await asyncio.gather(*(post_some() for _ in range(connections)))
            return time.monotonic() - started

    told.put(count / asyncio.run(post_all()))
