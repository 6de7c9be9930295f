"""Methods of products. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("products.list", "GET", "/v1/products")
_CREATE = Operation("products.create", "POST", "/v1/products", keyed=True)
_DELETE = Operation("products.delete", "DELETE", "/v1/products/{id}", keyed=True)
_GET = Operation("products.get", "GET", "/v1/products/{id}")
_UPDATE = Operation("products.update", "PATCH", "/v1/products/{id}", keyed=True)
_UNDELETE = Operation("products.undelete", "POST", "/v1/products/{id}:undelete", keyed=True)
_BATCH_GET = Operation("products.batch_get", "GET", "/v1/products:batchGet")
_RECORD_SHOWN_SUGGESTIONS = Operation(
    "products.record_shown_suggestions", "POST", "/v1/products:recordShownSuggestions", keyed=True
)
_SUGGEST = Operation("products.suggest", "POST", "/v1/products:suggest")


class ProductsApi:
    """Something a company sells; what is bought is one of its variants: the methods."""

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
    ) -> Pages[models.Product, models.ListProductsResponse]:
        """Lists products.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListProductsResponse:
            return self._transport.call(
                _LIST,
                models.ListProductsResponse,
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

        return Pages(fetch, lambda page: page.products, page_token or "")

    def create(
        self, body: inputs.ProductInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Product:
        """Creates a product."""
        return self._transport.call(
            _CREATE, models.Product, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Product:
        """Moves a product to the bin; it can be undeleted.

        id: Product.
        """
        return self._transport.call(
            _DELETE,
            models.Product,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Product:
        """Returns one product.

        id: Product.
        """
        return self._transport.call(_GET, models.Product, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.ProductPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Product:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Product,
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
    ) -> models.Product:
        """Takes a product back out of the bin.

        id: Product.
        """
        return self._transport.call(
            _UNDELETE,
            models.Product,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetProductsResponse:
        """Returns up to 200 products by id; ids that are unknown or not visible are left out.

        ids: Products, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetProductsResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )

    def record_shown_suggestions(
        self,
        *,
        document_kind: Literal["deal", "quote", "order"],
        document_id: str,
        suggestion_ids: Sequence[str] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.RecordShownSuggestionsResponse:
        """Records what of that was shown to whoever works on a document. Each is counted once for a document,
        however often it is shown; whether it was taken follows from the document's lines as they are now, and
        stays.

        document_kind: What the lines belong to.
        document_id: The deal, quote or order.
        suggestion_ids: Suggestions that were shown; may be empty, where only lines were taken.
        """
        return self._transport.call(
            _RECORD_SHOWN_SUGGESTIONS,
            models.RecordShownSuggestionsResponse,
            {},
            Sent(
                body=given(
                    {"document_kind": document_kind, "document_id": document_id, "suggestion_ids": suggestion_ids}
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def suggest(
        self,
        *,
        product_ids: Sequence[str],
        store_id: str | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
    ) -> models.SuggestProductsResponse:
        """Suggests what is bought together with what is in the basket: by the rules that analytics found, and
        beside them by what the company's own orders hold together. Never suggests what is in the basket, what
        is not sold, or what is out of stock.

        product_ids: Products in the basket.
        store_id: Store whose stock and own rules count; the company's warehouse where not given.
        limit: Most suggestions, 4 where not given.
        """
        return self._transport.call(
            _SUGGEST,
            models.SuggestProductsResponse,
            {},
            Sent(body=given({"product_ids": product_ids, "store_id": store_id, "limit": limit}), timeout_s=timeout_s),
        )
