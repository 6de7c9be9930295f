"""Readers of the event replay figure: pages over HTTP, and plain JetStream fetches beside them.

Each function runs in a process of its own; what it measured comes back through a queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from uuid import UUID, uuid4

import httpx
import nats
import orjson
from chassis.caller import Caller
from chassis.envelope import Event, enclose, stream_name, subject
from chassis.settings import Settings
from chassis.streams import Outgoing, connect, publish_batch
from funia.contacts.v1.events_pb2 import ContactChanged
from nats.js.api import AckPolicy, ConsumerConfig

SERVICE = "support"
"""The service whose stream is read; nobody builds views from its events."""
_PAGE = 5_000
_FETCHED = 500
_TIMEOUT_S = 60.0


def publish_events(nats_url: str, tenants: Sequence[UUID], each: int) -> None:
    """Puts that many events of each tenant into the stream, mixed as if all worked at once."""

    async def publish() -> None:
        settings = Settings(nats_url=nats_url)
        client = await connect(settings, "bench-history")
        now = datetime.now(UTC)
        for _ in range(each // _FETCHED):
            batch = [_outgoing(tenant, now) for _ in range(_FETCHED) for tenant in tenants]
            await publish_batch(client, batch, timeout_s=_TIMEOUT_S, concurrency=256)
        await client.close()

    asyncio.run(publish())


def publish_at_a_pace(nats_url: str, tenant_id: UUID, count: int, *, every_s: float) -> None:
    """Puts events of one tenant into the stream, one after the other."""

    async def publish() -> None:
        client = await connect(Settings(nats_url=nats_url), "bench-pace")
        for _ in range(count):
            one = _outgoing(tenant_id, datetime.now(UTC))
            await publish_batch(client, [one], timeout_s=_TIMEOUT_S, concurrency=1)
            await asyncio.sleep(every_s)
        await client.close()

    asyncio.run(publish())


def read_pages(url: str, token: str, begin: Barrier, taken: Queue[tuple[int, float, float]]) -> None:
    """Replays everything by the event API; gives how many events, and the moments of beginning and end."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT_S) as http:
        query: dict[str, str | int] = {"type": f"{SERVICE}.*", "page_size": _PAGE}
        http.get("/v1/events", params={**query, "page_size": 1}).raise_for_status()
        begin.wait(_TIMEOUT_S)
        started, count, cursor, has_more = time.time(), 0, "", True
        while has_more:
            page = orjson.loads(http.get("/v1/events", params={**query, "after": cursor}).raise_for_status().content)
            count += len(page["events"])
            cursor, has_more = page["next_cursor"], page["has_more"]
        taken.put((count, started, time.time()))


def fetch_plainly(nats_url: str, tenant_id: UUID, begin: Barrier, taken: Queue[tuple[int, float, float]]) -> None:
    """Reads the same events as bytes by a pull consumer of nats-py."""

    async def fetch() -> None:
        client = await nats.connect(nats_url)
        pull = await client.jetstream().pull_subscribe(
            subject(f"{SERVICE}.>", tenant_id),
            stream=stream_name(SERVICE),
            config=ConsumerConfig(ack_policy=AckPolicy.NONE),
            pending_msgs_limit=0,
            pending_bytes_limit=0,
        )
        pending = (await pull.consumer_info()).num_pending or 0
        await asyncio.to_thread(begin.wait, _TIMEOUT_S)
        started, count = time.time(), 0
        while count < pending:
            count += len(await pull.fetch(_FETCHED, timeout=_TIMEOUT_S))
        taken.put((count, started, time.time()))
        await client.close()

    asyncio.run(fetch())


def _outgoing(tenant_id: UUID, now: datetime) -> Outgoing:
    subject_id = uuid4()
    payload = ContactChanged(contact_id=str(subject_id), lifecycle_stage="lead", language="en", owner_id=str(uuid4()))
    event = Event(f"{SERVICE}.bench.made", subject_id, 1, payload, ("score",))
    body = enclose(event, Caller.system(tenant_id, request_id=str(uuid4())), now=now).SerializeToString()
    return Outgoing(str(event.id), subject(event.type, tenant_id), body)
