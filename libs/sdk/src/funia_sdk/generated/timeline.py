"""Methods of timeline. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("timeline.list", "GET", "/v1/timeline")


class TimelineApi:
    """Timeline and activities of customers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        subject_id: str,
        page_size: int | None = None,
        page_token: str | None = None,
        type_prefix: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.TimelineEntry, models.ListTimelineResponse]:
        """Lists what happened with a contact or an account, newest first. Lines of sales, whose types begin with
        "sales.", are for callers with sales.read; they tell ids and states, and sales gives the records to
        those who may see them. Lines of tickets, whose types begin with "support.", are for callers with
        support.read, and tell as little.

        subject_id: Contact or account.
        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        type_prefix: Only entries whose type starts with this, such as "contacts.activity" or "sales.".
        """

        def fetch(token: str) -> models.ListTimelineResponse:
            return self._transport.call(
                _LIST,
                models.ListTimelineResponse,
                {},
                Sent(
                    query={
                        "subject_id": subject_id,
                        "page_size": page_size,
                        "page_token": token or None,
                        "type_prefix": type_prefix,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.entries, page_token or "")
