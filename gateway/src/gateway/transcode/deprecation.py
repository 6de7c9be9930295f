"""What will be taken away: notices beside methods and fields of the protos, told to callers in headers and counted.

`Deprecation` is RFC 9745, `Sunset` RFC 8594. docs/api-versioning.md is the promise behind them.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

import orjson
from funia.type.v1 import options_pb2
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from prometheus_client import Counter

from gateway.problems import Headers
from gateway.transcode.bindings import ContractError, Route

NOTICE_DAYS_MIN = 365
"""From the day something is deprecated to the day it is gone."""
_CLIENT_MAX_CHARS = 64
USES = Counter("funia_deprecated_total", "Requests that used what will be taken away.", ["method", "field", "client"])


@dataclass(frozen=True, slots=True)
class Notice:
    """That something will go, and what to do."""

    since: date
    sunset: date | None
    instead: str
    link: str

    @property
    def text(self) -> str:
        """For the reference and for editors."""
        end = f", gone from {self.sunset}" if self.sunset else ""
        return f"Deprecated since {self.since}{end}: {self.instead} See {self.link}"

    def headers(self) -> Headers:
        """What an answer says of it."""
        found = [("Deprecation", f"@{int(_start_of(self.since).timestamp())}")]
        links = [f'<{self.link}>; rel="deprecation"; type="text/html"']
        if self.sunset:
            found.append(("Sunset", format_datetime(_start_of(self.sunset), usegmt=True)))
            links.append(f'<{self.link}>; rel="sunset"; type="text/html"')
        return [*found, ("Link", ", ".join(links))]


def notice_of(element: MethodDescriptor | FieldDescriptor) -> Notice | None:
    """The notice beside an element. Raises ContractError where it promises too little."""
    is_method = isinstance(element, MethodDescriptor)
    extension: Any = options_pb2.deprecation if is_method else options_pb2.field_deprecation
    options: Any = element.GetOptions()
    if not options.HasExtension(extension):
        return None
    given = options.Extensions[extension]
    try:
        since = date.fromisoformat(given.since)
        sunset = date.fromisoformat(given.sunset) if given.sunset else None
    except ValueError as error:
        raise ContractError(f"{element.full_name}: a deprecation has dates such as 2026-11-22") from error
    if not given.instead or not given.link:
        raise ContractError(f"{element.full_name}: a deprecation says what to use instead, and where to read about it")
    if sunset is not None and (sunset - since).days < NOTICE_DAYS_MIN:
        raise ContractError(f"{element.full_name}: between since and sunset lie {NOTICE_DAYS_MIN} days at least")
    return Notice(since, sunset, given.instead, given.link)


class Notices:
    """Those of one route. False where there are none, which is what the hot path asks."""

    def __init__(self, route: Route) -> None:
        self._rpc = route.rpc
        self._method = notice_of(route.method)
        self._fields = [(path, notice) for path, field in _fields_of(route) if (notice := notice_of(field))]

    def __bool__(self) -> bool:
        return self._method is not None or bool(self._fields)

    def headers(self, message: Any, token: str) -> Headers:
        """What the answer to a request says, which is counted for the client. `token` has been found good."""
        used = [(".".join(path), notice) for path, notice in self._fields if _is_given(message, path)]
        if self._method is not None:
            used.insert(0, ("", self._method))
        for field, _ in used:
            USES.labels(self._rpc, field, client_of(token)).inc()
        return used[0][1].headers() if used else []


def client_of(token: str) -> str:
    """The client that a good token was given to; "console" for people in the console, who have none."""
    try:
        payload = token.split(".")[1]
        claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims.get("client_id") or "console")[:_CLIENT_MAX_CHARS]
    except (IndexError, ValueError, AttributeError):
        return "unknown"


def _fields_of(route: Route) -> Sequence[tuple[tuple[str, ...], FieldDescriptor]]:
    """Fields that a caller sends: of the request, and of the resource in it."""
    found: list[tuple[tuple[str, ...], FieldDescriptor]] = []
    for field in route.method.input_type.fields:
        found.append(((field.name,), field))
        if field.name == route.body and field.message_type is not None:
            found.extend(((field.name, inner.name), inner) for inner in field.message_type.fields)
    return found


def _is_given(message: Any, path: tuple[str, ...]) -> bool:
    *outer, name = path
    for part in outer:
        if not message.HasField(part):
            return False
        message = getattr(message, part)
    field = message.DESCRIPTOR.fields_by_name[name]
    if field.has_presence:
        return bool(message.HasField(name))
    return bool(getattr(message, name))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
