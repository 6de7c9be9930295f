"""GET /live/events: the server-sent events of the caller's company, for the console; partners use /v1/events:stream.

Authorised by the console's session cookie or by a bearer token; a company's events go to that company alone, and
those of a service only to callers with its read scope.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

import uvicorn
from chassis.errors import FuniaError, InvalidArgument, PermissionDenied, Unauthenticated, Violation
from chassis.ids import uuid7
from chassis.status import HTTP_STATUS
from chassis.streams import connect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway.composition import Identity
from gateway.dpop.door import caller_of
from gateway.eventlog.bus_thread import open_reader
from gateway.eventlog.event_types import readable_services
from gateway.eventlog.reader import CursorExpired
from gateway.eventlog.stream import EventStreams
from gateway.live.feed import Feeds, Listener, LiveEvent
from gateway.problems import challenges
from gateway.settings import GatewaySettings

log = logging.getLogger(__name__)

SESSION_COOKIE = "funia_session"
_RETRY_MS = 2000
_PREFIX = re.compile(r"[a-z_]+(\.[a-z_]*){0,2}")
_PREFIXES_MAX = 20


@dataclass(frozen=True, slots=True)
class _Who:
    """Who listens. `cookie` is empty for a bearer token, whose end `expires` is watched otherwise."""

    tenant_id: UUID
    services: frozenset[str]
    cookie: str = ""
    token: str = ""


async def live_server(identity: Identity) -> None:
    """Serves until cancelled, with a connection to the bus of its own."""
    settings = identity.settings
    # Bound here and not by uvicorn, which would end the thread without a word where the port is taken.
    listening = socket.create_server((settings.live_host, settings.live_listen_port), backlog=1024)
    client = await connect(settings, "live")
    feeds = Feeds(
        client,
        queue=settings.live_queue,
        replay=settings.live_replay,
        per_tenant=settings.live_clients_per_tenant,
        linger_s=settings.live_linger_s,
    )
    history_client, reader = await open_reader(settings, "live-history")
    streams = EventStreams(history_client, reader, identity.verifier, identity.proofs, identity.database, settings)
    server = uvicorn.Server(
        uvicorn.Config(
            live_app(identity, feeds, streams),
            lifespan="off",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=1,
        )
    )
    try:
        await server.serve(sockets=[listening])
    finally:
        listening.close()
        for opened in (client, history_client):
            with contextlib.suppress(Exception):
                await opened.close()


def live_app(identity: Identity, feeds: Feeds, streams: EventStreams) -> Starlette:
    """The ASGI app."""
    live = _Live(identity, feeds)
    return Starlette(
        routes=[
            Route("/live/events", live.events),
            Route("/v1/events:stream", streams.open),
            Route("/healthz", live.alive),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=[_origin(identity.settings)],
                allow_credentials=True,
                allow_methods=["GET"],
                allow_headers=["Authorization", "DPoP", "Last-Event-ID"],
            )
        ],
        exception_handlers={FuniaError: _problem},
    )


class _Live:
    def __init__(self, identity: Identity, feeds: Feeds) -> None:
        self._identity = identity
        self._feeds = feeds
        self._heartbeat_s = identity.settings.live_heartbeat_s
        self._origin = _origin(identity.settings)

    async def alive(self, _request: Request) -> Response:
        """For probes."""
        return JSONResponse({"status": "ok"})

    async def events(self, request: Request) -> Response:
        """The stream. `types` narrows it to types that begin so, such as ``contacts.,sales.deal.``."""
        prefixes = _prefixes(request.query_params.get("types", ""))
        who = await self._who(request)
        after = request.headers.get("last-event-id", "")[:64]
        listener, is_whole = await self._feeds.join(
            who.tenant_id, services=who.services, prefixes=prefixes, after=after
        )
        return StreamingResponse(
            self._stream(who, listener, is_whole=is_whole),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"},
        )

    async def _stream(self, who: _Who, listener: Listener, *, is_whole: bool) -> AsyncIterator[bytes]:
        try:
            yield f"retry: {_RETRY_MS}\nevent: {'ready' if is_whole else 'resync'}\ndata: {{}}\n\n".encode()
            while True:
                try:
                    event = await asyncio.wait_for(listener.queue.get(), self._heartbeat_s)
                except TimeoutError:
                    if not await self._is_still(who):
                        yield b'event: ended\ndata: {"reason":"SESSION_ENDED"}\n\n'
                        return
                    yield b": heartbeat\n\n"
                    continue
                yield _frame(event)
                if listener.is_slow and listener.queue.empty():
                    # The browser reconnects and reads anew what it shows.
                    yield b'event: dropped\ndata: {"reason":"TOO_SLOW"}\n\n'
                    return
        finally:
            # Shielded: the reader's going cancels this task, and the place must still be given back.
            await asyncio.shield(self._feeds.leave(who.tenant_id, listener))

    async def _who(self, request: Request) -> _Who:
        if request.headers.get("authorization"):
            caller = await asyncio.to_thread(caller_of, request, self._identity.proofs, self._identity.verifier)
            return _Who(caller.tenant_id, readable_services(caller.scopes), token=caller.token)
        cookie = request.cookies.get(SESSION_COOKIE, "")
        if request.headers.get("origin", self._origin) != self._origin:
            raise PermissionDenied("This stream is for the console's own pages.", reason="CROSS_SITE")
        present = await asyncio.to_thread(self._identity.sessions.read, cookie) if cookie else None
        if present is None:
            raise Unauthenticated("Log in, or send an access token.", reason="NO_TOKEN")
        return _Who(present.member.tenant_id, readable_services(present.role.scopes), cookie=cookie)

    async def _is_still(self, who: _Who) -> bool:
        """Whether the caller may go on: the token is not over, or the session still stands in this company."""
        try:
            if who.token:
                await asyncio.to_thread(self._identity.verifier.inspect, who.token)
                return True
            present = await asyncio.to_thread(self._identity.sessions.read, who.cookie)
        except (Unauthenticated, PermissionDenied):
            return False
        except FuniaError:
            return True  # the database is away for the moment; the next heartbeat asks again
        return present is not None and present.member.tenant_id == who.tenant_id


def _prefixes(text: str) -> list[str]:
    asked = [one for one in text.split(",") if one]
    if len(asked) > _PREFIXES_MAX or not all(_PREFIX.fullmatch(one) for one in asked):
        message = f"Give up to {_PREFIXES_MAX} beginnings of event types, such as contacts.contact., by commas."
        raise InvalidArgument(
            f"types: {message}", reason="INVALID_TYPES", violations=[Violation("types", message, "INVALID_TYPES")]
        )
    return asked


def _frame(event: LiveEvent) -> bytes:
    return b"id: %b\ndata: %b\n\n" % (event.id.encode(), event.body)


def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, FuniaError)
    status = HTTPStatus.GONE if isinstance(error, CursorExpired) else HTTP_STATUS[error.kind]
    document = {
        "type": f"urn:funia:problem:{error.reason.lower().replace('_', '-')}",
        "title": status.phrase,
        "status": int(status),
        "detail": error.message,
        "reason": error.reason,
        "violations": [{"field": one.field, "message": one.message, "reason": one.reason} for one in error.violations],
        "request_id": str(uuid7()),
    }
    answer = JSONResponse(document, int(status), media_type="application/problem+json")
    if status is HTTPStatus.UNAUTHORIZED:
        for name, value in challenges(error):
            answer.headers.append(name, value)
    return answer


def _origin(settings: GatewaySettings) -> str:
    return settings.issuer.rstrip("/")
