"""Structs as plain values: JSON has no difference between 5 and 5.0, so whole numbers are integers."""

from __future__ import annotations

from math import copysign
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message


def plain(message: Message) -> Any:
    """The value of a Struct, Value or ListValue, as JSON would say it."""
    return _whole(MessageToDict(message))


def _whole(value: Any) -> Any:
    if isinstance(value, float):
        # No integer is -0.0.
        is_whole = value.is_integer() and abs(value) < 2**53 and (value or copysign(1, value) > 0)
        return int(value) if is_whole else value
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value
