"""JSON to dataclasses and back: answers become the generated models, bodies may hold datetimes.

What an answer has beyond the model is passed over, so an old library reads a newer API.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
_Reader = Callable[[Any], Any]


def decode(kind: type[T], value: Any) -> T:
    """The value as an instance of a generated model."""
    model: Any = kind
    read: Callable[[Any], T] = _model_reader(model)
    return read(value)


def encode(value: object) -> bytes:
    """A body as JSON in UTF-8. Times get their zone; a time without one counts as UTC."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False).encode()


def text_of(value: object) -> str:
    """A query parameter's value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _rfc3339(value)
    return str(value)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _rfc3339(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON.")


def _rfc3339(value: datetime) -> str:
    zoned = value if value.tzinfo else value.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat().replace("+00:00", "Z")


@cache
def _model_reader(kind: type[Any]) -> _Reader:
    # Filled on first use and not here: a model may hold itself.
    readers: dict[str, tuple[str, _Reader]] = {}

    def read(value: Any) -> Any:
        if not readers:
            hints = typing.get_type_hints(kind)
            for field in dataclasses.fields(kind):
                readers[field.metadata.get("name", field.name)] = (field.name, _reader(hints[field.name]))
        if not isinstance(value, dict):
            return kind()
        known = {}
        for name, one in value.items():
            found = readers.get(name)
            if found is not None and one is not None:
                known[found[0]] = found[1](one)
        return kind(**known)

    return read


def _reader(hint: Any) -> _Reader:
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _reader(next(one for one in arguments if one is not type(None)))
    if origin is list:
        item = _reader(arguments[0])
        return lambda value: [item(one) for one in value]
    if origin is dict:
        inner = _reader(arguments[1])
        return lambda value: {name: inner(one) for name, one in value.items()}
    if hint is datetime:
        return _time
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _model_reader(hint)
    return lambda value: value


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value)
