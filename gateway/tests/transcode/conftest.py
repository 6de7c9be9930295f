"""A real gRPC server with a servicer that records what it was asked, behind the transcoded API and a Flask app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from chassis.client import channel
from chassis.errors import FuniaError
from chassis.status import to_status
from flask import Flask
from gateway.problems import register_problems
from gateway.transcode.calls import RequestLimits
from gateway.transcode.catalogue import api_files
from gateway.transcode.routes import TranscodedApi
from werkzeug.test import Client

LIMITS = RequestLimits(body_bytes=4096, bulk_body_bytes=8192, query_bytes=1024, call_timeout_s=5.0)


@dataclass
class Peer:
    """What the service saw, and what it shall answer."""

    requests: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    time_left: list[float] = field(default_factory=list)

    @property
    def last(self) -> Any:
        """The newest request message."""
        return self.requests[-1][1]

    @property
    def metadata(self) -> dict[str, str]:
        """Metadata of the newest request."""
        return self.requests[-1][2]


class _AnyMethod(grpc.GenericRpcHandler):
    def __init__(self, peer: Peer, methods: dict[str, Any]) -> None:
        self._peer = peer
        self._methods = methods

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        method = self._methods[handler_call_details.method]

        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            metadata = {key: str(value) for key, value in context.invocation_metadata()}
            self._peer.requests.append((method.name, request, metadata))
            self._peer.time_left.append(context.time_remaining())
            result = self._peer.answers.get(method.name, method.output_type._concrete_class())
            if isinstance(result, FuniaError):
                code, message, trailing = to_status(result)
                context.set_trailing_metadata(trailing)
                context.abort(code, message)
            if isinstance(result, Exception):
                raise result
            return result(request) if isinstance(result, Callable) else result  # type: ignore[arg-type]

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=method.input_type._concrete_class.FromString,
            response_serializer=lambda message: message.SerializeToString(),
        )


@pytest.fixture(scope="session")
def _wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, grpc.Channel]]:
    peer = Peer()
    methods = {
        f"/{service.full_name}/{method.name}": method
        for file in api_files()
        for service in file.services_by_name.values()
        for method in service.methods
    }
    address = f"unix:{tmp_path_factory.mktemp('grpc')}/peer.sock"
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((_AnyMethod(peer, methods),))
    server.add_insecure_port(address)
    server.start()
    with channel(address) as wire:
        yield peer, wire
    server.stop(None).wait()


@pytest.fixture(scope="session")
def api(_wire: tuple[Peer, grpc.Channel]) -> TranscodedApi:
    """The transcoded API in front of a Flask app with one view of its own."""
    flask = Flask("gateway_under_test")

    @flask.post("/v1/imports")
    def upload() -> str:
        return "by hand"

    @flask.get("/broken")
    def broken() -> str:
        raise ValueError("secret detail")

    names = ("contacts", "sales", "marketing", "support", "analytics", "identity")
    made = TranscodedApi(
        api_files(),
        dict.fromkeys(names, _wire[1]),
        flask.wsgi_app,
        limits=LIMITS,
        session_token=lambda environ: "session-token" if "session=1" in environ.get("HTTP_COOKIE", "") else None,
    )
    register_problems(flask, made.problems, allowed_methods=made.allowed_methods)
    return made


@pytest.fixture
def peer(_wire: tuple[Peer, grpc.Channel]) -> Peer:
    """The service behind, with nothing asked and nothing to answer yet."""
    _wire[0].requests.clear()
    _wire[0].answers.clear()
    _wire[0].time_left.clear()
    return _wire[0]


@pytest.fixture
def client(api: TranscodedApi, peer: Peer) -> Client:
    """An HTTP client of the API."""
    return Client(api, use_cookies=False)
