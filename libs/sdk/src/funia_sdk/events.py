"""What changes in the company: replayed behind a cursor, or followed as it happens, over broken connections too."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from urllib.parse import urlsplit

import httpx2

from funia_sdk.decoding import decode
from funia_sdk.errors import ConnectionFailed, CursorExpired, FuniaError
from funia_sdk.generated import models
from funia_sdk.generated.events import EventsApi
from funia_sdk.transport import Transport

LATEST = "latest"
"""Cursor of the end of what is there."""
_STREAM = "/v1/events:stream"
_SILENCE_S = 60.0
_STOOD_S = 5.0
_PAGE = 1000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event(models.Event):
    """An event, with the place behind it."""

    cursor: str = ""
    """Where to go on after this event. Of replayed events only the last of a page has one."""


class Events(EventsApi):
    """Events of the company. They come at least once, those of one record in their order."""

    def latest(self, *, types: Iterable[str] = ()) -> str:
        """The cursor of the end. Take it before you read a full copy of the records, then follow from it."""
        return self.list(after=LATEST, type=list(types) or None).next_cursor

    def pages(
        self, *, after: str = "", types: Iterable[str] = (), page_size: int = _PAGE
    ) -> Iterator[models.EventPage]:
        """Pages behind a cursor up to the end, the last one maybe empty. Store `next_cursor` of each with your work."""
        wanted = list(types) or None
        while True:
            page = self.list(after=after or None, type=wanted, page_size=page_size)
            yield page
            after = page.next_cursor
            if not page.has_more:
                return

    def replay(self, *, after: str = "", types: Iterable[str] = (), page_size: int = _PAGE) -> Iterator[Event]:
        """Events behind a cursor up to the end; from the oldest kept (30 days) where none is given."""
        for page in self.pages(after=after, types=types, page_size=page_size):
            last = len(page.events) - 1
            for place, event in enumerate(page.events):
                values = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
                yield Event(**values, cursor=page.next_cursor if place == last else "")

    def follow(self, *, after: str = "", types: Iterable[str] = ()) -> EventStream:
        """Events behind a cursor and then as they happen, for ever; opened again wherever it breaks.

        Store `cursor` of an event together with what you did about it, and go on from there after a restart.
        """
        return EventStream(self._transport, after, tuple(types))


class EventStream:
    """An endless iterator of events. `close` from another thread, or a `with` block, ends it.

    Raises CursorExpired where events behind the cursor are no longer kept, TokenRefused where there is no new token,
    and ConnectionFailed where the API stays away longer than the retries allow.
    """

    def __init__(self, transport: Transport, after: str, types: tuple[str, ...]) -> None:
        self._transport = transport
        self._types = types
        self._url = transport.base_url + _STREAM
        self._response: httpx2.Response | None = None
        self._closed = False
        self._events = self._read()
        self.cursor = after
        """Behind the last event given."""

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        return next(self._events)

    def __enter__(self) -> EventStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the iteration."""
        self._closed = True
        if self._response is not None:
            self._response.close()

    def _is_closed(self) -> bool:
        return self._closed

    def _read(self) -> Iterator[Event]:
        failed = 0
        while not self._is_closed():
            opened_at = time.monotonic()
            broken: Exception | None = None
            try:
                for message in httpx2.EventSource(self._open()):
                    failed = 0
                    if message.event == "ended":
                        self._end(message.data)
                        break
                    if message.data and message.id:
                        self.cursor = message.id
                        event = decode(Event, json.loads(message.data))
                        yield dataclasses.replace(event, cursor=message.id)
            except (httpx2.TransportError, httpx2.StreamError) as error:
                broken = error
            finally:
                if self._response is not None:
                    self._response.close()
            if self._is_closed():
                return
            # A stream that stood for a while ends for good reasons: its token is over, or a process is replaced.
            failed = 1 if time.monotonic() - opened_at > _STOOD_S else failed + 1
            pause = self._transport.retries.pause_s(failed, None)
            if pause is None:
                raise ConnectionFailed(
                    f"The stream of events ends as soon as it opens: {broken or 'closed'}"
                ) from broken
            self._transport.retries.sleep(pause)

    def _open(self) -> httpx2.Response:
        after = {"after": self.cursor} if self.cursor else {}
        query = httpx2.QueryParams({**after, "type": self._types})
        while True:
            request = httpx2.Request(
                "GET",
                self._url,
                params=query,
                headers={"Accept": "text/event-stream"},
                extensions={"timeout": httpx2.Timeout(10.0, read=_SILENCE_S).as_dict()},
            )
            response = self._transport.exchange(request, repeatable=True, stream=True)
            if not response.is_redirect:
                self._response = response
                return response
            response.close()
            self._url = _elsewhere(self._url, response.headers.get("location", ""))

    def _end(self, said: str) -> None:
        reason = str(json.loads(said).get("reason", ""))
        if reason == "CURSOR_EXPIRED":
            raise CursorExpired(410, reason, "Events behind the cursor are not kept any more. Read the records anew.")


def _elsewhere(url: str, location: str) -> str:
    """The stream's own address. The token goes along only where the way there is as safe as before."""
    here, there = urlsplit(url), urlsplit(location)
    if there.hostname and there.path == _STREAM and there.scheme in (here.scheme, "https"):
        return location.partition("?")[0]
    raise FuniaError(f"The stream of events is said to be at {location!r}, where the token is not safe.")
