"""Methods of price books. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("price_books.list", "GET", "/v1/price-books")
_CREATE = Operation("price_books.create", "POST", "/v1/price-books", keyed=True)
_DELETE = Operation("price_books.delete", "DELETE", "/v1/price-books/{id}", keyed=True)
_GET = Operation("price_books.get", "GET", "/v1/price-books/{id}")
_UPDATE = Operation("price_books.update", "PATCH", "/v1/price-books/{id}", keyed=True)
_UNDELETE = Operation("price_books.undelete", "POST", "/v1/price-books/{id}:undelete", keyed=True)
_BATCH_GET = Operation("price_books.batch_get", "GET", "/v1/price-books:batchGet")


class PriceBooksApi:
    """Prices in one currency for some or all buyers; the nearest that holds is asked first: the methods."""

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
    ) -> Pages[models.PriceBook, models.ListPriceBooksResponse]:
        """Lists price books.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListPriceBooksResponse:
            return self._transport.call(
                _LIST,
                models.ListPriceBooksResponse,
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

        return Pages(fetch, lambda page: page.price_books, page_token or "")

    def create(
        self, body: inputs.PriceBookInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.PriceBook:
        """Creates a price book."""
        return self._transport.call(
            _CREATE, models.PriceBook, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PriceBook:
        """Moves a price book to the bin; it can be undeleted.

        id: Price book.
        """
        return self._transport.call(
            _DELETE,
            models.PriceBook,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.PriceBook:
        """Returns one price book.

        id: Price book.
        """
        return self._transport.call(_GET, models.PriceBook, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.PriceBookPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PriceBook:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.PriceBook,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.PriceBook:
        """Takes a price book back out of the bin.

        id: Price book.
        """
        return self._transport.call(
            _UNDELETE,
            models.PriceBook,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetPriceBooksResponse:
        """Returns up to 200 price books by id; ids that are unknown or not visible are left out.

        ids: Price books, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetPriceBooksResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
