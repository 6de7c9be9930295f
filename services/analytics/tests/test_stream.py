"""From the bus into the facts: exactly once, through kills, and rebuilt while live."""

from __future__ import annotations

import asyncio
import random
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import pytest
from analytics.consumers.events import EventWriter, store_events, store_facts, subscriptions
from analytics.errors import StoreUnavailable
from analytics.jobs.rebuild import Rebuild, RebuildProgress
from analytics.jobs.rebuild_request import rebuild_listener, request_rebuild
from analytics.queries.people import one_person
from analytics.settings import Settings
from analytics.store.facts import EVENT_FACT
from analytics.store.opening import open_store
from analytics.store.port import ColumnStore
from chassis.consumer import Consumer
from chassis.envelope import stream_name, subject
from chassis.ids import uuid7
from chassis.streams import DEAD_LETTERS, connect, declare_dead_letters, declare_stream
from funia.events.v1.envelope_pb2 import Envelope
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from .telling import line, merged, order

MakeEvent = Callable[..., Envelope]
SOLD = "SELECT count(), sum(net_minor) FROM order_line_fact"
COUNT = "SELECT count(), uniqExact(event_id) FROM event_fact"


def counted(store: ColumnStore, tenant: UUID) -> tuple[int, int]:
    row = store.for_tenant(tenant).query(COUNT)[0]
    return row[0], row[1]


@asynccontextmanager
async def bus(settings: Settings) -> AsyncIterator[Client]:
    """Fresh streams, gone afterwards."""
    client = await connect(settings, "test")
    services = ("contacts", "sales")
    for service in services:
        await declare_stream(client, service, settings)
    await declare_dead_letters(client, settings)
    try:
        yield client
    finally:
        for name in (*(stream_name(service) for service in services), DEAD_LETTERS):
            await client.jetstream().delete_stream(name)
        await client.close()


async def publish(client: Client, events: Sequence[Envelope]) -> None:
    context = client.jetstream()
    for start in range(0, len(events), 200):
        await asyncio.gather(
            *(
                context.publish(subject(event.type, event.tenant_id), event.SerializeToString())
                for event in events[start : start + 200]
            )
        )


@asynccontextmanager
async def consuming(store: ColumnStore, settings: Settings, client: Client) -> AsyncIterator[EventWriter]:
    """The live consumers of the two streams."""
    writer = EventWriter(store, max_rows=5_000, interval_s=0.02, timeout_s=20)
    wanted = [entry for entry in subscriptions(writer) if entry.service in ("contacts", "sales")]
    consumers = [Consumer(entry, settings, client) for entry in wanted]
    tasks = [asyncio.create_task(consumer.run()) for consumer in consumers]
    try:
        yield writer
    finally:
        for consumer in consumers:
            consumer.stop()
        await asyncio.gather(*tasks)
        writer.close()


async def until(holds: Callable[[], bool], *, within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.05)


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 90))


@pytest.fixture
def settings(tmp_path: Path, nats_url: str) -> Settings:
    return Settings(
        state_dir=tmp_path, nats_url=nats_url, consumer_fetch_wait_s=0.3, analytics_rebuild_batch_rows=200,
        analytics_rebuild_silence_s=20,
    )  # fmt: skip


def test_events_of_all_services_and_tenants_reach_their_facts_once(
    embedded_store: ColumnStore, settings: Settings, tenant: UUID, second_tenant: UUID, make_event: MakeEvent
) -> None:
    async def scenario() -> None:
        async with bus(settings) as client, consuming(embedded_store, settings, client):
            mine = [make_event() for _ in range(300)] + [make_event("sales.deal.won") for _ in range(100)]
            theirs = [make_event(tenant_id=second_tenant) for _ in range(50)]
            await publish(client, mine + theirs)
            await publish(client, mine[250:350])
            await until(lambda: counted(embedded_store, tenant) == (400, 400))
            await until(lambda: counted(embedded_store, second_tenant) == (50, 50))

    run(scenario)


