"""The live stream over a real NATS server and real HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import nats
import pytest
import uvicorn
from chassis.caller import Caller
from chassis.envelope import Event, enclose, subject
from chassis.streams import connect
from chassis.testing.proofs import ProofMaker
from funia.contacts.v1.events_pb2 import ContactChanged
from gateway.composition import Identity
from gateway.eventlog.bus_thread import open_reader
from gateway.eventlog.stream import EventStreams
from gateway.identity.access_tokens import Rights
from gateway.identity.roles import ROLES
from gateway.live.app import live_app
from gateway.live.feed import Feeds, Listener, read_event

Publish = Callable[..., str]


class Stream:
    """Lines of one open stream, read as events."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.iter_lines()

    def next(self) -> tuple[str, dict[str, Any], str]:
        """Kind, body and id of the next event; heartbeats come as ("heartbeat", {}, "")."""
        kind, body, event_id = "change", {}, ""
        for line in self._lines:
            if line.startswith(": "):
                return "heartbeat", {}, ""
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("id: "):
                event_id = line[4:]
            elif line.startswith("data: "):
                body = json.loads(line[6:])
            elif not line:
                return kind, body, event_id
        return "closed", {}, ""


@pytest.fixture(scope="module")
def live(identity: Identity, nats_url: str) -> Iterator[tuple[str, Publish]]:
    """The address of a live server with a small queue, and a way to publish events."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    loop = asyncio.new_event_loop()
    settings = identity.settings.model_copy(update={"nats_url": nats_url, "live_heartbeat_s": 0.3})
    started = threading.Event()
    parts: dict[str, Any] = {}

    async def run() -> None:
        client = await connect(settings, "live-test")
        feeds = Feeds(client, queue=20, replay=10, per_tenant=3, linger_s=1)
        history_client, reader = await open_reader(settings, "history-test")
        streams = EventStreams(history_client, reader, identity.verifier, identity.proofs, identity.database, settings)
        local = Identity(**{**{name: getattr(identity, name) for name in identity.__slots__}, "settings": settings})
        server = uvicorn.Server(
            uvicorn.Config(
                live_app(local, feeds, streams), lifespan="off", log_config=None, timeout_graceful_shutdown=1
            )
        )
        parts.update(client=client, server=server, feeds=feeds)
        started.set()
        await server.serve(sockets=[listening])
        await client.close()
        await history_client.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert started.wait(10)

    def publish(tenant_id: UUID, type_: str = "contacts.contact.updated", count: int = 1) -> str:
        async def send() -> str:
            client = await nats.connect(nats_url)
            last = ""
            for _ in range(count):
                event = Event(type_, tenant_id, 1, ContactChanged(contact_id="x", source="secret"))
                envelope = enclose(event, Caller.system(tenant_id), now=datetime.now(UTC))
                await client.publish(subject(type_, tenant_id), envelope.SerializeToString())
                last = envelope.id
            await client.flush()
            await client.close()
            return last

        return asyncio.run_coroutine_threadsafe(send(), loop).result(10)

    yield address, publish
    parts["server"].should_exit = True
    thread.join(10)
    loop.close()


def bearer(identity: Identity, company: Any, role: str = "owner") -> dict[str, str]:
    rights = Rights(company.tenant_id, company.owner_id, "user", "t", ROLES[role].scopes, ROLES[role].visibility)
    return {"Authorization": f"Bearer {identity.tokens.issue(rights)}"}


def test_company_hears_its_own_events_without_payload_and_nobody_elses(
    live: Any, identity: Identity, acme: Any, other: Any
) -> None:
    address, publish = live
    with httpx.stream("GET", f"{address}/live/events", headers=bearer(identity, acme), timeout=10) as response:
        stream = Stream(response)
        assert stream.next()[0] == "ready"
        publish(other.tenant_id)
        sent = publish(acme.tenant_id)
        kind, body, event_id = stream.next()
        assert (kind, event_id, body["type"]) == ("change", sent, "contacts.contact.updated")
        assert set(body) == {"type", "subject_id", "occurred_at", "actor", "version"}
        assert body["subject_id"] == str(acme.tenant_id)
    assert response.headers["content-type"].startswith("text/event-stream")


def test_a_bound_token_listens_with_its_proof_alone(live: Any, identity: Identity, acme: Any) -> None:
    address, publish = live
    key = ProofMaker()
    rights = Rights(acme.tenant_id, acme.owner_id, "user", "t", ROLES["owner"].scopes, "all")
    token = identity.tokens.issue(replace(rights, key_thumbprint=key.thumbprint))
    proof = key.proof("GET", f"{identity.settings.issuer}/live/events", token)
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
    with httpx.stream("GET", f"{address}/live/events", headers=headers, timeout=10) as response:
        stream = Stream(response)
        assert stream.next()[0] == "ready"
        assert stream.next()[0] == "heartbeat"  # looked at again, and good though the proof is used up
        sent = publish(acme.tenant_id)
        said = stream.next()
        while said[0] != "closed" and not said[2]:  # between heartbeats
            said = stream.next()
        assert said[2] == sent
    again = httpx.get(f"{address}/live/events", headers=headers)
    assert (again.status_code, again.json()["reason"]) == (401, "PROOF_INVALID")
    assert 'error="invalid_dpop_proof"' in again.headers["WWW-Authenticate"]
    plain = httpx.get(f"{address}/live/events", headers={"Authorization": f"Bearer {token}"})
    assert (plain.status_code, plain.json()["reason"]) == (401, "TOKEN_BOUND")


def test_types_narrow_and_scopes_limit_the_stream(live: Any, identity: Identity, acme: Any) -> None:
    address, publish = live
    url = f"{address}/live/events?types=contacts.contact.,identity."
    with httpx.stream("GET", url, headers=bearer(identity, acme, "clerk"), timeout=10) as response:
        stream = Stream(response)
        stream.next()
        publish(acme.tenant_id, "contacts.account.created")
        publish(acme.tenant_id, "analytics.rfm.changed")
        sent = publish(acme.tenant_id, "contacts.contact.created")
        assert stream.next()[2] == sent
    with httpx.stream("GET", f"{address}/live/events", headers=bearer(identity, acme, "clerk"), timeout=10) as response:
        stream = Stream(response)
        stream.next()
        publish(acme.tenant_id, "support.ticket.created")
        sent = publish(acme.tenant_id, "sales.deal.created")
        assert stream.next()[2] == sent


def test_stranger_foreign_page_and_bad_types_are_refused(live: Any, identity: Identity, acme: Any) -> None:
    url = f"{live[0]}/live/events"
    assert httpx.get(url).status_code == 401
    assert httpx.get(url, headers={"Authorization": "Bearer x.y.z"}).status_code == 401
    opened = identity.sessions.open(acme.owner_id, acme.tenant_id)
    evil = httpx.get(url, cookies={"funia_session": opened.secret}, headers={"Origin": "https://evil.example"})
    assert evil.status_code == 403
    assert "access-control-allow-origin" not in evil.headers
    bad = httpx.get(url, params={"types": "funia.>"}, headers=bearer(identity, acme))
    assert (bad.status_code, bad.json()["violations"][0]["field"]) == (400, "types")


def test_console_session_opens_the_stream_from_the_gateways_origin_and_log_out_ends_it(
    live: Any, identity: Identity, acme: Any
) -> None:
    opened = identity.sessions.open(acme.owner_id, acme.tenant_id)
    with httpx.stream(
        "GET",
        f"{live[0]}/live/events",
        cookies={"funia_session": opened.secret},
        headers={"Origin": identity.settings.issuer},
        timeout=10,
    ) as response:
        assert response.headers["access-control-allow-origin"] == identity.settings.issuer
        assert response.headers["access-control-allow-credentials"] == "true"
        stream = Stream(response)
        assert stream.next()[0] == "ready"
        assert stream.next()[0] == "heartbeat"
        identity.sessions.end(opened.secret)
        kinds = [stream.next()[0] for _ in range(3)]
        assert "ended" in kinds


def test_quick_reconnect_replays_and_a_late_one_is_told_to_read_anew(live: Any, identity: Identity, acme: Any) -> None:
    address, publish = live
    headers = bearer(identity, acme)
    url = f"{address}/live/events"
    with httpx.stream("GET", url, headers=headers, timeout=10) as response:
        stream = Stream(response)
        assert stream.next()[0] == "ready"
        first = publish(acme.tenant_id)
        assert stream.next()[2] == first
    missed = publish(acme.tenant_id)
    with httpx.stream("GET", url, headers={**headers, "Last-Event-ID": first}, timeout=10) as response:
        stream = Stream(response)
        assert stream.next()[0] == "ready"
        assert stream.next()[2] == missed
    time.sleep(2)
    with httpx.stream("GET", url, headers={**headers, "Last-Event-ID": first}, timeout=10) as response:
        assert Stream(response).next()[0] == "resync"


def test_too_many_streams_of_one_company_are_refused_and_places_come_back(
    live: Any, identity: Identity, acme: Any, other: Any
) -> None:
    url, headers = f"{live[0]}/live/events", bearer(identity, acme)
    with (
        httpx.stream("GET", url, headers=headers, timeout=10) as one,
        httpx.stream("GET", url, headers=headers, timeout=10) as two,
        httpx.stream("GET", url, headers=headers, timeout=10) as three,
    ):
        for response in (one, two, three):
            assert response.status_code == 200
        assert httpx.get(url, headers=headers).status_code == 429
        with httpx.stream("GET", url, headers=bearer(identity, other), timeout=10) as response:
            assert response.status_code == 200
    end = time.monotonic() + 5
    status = 0
    while status != 200 and time.monotonic() < end:
        with httpx.stream("GET", url, headers=headers, timeout=10) as response:
            status = response.status_code
    assert status == 200


def test_slow_reader_is_dropped_with_a_word_and_told_why(live: Any, identity: Identity, acme: Any) -> None:
    address, publish = live
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        token = bearer(identity, acme)["Authorization"]
        reader.sendall(f"GET /live/events HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
        time.sleep(0.3)
        for _ in range(10):
            publish(acme.tenant_id, count=5000)
        reader.settimeout(5)
        heard = b""
        while b"event: dropped" not in heard:
            piece = reader.recv(1 << 20)
            assert piece, "the stream ended without a word"
            heard = heard[-200:] + piece
    assert b"TOO_SLOW" in heard


def test_listener_over_its_queue_is_marked_slow_and_others_go_on(acme: Any) -> None:
    async def scenario() -> tuple[bool, bool, int]:
        event = read_event(envelope_of(acme.tenant_id), acme.tenant_id)
        assert event is not None
        slow = Listener(frozenset({"contacts"}), (), asyncio.Queue(2))
        quick = Listener(frozenset({"contacts"}), (), asyncio.Queue(10))
        for _ in range(5):
            slow.offer(event)
            quick.offer(event)
        return slow.is_slow, quick.is_slow, quick.queue.qsize()

    assert asyncio.run(scenario()) == (True, False, 5)


def test_message_of_another_company_under_this_subject_is_not_handed_on(acme: Any, other: Any) -> None:
    assert read_event(envelope_of(other.tenant_id), acme.tenant_id) is None
    assert read_event(b"\xff\xff\xff", acme.tenant_id) is None


def envelope_of(tenant_id: UUID) -> bytes:
    event = Event("contacts.contact.updated", tenant_id, 1, ContactChanged(contact_id="x"))
    return enclose(event, Caller.system(tenant_id), now=datetime.now(UTC)).SerializeToString()
