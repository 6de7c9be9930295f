"""Methods of orders. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("orders.list", "GET", "/v1/orders")
_CREATE = Operation("orders.create", "POST", "/v1/orders", keyed=True)
_GET = Operation("orders.get", "GET", "/v1/orders/{id}")
_UPDATE = Operation("orders.update", "PATCH", "/v1/orders/{id}", keyed=True)
_CANCEL = Operation("orders.cancel", "POST", "/v1/orders/{id}:cancel", keyed=True)
_COMPLETE = Operation("orders.complete", "POST", "/v1/orders/{id}:complete", keyed=True)
_CONFIRM = Operation("orders.confirm", "POST", "/v1/orders/{id}:confirm", keyed=True)
_LIST_FULFILMENTS = Operation("orders.list_fulfilments", "GET", "/v1/orders/{order_id}/fulfilments")
_FULFIL = Operation("orders.fulfil", "POST", "/v1/orders/{order_id}/fulfilments", keyed=True)
_CREATE_INVOICE_FROM = Operation("orders.create_invoice_from", "POST", "/v1/orders/{order_id}/invoices", keyed=True)
_LIST_RETURNS = Operation("orders.list_returns", "GET", "/v1/orders/{order_id}/returns")
_REQUEST_RETURN = Operation("orders.request_return", "POST", "/v1/orders/{order_id}/returns", keyed=True)
_BATCH_GET = Operation("orders.batch_get", "GET", "/v1/orders:batchGet")
_PLACE = Operation("orders.place", "POST", "/v1/orders:place", keyed=True)


class OrdersApi:
    """Something sold: the methods."""

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
    ) -> Pages[models.Order, models.ListOrdersResponse]:
        """Lists orders.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        """

        def fetch(token: str) -> models.ListOrdersResponse:
            return self._transport.call(
                _LIST,
                models.ListOrdersResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "filter": filter, "order_by": order_by},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.orders, page_token or "")

    def create(
        self, body: inputs.OrderInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Order:
        """Creates an order."""
        return self._transport.call(
            _CREATE, models.Order, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Order:
        """Returns one order.

        id: Order.
        """
        return self._transport.call(_GET, models.Order, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.OrderPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Order:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Order,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def cancel(
        self,
        id: str,
        *,
        reason: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Order:
        """Cancels an order of which nothing was fulfilled; coupons and stock come back.

        id: Order.
        reason: Why.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _CANCEL,
            models.Order,
            {"id": id},
            Sent(
                body=given({"reason": reason, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def complete(
        self,
        id: str,
        *,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Order:
        """Completes an order that is fulfilled but not paid in full. One that is both completes by itself.

        id: Order.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _COMPLETE,
            models.Order,
            {"id": id},
            Sent(body=given({"etag": etag}), idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def confirm(
        self,
        id: str,
        *,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Order:
        """Places a draft: it gets its number, its coupons are redeemed and its goods are taken from stock.

        id: Order.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _CONFIRM,
            models.Order,
            {"id": id},
            Sent(body=given({"etag": etag}), idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def list_fulfilments(self, order_id: str, *, timeout_s: float | None = None) -> models.ListFulfilmentsResponse:
        """What was handed over or shipped, the first first.

        order_id: Order.
        """
        return self._transport.call(
            _LIST_FULFILMENTS, models.ListFulfilmentsResponse, {"order_id": order_id}, Sent(timeout_s=timeout_s)
        )

    def fulfil(
        self,
        order_id: str,
        *,
        id: str | None = None,
        lines: Sequence[inputs.LineQuantityInput] | None = None,
        tracking_code: str | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Fulfilment:
        """Hands over or ships some or all of an order. Under the same id it happens once.

        order_id: Order.
        id: Id made by the caller, so that it may be sent again; made by the server where not given.
        lines: What is handed over; everything that is left where none is named.
        tracking_code: Code by which a parcel is followed.
        note: Text.
        """
        return self._transport.call(
            _FULFIL,
            models.Fulfilment,
            {"order_id": order_id},
            Sent(
                body=given({"id": id, "lines": lines, "tracking_code": tracking_code, "note": note}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def create_invoice_from(
        self,
        order_id: str,
        *,
        lines: Sequence[inputs.LineQuantityInput] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Invoice:
        """Drafts an invoice of an order, of all that was not invoiced yet or of some of it.

        order_id: Order.
        lines: Lines of the order; everything that is left where none is named.
        """
        return self._transport.call(
            _CREATE_INVOICE_FROM,
            models.Invoice,
            {"order_id": order_id},
            Sent(body=given({"lines": lines}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def list_returns(self, order_id: str, *, timeout_s: float | None = None) -> models.ListReturnsResponse:
        """Lists the returns of an order, the first first.

        order_id: Order.
        """
        return self._transport.call(
            _LIST_RETURNS, models.ListReturnsResponse, {"order_id": order_id}, Sent(timeout_s=timeout_s)
        )

    def request_return(
        self,
        order_id: str,
        *,
        lines: Sequence[inputs.LineQuantityInput],
        id: str | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ReturnOrder:
        """Asks to send goods of an order back. Under the same id it happens once.

        order_id: Order.
        id: Id made by the caller, so that it may be sent again; made by the server where not given.
        lines: What is sent back.
        reason: Why.
        """
        return self._transport.call(
            _REQUEST_RETURN,
            models.ReturnOrder,
            {"order_id": order_id},
            Sent(
                body=given({"id": id, "lines": lines, "reason": reason}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetOrdersResponse:
        """Returns up to 200 orders by id; ids that are unknown or not visible are left out.

        ids: Orders, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetOrdersResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )

    def place(
        self,
        *,
        order: inputs.OrderInput,
        id: str | None = None,
        fulfilled: bool | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Order:
        """Creates an order and confirms it, in one. Under the same id it happens once, however often it is sent.

        id: Id made by the caller, so that it may be sent again; made by the server where not given.
        order: Order.
        fulfilled: The goods are handed over with it, as at a till.
        """
        return self._transport.call(
            _PLACE,
            models.Order,
            {},
            Sent(
                body=given({"id": id, "order": order, "fulfilled": fulfilled}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
