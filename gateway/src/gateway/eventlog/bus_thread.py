"""A bus connection on a thread of its own, for views that run on WSGI threads and wait for what it reads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from chassis.errors import Unavailable
from chassis.history import History, HistoryClient
from chassis.streams import connect

from gateway.eventlog.reader import EventReader
from gateway.settings import GatewaySettings

T = TypeVar("T")


async def open_reader(settings: GatewaySettings, name: str) -> tuple[HistoryClient, EventReader]:
    """A connection, and the reader over it, for the running event loop."""
    client = HistoryClient()
    await connect(settings, name, client=client)
    history = History(
        client,
        timeout_s=settings.event_read_timeout_s,
        state_age_s=settings.event_stream_state_s,
        most_bytes=settings.event_page_max_bytes,
    )
    return client, EventReader(history, keep_days=settings.stream_max_age_days, scan_max=settings.event_scan_max)


class BusThread:
    """Made without side effects; connects with the first call, in the process that serves."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._opened: asyncio.Task[tuple[HistoryClient, EventReader]] | None = None

    def call(self, use: Callable[[EventReader], Awaitable[T]]) -> T:
        """What `use` returns, run on the connection's loop. Raises Unavailable where the bus is away."""
        timeout_s = self._settings.event_read_timeout_s * 2
        try:
            return asyncio.run_coroutine_threadsafe(self._use(use), self._running()).result(timeout_s)
        except TimeoutError as error:
            raise Unavailable("The events are away for the moment. Try again.", reason="EVENTS_UNAVAILABLE") from error

    def close(self) -> None:
        """Ends connection and thread, where there are any."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), loop).result(self._settings.event_read_timeout_s)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join()
        loop.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="event-reader", daemon=True)
                self._thread.start()
            return self._loop

    async def _use(self, use: Callable[[EventReader], Awaitable[T]]) -> T:
        if self._opened is None or (self._opened.done() and self._opened.exception() is not None):
            self._opened = asyncio.create_task(open_reader(self._settings, "event-api"))
        _, reader = await asyncio.shield(self._opened)
        return await use(reader)

    async def _close(self) -> None:
        if self._opened is None:
            return
        if not self._opened.done():
            self._opened.cancel()
            await asyncio.wait([self._opened])
        elif self._opened.exception() is None:
            await self._opened.result()[0].close()
