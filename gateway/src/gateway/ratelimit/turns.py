"""Lets few requests of a company go on at once while other companies ask too; the rest of them waits for its turn.

Threads, connections and processors behind the gateway serve in the order in which they are asked, so whoever has most
under way gets most. A company that is alone takes all it may have.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from weakref import WeakKeyDictionary

from gateway.ratelimit.meter import Lane, Party, too_many_at_once
from gateway.settings import GatewaySettings

_PRESENT_S = 1.0
"""A company that asked so lately counts as one that asks."""


class _Line:
    """What a company has under way in one lane, and who waits, first come first."""

    __slots__ = ("under_way", "waiting")

    def __init__(self) -> None:
        self.under_way = 0
        self.waiting: deque[threading.Event] = deque()


class Turns:
    """Thread-safe; of one process."""

    def __init__(self, settings: GatewaySettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = {
            Lane.API: settings.rate_tenant_turns,
            Lane.CONSOLE: settings.rate_tenant_turns,
            Lane.SCIM: settings.rate_tenant_turns,
            Lane.BULK: settings.rate_tenant_bulk_turns,
        }
        self._wait_s = settings.rate_turn_wait_s
        self._clock = clock
        self._lock = threading.Lock()
        self._lines: WeakKeyDictionary[Party, dict[Lane, _Line]] = WeakKeyDictionary()
        # The last company that asked, and the last one other than that.
        self._latest: tuple[Party | None, float] = (None, 0.0)
        self._earlier: tuple[Party | None, float] = (None, 0.0)

    def take(self, company: Party, lane: Lane) -> None:
        """Returns when it is the company's turn. Raises ResourceExhausted after `rate_turn_wait_s`."""
        with self._lock:
            self._note(company)
            line = self._lines.setdefault(company, {one: _Line() for one in Lane})[lane]
            if not line.waiting and line.under_way < self._allowed(company, lane):
                line.under_way += 1
                return
            turn = threading.Event()
            line.waiting.append(turn)
        if turn.wait(self._wait_s):
            return
        with self._lock:
            if turn.is_set():
                return
            line.waiting.remove(turn)
        raise too_many_at_once()

    def give_back(self, company: Party, lane: Lane) -> None:
        """Ends a turn that was taken; whoever waits longest goes on."""
        with self._lock:
            line = self._lines[company][lane]
            line.under_way -= 1
            while line.waiting and line.under_way < self._allowed(company, lane):
                line.under_way += 1
                line.waiting.popleft().set()

    def _note(self, company: Party) -> None:
        if self._latest[0] is not company:
            self._earlier = self._latest
        self._latest = (company, self._clock())

    def _allowed(self, company: Party, lane: Lane) -> int:
        other, at = self._earlier if self._latest[0] is company else self._latest
        is_alone = other is None or self._clock() - at > _PRESENT_S
        return company.most if is_alone else self._most[lane]
