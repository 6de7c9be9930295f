"""Ids: UUIDv7, so that rows written together lie together."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BYTES = 6
_lock = threading.Lock()
_last_tick = 0
_random = b""
"""Random bytes read ahead: asking the system for six at a time hands the interpreter to another thread each time."""


def _forget_random() -> None:
    global _random
    _random = b""


os.register_at_fork(after_in_child=_forget_random)


def uuid7() -> UUID:
    """A UUIDv7 (RFC 9562), strictly increasing within the process.

    48 bits of milliseconds, then 12 + 14 bits of sub-millisecond time as a counter, then 48 random bits.
    """
    global _last_tick, _random
    tick = time.time_ns() // 15  # 2^26 ticks of 15 ns are just over a second, so a millisecond fits 26 bits
    with _lock:
        if tick <= _last_tick:
            tick = _last_tick + 1
        _last_tick = tick
        if not _random:
            _random = os.urandom(_RANDOM_BYTES * 512)
        tail, _random = _random[:_RANDOM_BYTES], _random[_RANDOM_BYTES:]
    nanoseconds = tick * 15
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = rest // 15
    high = fraction >> 14
    low = fraction & 0x3FFF
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low << 48
    return UUID(int=value | int.from_bytes(tail, "big"))


def uuid7_time(value: UUID) -> datetime:
    """Moment a UUIDv7 was made, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, tz=UTC)
