"""Builds all facts anew from the streams while the live tables go on being read and written, then swaps them.

Events that a stream no longer keeps are taken over from the live table, and their facts made of them again; nothing
that was counted is lost by a rebuild.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

from chassis.envelope import stream_name
from chassis.pulling import Pull
from chassis.streams import PASSING_ERRORS
from funia.events.v1.envelope_pb2 import Envelope
from google.protobuf.message import DecodeError
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from analytics.consumers.cells import clock_us, id_bytes
from analytics.consumers.events import PUBLISHERS, EventWriter, store_events, store_facts
from analytics.errors import StatementFailed, StoreUnavailable
from analytics.settings import Settings
from analytics.store.port import ColumnStore, StoredEvent
from analytics.store.schema import FACTS

T = TypeVar("T")

_ROUNDS_BEFORE_PAUSE = 20
_FETCH_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class RebuildProgress:
    """Where a rebuild is."""

    events: int
    expected: int
    done: bool = False


@dataclass(slots=True)
class _Position:
    service: str
    reached: int
    last: int


class Rebuild:
    """One rebuild. Only one runs at a time in a process."""

    def __init__(self, store: ColumnStore, writer: EventWriter, settings: Settings, client: Client) -> None:
        self._store = store
        self._writer = writer
        self._settings = settings
        self._client = client
        self._context = client.jetstream(timeout=10.0)
        self._events = 0
        self._positions: list[_Position] = []
        # A thread of its own: the loop's may all wait for the writer while it is paused.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rebuild")

    async def run(self, report: Callable[[RebuildProgress], None]) -> RebuildProgress:
        """Rebuilds and swaps; `report` hears of every batch. Raises StoreUnavailable where it cannot go on; the live
        tables are then as they were."""
        try:
            return await self._run(report)
        except (*PASSING_ERRORS, StatementFailed) as error:
            raise StoreUnavailable(
                f"The rebuild stopped; the live table is as it was. Start it again. ({error or type(error).__name__})",
                reason="REBUILD_STOPPED",
            ) from error
        finally:
            self._thread.shutdown()

    async def _run(self, report: Callable[[RebuildProgress], None]) -> RebuildProgress:
        for table in FACTS:
            await self._off_loop(self._store.begin_shadow, table)
        for service in PUBLISHERS:
            await self._open(service)
        await self._keep_what_streams_lost()
        for _ in range(_ROUNDS_BEFORE_PAUSE):
            await self._read(report)
            if await self._behind() <= self._settings.analytics_rebuild_batch_rows:
                break
        # With the writer held, all that is in the live table is in the streams up to their end, so reading to it and
        # then swapping loses nothing and shows no gap.
        await self._off_loop(self._writer.pause)
        try:
            await self._behind()
            await self._read(report)
            for table in FACTS:
                await self._off_loop(self._store.swap_shadow, table)
        finally:
            self._writer.resume()
        # Other workers of a cluster may have written to the old table until the swap.
        await self._behind()
        await self._read(report, shadow=False)
        final = RebuildProgress(self._events, self._events, done=True)
        report(final)
        return final

    async def _off_loop(self, call: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    async def _open(self, service: str) -> None:
        try:
            state = (await self._context.stream_info(stream_name(service))).state
        except NotFoundError:
            return
        self._positions.append(_Position(service, max(state.first_seq - 1, 0), state.last_seq))

    async def _keep_what_streams_lost(self) -> None:
        known = {position.service: position for position in self._positions}
        for service in await self._off_loop(self._store.services):
            before = await self._first_recorded(known[service]) if service in known else None
            await self._off_loop(self._store.keep_before, service, before)
            await self._off_loop(self._keep_facts, service, before)

    def _keep_facts(self, service: str, before: datetime | None) -> None:
        size = self._settings.analytics_rebuild_batch_rows
        page: list[StoredEvent] = []
        while page := self._store.recorded_before(service, before, after=page[-1] if page else None, limit=size):
            # A token of its own each time: the same events may stand in a batch of the stream, too.
            store_facts(self._store, [_again(event) for event in page], token=uuid4().hex, shadow=True)
            if len(page) < size:
                return

    async def _first_recorded(self, position: _Position) -> datetime | None:
        """Moment before which the stream has no events, or None where it has none at all."""
        if position.reached >= position.last:
            return None
        message = await self._context.get_msg(stream_name(position.service), seq=position.reached + 1, next=True)
        envelope = _envelope(message.data or b"")
        if envelope is None:
            return None
        recorded = clock_us(id_bytes(envelope.id), 0)
        first = datetime.fromtimestamp(recorded / 1e6, tz=UTC)
        if position.reached == 0:
            return first
        # Events are published nearly, not exactly, in the order of their recording: where the stream has dropped its
        # oldest, some of those may be younger than the first it has.
        return first + timedelta(seconds=self._settings.analytics_rebuild_border_margin_s)

    async def _behind(self) -> int:
        """Renews the ends of the streams; events still to be read."""
        for position in self._positions:
            position.last = (await self._context.stream_info(stream_name(position.service))).state.last_seq
        return sum(max(position.last - position.reached, 0) for position in self._positions)

    async def _read(self, report: Callable[[RebuildProgress], None], *, shadow: bool = True) -> None:
        for position in self._positions:
            while position.reached < position.last:
                await self._read_from(position, report, shadow=shadow)

    async def _read_from(self, position: _Position, report: Callable[[RebuildProgress], None], *, shadow: bool) -> None:
        stream = stream_name(position.service)
        made = await self._context.add_consumer(
            stream,
            ConsumerConfig(
                ack_policy=AckPolicy.NONE,
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=position.reached + 1,
                inactive_threshold=self._settings.analytics_rebuild_silence_s,
                mem_storage=True,
            ),
        )
        delivered = 0
        async with Pull(self._client, stream, made.name) as pull:
            while position.reached < position.last:
                messages = await pull.fetch(self._settings.analytics_rebuild_batch_rows, wait_s=_FETCH_WAIT_S)
                if not messages:
                    # What was there at `last` may have been deleted since; the consumer tells.
                    info = await self._context.consumer_info(stream, made.name)
                    sent = info.delivered.stream_seq if info.delivered else 0
                    if info.num_pending == 0 and sent <= position.reached:
                        position.reached = position.last
                    return
                first, last = messages[0].metadata.sequence, messages[-1].metadata.sequence
                if first.consumer != delivered + 1 or last.consumer != delivered + len(messages):
                    return  # A message got lost on the way; the next consumer goes on after the last one stored.
                await self._store_messages(messages, shadow=shadow)
                delivered = last.consumer
                position.reached = last.stream
                behind = sum(max(one.last - one.reached, 0) for one in self._positions)
                report(RebuildProgress(self._events, self._events + behind))
        await self._context.delete_consumer(stream, made.name)

    async def _store_messages(self, messages: list[Msg], *, shadow: bool) -> None:
        envelopes = [envelope for message in messages if (envelope := _envelope(message.data)) is not None]
        if envelopes:
            await self._off_loop(partial(store_events, self._store, envelopes, shadow=shadow))
        self._events += len(envelopes)


def _again(event: StoredEvent) -> Envelope:
    envelope = Envelope(
        id=str(event.event_id),
        type=event.type,
        tenant_id=str(event.tenant_id),
        aggregate_version=event.version,
        payload_type=event.payload_type,
        payload=event.payload,
    )
    envelope.occurred_at.FromMicroseconds(event.at_us)
    return envelope


def _envelope(body: bytes) -> Envelope | None:
    """The envelope, or None where the live consumer could not read it either and laid it aside."""
    try:
        envelope = Envelope.FromString(body)
        for text in (envelope.tenant_id, envelope.id, envelope.subject_id):
            UUID(text)
    except (DecodeError, ValueError):
        return None
    return envelope
