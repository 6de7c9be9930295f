"""Processes of the event figures: a paced writer with its relay, a real consumer, and the plain bus beside them.

Each function runs in a process of its own; what it measured comes back through a queue.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event as Signal
from uuid import UUID, uuid4

import nats
from chassis.caller import Caller
from chassis.consumer import Consumer
from chassis.envelope import Event
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.streams import connect, declare_stream
from chassis.subscriptions import Received, Subscription
from chassis.work import Database, Work
from funia.contacts.v1.events_pb2 import ContactChanged

SERVICE = "bench"
_WRITERS = 4
_ENOUGH_S = 60.0
_PUBLISHED_AT_ONCE = 256


def example_event(version: int = 1) -> Event:
    """An event like those of a contact."""
    subject_id = uuid4()
    payload = ContactChanged(contact_id=str(subject_id), lifecycle_stage="lead", language="en", country_code="DE")
    return Event(f"{SERVICE}.write.made", subject_id, version, payload)


def write_events(database_url: str, relay_url: str, nats_url: str, per_s: int, seconds: float, begin: Signal) -> None:
    """Commits that many units of work a second, each with one event, and relays them as a service does."""
    settings = Settings(database_url=database_url, relay_database_url=relay_url, nats_url=nats_url)
    database = Database(settings)

    async def relay_while_writing() -> None:
        client = await connect(settings, "bench-writer")
        relay = Relay(SERVICE, settings, client)
        database.on_events_committed.append(relay.wake)
        relaying = asyncio.create_task(relay.run())
        await asyncio.to_thread(begin.wait)
        await asyncio.to_thread(_write_paced, database, per_s, seconds)
        await asyncio.sleep(2.0)
        relaying.cancel()
        await client.close()

    asyncio.run(relay_while_writing())
    database.close()


def read_events(database_url: str, nats_url: str, count: int, ready: Signal, lags_ms: Queue[list[float]]) -> None:
    """Consumes with the frame's consumer; gives for each event the milliseconds since its work began."""
    settings = Settings(database_url=database_url, nats_url=nats_url)
    lags: list[float] = []

    def handle(_work: Work, events: Sequence[Received]) -> None:
        now = time.time()
        lags.extend((now - event.envelope.occurred_at.ToNanoseconds() / 1e9) * 1000 for event in events)

    async def consume() -> None:
        client = await connect(settings, "bench-reader")
        await declare_stream(client, SERVICE, settings)
        database = Database(settings)
        consumer = Consumer(
            Subscription("bench-reader", SERVICE, ("bench.write.*",), handle), settings, client, database
        )
        running = asyncio.create_task(consumer.run())
        await asyncio.sleep(1.0)
        ready.set()
        deadline = time.monotonic() + _ENOUGH_S
        while len(lags) < count and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        consumer.stop()
        await running
        await client.close()
        database.close()

    asyncio.run(consume())
    lags_ms.put(lags)


def publish_plainly(nats_url: str, per_s: int, seconds: float, begin: Signal) -> None:
    """Publishes that many messages a second, each with the time it was sent, each acknowledged."""

    async def publish() -> None:
        client = await nats.connect(nats_url)
        jetstream = client.jetstream()
        await asyncio.to_thread(begin.wait)
        started = time.monotonic()
        sending = []
        for number in range(int(per_s * seconds)):
            wait = started + number / per_s - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            sending.append(asyncio.ensure_future(jetstream.publish("bench-plain.x", str(time.time()).encode())))
        await asyncio.gather(*sending)
        await client.close()

    asyncio.run(publish())


def listen_plainly(nats_url: str, count: int, ready: Signal, lags_ms: Queue[list[float]]) -> None:
    """Gets the messages as a plain JetStream consumer; gives the milliseconds each was on its way."""

    async def listen() -> None:
        client = await nats.connect(nats_url)
        jetstream = client.jetstream()
        await jetstream.add_stream(name="BENCH_PLAIN", subjects=["bench-plain.>"])
        subscription = await jetstream.subscribe("bench-plain.>", pending_msgs_limit=0)
        ready.set()
        lags: list[float] = []
        deadline = time.monotonic() + _ENOUGH_S
        while len(lags) < count and time.monotonic() < deadline:
            message = await subscription.next_msg(timeout=_ENOUGH_S)
            lags.append((time.time() - float(message.data)) * 1000)
            await message.ack()
        await jetstream.delete_stream("BENCH_PLAIN")
        await client.close()
        lags_ms.put(lags)

    asyncio.run(listen())


def drain_outbox(relay_url: str, nats_url: str, taken: Queue[tuple[int, float]]) -> None:
    """Publishes all that is pending; gives how many and in how many seconds."""
    settings = Settings(relay_database_url=relay_url, nats_url=nats_url)

    async def drain() -> None:
        client = await connect(settings, "bench-drain")
        await declare_stream(client, SERVICE, settings)
        started = time.monotonic()
        count = await Relay(SERVICE, settings, client).drain()
        taken.put((count, time.monotonic() - started))
        await client.close()

    asyncio.run(drain())


def publish_concurrently(nats_url: str, body: bytes, count: int, taken: Queue[tuple[int, float]]) -> None:
    """Publishes with ids through nats-py, many at once, each acknowledged; gives count and seconds."""

    async def publish() -> None:
        client = await nats.connect(nats_url, pending_size=64 * 1024 * 1024)
        jetstream = client.jetstream()
        await jetstream.add_stream(name="BENCH_FLOOR", subjects=["bench-floor.>"])
        started = time.monotonic()
        for first in range(0, count, _PUBLISHED_AT_ONCE):
            await asyncio.gather(
                *(
                    jetstream.publish("bench-floor.x", body, headers={"Nats-Msg-Id": str(number)})
                    for number in range(first, min(count, first + _PUBLISHED_AT_ONCE))
                )
            )
        taken.put((count, time.monotonic() - started))
        await jetstream.delete_stream("BENCH_FLOOR")
        await client.close()

    asyncio.run(publish())


def _write_paced(database: Database, per_s: int, seconds: float) -> None:
    caller = Caller.system(uuid4())
    started = time.monotonic()

    def write(writer: int) -> None:
        for number in range(writer, int(per_s * seconds), _WRITERS):
            wait = started + number / per_s - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            with database.open_work(caller) as work:
                work.record(example_event())

    writers = [threading.Thread(target=write, args=(number,)) for number in range(_WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()


def seed_tenant() -> UUID:
    """The tenant of seeded events."""
    return UUID(int=1)
