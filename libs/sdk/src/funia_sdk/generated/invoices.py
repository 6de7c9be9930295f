"""Methods of invoices. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("invoices.list", "GET", "/v1/invoices")
_CREATE = Operation("invoices.create", "POST", "/v1/invoices", keyed=True)
_GET = Operation("invoices.get", "GET", "/v1/invoices/{id}")
_UPDATE = Operation("invoices.update", "PATCH", "/v1/invoices/{id}", keyed=True)
_ISSUE = Operation("invoices.issue", "POST", "/v1/invoices/{id}:issue", keyed=True)
_VOID = Operation("invoices.void", "POST", "/v1/invoices/{id}:void", keyed=True)
_WRITE_OFF = Operation("invoices.write_off", "POST", "/v1/invoices/{id}:writeOff", keyed=True)
_CREDIT = Operation("invoices.credit", "POST", "/v1/invoices/{invoice_id}/credit-notes", keyed=True)
_BATCH_GET = Operation("invoices.batch_get", "GET", "/v1/invoices:batchGet")


class InvoicesApi:
    """An invoice or a credit note. From when it is issued nothing of what it says changes: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.Invoice, models.ListInvoicesResponse]:
        """Lists invoices.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        """

        def fetch(token: str) -> models.ListInvoicesResponse:
            return self._transport.call(
                _LIST,
                models.ListInvoicesResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "filter": filter, "order_by": order_by},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.invoices, page_token or "")

    def create(
        self, body: inputs.InvoiceInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Invoice:
        """Creates an invoice."""
        return self._transport.call(
            _CREATE, models.Invoice, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Invoice:
        """Returns one invoice.

        id: Invoice.
        """
        return self._transport.call(_GET, models.Invoice, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.InvoicePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Invoice:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Invoice,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def issue(
        self,
        id: str,
        *,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Invoice:
        """Issues a draft: it gets its number and is locked for ever.

        id: Invoice.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _ISSUE,
            models.Invoice,
            {"id": id},
            Sent(body=given({"etag": etag}), idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def void(
        self,
        id: str,
        *,
        reason: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Invoice:
        """Takes back a draft, or an issued one of which nothing was paid. It keeps its number.

        id: Invoice.
        reason: Why.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _VOID,
            models.Invoice,
            {"id": id},
            Sent(
                body=given({"reason": reason, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def write_off(
        self,
        id: str,
        *,
        reason: str,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Invoice:
        """Gives up what is still open.

        id: Invoice.
        reason: Why.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _WRITE_OFF,
            models.Invoice,
            {"id": id},
            Sent(
                body=given({"reason": reason, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def credit(
        self,
        invoice_id: str,
        *,
        reason: str,
        lines: Sequence[inputs.LineQuantityInput] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Invoice:
        """Issues a credit note over all of an invoice that was not credited yet, or over some of it.

        invoice_id: Invoice.
        lines: Lines of the invoice; everything that is left where none is named.
        reason: Why.
        """
        return self._transport.call(
            _CREDIT,
            models.Invoice,
            {"invoice_id": invoice_id},
            Sent(body=given({"lines": lines, "reason": reason}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetInvoicesResponse:
        """Returns up to 200 invoices by id; ids that are unknown or not visible are left out.

        ids: Invoices, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetInvoicesResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
