"""Methods of business calendars. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from datetime import datetime

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("business_calendars.list", "GET", "/v1/business-calendars")
_CREATE = Operation("business_calendars.create", "POST", "/v1/business-calendars", keyed=True)
_DELETE = Operation("business_calendars.delete", "DELETE", "/v1/business-calendars/{id}", keyed=True)
_GET = Operation("business_calendars.get", "GET", "/v1/business-calendars/{id}")
_UPDATE = Operation("business_calendars.update", "PATCH", "/v1/business-calendars/{id}", keyed=True)
_DUE = Operation("business_calendars.due", "GET", "/v1/business-calendars/{id}:due")
_UNDELETE = Operation("business_calendars.undelete", "POST", "/v1/business-calendars/{id}:undelete", keyed=True)


class BusinessCalendarsApi:
    """The hours in which a company works: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        deleted: bool | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.BusinessCalendar, models.ListBusinessCalendarsResponse]:
        """Lists calendars.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListBusinessCalendarsResponse:
            return self._transport.call(
                _LIST,
                models.ListBusinessCalendarsResponse,
                {},
                Sent(
                    query={
                        "page_size": page_size,
                        "page_token": token or None,
                        "filter": filter,
                        "order_by": order_by,
                        "deleted": deleted,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.business_calendars, page_token or "")

    def create(
        self, body: inputs.BusinessCalendarInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.BusinessCalendar:
        """Creates a calendar."""
        return self._transport.call(
            _CREATE, models.BusinessCalendar, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BusinessCalendar:
        """Moves a calendar to the bin; it can be undeleted.

        id: Calendar.
        """
        return self._transport.call(
            _DELETE,
            models.BusinessCalendar,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.BusinessCalendar:
        """Returns one calendar.

        id: Calendar.
        """
        return self._transport.call(_GET, models.BusinessCalendar, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.BusinessCalendarPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BusinessCalendar:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.BusinessCalendar,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def due(
        self,
        id: str,
        *,
        start: datetime | str | None = None,
        minutes: int | None = None,
        timeout_s: float | None = None,
    ) -> models.DueTime:
        """Says when so much working time has passed since a moment.

        id: Calendar.
        start: Since when; from now where not given.
        minutes: Working time that passes, one minute at least.
        """
        return self._transport.call(
            _DUE, models.DueTime, {"id": id}, Sent(query={"start": start, "minutes": minutes}, timeout_s=timeout_s)
        )

    def undelete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.BusinessCalendar:
        """Takes a calendar back out of the bin.

        id: Calendar.
        """
        return self._transport.call(
            _UNDELETE,
            models.BusinessCalendar,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
