"""Reads what a stream holds by batched direct gets: any position, one subject filter, no state on the server.

Made for replay over HTTP, where every page may come from another process. It never waits for what is yet to come.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from chassis.errors import Unavailable

_SEQUENCE, _TIME, _SUBJECT, _PENDING = (
    b"Nats-Sequence: ",
    b"Nats-Time-Stamp: ",
    b"Nats-Subject: ",
    b"Nats-Num-Pending: ",
)
_END, _NOTHING = b"204", b"404"
_STATUS = slice(9, 12)
"""Where the status lies in a head such as ``NATS/1.0 204 EOB``."""
_NOT_FOUND = 10059


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as the stream holds it. `stored_at` is in seconds since 1970, and never goes back."""

    sequence: int
    stored_at: float
    subject: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Extract:
    """Messages in the order of the stream; `is_last` where nothing that matches lay behind them."""

    messages: list[Stored]
    is_last: bool


@dataclass(frozen=True, slots=True)
class StreamState:
    """`created` tells a stream from a later one of the same name. An empty stream has `first` after `last`."""

    created: str
    first: int
    last: int


@dataclass(slots=True)
class _Asked:
    done: asyncio.Event
    parts: list[tuple[bytes, bytes]]
    end: bytes = b""


class HistoryClient(Client):
    """A connection that keeps the answers of direct gets as bytes, heads unread: half the cost of nats-py's own path.

    Give it to `chassis.streams.connect`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[bytes, _Asked] = {}

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        asked = self.asked.get(subject)
        if asked is None:
            await super()._process_msg(sid, subject, reply, data, headers)
        elif data:
            asked.parts.append((headers, data))
        else:
            asked.end = headers
            asked.done.set()


class History:
    """Reads streams over one connection. Used from the connection's own event loop."""

    def __init__(self, client: HistoryClient, *, timeout_s: float, state_age_s: float, most_bytes: int) -> None:
        self._client = client
        self._timeout_s = timeout_s
        self._state_age_s = state_age_s
        self._most_bytes = most_bytes
        self._inbox = client.new_inbox()
        self._requests = 0
        self._is_listening = False
        self._states: dict[str, tuple[float, StreamState | None]] = {}

    async def read(self, stream: str, *, after: int, subject: str, most: int) -> Extract:
        """The next messages on `subject` behind the sequence `after`, `most` of them or fewer.

        Raises Unavailable where the bus does not answer in time.
        """
        body = {"seq": after + 1, "batch": most, "max_bytes": self._most_bytes, "next_by_subj": subject}
        with self._asking() as (reply, asked):
            try:
                await self._listen()
                await self._client.publish(f"$JS.API.DIRECT.GET.{stream}", orjson.dumps(body), reply=reply)
                await asyncio.wait_for(asked.done.wait(), self._timeout_s)
            except (NatsError, TimeoutError, OSError) as error:
                raise _away() from error
        status = asked.end[_STATUS]
        if status == _NOTHING:
            return Extract([], True)
        if status != _END:
            raise _away()
        return Extract([_stored(head, data) for head, data in asked.parts], _header(asked.end, _PENDING) == b"0")

    async def state(self, stream: str, *, fresh: bool = False) -> StreamState | None:
        """Which stream it is and what it holds, at most `state_age_s` old unless `fresh`; None where there is none."""
        known = self._states.get(stream)
        if known is not None and not fresh and time.monotonic() - known[0] < self._state_age_s:
            return known[1]
        state = await self._read_state(stream)
        self._states[stream] = (time.monotonic(), state)
        return state

    async def _read_state(self, stream: str) -> StreamState | None:
        try:
            reply = await self._client.request(f"$JS.API.STREAM.INFO.{stream}", b"", timeout=self._timeout_s)
        except (NatsError, TimeoutError, OSError) as error:
            raise _away() from error
        answer = orjson.loads(reply.data)
        if "error" in answer:
            if answer["error"].get("err_code") == _NOT_FOUND:
                return None
            raise _away()
        state = answer["state"]
        return StreamState(answer["created"], int(state["first_seq"]), int(state["last_seq"]))

    @contextmanager
    def _asking(self) -> Iterator[tuple[str, _Asked]]:
        self._requests += 1
        reply = f"{self._inbox}.{self._requests}"
        asked = self._client.asked[reply.encode()] = _Asked(asyncio.Event(), [])
        try:
            yield reply, asked
        finally:
            del self._client.asked[reply.encode()]

    async def _listen(self) -> None:
        if not self._is_listening:
            self._is_listening = True
            await self._client.subscribe(f"{self._inbox}.*", cb=_drop)


async def _drop(_message: Msg) -> None:
    """Takes what comes after its request was given up."""


def _stored(head: bytes, body: bytes) -> Stored:
    moment = _header(head, _TIME).decode()
    stored_at = datetime.fromisoformat(moment[:19]).replace(tzinfo=UTC).timestamp() + float(f"0{moment[19:-1]}")
    return Stored(int(_header(head, _SEQUENCE)), stored_at, _header(head, _SUBJECT).decode(), body)


def _header(head: bytes, name: bytes) -> bytes:
    # From the end, where the server adds its own: a publisher's header of the same name cannot stand in for it.
    start = head.rfind(b"\r\n" + name)
    if start < 0:
        raise _away()
    start += 2 + len(name)
    return head[start : head.index(b"\r", start)]


def _away() -> Unavailable:
    return Unavailable("The events are away for the moment. Try again.", reason="EVENTS_UNAVAILABLE")
