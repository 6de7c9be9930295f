"""The WSGI callable around the public app that counts requests, refuses those over a limit, and tells what is left.

Counts /v1, /scim and /mcp for everybody, and pages of the console for whoever has a session; the rest has limits
of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from chassis.errors import ResourceExhausted
from prometheus_client import Counter

from gateway.problems import Headers, ProblemWriter, request_id_of
from gateway.ratelimit.buckets import Bucket
from gateway.ratelimit.calls import ApiCalls
from gateway.ratelimit.meter import Lane, Meter, Payer
from gateway.ratelimit.payers import Payers
from gateway.ratelimit.turns import Turns
from gateway.session_tokens import cookie_of
from gateway.transcode.calls import Environ
from gateway.transcode.routes import StartResponse, WsgiApp

LIMITED = Counter(
    "funia_http_limited_total", "Requests refused by a limit, by class: api, bulk, scim, console.", ["class"]
)
REFUSAL = "funia.refusal"
"""Key of the environment under which the console, and SCIM, find that they must refuse in their own form."""
_API = "/v1/"
_TOOLS = "/mcp"
_SCIM = "/scim/"
_UNCOUNTED = "/static/"
_SAFE = ("GET", "HEAD", "OPTIONS")


class Edge:
    """Put around the public app, inside of what finds out the caller's address."""

    def __init__(
        self,
        app: WsgiApp,
        meter: Meter,
        payers: Payers,
        problems: ProblemWriter,
        *,
        turns: Turns,
        bulk: Iterable[tuple[str, str]] = (),
        bulk_ends: tuple[str, ...] = (),
        reads: Iterable[str] = (),
        calls: ApiCalls | None = None,
    ) -> None:
        """`bulk` names verb and path of every route that moves many records, `bulk_ends` how paths with ids end;
        `reads` are paths that only read, though they are posted to."""
        self._app = app
        self._meter = meter
        self._payers = payers
        self._problems = problems
        self._turns = turns
        self._bulk = frozenset(bulk)
        self._bulk_ends = bulk_ends
        self._reads = frozenset(reads)
        self._calls = calls

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        lane = self._lane(environ)
        if lane is None:
            return self._app(environ, start_response)
        payer: Payer | None = None
        try:
            payer = self._payers.of(environ)
            if self._calls is not None and payer.program_of and self._writes(environ):
                self._calls.check(payer.program_of)
            bucket = self._begin(payer, lane)
        except ResourceExhausted as refusal:
            LIMITED.labels(lane.value).inc()
            if lane in (Lane.CONSOLE, Lane.SCIM):
                environ[REFUSAL] = refusal
                return self._app(environ, start_response)
            return self._refuse(refusal, payer, lane, environ, start_response)
        room = payer, lane, bucket

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            headers += self._headers(*room)
            return start_response(status, headers, *rest)

        end = partial(self._end, payer, lane)
        try:
            body = self._app(environ, start)
        except BaseException:
            end()
            raise
        if isinstance(body, list):
            end()
            return body
        return _Counted(body, end)

    def _writes(self, environ: Environ) -> bool:
        # What assistants do is found out behind /mcp; a request there may read.
        path = environ["PATH_INFO"]
        return environ["REQUEST_METHOD"] not in _SAFE and path != _TOOLS and path not in self._reads

    def _begin(self, payer: Payer, lane: Lane) -> Bucket:
        """Charges the request and waits for its company's turn."""
        bucket = self._meter.begin(payer, lane)
        if payer.is_known:
            try:
                self._turns.take(payer.company, lane)
            except BaseException:
                self._meter.end(payer, lane)
                raise
        return bucket

    def _end(self, payer: Payer, lane: Lane) -> None:
        if payer.is_known:
            self._turns.give_back(payer.company, lane)
        self._meter.end(payer, lane)

    def _lane(self, environ: Environ) -> Lane | None:
        path: str = environ["PATH_INFO"]
        if path == _TOOLS:
            return Lane.API
        if path.startswith(_API):
            is_bulk = (environ["REQUEST_METHOD"], path) in self._bulk or path.endswith(self._bulk_ends)
            return Lane.BULK if is_bulk else Lane.API
        if path.startswith(_SCIM):
            return Lane.SCIM
        return Lane.CONSOLE if not path.startswith(_UNCOUNTED) and cookie_of(environ) else None

    def _headers(self, payer: Payer, lane: Lane, bucket: Bucket) -> Headers:
        now = self._meter.clock()
        room = f'"{bucket.quota.name}";r={bucket.left(now)};t={bucket.full_in_s(now)}'
        return [("RateLimit-Policy", payer.policy(lane)), ("RateLimit", room)]

    def _refuse(
        self,
        refusal: ResourceExhausted,
        payer: Payer | None,
        lane: Lane,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        rendered = self._problems.render(refusal, request_id_of(environ))
        headers = rendered.headers
        if payer is not None:
            headers += self._headers(payer, lane, self._meter.scarcer(payer, lane))
        start_response(f"{rendered.status.value} {rendered.status.phrase}", headers)
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [rendered.body]


class _Counted:
    """A body that is still being sent: its request runs until the last byte has gone or the reader has."""

    def __init__(self, body: Iterable[bytes], end: Callable[[], None]) -> None:
        self._body = body
        self._end: Callable[[], None] | None = end

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            getattr(self._body, "close", lambda: None)()
        finally:
            end, self._end = self._end, None
            if end is not None:
                end()