def test_a_message_that_is_no_event_is_laid_aside_and_those_around_it_are_counted(
    embedded_store: ColumnStore, settings: Settings, tenant: UUID, make_event: MakeEvent
) -> None:
    async def scenario() -> None:
        async with bus(settings) as client, consuming(embedded_store, settings, client):
            context = client.jetstream()
            await publish(client, [make_event()])
            await context.publish(f"funia.{tenant}.contacts.contact.created", b"\xff\xffnot an envelope")
            await publish(client, [make_event()])
            await until(lambda: counted(embedded_store, tenant) == (2, 2))
            info = await context.stream_info(DEAD_LETTERS)
            assert info.state.messages == 1

    run(scenario)


def test_a_batch_the_store_refuses_is_not_acknowledged_and_comes_again(
    embedded_store: ColumnStore,
    settings: Settings,
    tenant: UUID,
    make_event: MakeEvent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = embedded_store.insert
    refusals = iter([True, True, False])

    def insert(*arguments: object, **options: object) -> None:
        if next(refusals, False):
            raise StoreUnavailable("The disk is full.")
        real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(embedded_store, "insert", insert)

    async def scenario() -> None:
        soon = settings.model_copy(update={"consumer_ack_wait_s": 1.0})
        async with bus(settings) as client, consuming(embedded_store, soon, client):
            await publish(client, [make_event() for _ in range(20)])
            await until(lambda: counted(embedded_store, tenant) == (20, 20))

    run(scenario)


def test_a_worker_killed_again_and_again_counts_every_event_once(
    settings: Settings, tmp_path: Path, nats_url: str, tenant: UUID, second_tenant: UUID, make_event: MakeEvent
) -> None:
    chance = random.Random(20261122)
    program = [sys.executable, str(Path(__file__).with_name("killed_process.py")), str(tmp_path), nats_url]

    async def scenario() -> None:
        async with bus(settings) as client:
            await publish(client, [make_event() for _ in range(3_000)] + [make_event(tenant_id=second_tenant)])
            stored: set[str] = set()
            for _ in range(4):
                stored |= await asyncio.to_thread(_run_and_kill, program, chance.randint(2, 6), chance.random() * 0.05)
            assert 0 < len(stored) < 3_000
            store = open_store(settings)
            try:
                after_kills = counted(store, tenant)[0]
                assert after_kills >= len(stored) - 1, "what was stored before a kill is there after it"
                async with consuming(store, settings.model_copy(update={"consumer_ack_wait_s": 1.0}), client):
                    await until(lambda: counted(store, tenant) == (3_000, 3_000), within_s=40)
                    await until(lambda: counted(store, second_tenant) == (1, 1))
            finally:
                store.close()

    run(scenario)


def _run_and_kill(program: list[str], batches: int, after_s: float) -> set[str]:
    """Kills the worker a moment after it has stored that many batches; gives the events it stored."""
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        stored = {one for _ in range(batches) for one in process.stdout.readline().split()}
        time.sleep(after_s)
        process.kill()
        # The last line may be cut off in the middle of an id.
        return stored | {one for line in process.stdout if line.endswith("\n") for one in line.split()}


def test_a_rebuild_while_events_come_in_ends_with_every_event_once(
    embedded_store: ColumnStore, settings: Settings, tenant: UUID, second_tenant: UUID, make_event: MakeEvent
) -> None:
    async def scenario() -> None:
        async with bus(settings) as client, consuming(embedded_store, settings, client) as writer:
            await publish(client, [make_event() for _ in range(1_000)] + [make_event(tenant_id=second_tenant)])
            await until(lambda: counted(embedded_store, tenant) == (1_000, 1_000))
            # A row that no stream ever had is what a rebuild is for.
            await publish(client, [make_event("sales.deal.won")])
            wrong = make_event("sales.deal.won")
            await asyncio.to_thread(store_events, embedded_store, [wrong])
            reports: list[RebuildProgress] = []
            seen: list[int] = []

            async def keep_coming() -> None:
                for _ in range(10):
                    await publish(client, [make_event("sales.deal.won") for _ in range(20)])
                    seen.append((await asyncio.to_thread(counted, embedded_store, tenant))[1])

            rebuilding = Rebuild(embedded_store, writer, settings, client)
            final, _ = await asyncio.gather(rebuilding.run(reports.append), keep_coming())
            assert final.done
            await until(lambda: counted(embedded_store, tenant) == (1_201, 1_201))
            assert counted(embedded_store, second_tenant) == (1, 1)
            assert min(seen) >= 1_001, "readers never saw a half-built table"
            assert reports[-1].events >= 1_002

    run(scenario)


def test_a_rebuild_keeps_what_the_stream_no_longer_has(
    embedded_store: ColumnStore, settings: Settings, tenant: UUID, make_event: MakeEvent
) -> None:
    async def scenario() -> None:
        async with bus(settings) as client, consuming(embedded_store, settings, client) as writer:
            people = [str(uuid7()), str(uuid7())]
            sold = [order(tenant, lines=[line(100 * at)], contact_id=people[at % 2]) for at in range(1, 4)]
            for one in sold[:2]:
                one.id = str(UUID(int=UUID(one.id).int - (5_000 << 80)))  # recorded five seconds earlier
            old = [make_event() for _ in range(60)] + [make_event("support.ticket.created"), *sold[:2]]
            old.append(merged(tenant, *people))
            await asyncio.to_thread(store_events, embedded_store, old)
            await publish(client, [*old[50:60], sold[2], *(make_event() for _ in range(30))])
            await until(lambda: counted(embedded_store, tenant) == (95, 95))
            # What no event tells is gone after a rebuild.
            stray = order(tenant, lines=[line(9_999)])
            await asyncio.to_thread(store_facts, embedded_store, [stray], token="stray")
            await client.jetstream().purge_stream(stream_name("contacts"), keep=20)
            # Other tests of the run may have left events of support there; of ours, none was ever in a stream.
            with suppress(NotFoundError):
                await client.jetstream().purge_stream(stream_name("support"))
            await Rebuild(embedded_store, writer, settings, client).run(lambda _: None)
            assert await asyncio.to_thread(counted, embedded_store, tenant) == (95, 95)
            assert embedded_store.for_tenant(tenant).query(SOLD) == [(3, 600)]
            customers = f"SELECT groupUniqArray(toString(customer_id)) FROM {one_person('order_fact')}"
            assert embedded_store.for_tenant(tenant).query(customers) == [([people[1]],)]

    run(scenario)


def test_the_command_reaches_the_process_that_owns_the_store(
    embedded_store: ColumnStore, settings: Settings, tenant: UUID, make_event: MakeEvent
) -> None:
    async def scenario() -> None:
        async with bus(settings) as client, consuming(embedded_store, settings, client) as writer:
            assert await request_rebuild(settings, lambda _: None) is False
            listening = asyncio.ensure_future(rebuild_listener(embedded_store, writer, settings)())
            await asyncio.sleep(0.3)
            await publish(client, [make_event() for _ in range(500)])
            await until(lambda: counted(embedded_store, tenant) == (500, 500))
            said: list[str] = []
            assert await request_rebuild(settings, said.append) is True
            # The server is shared with other tests, whose events the streams may still hold.
            read, expected = re.fullmatch(r"(\d+) of (\d+) events", said[-1]).groups()
            assert read == expected
            assert int(read) >= 500
            assert await asyncio.to_thread(counted, embedded_store, tenant) == (500, 500)
            listening.cancel()
            await asyncio.wait([listening])

    run(scenario)


def test_a_failed_rebuild_leaves_the_live_table_as_it_was(
    embedded_store: ColumnStore,
    settings: Settings,
    tenant: UUID,
    make_event: MakeEvent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario() -> None:
        async with bus(settings) as client, consuming(embedded_store, settings, client) as writer:
            await publish(client, [make_event() for _ in range(10)])
            await until(lambda: counted(embedded_store, tenant) == (10, 10))
            with monkeypatch.context() as patch:
                patch.setattr(EVENT_FACT.__class__, "shadow", property(lambda _: "no.such.table"))
                with pytest.raises(StoreUnavailable, match="the live table is as it was"):
                    await Rebuild(embedded_store, writer, settings, client).run(lambda _: None)
            await publish(client, [make_event()])
            await until(lambda: counted(embedded_store, tenant) == (11, 11))

    run(scenario)
