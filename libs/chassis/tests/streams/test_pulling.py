"""Batches of a pull consumer, on a real NATS server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest
from chassis.envelope import stream_name
from chassis.ids import uuid7
from chassis.pulling import Pull, stream_sequence
from chassis.settings import Settings
from chassis.streams import connect, declare_stream
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError


@asynccontextmanager
async def stream_of(nats_url: str) -> AsyncIterator[tuple[Client, str, str]]:
    """A client, a service with an empty stream of its own, and the stream's name."""
    settings = Settings(nats_url=nats_url)
    service = f"pulled{uuid7().hex}"
    client = await connect(settings, "test")
    await declare_stream(client, service, settings)
    yield client, service, stream_name(service)
    await client.jetstream().delete_stream(stream_name(service))
    await client.close()


async def add_consumer(client: Client, stream: str, *, pending: int = 1_000) -> Pull:
    config = ConsumerConfig(durable_name="worker", ack_policy=AckPolicy.EXPLICIT, ack_wait=30, max_ack_pending=pending)
    await client.jetstream().add_consumer(stream, config)
    return Pull(client, stream, "worker")


async def publish(client: Client, service: str, bodies: range) -> None:
    for number in bodies:
        await client.jetstream().publish(f"funia.tenant.{service}.thing.made", str(number).encode())


def run(scenario: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_messages_come_in_order_and_each_once(nats_url: str) -> None:
    async def scenario() -> None:
        async with stream_of(nats_url) as (client, service, stream):
            await publish(client, service, range(25))
            async with await add_consumer(client, stream) as pull:
                got = [await pull.fetch(10, wait_s=1) for _ in range(3)]
                assert [len(batch) for batch in got] == [10, 10, 5]
                assert [int(message.data) for batch in got for message in batch] == list(range(25))

    run(scenario)


def test_a_fetch_returns_at_the_first_message_and_empty_after_its_wait(nats_url: str) -> None:
    async def scenario() -> None:
        async with stream_of(nats_url) as (client, service, stream), await add_consumer(client, stream) as pull:
            started = time.monotonic()
            assert await pull.fetch(10, wait_s=0.5) == []
            assert 0.4 < time.monotonic() - started < 2
            waiting = asyncio.create_task(pull.fetch(10, wait_s=10))
            await asyncio.sleep(0.2)
            started = time.monotonic()
            await publish(client, service, range(1))
            assert [message.data for message in await waiting] == [b"0"]
            assert time.monotonic() - started < 1

    run(scenario)


def test_what_waits_for_acknowledgement_is_not_asked_for_in_a_circle(nats_url: str) -> None:
    async def scenario() -> None:
        async with stream_of(nats_url) as (client, service, stream):
            await publish(client, service, range(8))
            async with await add_consumer(client, stream, pending=5) as pull:
                first = await pull.fetch(10, wait_s=1)
                assert len(first) == 5
                started = time.monotonic()
                assert await pull.fetch(10, wait_s=0.2) == []
                assert time.monotonic() - started > 0.05
                for message in first:
                    await message.ack()
                assert [int(message.data) for message in await pull.fetch(10, wait_s=2)] == [5, 6, 7]

    run(scenario)


def test_a_consumer_that_was_deleted_is_told(nats_url: str) -> None:
    async def scenario() -> None:
        async with stream_of(nats_url) as (client, _, stream), await add_consumer(client, stream) as pull:
            waiting = asyncio.create_task(pull.fetch(10, wait_s=10))
            await asyncio.sleep(0.2)
            await client.jetstream().delete_consumer(stream, "worker")
            with pytest.raises(NotFoundError):
                await waiting

    run(scenario)


def test_the_place_in_the_stream_is_what_the_whole_metadata_say(nats_url: str) -> None:
    async def scenario() -> None:
        async with stream_of(nats_url) as (client, service, stream):
            await publish(client, service, range(3))
            async with await add_consumer(client, stream) as pull:
                messages = await pull.fetch(10, wait_s=1)
            assert [stream_sequence(message) for message in messages] == [1, 2, 3]
            assert [message.metadata.sequence.stream for message in messages] == [1, 2, 3]

    run(scenario)


def test_newer_servers_write_the_place_behind_domain_and_account() -> None:
    reply = "$JS.ACK._.account.CONTACTS.worker.1.42.7.1700000000000000000.0"
    assert stream_sequence(Msg(_client=None, subject="x", reply=reply)) == 42  # type: ignore[arg-type]
