"""Single values of JSON and of query parameters to the Python values that protobuf takes.

Each reader returns the value or raises Wrong with what was expected; nothing is rounded, cut or guessed.
"""

from __future__ import annotations

import binascii
import math
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

Read = Callable[[Any], Any]

SAFE_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_PATH = re.compile(r"(?:\*|[A-Za-z_][\w\-]*(?:\.[\w\-]+)*)", re.ASCII)

_INT32 = (-(2**31), 2**31 - 1)
_UINT32 = (0, 2**32 - 1)
_INT64 = (-SAFE_INTEGER, SAFE_INTEGER)
_UINT64 = (0, SAFE_INTEGER)

_FD = FieldDescriptor
_RANGES = {
    _FD.TYPE_INT32: _INT32,
    _FD.TYPE_SINT32: _INT32,
    _FD.TYPE_SFIXED32: _INT32,
    _FD.TYPE_UINT32: _UINT32,
    _FD.TYPE_FIXED32: _UINT32,
    _FD.TYPE_INT64: _INT64,
    _FD.TYPE_SINT64: _INT64,
    _FD.TYPE_SFIXED64: _INT64,
    _FD.TYPE_UINT64: _UINT64,
    _FD.TYPE_FIXED64: _UINT64,
}
WIDE = frozenset({_FD.TYPE_INT64, _FD.TYPE_SINT64, _FD.TYPE_SFIXED64, _FD.TYPE_UINT64, _FD.TYPE_FIXED64})


class Wrong(Exception):
    """The value is not what the field takes; the text says what is."""


def json_reader(field: FieldDescriptor) -> Read:
    """Reader of one JSON value of a scalar or enum field."""
    if field.type in _RANGES:
        return _integer_reader(*_RANGES[field.type], texts=field.type in WIDE)
    if field.type in (_FD.TYPE_DOUBLE, _FD.TYPE_FLOAT):
        return _float_reader(single=field.type == _FD.TYPE_FLOAT)
    if field.type == _FD.TYPE_BOOL:
        return _boolean
    if field.type == _FD.TYPE_STRING:
        return _text
    if field.type == _FD.TYPE_BYTES:
        return _bytes
    enum = field.enum_type
    assert enum is not None
    return _enum_reader(enum)


def text_reader(field: FieldDescriptor) -> Read:
    """Reader of one query parameter of a scalar or enum field."""
    read = json_reader(field)
    if field.type in _RANGES:
        return lambda text: read(int(text) if _INTEGER.fullmatch(text) else text)
    if field.type in (_FD.TYPE_DOUBLE, _FD.TYPE_FLOAT):
        return lambda text: read(float(text) if _NUMBER.fullmatch(text) else text)
    if field.type == _FD.TYPE_BOOL:
        return lambda text: read({"true": True, "false": False}.get(text, text))
    return read


def read_time(value: Any) -> tuple[int, int]:
    """RFC 3339 text to seconds and nanoseconds since 1970."""
    match = _TIME.fullmatch(value) if type(value) is str else None
    if match is None:
        raise Wrong('Give a time in RFC 3339, such as "2026-05-31T09:30:00Z".')
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'Zz' else zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong("There is no such day or hour. Give a time between the years 0001 and 9999.") from None
    return int((moment - _EPOCH).total_seconds()), int((fraction or "0").ljust(9, "0"))


def read_mask(value: Any) -> list[str]:
    """Comma-separated field paths."""
    if type(value) is not str:
        raise Wrong('Give field names in one text, separated by commas, such as "given_name,emails".')
    paths = [path.strip() for path in value.split(",")] if value else []
    for path in paths:
        if not _PATH.fullmatch(path):
            raise Wrong(f'"{path[:60]}" is not a field path. Separate snake_case names by commas.')
    return paths


def kind_of(value: Any) -> str:
    """The JSON name of a value's type, for messages."""
    if value is None:
        return "null"
    return {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "an object"}[
        type(value)
    ]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise Wrong(f"Expected a text, got {kind_of(value)}.")
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise Wrong("Expected true or false.")
    return value


def _bytes(value: Any) -> bytes:
    if type(value) is not str:
        raise Wrong("Expected base64 text.")
    try:
        return b64decode(value.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Wrong("Expected base64 text.") from None


def _integer_reader(least: int, most: int, *, texts: bool) -> Read:
    def read(value: Any) -> int:
        number = value
        whole = type(value) is float and value.is_integer() and abs(value) <= SAFE_INTEGER
        if whole or (texts and type(value) is str and _INTEGER.fullmatch(value)):
            number = int(value)
        if type(number) is not int:
            raise Wrong("Expected a whole number.")
        if not least <= number <= most:
            raise Wrong(f"Expected a whole number from {least} to {most}.")
        return number

    return read


def _float_reader(*, single: bool) -> Read:
    def read(value: Any) -> float:
        if type(value) not in (int, float):
            raise Wrong("Expected a number.")
        number = float(value)
        if not math.isfinite(number) or (single and abs(number) > 3.4028234663852886e38):
            raise Wrong("The number is too large.")
        return number

    return read


def _enum_reader(enum: EnumDescriptor) -> Read:
    numbers: dict[Any, int] = {}
    prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum.name).upper() + "_"
    for value in enum.values:
        numbers[value.name] = value.number
        numbers[value.name.removeprefix(prefix)] = value.number
    shown = ", ".join(value.name.removeprefix(prefix) for value in enum.values if value.number)

    def read(value: Any) -> int:
        number = numbers.get(value) if type(value) is str else None
        if number is None:
            raise Wrong(f"Expected one of {shown}.")
        return number

    return read
