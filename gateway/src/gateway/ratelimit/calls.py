"""Writes down the API calls that this process has counted, and learns what the plans of their companies say.

Calls are counted in memory, so that counting one costs nothing, and written every few seconds. What a process knows of
a company's limit is as old as that; reads are never refused for it.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.metering import METERS, limit_reached
from chassis.work import Database

from gateway.identity.queries import plan as queries
from gateway.plans import REQUESTS_PER_S
from gateway.ratelimit.meter import Meter
from gateway.settings import GatewaySettings

_CALLS = METERS["api_calls"]
_log = logging.getLogger(__name__)


class ApiCalls:
    """Runs in a daemon thread until `stop`, which writes what is left. Thread-safe."""

    def __init__(self, database: Database, meter: Meter, settings: GatewaySettings) -> None:
        self._database = database
        self._meter = meter
        self._every_s = settings.usage_calls_every_s
        self._full: dict[str, tuple[int, int]] = {}
        self._full_on = datetime.now(UTC).date()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="api-calls", daemon=True)

    def start(self) -> ApiCalls:
        """Begins."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends the thread; what was counted is written."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def check(self, tenant: str) -> None:
        """Raises ResourceExhausted where the company has made all the calls of the day. For what writes."""
        known = self._full.get(tenant)
        now = datetime.now(UTC)
        if known is not None and now.date() == self._full_on:
            raise limit_reached(_CALLS.name, used=known[0], most=known[1], now=now)

    def write(self) -> None:
        """Writes the calls counted since the last time, company by company."""
        today = datetime.now(UTC).date()
        if today != self._full_on:
            self._full, self._full_on = {}, today
        calls = self._meter.take_calls()
        for tenant in list(calls):
            try:
                self._write(tenant, calls[tenant])
            except FuniaError as error:
                _log.warning("API calls are written later: %s", error)
                self._meter.give_back_calls(calls)
                return
            del calls[tenant]

    def _run(self) -> None:
        stops = False
        while not stops:
            stops = self._stop.wait(self._every_s)
            self.write()

    def _write(self, tenant: str, count: int) -> None:
        with self._database.open_work(Caller.system(UUID(tenant))) as work:
            if not queries.is_there(work):
                return  # Its last calls were its own end; an erased company leaves not even a number.
            limits = queries.limits(work)
            used = queries.used(work, _CALLS.name, _CALLS.period(work.now)) + count
            work.count(_CALLS.name, count, kept=False)
        most = limits.get(_CALLS.name)
        if most is not None and used >= most:
            self._full[tenant] = used, most
        else:
            self._full.pop(tenant, None)
        self._meter.set_rate(tenant, limits.get(REQUESTS_PER_S))
