"""Hands a company's events from the bus to the browsers that listen, each with a bounded queue.

One subscription a company, made with its first listener and dropped some seconds after its last. Live only: what a
listener missed while away it is told to read anew, except for the last few events, kept for quick reconnects.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from chassis.envelope import SUBJECT_ROOT
from chassis.errors import ResourceExhausted
from funia.events.v1.envelope_pb2 import Envelope
from google.protobuf.message import DecodeError
from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from prometheus_client import Counter, Gauge

log = logging.getLogger(__name__)

LISTENERS = Gauge("funia_live_listeners", "Browsers and programs that listen now.")
SLOW = Counter("funia_live_slow_total", "Listeners dropped because they did not read fast enough.")


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One event as listeners get it: no payload, so nothing personal."""

    id: str
    type: str
    body: bytes


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. `is_slow` is set where events had to be dropped; the stream then ends."""

    services: frozenset[str]
    prefixes: tuple[str, ...]
    queue: asyncio.Queue[LiveEvent]
    is_slow: bool = False

    def wants(self, event_type: str) -> bool:
        """Whether the listener asked for the type and may know of it."""
        if event_type.partition(".")[0] not in self.services:
            return False
        return not self.prefixes or event_type.startswith(self.prefixes)

    def offer(self, event: LiveEvent) -> None:
        """Queues the event, or marks the listener slow where the queue is full."""
        if self.is_slow or not self.wants(event.type):
            return
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.is_slow = True
            SLOW.inc()


@dataclass(eq=False, slots=True)
class _Company:
    subscription: Subscription
    recent: deque[LiveEvent]
    listeners: set[Listener] = field(default_factory=set)


class Feeds:
    """All companies that somebody listens to. Used from one event loop."""

    def __init__(self, client: NatsClient, *, queue: int, replay: int, per_tenant: int, linger_s: float) -> None:
        self._client = client
        self._queue = queue
        self._replay = replay
        self._per_tenant = per_tenant
        self._linger_s = linger_s
        self._lingering: set[asyncio.Task[None]] = set()
        self._companies: dict[UUID, _Company] = {}
        self._lock = asyncio.Lock()

    async def join(
        self, tenant_id: UUID, *, services: frozenset[str], prefixes: Iterable[str], after: str
    ) -> tuple[Listener, bool]:
        """A new listener, and whether it missed nothing since the event `after` ("" for a first visit).

        Raises ResourceExhausted where the company has too many listeners.
        """
        async with self._lock:
            company = self._companies.get(tenant_id)
            if company is None:
                company = await self._subscribe(tenant_id)
            if len(company.listeners) >= self._per_tenant:
                raise ResourceExhausted(
                    f"Your company has {self._per_tenant} live streams open. Close some.", reason="TOO_MANY_STREAMS"
                )
            listener = Listener(services, tuple(prefixes), asyncio.Queue(self._queue))
            missed = _after(company.recent, after)
            for event in missed or ():
                listener.offer(event)
            company.listeners.add(listener)
            LISTENERS.inc()
            return listener, not after or missed is not None

    async def leave(self, tenant_id: UUID, listener: Listener) -> None:
        """Forgets a listener, and with the last one, after a while, the company."""
        company = self._companies.get(tenant_id)
        if company is None or listener not in company.listeners:
            return
        company.listeners.discard(listener)
        LISTENERS.dec()
        if not company.listeners:
            task = asyncio.create_task(self._drop_later(tenant_id, company))
            self._lingering.add(task)
            task.add_done_callback(self._lingering.discard)

    async def _drop_later(self, tenant_id: UUID, company: _Company) -> None:
        await asyncio.sleep(self._linger_s)
        async with self._lock:
            if not company.listeners and self._companies.get(tenant_id) is company:
                del self._companies[tenant_id]
                await company.subscription.unsubscribe()

    async def _subscribe(self, tenant_id: UUID) -> _Company:
        recent: deque[LiveEvent] = deque(maxlen=self._replay)
        listeners: set[Listener] = set()

        async def hand_on(message: Msg) -> None:
            event = read_event(message.data, tenant_id)
            if event is None:
                return
            recent.append(event)
            for listener in tuple(listeners):
                listener.offer(event)

        subscription = await self._client.subscribe(f"{SUBJECT_ROOT}.{tenant_id}.>", cb=hand_on)
        await self._client.flush()
        company = self._companies[tenant_id] = _Company(subscription, recent, listeners)
        return company


def read_event(data: bytes, tenant_id: UUID) -> LiveEvent | None:
    """The event of a bus message; None for what is no envelope of this company."""
    try:
        envelope = Envelope.FromString(data)
    except DecodeError:
        log.warning("a message on the bus is no envelope")
        return None
    if envelope.tenant_id != str(tenant_id):
        log.error("a message on the bus lies under another company's subject", extra={"tenant_id": str(tenant_id)})
        return None
    body = {
        "type": envelope.type,
        "subject_id": envelope.subject_id,
        "occurred_at": envelope.occurred_at.ToJsonString(),
        "actor": {"type": envelope.actor.type, "id": envelope.actor.id},
        "version": envelope.aggregate_version,
    }
    return LiveEvent(envelope.id, envelope.type, orjson.dumps(body))


def _after(recent: Iterable[LiveEvent], event_id: str) -> list[LiveEvent] | None:
    """Events after the one named; None where it is not among the recent ones."""
    events = list(recent)
    for index, event in enumerate(events):
        if event.id == event_id:
            return events[index + 1 :]
    return None
