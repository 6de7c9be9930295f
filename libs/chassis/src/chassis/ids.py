"""Ids: UUIDv7, so that rows written together lie together."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from os import urandom
from uuid import UUID

_lock = threading.Lock()
_last_tick = 0


def uuid7() -> UUID:
    """A UUIDv7 (RFC 9562), strictly increasing within the process.

    48 bits of milliseconds, then 12 + 14 bits of sub-millisecond time as a counter, then 48 random bits.
    """
    global _last_tick
    tick = time.time_ns() // 15  # 2^26 ticks of 15 ns are just over a second, so a millisecond fits 26 bits
    with _lock:
        if tick <= _last_tick:
            tick = _last_tick + 1
        _last_tick = tick
    nanoseconds = tick * 15
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = rest // 15
    high = fraction >> 14
    low = fraction & 0x3FFF
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low << 48
    return UUID(int=value | int.from_bytes(urandom(6), "big"))


def uuid7_time(value: UUID) -> datetime:
    """Moment a UUIDv7 was made, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, tz=UTC)
