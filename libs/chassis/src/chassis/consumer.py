"""Feeds events to handlers: in order, in batches of one tenant, each handled exactly once per consumer.

The inbox row and the handler's effect commit together; the message is acknowledged after the commit. What no
retry can handle goes to the dead-letter stream, where it can be seen and replayed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TypeVar
from uuid import UUID

from funia.events.v1.envelope_pb2 import Envelope
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from chassis import inbox, tracing
from chassis.caller import Caller
from chassis.envelope import stream_name
from chassis.errors import Unavailable
from chassis.pulling import Pull, stream_sequence
from chassis.settings import Settings
from chassis.streams import DEAD_LETTER_ROOT, PASSING_ERRORS, TRACEPARENT
from chassis.subscriptions import AnySubscription, RawSubscription, Received, Subscription, decode, decode_envelope
from chassis.telemetry import CONSUMED, CONSUMER_LAG_S
from chassis.work import Database

log = logging.getLogger(__name__)

Read = TypeVar("Read")

REPLAY_ROOT = "funia-replay"
"""Under it and its own name a running consumer takes an event that had died, and answers how it went."""
REPLAYED = b"ok"
_MAX_ACK_PENDING_BATCHES = 2
_PAUSE_S = 0.2
_PAUSE_MAX_S = 5.0


class Consumer:
    """Runs one subscription until cancelled."""

    def __init__(
        self, subscription: AnySubscription, settings: Settings, client: Client, database: Database | None = None
    ) -> None:
        self._subscription = subscription
        self._settings = settings
        self._client = client
        self._database = database
        self._stop = threading.Event()
        self._stopped = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pull: Pull | None = None
        self._unsettled: dict[str, Msg] = {}

    def stop(self) -> None:
        """Lets the batch at hand finish and ends `run`. Safe from any thread."""
        self._stop.set()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._interrupt)

    async def run(self) -> None:
        """Fetches and handles until `stop`; waits out every outage."""
        self._loop = asyncio.get_running_loop()
        delay = _PAUSE_S
        while not self._stop.is_set():
            try:
                await self._consume()
                delay = _PAUSE_S
            except (*PASSING_ERRORS, Unavailable) as error:
                if self._stop.is_set():
                    return
                log.warning("consumer %s waits %.1f s: %s", self._subscription.name, delay, error or type(error))
                await self._wait(delay)
                delay = min(delay * 2, _PAUSE_MAX_S)

    def _interrupt(self) -> None:
        self._stopped.set()
        if self._pull is not None:
            self._pull.interrupt()

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)

    async def _consume(self) -> None:
        context = self._client.jetstream(timeout=10.0)
        stream = stream_name(self._subscription.service)
        settings = self._settings
        given = self._subscription.gather_s
        gather_s = settings.consumer_gather_ms / 1000 if given is None else given
        await context.add_consumer(
            stream,
            ConsumerConfig(
                durable_name=self._subscription.name,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=settings.consumer_ack_wait_s,
                max_deliver=-1,
                max_ack_pending=settings.consumer_batch_size * _MAX_ACK_PENDING_BATCHES,
                deliver_policy=DeliverPolicy.ALL,
                filter_subjects=[f"funia.*.{subject}" for subject in self._subscription.subjects],
            ),
        )
        async with Pull(self._client, stream, self._subscription.name) as pull, self._replays():
            self._pull = pull
            while not self._stop.is_set():
                messages = await pull.fetch(settings.consumer_batch_size, wait_s=settings.consumer_fetch_wait_s)
                if not messages:
                    continue
                next_at = time.monotonic() + gather_s
                await self._hold_and_handle(messages)
                if len(messages) < settings.consumer_batch_size and (left := next_at - time.monotonic()) > 0:
                    await self._wait(left)

    @asynccontextmanager
    async def _replays(self) -> AsyncIterator[None]:
        """Takes dead letters that an operator hands back, one replica of the consumer each."""
        name = self._subscription.name
        subscription = await self._client.subscribe(f"{REPLAY_ROOT}.{name}", queue=name, cb=self._handle_again)
        try:
            yield
        finally:
            if not self._client.is_closed:
                await subscription.unsubscribe()

    async def _handle_again(self, message: Msg) -> None:
        """Answers REPLAYED, or the kind of error; never its words, which may quote what somebody entered."""
        answer = REPLAYED
        received = decode(message)
        try:
            if received is None:
                raise ValueError("not an envelope")
            if isinstance(self._subscription, RawSubscription):
                await asyncio.to_thread(self._subscription.handler, [(received.envelope, 0)])
            else:
                caller = _caller(UUID(received.envelope.tenant_id), received, "")
                await asyncio.to_thread(self._in_one_transaction, self._subscription, [(caller, [received])])
        except Exception as error:
            log.exception("consumer %s failed on a replayed event", self._subscription.name)
            answer = type(error).__name__.encode()
        await message.respond(answer)

    async def _hold_and_handle(self, messages: list[Msg]) -> None:
        """Handles a batch; what is left unsettled by an error comes again at once, not after `consumer_ack_wait_s`."""
        self._unsettled = {message.reply: message for message in messages}
        holding = asyncio.create_task(self._hold())
        try:
            await self._handle_batch(messages)
        finally:
            holding.cancel()
            with contextlib.suppress(NatsError):
                for message in self._unsettled.values():
                    await message.nak()

    async def _hold(self) -> None:
        """Tells the server that messages at hand are worked on, so that a long wait brings no repetition."""
        while True:
            await asyncio.sleep(self._settings.consumer_ack_wait_s / 3)
            with contextlib.suppress(NatsError):
                for message in list(self._unsettled.values()):
                    await message.in_progress()

    def _settled(self, message: Msg) -> None:
        self._unsettled.pop(message.reply, None)

    async def _patiently(self, handle: Callable[[], None]) -> None:
        """Runs a handler in a thread; while a store is away, waits and tries again, so that order is kept."""
        delay = _PAUSE_S
        while True:
            try:
                await asyncio.to_thread(handle)
            except Unavailable as error:
                if self._stop.is_set():
                    raise
                log.warning("consumer %s waits %.1f s: %s", self._subscription.name, delay, error)
                await self._wait(delay)
                delay = min(delay * 2, _PAUSE_MAX_S)
            else:
                return

    async def _handle_batch(self, messages: list[Msg]) -> None:
        if isinstance(self._subscription, RawSubscription):
            events = await self._readable(messages, decode_envelope)
            if not events:
                return
            await self._handle_raw(self._subscription, events)
            newest = events[-1][1]
        else:
            decoded = await self._readable(messages, decode)
            if not decoded:
                return
            by_tenant: dict[str, list[tuple[Msg, Received]]] = {}
            for item in decoded:
                by_tenant.setdefault(item[1].envelope.tenant_id, []).append(item)
            await self._handle_tenants(
                self._subscription, {UUID(tenant_id): items for tenant_id, items in by_tenant.items()}
            )
            newest = decoded[-1][1].envelope
        occurred = newest.occurred_at
        CONSUMER_LAG_S.labels(self._subscription.name).set(time.time() - occurred.seconds - occurred.nanos / 1e9)

    async def _readable(self, messages: list[Msg], read: Callable[[Msg], Read | None]) -> list[tuple[Msg, Read]]:
        """What the messages say; those that say nothing go to the dead letters."""
        found = []
        for message in messages:
            event = read(message)
            if event is None:
                await self._dead_letter(message, "the message is not an envelope this consumer can read")
            else:
                found.append((message, event))
        return found

    async def _handle_raw(self, subscription: RawSubscription, items: list[tuple[Msg, Envelope]]) -> None:
        batch = [(envelope, stream_sequence(message)) for message, envelope in items]
        try:
            with self._spans(items):
                await self._patiently(partial(subscription.handler, batch))
        except Exception as error:
            if isinstance(error, Unavailable):
                raise
            log.exception("consumer %s failed on a batch", subscription.name)
            await self._retry_or_bury(items[0][0], error)
            for message, _ in items[1:]:
                await message.nak(delay=self._settings.consumer_retry_delay_s)
                self._settled(message)
            return
        await self._acknowledge([message for message, _ in items])

    async def _handle_tenants(
        self, subscription: Subscription, by_tenant: dict[UUID, list[tuple[Msg, Received]]]
    ) -> None:
        """Handles tenants of one placement together, since a commit costs the same for one as for all of them.

        Where that fails, each on its own, so that nobody waits for another's trouble.
        """
        assert self._database is not None
        placed: dict[str, list[UUID]] = {}
        for tenant_id in by_tenant:
            placed.setdefault(self._database.placements.locate(tenant_id).url, []).append(tenant_id)
        for tenants in placed.values():
            if len(tenants) > 1:
                try:
                    await self._together(subscription, {tenant_id: by_tenant[tenant_id] for tenant_id in tenants})
                except Unavailable:
                    raise
                except Exception:
                    log.warning("consumer %s now handles each tenant on its own", subscription.name, exc_info=True)
                else:
                    await self._acknowledge([message for tenant_id in tenants for message, _ in by_tenant[tenant_id]])
                    continue
            for tenant_id in tenants:
                await self._handle_tenant(subscription, tenant_id, by_tenant[tenant_id])

    async def _handle_tenant(
        self, subscription: Subscription, tenant_id: UUID, items: list[tuple[Msg, Received]]
    ) -> None:
        try:
            await self._together(subscription, {tenant_id: items})
        except Exception as error:
            if isinstance(error, Unavailable):
                raise
            if len(items) > 1:
                for item in items:
                    await self._handle_tenant(subscription, tenant_id, [item])
                return
            log.exception(
                "consumer %s failed on an event",
                subscription.name,
                extra={"tenant_id": str(tenant_id), "event_type": items[0][1].type},
            )
            CONSUMED.labels(subscription.name, "failed").inc()
            await self._retry_or_bury(items[0][0], error)
            return
        await self._acknowledge([message for message, _ in items])

    def _spans(self, items: Sequence[tuple[Msg, Envelope]]) -> AbstractContextManager[str]:
        """A span for each event whose request is traced; gives the traceparent for what they cause together."""
        of: list[tuple[str, tracing.Attributes]] = []
        if tracing.active is not None:
            of = [
                (
                    (message.headers or {}).get(TRACEPARENT) or envelope.traceparent,
                    {"messaging.message.id": envelope.id, "funia.event_type": envelope.type},
                )
                for message, envelope in items
            ]
        return tracing.spans(f"consume {self._subscription.name}", "consumer", of)

    async def _together(self, subscription: Subscription, by_tenant: dict[UUID, list[tuple[Msg, Received]]]) -> None:
        """Hands each tenant its events, all in one transaction."""
        with ExitStack() as open_spans:
            traced = {
                tenant_id: open_spans.enter_context(
                    self._spans([(message, event.envelope) for message, event in items])
                )
                for tenant_id, items in by_tenant.items()
            }
            batches = [
                (_caller(tenant_id, items[0][1], traced[tenant_id]), [event for _, event in items])
                for tenant_id, items in by_tenant.items()
            ]
            await self._patiently(partial(self._in_one_transaction, subscription, batches))

    def _in_one_transaction(self, subscription: Subscription, batches: list[tuple[Caller, list[Received]]]) -> None:
        assert self._database is not None
        with self._database.open_works([caller for caller, _ in batches]) as works:
            for work, (_, events) in zip(works, batches, strict=True):
                by_id = {event.id: event for event in events if event.payload is not None}
                fresh = inbox.claim(work, subscription.name, by_id.keys())
                todo = [by_id[event_id] for event_id in by_id if event_id in fresh]
                if todo:
                    subscription.handler(work, todo)

    async def _acknowledge(self, messages: list[Msg]) -> None:
        for message in messages[:-1]:
            await message.ack()
        # One synchronous acknowledgement at the end proves that the server has read those before it.
        await messages[-1].ack_sync(timeout=5)
        for message in messages:
            self._settled(message)
        CONSUMED.labels(self._subscription.name, "handled").inc(len(messages))

    async def _retry_or_bury(self, message: Msg, error: Exception) -> None:
        delivered = message.metadata.num_delivered or 1
        if delivered >= self._settings.consumer_max_deliver:
            await self._dead_letter(message, f"{type(error).__name__}: {error}")
            return
        await message.nak(delay=min(self._settings.consumer_retry_delay_s * 2 ** (delivered - 1), 60.0))
        self._settled(message)

    async def _dead_letter(self, message: Msg, why: str) -> None:
        tenant = message.subject.split(".")[1] if message.subject.count(".") else "unknown"
        await self._client.jetstream(timeout=10.0).publish(
            f"{DEAD_LETTER_ROOT}.{tenant}.{self._subscription.name}",
            message.data,
            headers={
                "Funia-Subject": message.subject,
                "Funia-Error": why[:500].replace("\r", " ").replace("\n", " "),
                "Nats-Msg-Id": f"{self._subscription.name}-{message.metadata.sequence.stream}",
            },
        )
        await message.term()
        self._settled(message)
        CONSUMED.labels(self._subscription.name, "dead_lettered").inc()


def _caller(tenant_id: UUID, first: Received, traceparent: str) -> Caller:
    envelope = first.envelope
    caller = Caller.system(tenant_id, request_id=envelope.correlation_id, causation_id=envelope.id)
    return replace(caller, traceparent=traceparent)
