"""What is one message of the protocol, and which headers contradict it."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
from gateway.mcp.messages import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    MODERN_VERSION,
    PARSE_ERROR,
    UNSUPPORTED_VERSION,
    Refusal,
    check_version,
    read_message,
)

MODERN = {"Mcp-Protocol-Version": MODERN_VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "get_contact"}
META = {
    "io.modelcontextprotocol/protocolVersion": MODERN_VERSION,
    "io.modelcontextprotocol/clientCapabilities": {},
}


def request(**params: Any) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', INVALID_REQUEST),
        (b'{"id":1,"method":"ping"}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', INVALID_REQUEST),
    ],
)
def test_what_is_not_one_message_is_refused(body: bytes, code: int) -> None:
    with pytest.raises(Refusal) as refusal:
        read_message(body)
    assert refusal.value.code == code


def test_a_message_without_an_id_is_a_notification() -> None:
    assert read_message(b'{"jsonrpc":"2.0","method":"notifications/initialized"}').request_id is None


@pytest.mark.parametrize(
    ("headers", "meta", "code"),
    [
        ({**MODERN, "Mcp-Method": "tools/list"}, META, HEADER_MISMATCH),
        ({**MODERN, "Mcp-Name": "create_contact"}, META, HEADER_MISMATCH),
        ({**MODERN, "Mcp-Name": "=?base64?***?="}, META, HEADER_MISMATCH),
        ({**MODERN, "Mcp-Protocol-Version": "2025-11-25"}, META, HEADER_MISMATCH),
        (MODERN, None, INVALID_PARAMS),
        (MODERN, {"io.modelcontextprotocol/protocolVersion": MODERN_VERSION}, INVALID_PARAMS),
        ({"Mcp-Protocol-Version": "2031-01-01"}, None, UNSUPPORTED_VERSION),
    ],
)
def test_headers_that_contradict_the_body_are_refused(
    headers: dict[str, str], meta: dict[str, Any] | None, code: int
) -> None:
    params: dict[str, Any] = {"name": "get_contact"} | ({} if meta is None else {"_meta": meta})
    with pytest.raises(Refusal) as refusal:
        check_version(read_message(request(**params)), headers)
    assert refusal.value.code == code


@pytest.mark.parametrize("name", ["get_contact", f"=?base64?{base64.b64encode(b'get_contact').decode()}?="])
def test_headers_that_agree_are_let_through(name: str) -> None:
    check_version(read_message(request(name="get_contact", _meta=META)), {**MODERN, "Mcp-Name": name})
    check_version(read_message(request(name="get_contact")), {"Mcp-Protocol-Version": "2025-06-18"})
    check_version(read_message(request(name="get_contact")), {})
