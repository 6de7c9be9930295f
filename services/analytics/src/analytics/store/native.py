"""Writes batches in ClickHouse's Native format: columns as the engine keeps them, nothing to parse or to escape.

Both engines take the same bytes.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from analytics.store.facts import Column

_SWAP = sys.byteorder == "big"


def block(columns: Sequence[Column], values: Sequence[Sequence[Any]]) -> bytes:
    """One block. Each column's values: UUID or its 16 bytes for UUID; int for Int64, or None where it is Nullable;
    whole microseconds since 1970 for DateTime64(6), whole days for Date32; str or bytes for String; a sequence of str
    for Array(String).

    Raises ValueError where the columns do not have the same length.
    """
    rows = len(values[0])
    parts = [_varint(len(columns)), _varint(rows)]
    for column, column_values in zip(columns, values, strict=True):
        if len(column_values) != rows:
            raise ValueError(f"{column.name} has {len(column_values)} values, the first column {rows}")
        parts += [_text(column.name), _text(column.wire), _ENCODERS[column.wire](column_values)]
    return b"".join(parts)


def _uuids(values: Sequence[Any]) -> bytes:
    # The engine keeps a UUID as two little-endian 64-bit numbers, the high one first.
    words = array("Q", b"".join([value if isinstance(value, bytes) else value.bytes for value in values]))
    if not _SWAP:
        words.byteswap()
    return words.tobytes()


def _integers(values: Sequence[Any]) -> bytes:
    numbers = array("q", values)
    if _SWAP:
        numbers.byteswap()
    return numbers.tobytes()


def _nullable_integers(values: Sequence[Any]) -> bytes:
    return bytes([value is None for value in values]) + _integers([value or 0 for value in values])


def _days(values: Sequence[Any]) -> bytes:
    numbers = array("i", values)
    if _SWAP:
        numbers.byteswap()
    return numbers.tobytes()


def _strings(values: Sequence[Any]) -> bytes:
    parts = []
    for value in values:
        raw = value if isinstance(value, bytes) else value.encode()
        size = len(raw)
        parts.append(_SMALL[size] if size < 128 else _varint(size))
        parts.append(raw)
    return b"".join(parts)


def _string_arrays(values: Sequence[Any]) -> bytes:
    ends = []
    end = 0
    for value in values:
        end += len(value)
        ends.append(end)
    return _integers(ends) + _strings([item for value in values for item in value])


_SMALL = [bytes([number]) for number in range(128)]

_ENCODERS: dict[str, Callable[[Sequence[Any]], bytes]] = {
    "UUID": _uuids,
    "Int64": _integers,
    "Nullable(Int64)": _nullable_integers,
    "Date32": _days,
    "DateTime64(6, 'UTC')": _integers,
    "String": _strings,
    "Array(String)": _string_arrays,
}


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _text(value: str) -> bytes:
    return _strings([value])
