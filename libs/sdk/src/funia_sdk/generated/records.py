"""Methods of records. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_LIST_VIEWERS = Operation("records.list_viewers", "GET", "/v1/records/{record_id}/viewers")


class RecordsApi:
    """Explains access. Asked of the very predicate that lists and gets use."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_viewers(
        self,
        record_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.AccessExplanation, models.ListRecordViewersResponse]:
        """Lists the people who see a record, oldest member first. A page may hold fewer people than asked for,
        even none.

        record_id: Contact or account.
        page_size: People looked at a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListRecordViewersResponse:
            return self._transport.call(
                _LIST_VIEWERS,
                models.ListRecordViewersResponse,
                {"record_id": record_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.viewers, page_token or "")
