"""The event API as server-sent events, over a real bus and real HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import uvicorn
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.testing.bus import TestBus
from funia.contacts.v1.events_pb2 import ContactChanged
from gateway.composition import Identity
from gateway.eventlog.bus_thread import open_reader
from gateway.eventlog.stream import EventStreams
from gateway.identity.access_tokens import Rights
from gateway.live.app import live_app
from gateway.live.feed import Feeds


@pytest.fixture(scope="module")
def bus(identity: Identity, nats_url: str) -> Iterator[TestBus]:
    opened = TestBus(identity.settings.model_copy(update={"nats_url": nats_url}), ["contacts", "identity"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(identity: Identity, bus: TestBus) -> Iterator[str]:
    """Where a live server listens that writes small batches and beats fast."""
    update = {"live_heartbeat_s": 0.4, "event_stream_batch": 7, "live_clients_per_tenant": 2}
    settings = bus.settings.model_copy(update=update)
    listening = socket.create_server(("127.0.0.1", 0))
    started = threading.Event()
    parts: dict[str, Any] = {}

    async def run() -> None:
        client, reader = await open_reader(settings, "stream-test")
        streams = EventStreams(client, reader, identity.verifier, identity.proofs, identity.database, settings)
        feeds = Feeds(client, queue=20, replay=10, per_tenant=3, linger_s=1)
        local = Identity(**{**{name: getattr(identity, name) for name in identity.__slots__}, "settings": settings})
        app = live_app(local, feeds, streams)
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
        parts["server"] = server
        started.set()
        await server.serve(sockets=[listening])
        await client.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert started.wait(10)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1/events:stream"
    parts["server"].should_exit = True
    thread.join(10)


class Reading:
    """Frames of one open stream."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.iter_lines()
        self.cursor = ""

    def next(self) -> tuple[str, dict[str, Any]]:
        """Kind and body of the next frame; heartbeats are passed over."""
        kind, body = "", {}
        for line in self._lines:
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("id: "):
                self.cursor = line[4:]
            elif line.startswith("data: "):
                body = json.loads(line[6:])
            elif not line and body:
                return kind or "message", body
        return "closed", {}

    def ids(self, count: int) -> list[str]:
        """Ids of that many events."""
        return [self.next()[1]["id"] for _ in range(count)]


def bearer(identity: Identity, company: Any, scopes: str = "contacts.read", visibility: str = "all") -> dict[str, str]:
    rights = Rights(
        company.tenant_id,
        company.owner_id,
        "user",
        "t",
        frozenset(scopes.split()),
        visibility,  # type: ignore[arg-type]
    )
    return {"Authorization": f"Bearer {identity.tokens.issue(rights)}"}


def publish(bus: TestBus, company: Any, count: int = 1) -> list[str]:
    events = []
    for _ in range(count):
        which = uuid7()
        payload = ContactChanged(contact_id=str(which))
        events.append(Event("contacts.contact.created", which, 1, payload, (), datetime.now(UTC)))
    bus.publish(Caller.system(company.tenant_id), *events)
    return [str(event.id) for event in events]


def test_the_stream_replays_then_follows_and_holds_nobody_elses_events(
    address: str, bus: TestBus, identity: Identity, acme: Any, other: Any
) -> None:
    before = publish(bus, acme, 20)
    publish(bus, other, 3)
    with httpx.stream("GET", address, headers=bearer(identity, acme), timeout=10) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        reading = Reading(response)
        assert reading.ids(20) == before
        publish(bus, other)
        after = publish(bus, acme, 2)
        assert reading.ids(2) == after


def test_a_reader_that_comes_back_misses_nothing_and_gets_nothing_twice(
    address: str, bus: TestBus, identity: Identity, acme: Any
) -> None:
    sent = publish(bus, acme, 15)
    headers = bearer(identity, acme)
    with httpx.stream("GET", address, headers=headers, timeout=10) as response:
        first = Reading(response)
        assert first.ids(5) == sent[:5]
    sent += publish(bus, acme, 4)
    with httpx.stream("GET", address, headers={**headers, "Last-Event-ID": first.cursor}, timeout=10) as response:
        assert Reading(response).ids(14) == sent[5:]


def test_the_stream_from_latest_tells_only_what_is_new(
    address: str, bus: TestBus, identity: Identity, acme: Any
) -> None:
    publish(bus, acme, 5)
    url = f"{address}?after=latest&type=contacts.contact.*"
    with httpx.stream("GET", url, headers=bearer(identity, acme), timeout=10) as response:
        new = publish(bus, acme)
        assert Reading(response).ids(1) == new


def test_the_stream_ends_when_its_token_does(address: str, identity: Identity, acme: Any) -> None:
    headers = bearer(identity, acme)
    with httpx.stream("GET", address, headers=headers, timeout=10) as response:
        # The clock goes past the end of the token, for this verifier only.
        verifier = identity.verifier
        clock = verifier._clock
        verifier._clock = lambda: time.time() + 10_000
        try:
            assert Reading(response).next() == ("ended", {"reason": "TOKEN_EXPIRED"})
        finally:
            verifier._clock = clock


def test_a_stranger_a_narrow_view_and_a_foreign_cursor_are_refused(
    address: str, bus: TestBus, identity: Identity, acme: Any, other: Any
) -> None:
    assert httpx.get(address).status_code == 401
    narrow = httpx.get(address, headers=bearer(identity, acme, visibility="own"))
    assert (narrow.status_code, narrow.json()["reason"]) == (403, "VISIBILITY_TOO_NARROW")
    publish(bus, acme)
    with httpx.stream("GET", address, headers=bearer(identity, acme), timeout=10) as response:
        reading = Reading(response)
        reading.next()
    foreign = httpx.get(address, headers={**bearer(identity, other), "Last-Event-ID": reading.cursor})
    assert (foreign.status_code, foreign.json()["reason"]) == (400, "INVALID_CURSOR")


def test_too_many_streams_of_one_company_are_refused_and_places_come_back(
    address: str, identity: Identity, acme: Any, other: Any
) -> None:
    headers = bearer(identity, acme)
    with (
        httpx.stream("GET", address, headers=headers, timeout=10) as one,
        httpx.stream("GET", address, headers=headers, timeout=10) as two,
    ):
        lines = [response.iter_lines() for response in (one, two)]
        assert [next(each) for each in lines] == ["retry: 2000", "retry: 2000"]
        assert httpx.get(address, headers=headers).status_code == 429
        with httpx.stream("GET", address, headers=bearer(identity, other), timeout=10) as response:
            assert response.status_code == 200
    end = time.monotonic() + 5
    status = 0
    while status != 200 and time.monotonic() < end:
        with httpx.stream("GET", address, headers=headers, timeout=10) as response:
            status = response.status_code
    assert status == 200
