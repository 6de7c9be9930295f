"""JSON of the public API to protobuf and back, behind one small interface.

Follows ProtoJSON except where API users are better served: snake_case names only, 64-bit integers as numbers,
every plain field always written, unset messages left out. Knows no HTTP and no routes.
"""

from __future__ import annotations

import re
from typing import Any, cast

import orjson
from chassis.errors import InvalidArgument, Violation
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from gateway.transcode.decoding import DecodePlans
from gateway.transcode.encoding import EncodePlans

_WRITE_OPTIONS = orjson.OPT_UTC_Z
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"{}[]")


class JsonCodec:
    """Compiles each message type once and keeps the plan; safe to share between threads once warmed up.

    `max_depth` is the deepest nesting of a body, in levels; `max_violations` the most that one answer names.
    """

    def __init__(self, *, max_depth: int = 16, max_violations: int = 50) -> None:
        self._encode = EncodePlans()
        self._encode_summary = EncodePlans(sparse=True)
        self._decode = DecodePlans()
        self._max_depth = max_depth
        self._max_violations = max_violations

    def warm(self, descriptor: Descriptor) -> None:
        """Compile a type ahead of its first use; a type that JSON cannot carry raises TypeError here."""
        self._encode.plan(descriptor)
        self._encode_summary.plan(descriptor)
        self._decode.plan(descriptor)

    def to_json(self, message: Message, *, summary: bool = False) -> bytes:
        """The message as JSON text, fields in the order of their numbers; in a summary, records without empty ones."""
        plans = self._encode_summary if summary else self._encode
        return orjson.dumps(plans.plan(descriptor_of(message))(message), option=_WRITE_OPTIONS)

    def to_value(self, message: Message) -> dict[str, Any]:
        """The message as a dictionary that orjson can write; times are datetimes."""
        value: dict[str, Any] = self._encode.plan(descriptor_of(message))(message)
        return value

    def parse(self, body: bytes) -> Any:
        """JSON text to a value. Raises InvalidArgument naming line and column, or the depth allowed."""
        if body.count(b"{") + body.count(b"[") > self._max_depth and _deeper_than(body, self._max_depth):
            raise InvalidArgument(
                f"The body is nested too deep: {self._max_depth} levels at most.", reason="JSON_TOO_DEEP"
            )
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise InvalidArgument(
                f"The body is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
                reason="MALFORMED_JSON",
            ) from None
        if b"\\u0000" in body:
            raise InvalidArgument(
                "The body holds the NUL character (\\u0000), which no field may carry. Leave it out.",
                reason="INVALID_TEXT",
            )
        return value

    def read(self, value: Any, message: Message) -> None:
        """Fill the message from a parsed JSON object. Raises InvalidArgument with one violation a wrong field."""
        violations: list[Violation] = []
        self._decode.plan(descriptor_of(message)).read_object(message, value, "", violations)
        self.refuse(violations)

    def read_texts(self, pairs: list[tuple[str, str]], message: Message, violations: list[Violation]) -> None:
        """Fill the message from query parameters: dotted names, repeated names for repeated fields."""
        plan = self._decode.plan(descriptor_of(message))
        seen: set[str] = set()
        for name, text in pairs:
            plan.read_text(message, name, text, seen, violations)

    def refuse(self, violations: list[Violation]) -> None:
        """Raise InvalidArgument where there are violations."""
        if not violations:
            return
        shown = violations[: self._max_violations]
        first = shown[0]
        more = f" ({len(violations) - 1} more)" if len(violations) > 1 else ""
        where = f"{first.field}: " if first.field else ""
        raise InvalidArgument(f"{where}{first.message}{more}", reason="INVALID_REQUEST", violations=shown)


def descriptor_of(message: Message) -> Descriptor:
    """The descriptor of a message; the stubs know two classes of it."""
    descriptor: Any = message.DESCRIPTOR
    return cast(Descriptor, descriptor)


def _deeper_than(body: bytes, limit: int) -> bool:
    """Whether brackets outside of strings nest deeper than the limit; linear, and before any parser runs."""
    depth = 0
    for bracket in _TEXT.sub(b"", body).translate(None, _NO_BRACKETS):
        if bracket in b"{[":
            depth += 1
            if depth > limit:
                return True
        else:
            depth -= 1
    return False
