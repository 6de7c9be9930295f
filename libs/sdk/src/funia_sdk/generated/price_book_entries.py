"""Methods of price book entries. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("price_book_entries.list", "GET", "/v1/price-book-entries")
_CREATE = Operation("price_book_entries.create", "POST", "/v1/price-book-entries", keyed=True)
_DELETE = Operation("price_book_entries.delete", "DELETE", "/v1/price-book-entries/{id}", keyed=True)
_GET = Operation("price_book_entries.get", "GET", "/v1/price-book-entries/{id}")
_UPDATE = Operation("price_book_entries.update", "PATCH", "/v1/price-book-entries/{id}", keyed=True)


class PriceBookEntriesApi:
    """The price of a variant in a book, from a quantity on: the methods."""

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
    ) -> Pages[models.PriceBookEntry, models.ListPriceBookEntriesResponse]:
        """Lists price book entries.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        """

        def fetch(token: str) -> models.ListPriceBookEntriesResponse:
            return self._transport.call(
                _LIST,
                models.ListPriceBookEntriesResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "filter": filter, "order_by": order_by},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.price_book_entries, page_token or "")

    def create(
        self, body: inputs.PriceBookEntryInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.PriceBookEntry:
        """Creates a price book entry."""
        return self._transport.call(
            _CREATE, models.PriceBookEntry, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.DeletePriceBookEntryResponse:
        """Deletes a price book entry.

        id: Price book entry.
        """
        return self._transport.call(
            _DELETE,
            models.DeletePriceBookEntryResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.PriceBookEntry:
        """Returns one price book entry.

        id: Price book entry.
        """
        return self._transport.call(_GET, models.PriceBookEntry, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.PriceBookEntryPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PriceBookEntry:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.PriceBookEntry,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )
