"""Methods of events. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("events.list", "GET", "/v1/events")


class EventsApi:
    """Methods of events."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        after: str | None = None,
        type: Sequence[str] | None = None,
        page_size: int | None = None,
        timeout_s: float | None = None,
    ) -> models.EventPage:
        """Replays the company's events of the last 30 days behind a cursor, oldest first, and at its end whatever
        is new. Events of one record keep their order. Events of a service need its read scope, and the
        visibility all.

        after: next_cursor of an earlier answer; `latest` for the end of what is there; the oldest event kept where not given.
        type: Event types, repeated or by commas: contacts.contact.created, contacts.contact.*, contacts.*. Everything that you may see where not given.
        page_size: Events a page, 100 where unset, 5000 at most. A page may be shorter and still have more behind it.
        """
        return self._transport.call(
            _LIST,
            models.EventPage,
            {},
            Sent(query={"after": after, "type": type, "page_size": page_size}, timeout_s=timeout_s),
        )
