"""Methods of records. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_LIST_SHARES = Operation("records.list_shares", "GET", "/v1/records/{record_id}/shares")
_SHARE = Operation("records.share", "POST", "/v1/records/{record_id}/shares", keyed=True)
_UNSHARE = Operation("records.unshare", "DELETE", "/v1/records/{record_id}/shares/{grantee_id}", keyed=True)
_LIST_VIEWERS = Operation("records.list_viewers", "GET", "/v1/records/{record_id}/viewers")


class RecordsApi:
    """Shares one contact or account with somebody who would not see it. Only who holds a record by his own
    role (all, owner or team) shares it.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_shares(self, record_id: str, *, timeout_s: float | None = None) -> models.ListRecordSharesResponse:
        """Lists whom a record is shared with, and what the caller may do with it.

        record_id: Contact or account.
        """
        return self._transport.call(
            _LIST_SHARES, models.ListRecordSharesResponse, {"record_id": record_id}, Sent(timeout_s=timeout_s)
        )

    def share(
        self,
        record_id: str,
        body: inputs.RecordShareInput,
        *,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.RecordShare:
        """Shares a record, or changes how it is shared.

        record_id: Contact or account.
        """
        return self._transport.call(
            _SHARE,
            models.RecordShare,
            {"record_id": record_id},
            Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def unshare(
        self, record_id: str, grantee_id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.UnshareRecordResponse:
        """Ends a share; none is no error.

        record_id: Contact or account.
        grantee_id: Team or person.
        """
        return self._transport.call(
            _UNSHARE,
            models.UnshareRecordResponse,
            {"record_id": record_id, "grantee_id": grantee_id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

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

        record_id: Contact, account, deal or lead.
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
