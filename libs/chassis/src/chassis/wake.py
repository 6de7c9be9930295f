"""Wakes relays in other processes: a process that serves tells the bus that it has committed events.

A wake may be lost and nothing but time is lost with it, since a relay looks by itself every now and then.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

WAKE_ROOT = "funia-wake"


class Bell:
    """Rung at every commit, from any thread; many rings in a moment are one message. Silent while not attached."""

    def __init__(self, service: str, *, gather_s: float) -> None:
        self._subject = f"{WAKE_ROOT}.{service}"
        self._gather_s = gather_s
        self._lock = threading.Lock()
        self._rung = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Client | None = None
        # Kept, so that it is not collected while it runs.
        self._speaking: asyncio.Task[None] | None = None

    def attach(self, client: Client) -> None:
        """Gives it the connection to speak over, for as long as that lasts. Call it on the connection's loop."""
        self._client = client
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        """Says that something was committed."""
        loop = self._loop
        if loop is None:
            return
        with self._lock:
            if self._rung:
                return
            self._rung = True
        try:
            loop.call_soon_threadsafe(loop.call_later, self._gather_s, self._speak)
        except RuntimeError:
            # The loop was closed a moment ago: the process stops.
            self._rung = False

    def _speak(self) -> None:
        # Cleared first: whatever is committed from here on rings anew.
        self._rung = False
        client = self._client
        if client is not None and client.is_connected:
            self._speaking = asyncio.ensure_future(self._publish(client))

    async def _publish(self, client: Client) -> None:
        with contextlib.suppress(NatsError, OSError):
            await client.publish(self._subject)


@asynccontextmanager
async def waking(client: Client, service: str, wakes: Sequence[Callable[[], None]]) -> AsyncIterator[None]:
    """Calls `wakes` whenever another process of the service has committed events, as long as it is open."""

    async def wake(_message: Msg) -> None:
        for one in wakes:
            one()

    subscription = await client.subscribe(f"{WAKE_ROOT}.{service}", cb=wake)
    try:
        yield
    finally:
        if not client.is_closed:
            await subscription.unsubscribe()
