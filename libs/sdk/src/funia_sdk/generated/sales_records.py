"""Methods of sales records. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_LIST_SHARES = Operation("sales_records.list_shares", "GET", "/v1/sales-records/{record_id}/shares")
_SHARE = Operation("sales_records.share", "POST", "/v1/sales-records/{record_id}/shares", keyed=True)
_UNSHARE = Operation("sales_records.unshare", "DELETE", "/v1/sales-records/{record_id}/shares/{grantee_id}", keyed=True)


class SalesRecordsApi:
    """Shares one deal or lead with somebody who would not see it. Only who holds a record by his own role
    (all, owner or team) shares it. Quotes, orders and activities have owners of their own and do not come
    along.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_shares(self, record_id: str, *, timeout_s: float | None = None) -> models.ListSalesRecordSharesResponse:
        """Lists whom a deal or lead is shared with, and what the caller may do with it.

        record_id: Deal or lead.
        """
        return self._transport.call(
            _LIST_SHARES, models.ListSalesRecordSharesResponse, {"record_id": record_id}, Sent(timeout_s=timeout_s)
        )

    def share(
        self,
        record_id: str,
        body: inputs.RecordShareInput,
        *,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ShareSalesRecordResponse:
        """Shares a deal or lead, or changes how it is shared.

        record_id: Deal or lead.
        """
        return self._transport.call(
            _SHARE,
            models.ShareSalesRecordResponse,
            {"record_id": record_id},
            Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def unshare(
        self, record_id: str, grantee_id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.UnshareSalesRecordResponse:
        """Ends a share; none is no error.

        record_id: Deal or lead.
        grantee_id: Team or person.
        """
        return self._transport.call(
            _UNSHARE,
            models.UnshareSalesRecordResponse,
            {"record_id": record_id, "grantee_id": grantee_id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
