"""Methods of reports. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_GET_ACTIVITY = Operation("reports.get_activity", "GET", "/v1/reports/activity")
_LIST_ACTIVITY_EVENTS = Operation("reports.list_activity_events", "GET", "/v1/reports/activity/events")


class ReportsApi:
    """Reports over the event stream."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_activity(
        self,
        *,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        step: Literal["minute", "hour", "day", "week", "month"] | None = None,
        time_zone: str | None = None,
        type_prefix: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ActivityReport:
        """Counts events in equal steps of time, by type.

        from_: First moment counted; 30 days ago where unset.
        to: First moment no longer counted; now where unset.
        step: Length of a step: minute, hour, day, week or month; day where empty.
        time_zone: IANA zone in which days begin; UTC where empty.
        type_prefix: Only events whose type starts with this, such as "contacts.contact.".
        """
        return self._transport.call(
            _GET_ACTIVITY,
            models.ActivityReport,
            {},
            Sent(
                query={"from": from_, "to": to, "step": step, "time_zone": time_zone, "type_prefix": type_prefix},
                timeout_s=timeout_s,
            ),
        )

    def list_activity_events(
        self,
        *,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        type: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.ActivityEvent, models.ListActivityEventsResponse]:
        """Lists the events behind a figure of the report, newest first.

        from_: First moment listed.
        to: First moment no longer listed.
        type: Only events of this type.
        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListActivityEventsResponse:
            return self._transport.call(
                _LIST_ACTIVITY_EVENTS,
                models.ListActivityEventsResponse,
                {},
                Sent(
                    query={"from": from_, "to": to, "type": type, "page_size": page_size, "page_token": token or None},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.events, page_token or "")
