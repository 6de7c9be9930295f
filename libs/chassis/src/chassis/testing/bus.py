"""A bus for tests: a NATS connection on a loop of its own thread, and what runs on it while a test needs it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig

from chassis.caller import Caller
from chassis.consumer import Consumer
from chassis.envelope import Event, enclose, stream_name, subject
from chassis.errors import Unavailable
from chassis.settings import Settings
from chassis.streams import DEAD_LETTERS, Outgoing, connect, declare_dead_letters, declare_stream, publish_batch
from chassis.subscriptions import AnySubscription
from chassis.work import Database

T = TypeVar("T")
_TRIES, _AGAIN_S = 20, 0.1


class TestBus:
    """Streams of the named services, empty at first."""

    __test__ = False

    def __init__(self, settings: Settings, services: Sequence[str]) -> None:
        self.settings = settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test-bus")
        self._thread.start()
        self._services = services
        self.client: Client = self.run(connect(settings, "test"))
        self.run(self._empty())

    def run(self, work: Coroutine[Any, Any, T], *, timeout_s: float = 60.0) -> T:
        """Runs a coroutine on the bus's loop and returns what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_s)

    def publish(self, caller: Caller, *events: Event) -> None:
        """Publishes events as a relay does, each once by its id."""
        now = events[0].occurred_at
        assert now is not None, "give the events a time"
        messages = [
            Outgoing(
                str(event.id),
                subject(event.type, caller.tenant_id),
                enclose(event, caller, now=now).SerializeToString(),
            )
            for event in events
        ]
        self.run(publish_batch(self.client, messages, timeout_s=5.0, concurrency=64))

    def publish_raw(self, on_subject: str, body: bytes) -> None:
        """Publishes bytes as they are."""
        self.run(_publish(self.client, on_subject, body))

    def messages(self, stream: str) -> list[Msg]:
        """Every message of a stream, in order."""
        return self.run(_read_all(self.client, stream))

    def dead_letters(self) -> list[Msg]:
        """Every message that no consumer could handle."""
        return self.messages(DEAD_LETTERS)

    @contextmanager
    def background(self, task: Callable[[], Awaitable[None]]) -> Iterator[None]:
        """Runs an endless task while the block runs, then cancels it."""

        async def start() -> asyncio.Future[None]:
            return asyncio.ensure_future(task())

        future = self.run(start())
        try:
            yield
        finally:
            self.run(_cancelled(future))

    @contextmanager
    def consuming(self, subscription: AnySubscription, database: Database | None) -> Iterator[Consumer]:
        """Runs a subscription while the block runs."""

        async def start() -> tuple[Consumer, asyncio.Task[None]]:
            consumer = Consumer(subscription, self.settings, self.client, database)
            return consumer, asyncio.create_task(consumer.run())

        consumer, task = self.run(start())
        try:
            yield consumer
        finally:
            consumer.stop()
            self.run(_cancelled(task))

    def close(self) -> None:
        """Ends the connection and the thread."""
        self.run(self.client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _empty(self) -> None:
        context = self.client.jetstream(timeout=10.0)
        for info in await context.streams_info():
            await context.delete_stream(str(info.config.name))
        for again in range(_TRIES):
            try:
                await declare_dead_letters(self.client, self.settings)
                for service in self._services:
                    await declare_stream(self.client, service, self.settings)
            except Unavailable:
                # The server may still be clearing away a stream of the same name.
                if again + 1 == _TRIES:
                    raise
                await asyncio.sleep(_AGAIN_S)
            else:
                return


def stream_of(service: str) -> str:
    """Name of a service's stream."""
    return stream_name(service)


def wait_until(condition: Callable[[], object], *, timeout_s: float = 15.0, every_s: float = 0.02) -> None:
    """Returns when the condition holds; fails the test where it does not in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not so after {timeout_s:.0f} s")
        time.sleep(every_s)


async def _publish(client: Client, on_subject: str, body: bytes) -> None:
    await client.jetstream(timeout=10.0).publish(on_subject, body)


async def _read_all(client: Client, stream: str) -> list[Msg]:
    context = client.jetstream(timeout=10.0)
    pull = await context.pull_subscribe(
        "", stream=stream, config=ConsumerConfig(ack_policy=AckPolicy.NONE, inactive_threshold=60.0)
    )
    found: list[Msg] = []
    try:
        while (await pull.consumer_info()).num_pending:
            try:
                # What arrives after the time-out is lost to us: nothing is acknowledged, so nothing comes again.
                found += await pull.fetch(1000, timeout=5.0)
            except (NatsTimeoutError, TimeoutError):
                continue
        return found
    finally:
        await pull.unsubscribe()


async def _cancelled(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.wait([task], timeout=10)
