"""Processes of the stream figures: real consumers between a real bus and a real store, and the parts of it bare.

Each function runs in a process of its own; what it measured comes back through a queue.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event as Signal
from pathlib import Path
from uuid import UUID

from analytics.consumers.events import EventWriter, event_columns, subscriptions
from analytics.consumers.facts import facts_of
from analytics.settings import Settings
from analytics.store.facts import EVENT_FACT
from analytics.store.opening import open_store
from analytics.store.port import ColumnStore
from chassis.consumer import Consumer
from chassis.envelope import stream_name, subject
from chassis.ids import uuid7
from chassis.interpreter import set_up
from chassis.pulling import Pull
from chassis.streams import connect, declare_dead_letters, declare_stream
from funia.contacts.v1.events_pb2 import ContactChanged
from funia.events.v1.envelope_pb2 import Envelope
from funia.sales.v1.events_pb2 import DealChanged, OrderChanged, OrderedLine
from google.protobuf.message import Message
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from bench.analytics_facts import SHOP, BareEngine, Blocks, blocks_of

SERVICES = ("contacts", "sales")
_PUBLISHED_AT_ONCE = 500
_ENOUGH_S = 120.0
_LOOK_EVERY_S = 0.02
_BATCH = 5_000
_SINCE = """SELECT toUnixTimestamp64Micro(occurred_at) FROM event_fact
 ORDER BY occurred_at LIMIT {limit:UInt32} OFFSET {seen:UInt32}"""


def example_events(count: int) -> list[Envelope]:
    """What a shop tells: half about people, a quarter each of orders with three lines and of deals."""
    chance = random.Random(3)
    now = datetime.now(UTC)
    return [_event(_payload(number % 4, chance), number + 1, now) for number in range(count)]


def fill_streams(nats_url: str, count: int) -> None:
    """Publishes so many events, each acknowledged."""
    asyncio.run(_fill(nats_url, example_events(count)))


def ingest(state_dir: str, nats_url: str, count: int, taken: Queue[float]) -> None:
    """Reads both streams to their ends into a new store; gives the events a second from the start to the last."""
    settings = Settings(state_dir=Path(state_dir), nats_url=nats_url)
    store = open_store(settings)

    set_up(settings)

    async def consume() -> float:
        async with _consuming(store, settings):
            started = time.monotonic()
            while await asyncio.to_thread(_counted, store) < count:
                if time.monotonic() - started > _ENOUGH_S:
                    raise TimeoutError(f"{count} events were not stored within {_ENOUGH_S:.0f} s")
                await asyncio.sleep(_LOOK_EVERY_S)
            return time.monotonic() - started

    taken.put(count / asyncio.run(consume()))
    store.close()


def ingest_bare(state_dir: str, nats_url: str, count: int, taken: Queue[float]) -> None:
    """The floor: bare fetches of the same messages, then blocks made ahead into bare tables; events a second."""
    settings = Settings(state_dir=Path(state_dir), nats_url=nats_url)
    store = open_store(settings)
    bare = BareEngine(Path(state_dir), threads=1)
    bare.make_bare()
    events = example_events(count)
    ahead = [_blocks(events[start : start + _BATCH]) for start in range(0, count, _BATCH)]
    seconds = asyncio.run(_fetch_all(settings, count))
    started = time.monotonic()
    for blocks in ahead:
        for table, data in blocks:
            bare.insert(table, data)
    taken.put(count / (seconds + time.monotonic() - started))
    bare.close()
    store.close()


def watch(state_dir: str, nats_url: str, count: int, ready: Signal, lags_ms: Queue[list[float]]) -> None:
    """Asks a report all the time while events come; gives for each the milliseconds until a report counted it."""
    settings = Settings(state_dir=Path(state_dir), nats_url=nats_url)
    store = open_store(settings)
    set_up(settings)
    lags: list[float] = []

    async def consume() -> None:
        async with _consuming(store, settings):
            ready.set()
            deadline = time.monotonic() + _ENOUGH_S
            while len(lags) < count and time.monotonic() < deadline:
                rows = await asyncio.to_thread(store.for_tenant(SHOP).query, _SINCE, limit=count, seen=len(lags))
                now = time.time()
                lags.extend((now - int(row[0]) / 1e6) * 1000 for row in rows)
                await asyncio.sleep(_LOOK_EVERY_S)

    asyncio.run(consume())
    lags_ms.put(lags)
    store.close()


def publish_paced(nats_url: str, per_s: int, seconds: float, begin: Signal) -> None:
    """Publishes that many events a second, each with the moment it was sent."""
    events = example_events(int(per_s * seconds))

    async def publish() -> None:
        client = await connect(Settings(nats_url=nats_url), "bench-publisher")
        context = client.jetstream()
        await asyncio.to_thread(begin.wait)
        started = time.monotonic()
        sending = []
        for number, event in enumerate(events):
            wait = started + number / per_s - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            event.occurred_at.FromNanoseconds(time.time_ns())
            body = event.SerializeToString()
            sending.append(asyncio.ensure_future(context.publish(subject(event.type, event.tenant_id), body)))
        await asyncio.gather(*sending)
        await client.close()

    asyncio.run(publish())


@asynccontextmanager
async def _consuming(store: ColumnStore, settings: Settings) -> AsyncIterator[None]:
    client = await connect(settings, "bench-analytics")
    await _declare(client, settings)
    writer = EventWriter(
        store,
        max_rows=settings.analytics_insert_max_rows,
        interval_s=settings.analytics_insert_interval_ms / 1000,
        timeout_s=settings.analytics_insert_timeout_s,
    )
    consumers = [Consumer(one, settings, client) for one in subscriptions(writer) if one.service in SERVICES]
    running = [asyncio.create_task(consumer.run()) for consumer in consumers]
    try:
        yield
    finally:
        for consumer in consumers:
            consumer.stop()
        await asyncio.gather(*running)
        writer.close()
        await client.close()


async def _declare(client: Client, settings: Settings) -> None:
    for service in SERVICES:
        await declare_stream(client, service, settings)
    await declare_dead_letters(client, settings)


async def _fill(nats_url: str, events: Sequence[Envelope]) -> None:
    settings = Settings(nats_url=nats_url)
    client = await connect(settings, "bench-filler")
    await _declare(client, settings)
    context = client.jetstream()
    for start in range(0, len(events), _PUBLISHED_AT_ONCE):
        await asyncio.gather(
            *(
                context.publish(subject(event.type, event.tenant_id), event.SerializeToString())
                for event in events[start : start + _PUBLISHED_AT_ONCE]
            )
        )
    await client.close()


async def _fetch_all(settings: Settings, count: int) -> float:
    """Seconds for fetching every message once, with one acknowledgement a batch and nothing read."""
    client = await connect(settings, "bench-floor")
    seconds = 0.0
    fetched = 0
    for service in SERVICES:
        stream = stream_name(service)
        config = ConsumerConfig(durable_name="bench-floor", ack_policy=AckPolicy.ALL, max_ack_pending=2 * _BATCH)
        await client.jetstream().add_consumer(stream, config)
        async with Pull(client, stream, "bench-floor") as pull:
            started = time.monotonic()
            while messages := await pull.fetch(_BATCH, wait_s=0.2):
                await messages[-1].ack_sync(timeout=5)
                fetched += len(messages)
                last = time.monotonic()
            seconds += last - started
        await client.jetstream().delete_consumer(stream, "bench-floor")
    await client.close()
    if fetched < count:
        raise RuntimeError(f"only {fetched} of {count} events were fetched")
    return seconds


def _counted(store: ColumnStore) -> int:
    return int(store.for_tenant(SHOP).query("SELECT count() FROM event_fact", repeats=True)[0][0])


def _blocks(events: Sequence[Envelope]) -> Blocks:
    return blocks_of([(EVENT_FACT, event_columns(events)), *facts_of(events)])


def _event(payload: tuple[str, UUID, Message], version: int, now: datetime) -> Envelope:
    kind, record_id, said = payload
    envelope = Envelope(
        id=str(uuid7()), type=kind, tenant_id=str(SHOP), subject_id=str(record_id), aggregate_version=version,
        correlation_id=str(uuid7()), payload=said.SerializeToString(), payload_type=said.DESCRIPTOR.full_name,
    )  # fmt: skip
    envelope.actor.type, envelope.actor.id = "user", str(SHOP)
    envelope.changed_fields.extend(("owner_id", "status"))
    envelope.occurred_at.FromDatetime(now)
    return envelope


def _payload(kind: int, chance: random.Random) -> tuple[str, UUID, Message]:
    record_id, owner = uuid7(), str(UUID(int=chance.randrange(1, 40)))
    if kind < 2:
        said: Message = ContactChanged(
            contact_id=str(record_id), lifecycle_stage="lead", language="en", country_code="DE", owner_id=owner
        )
        return "contacts.contact.updated", record_id, said
    if kind == 2:
        lines = [
            OrderedLine(line_id=str(uuid7()), product_id=str(UUID(int=chance.randrange(1, 2000))), quantity_milli=1000,
                        list_minor=1990, net_minor=1990, gross_minor=1990)
            for _ in range(3)
        ]  # fmt: skip
        said = OrderChanged(
            order_id=str(record_id), status="confirmed", channel="pos", contact_id=str(uuid7()), owner_id=owner,
            currency_code="EUR", ordered_on="2026-11-01", net_minor=5970, gross_minor=5970, home_currency_code="EUR",
            home_minor=5970, lines=lines,
        )  # fmt: skip
        return "sales.order.placed", record_id, said
    said = DealChanged(
        deal_id=str(record_id), status="open", pipeline_id=str(UUID(int=1)), stage_id=str(UUID(int=2)), owner_id=owner,
        currency_code="EUR", amount_minor=100_000, home_currency_code="EUR", home_amount_minor=100_000,
    )  # fmt: skip
    return "sales.deal.updated", record_id, said
