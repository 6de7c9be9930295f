"""GET /v1/events:stream: the event API as server-sent events, in the async process of `gateway.live`.

Replays behind the cursor, then follows. The id of each event is the cursor behind it, so that a reader that comes
back with Last-Event-ID misses nothing and gets nothing twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

from chassis.caller import Caller
from chassis.envelope import SUBJECT_ROOT
from chassis.errors import FuniaError, ResourceExhausted, Unauthenticated, Unavailable
from chassis.history import HistoryClient
from chassis.tokens import TokenVerifier
from chassis.work import Database
from nats.aio.msg import Msg
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gateway.dpop.door import caller_of
from gateway.dpop.proofs import Proofs
from gateway.eventlog.cursor import LATEST, Cursors, Position
from gateway.eventlog.event_json import EventJson
from gateway.eventlog.event_types import Wanted, wanted_of
from gateway.eventlog.reader import CursorExpired, EventReader, Page
from gateway.eventlog.views import patterns_of, tell_of_glass
from gateway.settings import GatewaySettings

_RETRY_MS = 2000
_GATHER_S = 0.05
_AGAIN_S = 1.0
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


class EventStreams:
    """The streams that are open. Used from the event loop of `client`."""

    def __init__(
        self,
        client: HistoryClient,
        reader: EventReader,
        verifier: TokenVerifier,
        proofs: Proofs,
        database: Database,
        settings: GatewaySettings,
    ) -> None:
        self._client = client
        self._reader = reader
        self._verifier = verifier
        self._proofs = proofs
        self._database = database
        self._settings = settings
        self._cursors = Cursors(settings.secret.get_secret_value())
        self._json = EventJson()
        self._open: dict[UUID, int] = {}

    async def open(self, request: Request) -> Response:
        """The stream. Parameters as of GET /v1/events; Last-Event-ID goes before `after`."""
        caller = await asyncio.to_thread(caller_of, request, self._proofs, self._verifier)
        patterns = patterns_of(request.query_params.getlist("type"))
        wanted = wanted_of(caller, patterns, field="type", most=self._settings.event_types_max)
        after = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
        if after == LATEST:
            positions = dict(await self._reader.latest(wanted))
        else:
            positions = self._cursors.read(caller.tenant_id, after)
        self._check_room(caller.tenant_id)
        await asyncio.to_thread(tell_of_glass, self._database, caller, "StreamEvents")
        first = await self._page(caller, wanted, positions)
        return StreamingResponse(
            self._stream(caller, caller.token, wanted, positions, first),
            media_type="text/event-stream",
            headers=_HEADERS,
        )

    async def _stream(
        self, caller: Caller, token: str, wanted: list[Wanted], positions: dict[str, Position], page: Page
    ) -> AsyncIterator[bytes]:
        woken = asyncio.Event()

        async def wake(_message: Msg) -> None:
            woken.set()

        self._open[caller.tenant_id] = self._open.get(caller.tenant_id, 0) + 1
        subscription = await self._client.subscribe(f"{SUBJECT_ROOT}.{caller.tenant_id}.>", cb=wake)
        clock = asyncio.get_running_loop().time
        looked_at = clock()
        is_woken = False
        try:
            yield b"retry: %d\n\n" % _RETRY_MS
            while True:
                if page.events:
                    yield await asyncio.to_thread(self._frames, caller, positions, page)
                positions = dict(page.positions)
                if clock() - looked_at > self._settings.live_heartbeat_s:
                    looked_at = clock()
                    if not await self._is_still(token):
                        yield b'event: ended\ndata: {"reason":"TOKEN_EXPIRED"}\n\n'
                        return
                    yield b": heartbeat\n\n"
                if not page.has_more:
                    # A copy of the stream may lag behind the word that woke us: it is asked again soon.
                    most = _AGAIN_S if is_woken and not page.events else self._settings.live_heartbeat_s
                    is_woken = await self._wait(woken, min(most, looked_at + self._settings.live_heartbeat_s - clock()))
                page = await self._page(caller, wanted, positions)
        except (CursorExpired, Unavailable) as error:
            # The reader comes back by itself; what is wrong is said to it then with a status.
            yield b'event: ended\ndata: {"reason":"%b"}\n\n' % error.reason.encode()
        finally:
            self._leave(caller.tenant_id)
            with contextlib.suppress(Exception):
                await asyncio.shield(subscription.unsubscribe())

    async def _page(self, caller: Caller, wanted: list[Wanted], positions: dict[str, Position]) -> Page:
        return await self._reader.page(caller.tenant_id, wanted, positions, most=self._settings.event_stream_batch)

    async def _wait(self, woken: asyncio.Event, seconds: float) -> bool:
        """Until something of the company was published, and whether; a busy moment is read in one go."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), max(0.01, seconds))
            await asyncio.sleep(_GATHER_S)
        is_woken = woken.is_set()
        woken.clear()
        return is_woken

    def _frames(self, caller: Caller, positions: dict[str, Position], page: Page) -> bytes:
        """The page as frames, each with the cursor behind its event."""
        at = dict(positions)
        frames = []
        for service, stored in page.events:
            at[service] = Position(page.positions[service].created, stored.sequence, stored.stored_at)
            body = self._json.text(stored.body, caller.tenant_id, caller.fields)
            if body is not None:
                frames.append(b"id: %b\ndata: %b\n\n" % (self._cursors.text(caller.tenant_id, at).encode(), body))
        return b"".join(frames)

    async def _is_still(self, token: str) -> bool:
        try:
            await asyncio.to_thread(self._verifier.inspect, token)
        except Unauthenticated:
            return False
        except FuniaError:
            return True  # a part is away for the moment; the next heartbeat asks again
        return True

    def _check_room(self, tenant_id: UUID) -> None:
        most = self._settings.live_clients_per_tenant
        if self._open.get(tenant_id, 0) >= most:
            raise ResourceExhausted(
                f"Your company has {most} streams of events open. Close some.", reason="TOO_MANY_STREAMS"
            )

    def _leave(self, tenant_id: UUID) -> None:
        left = self._open.get(tenant_id, 1) - 1
        if left:
            self._open[tenant_id] = left
        else:
            self._open.pop(tenant_id, None)
