"""Moves events from the outbox to the bus: in order per aggregate, each at least once, marked when stored.

One relay at a time per database holds the advisory lock; the others wait. A kill between publish and mark
repeats the publish under the same id, which the stream drops.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import psycopg
from funia.events.v1.envelope_pb2 import Envelope
from nats.aio.client import Client
from psycopg.rows import tuple_row

from chassis import tracing
from chassis.errors import FuniaError
from chassis.outbox import SHARDS
from chassis.settings import Settings
from chassis.streams import PASSING_ERRORS, Outgoing, declare_stream, publish_batch
from chassis.telemetry import OUTBOX_PUBLISHED

log = logging.getLogger(__name__)

_LOCK_SPACE = 7_310_246
_MAINTAIN_EVERY_S = 3600.0
_IDLE_FACTOR_MAX = 25
_RECONNECT_LOOK_S = 0.05

_PENDING = """
    SELECT tenant_id, id, created_at, subject, envelope FROM outbox
     WHERE published_at IS NULL ORDER BY id LIMIT %s
"""
_MARK = """
    UPDATE outbox SET published_at = now()
      FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[]) AS done(tenant_id, id, created_at)
     WHERE outbox.tenant_id = done.tenant_id AND outbox.id = done.id AND outbox.created_at = done.created_at
"""
_FORGET = (
    "SELECT outbox_maintain(%(outbox_days)s)",
    "DELETE FROM inbox WHERE received_at < now() - make_interval(days => %(inbox_days)s)",
    "DELETE FROM idempotency_key WHERE created_at < now() - make_interval(hours => %(idempotency_hours)s)",
)


class Relay:
    """Publishes one database's outbox until cancelled."""

    def __init__(self, service: str, settings: Settings, client: Client, *, url: str | None = None) -> None:
        """`wake` shortens the wait; without it every poll comes after `relay_poll_ms`."""
        self._service = service
        self._settings = settings
        self._client = client
        self._url = url or settings.relay_database_url
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def wake(self) -> None:
        """Tells the relay that something was committed. Safe from any thread."""
        self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Runs for ever; waits out every outage of database and bus."""
        delay = 0.1
        while True:
            try:
                await declare_stream(self._client, self._service, self._settings)
                async with await self._connect() as connection:
                    await self._hold_lock(connection)
                    delay = 0.1
                    await self._publish_for_ever(connection)
            except (psycopg.Error, FuniaError, *PASSING_ERRORS) as error:
                log.warning("relay of %s waits %.1f s: %s", self._service, delay, error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)

    async def drain(self) -> int:
        """Publishes what is pending now and returns how much it was; for tests and tools."""
        async with await self._connect() as conn:
            total = 0
            while published := await self._publish_once(conn):
                total += published
            return total

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        # A mark lost in a crash of the database repeats a publish under its id, which the stream drops; waiting for
        # the disk at every mark would only delay the events behind it.
        return await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, row_factory=tuple_row, options="-c synchronous_commit=off"
        )

    async def _hold_lock(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_LOCK_SPACE, SHARDS))
            row = await cursor.fetchone()
            if row is not None and row[0]:
                return
            await asyncio.sleep(1.0)

    async def _publish_for_ever(self, connection: psycopg.AsyncConnection[Any]) -> None:
        poll_s = self._settings.relay_poll_ms / 1000
        idle = 1
        maintain_at = 0.0
        while True:
            self._wake.clear()
            published = await self._publish_once(connection)
            if self._loop.time() >= maintain_at:
                maintain_at = self._loop.time() + _MAINTAIN_EVERY_S
                await self._forget_old(connection)
            if published >= self._settings.relay_batch_size:
                continue
            # Looking often costs a share of a core even where nobody writes; whoever writes wakes us.
            idle = 1 if published else min(idle * 2, _IDLE_FACTOR_MAX)
            try:
                await asyncio.wait_for(self._wake.wait(), poll_s * idle)
                idle = 1
            except TimeoutError:
                continue

    async def _publish_once(self, connection: psycopg.AsyncConnection[Any]) -> int:
        # While the bus is away nats-py would keep what is published in memory, and send it late, beside our repetition.
        while not self._client.is_connected:
            await asyncio.sleep(_RECONNECT_LOOK_S)
        cursor = await connection.execute(_PENDING, (self._settings.relay_batch_size,))
        rows = await cursor.fetchall()
        if not rows:
            return 0
        messages = [Outgoing(str(row[1]), row[3], row[4]) for row in rows]
        traced = [] if tracing.active is None else _traced(tracing.active, messages)
        try:
            await publish_batch(
                self._client,
                messages,
                timeout_s=self._settings.relay_publish_timeout_s,
                concurrency=self._settings.relay_publish_concurrency,
            )
        finally:
            for one in traced:
                one.end()
        await connection.execute(_MARK, ([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]))
        OUTBOX_PUBLISHED.labels(self._service).inc(len(rows))
        return len(rows)

    async def _forget_old(self, connection: psycopg.AsyncConnection[Any]) -> None:
        parameters = {
            "outbox_days": self._settings.outbox_keep_days,
            "inbox_days": self._settings.inbox_keep_days,
            "idempotency_hours": self._settings.idempotency_keep_hours,
        }
        for statement in _FORGET:
            await connection.execute(statement, parameters)


def _traced(active: tracing.Tracing, messages: list[Outgoing]) -> list[tracing.Traced]:
    """Opens a span for each event whose request is traced, and has the message carry it on."""
    begun = []
    for place, message in enumerate(messages):
        envelope = Envelope.FromString(message.body)
        attributes = {"messaging.system": "nats", "messaging.message.id": message.id, "funia.event_type": envelope.type}
        traced = active.begin(f"publish {envelope.type}", "producer", envelope.traceparent, attributes)
        if traced is not None:
            messages[place] = replace(message, traceparent=traced.traceparent)
            begun.append(traced)
    return begun
