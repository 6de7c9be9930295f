"""One span a public request, and the traceparent under which everything behind the door is traced."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from chassis.tracing import Traced, Tracing

from gateway.transcode.routes import RPC, StartResponse, WsgiApp

_HEADER = "HTTP_TRACEPARENT"
_WELL_FORMED = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_UNSAMPLED = "00"
_SERVER_ERROR = 500


class TracedRequests:
    """Put around the public app where tracing is on, and only there."""

    def __init__(self, app: WsgiApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        given = environ.pop(_HEADER, "")
        if not _WELL_FORMED.fullmatch(given):
            given = ""
        method = environ["REQUEST_METHOD"]
        traced = self._tracing.begin_root(method, given, {"http.request.method": method})
        if traced is None:
            if given:
                environ[_HEADER] = given[:-2] + _UNSAMPLED
            return self._app(environ, start_response)
        environ[_HEADER] = traced.traceparent
        return self._followed(traced, environ, start_response)

    def _followed(self, traced: Traced, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        status = _SERVER_ERROR

        def note_status(line: str, *rest: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, *rest)

        try:
            return self._app(environ, note_status)
        finally:
            rpc = environ.get(RPC, "")
            # The path of other requests may hold a name or a token, so only the method stands for them.
            if rpc:
                traced.span.update_name(f"{environ['REQUEST_METHOD']} {rpc.rpartition('/')[2]}")
            traced.span.set_attribute("http.response.status_code", status)
            traced.end(str(status) if status >= _SERVER_ERROR else "")
