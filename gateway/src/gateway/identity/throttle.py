"""Counts attempts per account and per address, in the database, so that every process and replica counts together.

An attempt is counted before it is made and taken back when it turns out well, so a burst cannot slip through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from chassis.work import Database

from gateway.errors import too_many_attempts
from gateway.identity.platform import PlatformWork, open_platform_work
from gateway.identity.queries import session as queries


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that attempts are counted by, and how many are allowed in the window."""

    kind: str
    value: str
    limit: int

    @property
    def key(self) -> bytes:
        """What the database keeps of it."""
        return hashlib.sha256(f"{self.kind}:{self.value}".encode()).digest()


def count(database: Database, things: Sequence[Counted], *, window_s: int) -> None:
    """Counts one attempt. Raises ResourceExhausted, saying how long to wait, where any limit is over."""
    with open_platform_work(database) as platform:
        waits = _waits(platform, things, window_s)
    # Raised outside, so that the attempt stays counted.
    if waits:
        raise too_many_attempts(max(waits))


def count_within(platform: PlatformWork, things: Sequence[Counted], *, window_s: int) -> None:
    """Counts inside a transaction, for what is counted only where it succeeds. Raises as `count`."""
    waits = _waits(platform, things, window_s)
    if waits:
        raise too_many_attempts(max(waits))


class Attempt:
    """Counts an attempt when the block begins, and takes it back where the block ends without an error."""

    def __init__(self, database: Database, things: Sequence[Counted], *, window_s: int) -> None:
        self._database = database
        self._things = things
        self._window_s = window_s

    def __enter__(self) -> None:
        count(self._database, self._things, window_s=self._window_s)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            uncount(self._database, self._things)


def uncount(database: Database, things: Sequence[Counted]) -> None:
    """Takes back an attempt that was not a guess."""
    with open_platform_work(database) as platform:
        queries.uncount_attempts(platform, [thing.key for thing in things])


def _waits(platform: PlatformWork, things: Sequence[Counted], window_s: int) -> list[int]:
    limits = {thing.key: thing.limit for thing in things}
    ends = platform.now + timedelta(seconds=window_s)
    rows = queries.count_attempts(platform, list(limits), window_ends_at=ends)
    return [
        int((row.window_ends_at - platform.now).total_seconds())
        for row in rows
        if row.attempts > limits[bytes(row.key_hash)]
    ]


def network_of(address: str) -> str:
    """What stands for a caller's address: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)
