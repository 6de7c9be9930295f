"""The whole event stream into the facts: every service's batches meet here and are written together.

A handler returns only when its rows are stored, so what is acknowledged is counted; what comes again is counted once.
"""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from itertools import chain
from typing import Any

from chassis.subscriptions import RawSubscription
from funia.events.v1.envelope_pb2 import Envelope

from analytics.consumers.cells import clock_us, id_bytes, moment
from analytics.consumers.facts import facts_of
from analytics.errors import StoreUnavailable
from analytics.store.facts import EVENT_FACT
from analytics.store.port import ColumnStore

PUBLISHERS = ("identity", "contacts", "sales", "marketing", "support", "analytics")
"""Services whose streams are read. A new service that publishes is added here."""

_GATHER_S = 0.25
"""The store writes a thousand rows as readily as one."""

Batch = Sequence[tuple[Envelope, int]]


def subscriptions(writer: EventWriter) -> list[RawSubscription]:
    """One subscription to everything of each publisher."""
    return [
        RawSubscription(
            name=f"analytics-{service}",
            service=service,
            subjects=(f"{service}.>",),
            handler=writer.write,
            gather_s=_GATHER_S,
        )
        for service in PUBLISHERS
    ]


@dataclass(frozen=True, slots=True)
class _Waiting:
    envelopes: list[Envelope]
    stored: Future[None]


class EventWriter:
    """Gathers batches from all consumers and writes them in one insert, at most a few a second.

    Each insert is a part the engine must merge later: fifty small ones a second would cost more than the events.
    """

    def __init__(self, store: ColumnStore, *, max_rows: int, interval_s: float, timeout_s: float) -> None:
        self._store = store
        self._max_rows = max_rows
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._pause = threading.Lock()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def write(self, batch: Batch) -> None:
        """Stores a batch. Raises StoreUnavailable where it is not known to be stored; the stream sends it again."""
        self._start()
        waiting = _Waiting([envelope for envelope, _ in batch], Future())
        self._queue.put(waiting)
        try:
            waiting.stored.result(self._timeout_s)
        except FutureTimeoutError as error:
            raise StoreUnavailable("The columnar store takes too long to write a batch.") from error

    def pause(self) -> None:
        """Lets the insert at hand finish; from then on batches wait until `resume`, which any thread may call."""
        self._pause.acquire()

    def resume(self) -> None:
        """Ends the pause."""
        self._pause.release()

    def close(self) -> None:
        """Writes what waits and ends."""
        if self._thread:
            self._queue.put(None)
            self._thread.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="event-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        last = -self._interval_s
        while True:
            first = self._queue.get()
            if first is None:
                return
            group, ends = self._gather(first, last + self._interval_s)
            last = time.monotonic()
            self._store_group(group)
            if ends:
                return

    def _gather(self, first: _Waiting, until: float) -> tuple[list[_Waiting], bool]:
        """The batches of the next insert: what comes until that moment, or until they are enough."""
        group = [first]
        rows = len(first.envelopes)
        while rows < self._max_rows:
            try:
                more = self._queue.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if more is None:
                return group, True
            group.append(more)
            rows += len(more.envelopes)
        return group, False

    def _store_group(self, group: list[_Waiting]) -> None:
        try:
            with self._pause:
                store_events(self._store, list(chain.from_iterable(waiting.envelopes for waiting in group)))
        except Exception as error:  # noqa: BLE001 - each waiting consumer must hear of it, and none may be left waiting
            for waiting in group:
                waiting.stored.set_exception(error)
        else:
            for waiting in group:
                waiting.stored.set_result(None)


def store_events(store: ColumnStore, envelopes: Sequence[Envelope], *, shadow: bool = False) -> None:
    """Writes the envelopes and all facts they tell as one batch, whose token names exactly these events."""
    token = hashlib.sha256("".join([envelope.id for envelope in envelopes]).encode()).hexdigest()
    store.insert(EVENT_FACT, event_columns(envelopes), token=token, shadow=shadow)
    store_facts(store, envelopes, token=token, shadow=shadow)


def store_facts(store: ColumnStore, envelopes: Sequence[Envelope], *, token: str, shadow: bool = False) -> None:
    """Writes what the events tell beside themselves."""
    for table, columns in facts_of(envelopes):
        store.insert(table, columns, token=token, shadow=shadow)


def event_columns(envelopes: Sequence[Envelope]) -> list[list[Any]]:
    """The columns of event_fact, in its order.

    An event was recorded at the moment inside its UUIDv7, which no redelivery changes.
    """
    ids = [id_bytes(envelope.id) for envelope in envelopes]
    occurred = [moment(envelope.occurred_at) for envelope in envelopes]
    return [
        [id_bytes(envelope.tenant_id) for envelope in envelopes],
        ids,
        [envelope.type for envelope in envelopes],
        [id_bytes(envelope.subject_id) for envelope in envelopes],
        [envelope.aggregate_version for envelope in envelopes],
        occurred,
        [clock_us(event_id, at) for event_id, at in zip(ids, occurred, strict=True)],
        [envelope.actor.type for envelope in envelopes],
        [envelope.actor.id for envelope in envelopes],
        [envelope.correlation_id for envelope in envelopes],
        [envelope.causation_id for envelope in envelopes],
        [envelope.changed_fields for envelope in envelopes],
        [envelope.payload_type for envelope in envelopes],
        [envelope.payload for envelope in envelopes],
    ]
