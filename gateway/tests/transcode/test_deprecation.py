"""What will be taken away is said in headers and in the document, and counted for each client."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import grpc
import orjson
import pytest
from chassis.client import channel
from flask import Flask
from funia.type.v1 import options_pb2
from gateway.transcode.bindings import ContractError, read_routes
from gateway.transcode.deprecation import client_of
from gateway.transcode.openapi import build_openapi
from gateway.transcode.routes import TranscodedApi
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import FileDescriptor
from prometheus_client import REGISTRY
from werkzeug.test import Client

NOTICE = {"since": "2026-11-22", "sunset": "2027-11-22", "instead": "Use name.", "link": "/docs/guides/changelog"}
TOKEN = "e30." + urlsafe_b64encode(orjson.dumps({"client_id": "shop"})).decode().rstrip("=") + ".c2ln"
_NUMBERS = count()


def things(method_notice: dict[str, str] | None, field_notice: dict[str, str] | None) -> FileDescriptor:
    """A file with one method that updates a thing, whose `old` may be deprecated, as may be the method."""
    package = f"funia.gone{next(_NUMBERS)}.v1"
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    thing = file.message_type.add(name="Thing")
    for number, name in enumerate(("id", "name", "old"), start=1):
        thing.field.add(name=name, number=number, type=9, label=1)
    if field_notice is not None:
        notice = options_pb2.Deprecation(**field_notice)
        thing.field[2].options.Extensions[options_pb2.field_deprecation].CopyFrom(notice)
    request = file.message_type.add(name="SetThingRequest")
    request.field.add(name="id", number=1, type=9, label=1)
    request.field.add(name="thing", number=2, type=11, label=1, type_name=f".{package}.Thing")
    service = file.service.add(name="Things")
    method = service.method.add(
        name="SetThing", input_type=f".{package}.SetThingRequest", output_type=f".{package}.Thing"
    )
    method.options.Extensions[options_pb2.rpc].CopyFrom(options_pb2.Rpc(scope="things.write"))
    rule = http_pb2.HttpRule(put="/v1/things/{id}", body="thing")
    method.options.Extensions[annotations_pb2.http].CopyFrom(rule)
    if method_notice is not None:
        method.options.Extensions[options_pb2.deprecation].CopyFrom(options_pb2.Deprecation(**method_notice))
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    return pool.FindFileByName(file.name)


def put(file: FileDescriptor, body: dict[str, str], tmp_path: Any) -> Any:
    """The answer of a gateway that serves the file, with a service behind that takes everything."""

    class Anything(grpc.GenericRpcHandler):
        def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: b"")

    server = grpc.server(ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers((Anything(),))
    address = f"unix:{tmp_path}/things.sock"
    server.add_insecure_port(address)
    server.start()
    try:
        with channel(address) as wire:
            api = TranscodedApi([file], {file.package.split(".")[1]: wire}, Flask("gone").wsgi_app)
            headers = {"Authorization": f"Bearer {TOKEN}"}
            return Client(api, use_cookies=False).put("/v1/things/7", json=body, headers=headers)
    finally:
        server.stop(None).wait()


def counted(file: FileDescriptor, field: str) -> float:
    labels = {"method": f"/{file.package}.Things/SetThing", "field": field, "client": "shop"}
    return REGISTRY.get_sample_value("funia_deprecated_total", labels) or 0.0


def test_a_deprecated_method_says_so_and_is_counted(tmp_path: Any) -> None:
    file = things(NOTICE, None)
    answer = put(file, {"name": "n"}, tmp_path)
    assert answer.status_code == 200
    assert answer.headers["Deprecation"] == "@1795305600"
    assert answer.headers["Sunset"] == "Mon, 22 Nov 2027 00:00:00 GMT"
    assert '</docs/guides/changelog>; rel="deprecation"' in answer.headers["Link"]
    assert counted(file, "") == 1


def test_a_deprecated_field_is_told_to_those_who_send_it(tmp_path: Any) -> None:
    file = things(None, NOTICE)
    assert "Deprecation" not in put(file, {"name": "n"}, tmp_path).headers
    assert counted(file, "thing.old") == 0
    assert put(file, {"old": "o"}, tmp_path).headers["Deprecation"] == "@1795305600"
    assert counted(file, "thing.old") == 1


def test_an_open_end_has_no_sunset(tmp_path: Any) -> None:
    answer = put(things({**NOTICE, "sunset": ""}, None), {"name": "n"}, tmp_path)
    assert "Sunset" not in answer.headers
    assert "sunset" not in answer.headers["Link"]


def test_the_document_strikes_it_through() -> None:
    document = build_openapi(read_routes([things(NOTICE, NOTICE)]), issuer="https://crm.example", version="1")
    operation = document["paths"]["/v1/things/{id}"]["put"]
    assert operation["deprecated"] is True
    assert operation["x-sunset"] == "2027-11-22"
    assert "gone from 2027-11-22: Use name." in operation["description"]
    old = document["components"]["schemas"]["ThingInput"]["properties"]["old"]
    assert (old["deprecated"], old["x-sunset"]) == (True, "2027-11-22")
    assert "deprecated" not in document["components"]["schemas"]["Thing"]["properties"]["name"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sunset": "2027-11-21"}, "365 days"),
        ({"since": "soon"}, "dates"),
        ({"instead": ""}, "what to use instead"),
        ({"link": ""}, "where to read"),
    ],
)
def test_a_notice_that_promises_too_little_stops_the_start(change: dict[str, str], says: str) -> None:
    for notices in ((NOTICE | change, None), (None, NOTICE | change)):
        with pytest.raises(ContractError, match=says):
            build_openapi(read_routes([things(*notices)]), issuer="https://crm.example", version="1")


def test_a_token_without_a_client_is_the_consoles() -> None:
    own = "e30." + urlsafe_b64encode(b'{"sub":"u"}').decode().rstrip("=") + ".c2ln"
    assert [client_of(one) for one in (TOKEN, own, "", "a.b.c")] == ["shop", "console", "unknown", "unknown"]
