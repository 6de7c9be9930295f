"""Methods of product categories. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("product_categories.list", "GET", "/v1/product-categories")
_CREATE = Operation("product_categories.create", "POST", "/v1/product-categories", keyed=True)
_DELETE = Operation("product_categories.delete", "DELETE", "/v1/product-categories/{id}", keyed=True)
_GET = Operation("product_categories.get", "GET", "/v1/product-categories/{id}")
_UPDATE = Operation("product_categories.update", "PATCH", "/v1/product-categories/{id}", keyed=True)
_UNDELETE = Operation("product_categories.undelete", "POST", "/v1/product-categories/{id}:undelete", keyed=True)


class ProductCategoriesApi:
    """A branch of the catalogue: the methods."""

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
    ) -> Pages[models.ProductCategory, models.ListProductCategoriesResponse]:
        """Lists product categories.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListProductCategoriesResponse:
            return self._transport.call(
                _LIST,
                models.ListProductCategoriesResponse,
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

        return Pages(fetch, lambda page: page.product_categories, page_token or "")

    def create(
        self, body: inputs.ProductCategoryInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ProductCategory:
        """Creates a product category."""
        return self._transport.call(
            _CREATE, models.ProductCategory, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ProductCategory:
        """Moves a product category to the bin; it can be undeleted.

        id: Product category.
        """
        return self._transport.call(
            _DELETE,
            models.ProductCategory,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.ProductCategory:
        """Returns one product category.

        id: Product category.
        """
        return self._transport.call(_GET, models.ProductCategory, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.ProductCategoryPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ProductCategory:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.ProductCategory,
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
    ) -> models.ProductCategory:
        """Takes a product category back out of the bin.

        id: Product category.
        """
        return self._transport.call(
            _UNDELETE,
            models.ProductCategory,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
