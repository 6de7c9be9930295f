"""GET /v1/events: a page of the company's events behind a cursor; the stream of them lives in `gateway.live`."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from chassis import glass
from chassis.caller import Caller
from chassis.errors import InvalidArgument, Violation
from chassis.tokens import TokenVerifier
from chassis.work import Database
from flask import Blueprint, Response, request

from gateway.eventlog.bus_thread import BusThread
from gateway.eventlog.cursor import LATEST, Cursors, Positions
from gateway.eventlog.event_json import EventJson
from gateway.eventlog.event_types import Wanted, wanted_of
from gateway.eventlog.reader import CursorExpired, EventReader, Page
from gateway.problems import HttpError, request_id_of
from gateway.settings import GatewaySettings
from gateway.transcode.calls import RequestLimits, SessionToken, proof_of, token_of

_PARAMETERS = ("after", "type", "page_size")


def events_blueprint(
    bus: BusThread,
    database: Database,
    settings: GatewaySettings,
    limits: RequestLimits,
    *,
    verifier: TokenVerifier,
    session_token: SessionToken,
) -> Blueprint:
    """The event API."""
    blueprint = Blueprint("events", __name__)
    views = _Events(bus, database, settings, limits, verifier, session_token)
    blueprint.add_url_rule("/v1/events", "list_events", views.list_events)
    blueprint.add_url_rule("/v1/events:stream", "stream_events", views.to_stream)
    return blueprint


class _Events:
    def __init__(
        self,
        bus: BusThread,
        database: Database,
        settings: GatewaySettings,
        limits: RequestLimits,
        verifier: TokenVerifier,
        session_token: SessionToken,
    ) -> None:
        self._bus = bus
        self._database = database
        self._settings = settings
        self._limits = limits
        self._verifier = verifier
        self._session_token = session_token
        self._cursors = Cursors(settings.secret.get_secret_value())
        self._json = EventJson()

    def list_events(self) -> Response:
        """Events behind `after`, oldest first."""
        token = token_of(request.environ, self._session_token, self._limits)
        caller = self._verifier.verify(token, proof_of(request.environ))
        for name in request.args:
            if name not in _PARAMETERS:
                raise _invalid(
                    name[:80], f"There is no such parameter. Known: {', '.join(_PARAMETERS)}.", "UNKNOWN_PARAMETER"
                )
        wanted = wanted_of(
            caller,
            patterns_of(request.args.getlist("type")),
            field="type",
            most=self._settings.event_types_max,
        )
        tell_of_glass(self._database, caller, "ListEvents")
        after = request.args.get("after", "")
        try:
            if after == LATEST:
                positions = self._bus.call(lambda reader: reader.latest(wanted))
                return self._answer(caller, Page([], positions, has_more=False))
            page = self._read(caller, wanted, self._cursors.read(caller.tenant_id, after))
        except CursorExpired as error:
            raise HttpError(HTTPStatus.GONE, error.reason, error.message) from error
        return self._answer(caller, page)

    def to_stream(self) -> Response:
        """Points at the process that holds long-lived answers; behind one proxy nobody gets here."""
        target = f"{self._settings.live_public_url}/v1/events:stream"
        query = request.query_string.decode("ascii", "replace")
        raise HttpError(
            HTTPStatus.TEMPORARY_REDIRECT,
            "STREAM_ELSEWHERE",
            f"The stream of events is served at {target}. Open it there, with the same token.",
            [("Location", f"{target}?{query}" if query else target)],
        )

    def _read(self, caller: Caller, wanted: list[Wanted], positions: Positions) -> Page:
        size = self._page_size()

        async def read(reader: EventReader) -> Page:
            return await reader.page(caller.tenant_id, wanted, positions, most=size)

        return self._bus.call(read)

    def _page_size(self) -> int:
        given = request.args.get("page_size", "")
        if not given:
            return self._settings.event_page_size_default
        if not (given.isascii() and given.isdecimal()) or not int(given[:10]):
            raise _invalid("page_size", "Give a number above 0.", "INVALID_NUMBER")
        return min(int(given[:10]), self._settings.event_page_size_max)

    def _answer(self, caller: Caller, page: Page) -> Response:
        bodies = (self._json.text(stored.body, caller.tenant_id, caller.fields) for _, stored in page.events)
        ends: Mapping[str, Any] = {
            "next_cursor": self._cursors.text(caller.tenant_id, page.positions),
            "has_more": page.has_more,
        }
        body = b'{"events":[%b],%b' % (b",".join(body for body in bodies if body is not None), orjson.dumps(ends)[1:])
        response = Response(body, content_type="application/json")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Request-Id"] = request_id_of(request.environ)
        return response


def tell_of_glass(database: Database, caller: Caller, method: str) -> None:
    """Enters in the audit log that events are read under break-glass, where they are."""
    if caller.glass is not None:
        glass.tell(database, caller, f"/funia.identity.v1.Events/{method}", None)


def patterns_of(values: list[str]) -> list[str]:
    """Patterns of a parameter that may be repeated, and hold several by commas."""
    return [one for value in values for one in value.replace(" ", "").split(",") if one]


def _invalid(field: str, message: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{field}: {message}", reason=reason, violations=[Violation(field, message, reason)])
