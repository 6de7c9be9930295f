"""The contract itself: what protos may not say about HTTP, and what the gateway's own protos say."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from funia.type.v1 import options_pb2
from gateway.transcode.bindings import ContractError, Route, read_routes
from gateway.transcode.catalogue import api_files
from gateway.transcode.router import Router
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import FileDescriptor

_COUNT = iter(range(1000))


def a_file(*methods: tuple[str, dict[str, Any], dict[str, Any] | None], stream: bool = False) -> FileDescriptor:
    """A file with one service; each method is (name, rpc option, http rule), its request has id, etag and `thing`."""
    package = f"funia.test{next(_COUNT)}.v1"
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    thing = file.message_type.add(name="Thing")
    thing.field.add(name="id", number=1, type=9, label=1)
    request = file.message_type.add(name="Request")
    request.field.add(name="id", number=1, type=9, label=1)
    request.field.add(name="thing", number=2, type=11, label=1, type_name=f".{package}.Thing")
    request.field.add(name="size", number=3, type=5, label=1)
    service = file.service.add(name="Things")
    for name, access, rule in methods:
        method = service.method.add(name=name, input_type=f".{package}.Request", output_type=f".{package}.Thing")
        method.server_streaming = stream
        method.options.Extensions[options_pb2.rpc].CopyFrom(options_pb2.Rpc(**access))
        if rule is not None:
            method.options.Extensions[annotations_pb2.http].CopyFrom(http_pb2.HttpRule(**rule))
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    return pool.FindFileByName(file.name)


READ = {"scope": "things.read"}


def test_every_method_with_a_route_is_served() -> None:
    import funia

    served = {route.rpc for route in read_routes(api_files())}
    missing = []
    for path in sorted(Path(next(iter(funia.__path__))).glob("*/v*/*_pb2.py")):
        module = import_module(f"funia.{path.parts[-3]}.{path.parts[-2]}.{path.stem}")
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                if method.GetOptions().HasExtension(annotations_pb2.http):
                    rpc = f"/{service.full_name}/{method.name}"
                    missing += [] if rpc in served else [rpc]
    assert missing == []


@pytest.mark.parametrize(
    ("access", "rule", "says"),
    [
        ({}, {"get": "/v1/things/{id}"}, "give (funia.type.v1.rpc) a scope"),
        ({"scope": "x", "public": True}, {"get": "/v1/things/{id}"}, "a scope, or mark"),
        ({"internal": True}, {"get": "/v1/things/{id}"}, "internal and must not have"),
        (READ, {"get": "/v1/things/{name}"}, "the path names name"),
        (READ, {"get": "/v1/things/{size}"}, "no text field"),
        (READ, {"get": "/v1/things/{id=**}"}, "cannot serve the path"),
        (READ, {"post": "/v1/things", "body": "stuff"}, "the body names stuff"),
        (READ, {"get": "/v1/things", "body": "*"}, "get takes no body"),
        (READ, {"custom": {"kind": "LINK", "path": "/v1/things"}}, "the HTTP verb custom"),
    ],
)
def test_a_contract_that_cannot_be_served_stops_the_start(access: Any, rule: Any, says: str) -> None:
    with pytest.raises(ContractError) as raised:
        read_routes([a_file(("Do", access, rule))])
    assert says in str(raised.value)


def test_a_method_without_a_scope_stops_the_start_even_without_a_route() -> None:
    with pytest.raises(ContractError):
        read_routes([a_file(("Do", {}, None))])


def test_a_stream_with_a_route_stops_the_start() -> None:
    with pytest.raises(ContractError, match="written by hand"):
        read_routes([a_file(("Do", READ, {"get": "/v1/things"}), stream=True)])


def test_two_methods_on_one_route_stop_the_start() -> None:
    with pytest.raises(ContractError, match="both bind"):
        read_routes([a_file(("A", READ, {"get": "/v1/things/{id}"}), ("B", READ, {"get": "/v1/things/{thing.id}"}))])


def test_additional_bindings_are_routes_too() -> None:
    rule = {"get": "/v1/things/{id}", "additional_bindings": [{"get": "/v1/stuff/{id}"}]}
    assert [route.template for route in read_routes([a_file(("Get", READ, rule))])] == [
        "/v1/things/{id}",
        "/v1/stuff/{id}",
    ]


def test_a_literal_goes_before_a_variable_and_dead_ends_go_back() -> None:
    routes = read_routes(
        [
            a_file(
                ("A", READ, {"get": "/v1/things/{id}/parts"}),
                ("B", READ, {"get": "/v1/things/special"}),
                ("C", READ, {"get": "/v1/things/{id}"}),
            )
        ]
    )
    router: Router[Route] = Router()
    for route in routes:
        router.add(route, route)

    def name(path: str) -> str | None:
        found = router.find(path)
        return found[0]["GET"].method.name if found else None

    assert name("/v1/things/special") == "B"
    assert name("/v1/things/special/parts") == "A"
    assert name("/v1/things/7") == "C"
    assert name("/v1/things/7/") is None
    assert name("/v1/things/*") == "C"
    assert name("v1/things/7") is None


def test_our_own_protos_are_served_whole() -> None:
    routes = read_routes(api_files())
    by_rpc = {route.rpc for route in routes}
    unary = {
        f"/{service.full_name}/{method.name}"
        for file in api_files()
        for service in file.services_by_name.values()
        for method in service.methods
        if not (method.client_streaming or method.server_streaming)
        and not method.GetOptions().Extensions[options_pb2.rpc].internal
    }
    assert unary == by_rpc
