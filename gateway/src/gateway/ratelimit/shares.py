"""Tells the other processes of the gateway what was used here, and hears what was used there: once a second, over NATS.

Each process so holds everybody to the whole limit, late by a second at most. Where the bus is away, a request costs as
much as there are workers: no engine is needed to stay below the limit on one host.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from uuid import uuid4

import orjson
from chassis.streams import PASSING_ERRORS, connect
from nats.aio.client import Client
from nats.aio.msg import Msg

from gateway.ratelimit.meter import Meter
from gateway.settings import GatewaySettings

SUBJECT = "funia-rate.used"
_EVERY_S = 1.0
_KEYS_PER_MESSAGE = 5_000
_log = logging.getLogger(__name__)


class RateShares:
    """Runs in a daemon thread until the process ends or `stop`."""

    def __init__(self, settings: GatewaySettings, meter: Meter) -> None:
        self._settings = settings
        self._meter = meter
        self._me = uuid4().hex
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rate-shares", daemon=True)

    def start(self) -> RateShares:
        """Begins; until the bus answers, this process takes its part of the limits only."""
        self._meter.price = self._settings.http_workers
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        self._thread.join(3 * _EVERY_S)

    def _run(self) -> None:
        asyncio.run(self._share())

    async def _share(self) -> None:
        client: Client | None = None
        while not self._stop.is_set():
            await asyncio.sleep(_EVERY_S)
            try:
                if client is None or client.is_closed:
                    client = await asyncio.wait_for(connect(self._settings, "rate-shares"), 2 * _EVERY_S)
                    await client.subscribe(SUBJECT, cb=self._hear)
                self._meter.price = 1 if client.is_connected else self._settings.http_workers
                await self._tell(client)
            except (*PASSING_ERRORS, OSError) as error:
                self._meter.price = self._settings.http_workers
                _log.info("rate limits are kept alone: %s", error or type(error).__name__)
        if client is not None:
            with contextlib.suppress(*PASSING_ERRORS, OSError):
                await client.close()

    async def _tell(self, client: Client) -> None:
        used = sorted(self._meter.take_used().items(), key=lambda item: -item[1])
        if not client.is_connected:
            return
        for start in range(0, len(used), _KEYS_PER_MESSAGE):
            await client.publish(SUBJECT, orjson.dumps([self._me, used[start : start + _KEYS_PER_MESSAGE]]))

    async def _hear(self, message: Msg) -> None:
        sender, used = orjson.loads(message.data)
        if sender != self._me:
            self._meter.debit((str(key), int(count)) for key, count in used)
