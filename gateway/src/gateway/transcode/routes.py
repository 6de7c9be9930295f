"""The WSGI callable in front of Flask: transcoded routes are served here, everything else goes on to Flask.

Flask itself costs as much as the rest of a request (measured in bench); the views written by hand keep it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import grpc
from chassis.errors import InvalidArgument
from google.protobuf.descriptor import FileDescriptor

from gateway.channels import bulk_channel
from gateway.problems import Headers, ProblemWriter, request_id_of
from gateway.transcode.bindings import Route, read_routes
from gateway.transcode.calls import Environ, RequestLimits, SessionToken
from gateway.transcode.codec import JsonCodec
from gateway.transcode.endpoint import Endpoint
from gateway.transcode.router import Router

StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]
RPC = "funia.rpc"
"""Key of the environment under which the called method is found afterwards."""
Observe = Callable[[Route, int, float], None]  # route, HTTP status, seconds


def no_session(_environ: Environ) -> str | None:
    """For a gateway without a console."""
    return None


class TranscodedApi:
    """Serves every HTTP binding of `files`.

    `channels` gives the channel of each service by name ("contacts", and "contacts-bulk" for batches where there is
    one); they must be made in the process that serves.
    `session_token` finds the access token of a console session, and raises FuniaError where CSRF is missing.
    `observe` is told about every request served here.
    """

    def __init__(
        self,
        files: Iterable[FileDescriptor],
        channels: Mapping[str, grpc.Channel],
        fallback: WsgiApp,
        *,
        limits: RequestLimits | None = None,
        session_token: SessionToken = no_session,
        observe: Observe | None = None,
    ) -> None:
        limits = limits or RequestLimits()
        self.routes = read_routes(files)
        self.codec = JsonCodec(max_depth=limits.json_depth)
        self.problems = ProblemWriter(self.codec.to_value)
        self._fallback = fallback
        self._observe = observe
        self.endpoints: list[Endpoint] = []
        self._router: Router[Endpoint] = Router()
        readable = {(route.segments, route.action) for route in self.routes if route.verb == "GET"}
        for route in self.routes:
            located = route.creates and ((*route.segments, "*"), "") in readable
            endpoint = Endpoint(
                route,
                bulk_channel(channels, route.service) if route.takes_many else channels[route.service],
                self.codec,
                limits=limits,
                session_token=session_token,
                has_location=located and "id" in route.method.output_type.fields_by_name,
            )
            self.endpoints.append(endpoint)
            self._router.add(route, endpoint)

    def allowed_methods(self, path: str) -> set[str]:
        """HTTP methods served here for a path; for the 405 that Flask answers."""
        return self._router.methods(path)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        found = self._router.find(path)
        if found is None:
            return self._fallback(environ, start_response)
        verb = environ["REQUEST_METHOD"]
        endpoint = found[0].get("GET" if verb == "HEAD" else verb)
        if endpoint is None:
            return self._fallback(environ, start_response)
        environ[RPC] = endpoint.route.rpc
        started = time.perf_counter()
        try:
            if not path.isascii():
                raise InvalidArgument("The path holds characters that no id has.", reason="INVALID_PATH")
            answer = endpoint.serve(environ, found[1])
            status, headers, body = answer.status, answer.headers, answer.body
        except Exception as error:  # noqa: BLE001 - the border: whatever it is, the caller gets a request id
            status, headers, body = self._problem(error, environ)
        start_response(status, headers)
        if self._observe is not None:
            self._observe(endpoint.route, int(status[:3]), time.perf_counter() - started)
        return [b""] if verb == "HEAD" else [body]

    def _problem(self, error: BaseException, environ: Environ) -> tuple[str, Headers, bytes]:
        rendered = self.problems.render(error, request_id_of(environ))
        return f"{rendered.status.value} {rendered.status.phrase}", rendered.headers, rendered.body
