"""Reads a company's events from the streams of the services, merged by the time they were stored.

Nothing is kept: a position goes in and comes out. Events of one record keep their order; events of two records may
change places where two services stored them at the same moment.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chassis.envelope import stream_name
from chassis.errors import FailedPrecondition
from chassis.history import History, Stored, StreamState

from gateway.eventlog.cursor import Position, Positions
from gateway.eventlog.event_types import Wanted

_FIRST_SHARE = 64
_SUBJECT_PARTS_BEFORE_TYPE = 2


class CursorExpired(FailedPrecondition):
    """The events behind a cursor are not all there any more; over HTTP this is 410 Gone."""


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order, each with the service it came from, and where to go on. Without `has_more`, all was read."""

    events: list[tuple[str, Stored]]
    positions: Positions
    has_more: bool


@dataclass(slots=True)
class _Lane:
    """One service's stream on its way into a page."""

    wanted: Wanted
    state: StreamState
    taken: int
    read: int
    read_at: float
    """When the last event was stored that was looked at."""
    is_done: bool = False
    buffer: list[Stored] = field(default_factory=list)
    next: int = 0

    @property
    def head(self) -> Stored | None:
        return self.buffer[self.next] if self.next < len(self.buffer) else None


class EventReader:
    """Reads pages. Used from the event loop of `history`."""

    def __init__(self, history: History, *, keep_days: int, scan_max: int) -> None:
        """`scan_max` bounds how many messages of other types one page may pass over."""
        self._history = history
        self._keep_s = keep_days * 86_400
        self._scan_max = scan_max

    async def page(self, tenant_id: UUID, wanted: Sequence[Wanted], positions: Positions, *, most: int) -> Page:
        """The next events, `most` of them or fewer.

        Raises CursorExpired where events were dropped unread, Unavailable where the bus is away.
        """
        lanes = [lane for lane in await asyncio.gather(*(self._lane(one, positions) for one in wanted)) if lane]
        left = self._scan_max + most
        share = max(_FIRST_SHARE, -(-most // max(1, len(lanes))))
        events: list[tuple[str, Stored]] = []
        while len(events) < most and left > 0:
            thirsty = [lane for lane in lanes if lane.head is None and not lane.is_done]
            left -= sum(await asyncio.gather(*(self._fill(lane, tenant_id, min(share, left)) for lane in thirsty)))
            share = most - len(events)
            if any(lane.head is None and not lane.is_done for lane in lanes):
                continue
            if not _take_in_order(lanes, events, most):
                break
        after = {lane.wanted.service: _position(lane) for lane in lanes}
        return Page(events, {**positions, **after}, any(lane.head or not lane.is_done for lane in lanes))

    async def latest(self, wanted: Sequence[Wanted]) -> Positions:
        """Behind the newest event of each stream."""
        states = await asyncio.gather(
            *(self._history.state(stream_name(one.service), fresh=True) for one in wanted),
        )
        return {
            one.service: Position(state.created, state.last, time.time())
            for one, state in zip(wanted, states, strict=True)
            if state
        }

    async def _lane(self, wanted: Wanted, positions: Positions) -> _Lane | None:
        state = await self._history.state(stream_name(wanted.service))
        position = positions.get(wanted.service)
        if state is None:
            return None
        if position is None:
            return _Lane(wanted, state, 0, 0, time.time())
        if position.created != state.created:
            raise _expired("The events were stored anew since this cursor was made.")
        if position.at < time.time() - self._keep_s and state.first > position.sequence + 1:
            raise _expired("Events behind this cursor are older than what is kept.")
        return _Lane(wanted, state, position.sequence, position.sequence, position.at)

    async def _fill(self, lane: _Lane, tenant_id: UUID, most: int) -> int:
        """Reads on into an empty lane; returns how many messages were looked at."""
        asked_at = time.time()
        subject = lane.wanted.subject(tenant_id)
        stream = stream_name(lane.wanted.service)
        extract = await self._history.read(stream, after=lane.read, subject=subject, most=most)
        lane.is_done = extract.is_last
        lane.next = 0
        lane.buffer = extract.messages
        if lane.buffer:
            lane.read, lane.read_at = lane.buffer[-1].sequence, lane.buffer[-1].stored_at
        if lane.is_done:
            lane.read_at = asked_at
        if lane.wanted.needs_check:
            lane.buffer = [one for one in lane.buffer if lane.wanted.has(_type_of(one))]
        return max(1, len(extract.messages))


def _take_in_order(lanes: Sequence[_Lane], events: list[tuple[str, Stored]], most: int) -> bool:
    """Moves events from the lanes, oldest first, until one that goes on is empty; False where all are at their end."""
    while len(events) < most:
        heads = sorted(
            ((lane.head.stored_at, number) for number, lane in enumerate(lanes) if lane.head is not None),
        )
        if not heads:
            return False
        lane = lanes[heads[0][1]]
        until = heads[1][0] if len(heads) > 1 else float("inf")
        service = lane.wanted.service
        while (head := lane.head) is not None and head.stored_at <= until and len(events) < most:
            events.append((service, head))
            lane.taken = head.sequence
            lane.next += 1
        if lane.head is None and not lane.is_done:
            return True
    return True


def _position(lane: _Lane) -> Position:
    head = lane.head
    if head is not None:
        return Position(lane.state.created, lane.taken, head.stored_at)
    return Position(lane.state.created, lane.read, lane.read_at)


def _type_of(stored: Stored) -> str:
    return stored.subject.split(".", _SUBJECT_PARTS_BEFORE_TYPE)[_SUBJECT_PARTS_BEFORE_TYPE]


def _expired(why: str) -> CursorExpired:
    return CursorExpired(
        f"{why} Read the records anew by their lists, then go on from the cursor that after=latest gives.",
        reason="CURSOR_EXPIRED",
    )
