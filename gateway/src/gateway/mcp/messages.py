"""JSON-RPC as the Model Context Protocol puts it over HTTP: one request a POST, nothing kept between two of them.

Speaks the revisions with an initialize handshake (2025-03-26 to 2025-11-25) and the one without (2026-07-28).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson

HANDSHAKE_VERSIONS = ("2025-03-26", "2025-06-18", "2025-11-25")
MODERN_VERSION = "2026-07-28"
VERSIONS = (*HANDSHAKE_VERSIONS, MODERN_VERSION)

VERSION_HEADER, METHOD_HEADER, NAME_HEADER = "Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name"
"""As WSGI spells them."""

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022
FORBIDDEN = -32001
_VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
_CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
_BASE64 = ("=?base64?", "?=")


class Refusal(Exception):
    """An error of the protocol, not of a tool; `more` is its data."""

    def __init__(
        self, code: int, message: str, *, status: HTTPStatus = HTTPStatus.BAD_REQUEST, more: Any = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.more = more


@dataclass(frozen=True, slots=True)
class Message:
    """A request, or a notification where `request_id` is None."""

    request_id: str | int | None
    method: str
    params: Mapping[str, Any]


def read_message(body: bytes) -> Message:
    """The message of a POST. Raises Refusal for whatever is not exactly one."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal(PARSE_ERROR, "The body is not valid JSON.") from None
    if not isinstance(value, dict) or value.get("jsonrpc") != "2.0" or not isinstance(value.get("method"), str):
        raise Refusal(INVALID_REQUEST, "Send one JSON-RPC 2.0 request or notification; batches are not taken.")
    request_id, params = value.get("id"), value.get("params", {})
    if ("id" in value and not isinstance(request_id, str | int)) or isinstance(request_id, bool):
        raise Refusal(INVALID_REQUEST, "The id of a request is a text or a whole number.")
    if not isinstance(params, dict):
        raise Refusal(INVALID_REQUEST, "params is an object.")
    return Message(request_id, value["method"], params)


def check_version(message: Message, headers: Mapping[str, str]) -> None:
    """Holds the headers to the message. Raises Refusal where they contradict it or name a revision not spoken here."""
    version = headers.get(VERSION_HEADER, "")
    meta = message.params.get("_meta")
    inside = meta.get(_VERSION_KEY) if isinstance(meta, dict) else None
    if version != MODERN_VERSION and inside is None:
        if version and version not in VERSIONS:
            raise _unsupported(version)
        return
    if message.request_id is None:
        return
    if not isinstance(meta, dict) or inside is None or _CAPABILITIES_KEY not in meta:
        raise Refusal(INVALID_PARAMS, f"params._meta needs {_VERSION_KEY} and {_CAPABILITIES_KEY}.")
    if version != inside:
        raise Refusal(HEADER_MISMATCH, "MCP-Protocol-Version is not the version in params._meta.")
    if headers.get(METHOD_HEADER) != message.method:
        raise Refusal(HEADER_MISMATCH, "Mcp-Method is not the method of the body.")
    if message.method == "tools/call" and _plain(headers.get(NAME_HEADER, "")) != message.params.get("name"):
        raise Refusal(HEADER_MISMATCH, "Mcp-Name is not the name of the tool in the body.")
    if version != MODERN_VERSION:
        raise _unsupported(version)


def written(request_id: str | int | None, *, result: Any = None, refusal: Refusal | None = None) -> bytes:
    """The answer to a request."""
    answer: dict[str, Any] = {"jsonrpc": "2.0", "id": request_id}
    if refusal is None:
        answer["result"] = {"resultType": "complete", **result}
    else:
        answer["error"] = {"code": refusal.code, "message": refusal.message}
        if refusal.more is not None:
            answer["error"]["data"] = refusal.more
    return orjson.dumps(answer)


def _unsupported(version: str) -> Refusal:
    return Refusal(
        UNSUPPORTED_VERSION,
        "This revision of the protocol is not spoken here.",
        more={"supported": list(VERSIONS), "requested": version},
    )


def _plain(value: str) -> str | None:
    """A header's value; base64 where it could not be written as it is."""
    if not (value.startswith(_BASE64[0]) and value.endswith(_BASE64[1])):
        return value
    try:
        return base64.b64decode(value[len(_BASE64[0]) : -len(_BASE64[1])], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
