"""Cells of facts: ids, days and moments as the store takes them. Raises ValueError for what is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from funia.events.v1.envelope_pb2 import Envelope
from google.protobuf.timestamp_pb2 import Timestamp

NOBODY = bytes(16)
"""Stands for an id that is not there."""

_EARLIEST_US = -2_208_988_800_000_000  # 1900-01-01, the first moment the engine can hold
_LATEST_US = 10_413_791_999_999_999  # 2299-12-31
_CLOCKED, _STANDARD = 7, 2
"""Version and variant of ids that begin with the clock (RFC 9562)."""
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EARLIEST_DAY, _LATEST_DAY = (day.toordinal() - _EPOCH_DAY for day in (date(1900, 1, 1), date(2299, 12, 31)))


@dataclass(frozen=True, slots=True)
class Told:
    """An event, as far as every fact needs it. `verb` is the last word of its type."""

    tenant_id: bytes
    version: int
    at_us: int
    verb: str

    def state(self, record_id: str, *cells: Any) -> tuple[Any, ...]:
        """A row of a table of states about this record."""
        key = id_bytes(record_id)
        return (self.tenant_id, key, self.version, self.at_us, clock_us(key, 0), *cells)


def told(envelope: Envelope) -> Told:
    """What every fact needs of an event."""
    return Told(
        id_bytes(envelope.tenant_id),
        envelope.aggregate_version,
        moment(envelope.occurred_at),
        envelope.type.rpartition(".")[2],
    )


def clock_us(key: bytes, otherwise_us: int) -> int:
    """The moment inside the 16 bytes of a UUIDv7; the other one for ids of another kind."""
    if key[6] >> 4 != _CLOCKED or key[8] >> 6 != _STANDARD:
        return otherwise_us
    return held(int.from_bytes(key[:6], "big") * 1000)


def id_bytes(text: str) -> bytes:
    """The 16 bytes of an id; a UUID's own class takes four times as long, for each of a dozen cells of every row."""
    found = bytes.fromhex(text.replace("-", ""))
    if len(found) != len(NOBODY):
        raise ValueError(f"{text} is no id")
    return found


def identity(text: str) -> bytes:
    """An id; zeroes where there is none."""
    return id_bytes(text) if text else NOBODY


def moment(at: Timestamp) -> int:
    """Microseconds since 1970, within what the engine can hold."""
    return held(at.seconds * 1_000_000 + at.nanos // 1000)


def held(microseconds: int) -> int:
    """The moment, or the first or last one that the engine can hold."""
    return min(max(microseconds, _EARLIEST_US), _LATEST_US)


def day(text: str) -> int:
    """Days since 1970 of a day such as 2026-03-01, within what the engine can hold; 0 where there is none."""
    if not text:
        return 0
    return min(max(date.fromisoformat(text).toordinal() - _EPOCH_DAY, _EARLIEST_DAY), _LATEST_DAY)
