"""Protobuf messages to JSON-ready dictionaries, by functions compiled from the descriptors once.

Written out as source per message type because attribute loads in a dictionary display are the cheapest way
through a upb message from Python: a tenth of what json_format needs.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from keyword import iskeyword
from typing import Any

from chassis.structs import plain
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.transcode.wellknown import DURATION, FIELD_MASK, LOOSE, STRUCTS, TIMESTAMP

Encode = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EncodePlans:
    """The compiled functions by full name of the message.

    With `sparse`, empty fields of a resource (a message with an etag) are left out: in a summary nobody can tell
    an empty field from one that is not part of it, and must not write it back as empty.
    """

    def __init__(self, *, sparse: bool = False) -> None:
        self._sparse = sparse
        self._plans: dict[str, Encode] = {TIMESTAMP: encode_timestamp, FIELD_MASK: _encode_mask}
        self._names: dict[str, Any] = {"text_of_bytes": _text_of_bytes, "key_text": _key_text}

    def plan(self, descriptor: Descriptor) -> Encode:
        """The function that turns a message of this type into a value."""
        plan = self._plans.get(descriptor.full_name)
        return plan if plan is not None else self._compile(descriptor)

    def _compile(self, descriptor: Descriptor) -> Encode:
        name = descriptor.full_name
        if name in LOOSE or name == DURATION:
            self._plans[name] = plain if name in STRUCTS else json_format.MessageToDict
            return self._plans[name]
        symbol = _symbol(descriptor)
        self._plans[name] = self._later(symbol)  # a type may hold itself
        # S102: the source is built from names in our own descriptors only.
        exec(compile(self._source(descriptor, symbol), f"<json encoder of {name}>", "exec"), self._names)  # noqa: S102
        self._plans[name] = self._names[symbol]
        return self._plans[name]

    def _later(self, symbol: str) -> Encode:
        def encode(message: Any) -> Any:
            return self._names[symbol](message)

        return encode

    def _source(self, descriptor: Descriptor, symbol: str) -> str:
        plain: list[str] = []
        lines: list[str] = []
        sparse = self._sparse and "etag" in descriptor.fields_by_name
        for field in sorted(descriptor.fields, key=lambda field: field.number):
            value = self._expression(field)
            if field.has_presence:
                lines.append(f"    if m.HasField({field.name!r}): d[{field.name!r}] = {value}")
            elif sparse:
                source = f"getattr(m, {field.name!r})" if iskeyword(field.name) else f"m.{field.name}"
                lines.append(f"    if {source}: d[{field.name!r}] = {value}")
            elif lines:
                lines.append(f"    d[{field.name!r}] = {value}")
            else:
                plain.append(f"{field.name!r}: {value}")
        return "\n".join([f"def {symbol}(m):", f"    d = {{{', '.join(plain)}}}", *lines, "    return d"])

    def _expression(self, field: FieldDescriptor) -> str:
        source = f"getattr(m, {field.name!r})" if iskeyword(field.name) else f"m.{field.name}"
        message_type = field.message_type
        if message_type is not None and message_type.GetOptions().map_entry:
            key = message_type.fields_by_name["key"]
            value = message_type.fields_by_name["value"]
            left = "k" if key.cpp_type == FieldDescriptor.CPPTYPE_STRING else "key_text(k)"
            if left == "k" and not self._wrapped(value, "v"):
                return f"dict({source}.items())"
            return f"{{{left}: {self._wrapped(value, 'v') or 'v'} for k, v in {source}.items()}}"
        if field.is_repeated:
            wrapped = self._wrapped(field, "x")
            return f"[{wrapped} for x in {source}]" if wrapped else f"{source}[:]"
        return self._wrapped(field, source) or source

    def _wrapped(self, field: FieldDescriptor, source: str) -> str:
        """Source of the conversion of one value, or "" where the value goes as it is."""
        if field.message_type is not None:
            return f"{self._reference(field.message_type)}({source})"
        if field.enum_type is not None:
            symbol = "enum_" + field.enum_type.full_name.replace(".", "_")
            self._names[symbol] = _enum_name(field.enum_type)
            return f"{symbol}({source})"
        if field.type == FieldDescriptor.TYPE_BYTES:
            return f"text_of_bytes({source})"
        return ""

    def _reference(self, descriptor: Descriptor) -> str:
        symbol = _symbol(descriptor)
        if symbol not in self._names:
            plan = self.plan(descriptor)
            self._names.setdefault(symbol, plan)
        return symbol


def encode_timestamp(value: Timestamp) -> datetime | str:
    """A UTC datetime, which orjson writes as RFC 3339; text where there is more than microseconds in it."""
    seconds, nanos = value.seconds, value.nanos
    if not nanos:
        return datetime.fromtimestamp(seconds, UTC)
    if nanos % 1000:
        return value.ToJsonString()
    return _EPOCH + timedelta(0, seconds, nanos // 1000)


def _symbol(descriptor: Descriptor) -> str:
    return "encode_" + descriptor.full_name.replace(".", "_")


def _encode_mask(mask: Any) -> str:
    return ",".join(mask.paths)


def _enum_name(enum: EnumDescriptor) -> Callable[[int], str | int]:
    names: dict[int, str] = {value.number: value.name for value in enum.values}

    def name(number: int) -> str | int:
        return names.get(number, number)

    return name


def _text_of_bytes(value: bytes) -> str:
    return b64encode(value).decode("ascii")


def _key_text(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)
