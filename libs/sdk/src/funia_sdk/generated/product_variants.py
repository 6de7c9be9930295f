"""Methods of product variants. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("product_variants.list", "GET", "/v1/product-variants")
_CREATE = Operation("product_variants.create", "POST", "/v1/product-variants", keyed=True)
_DELETE = Operation("product_variants.delete", "DELETE", "/v1/product-variants/{id}", keyed=True)
_GET = Operation("product_variants.get", "GET", "/v1/product-variants/{id}")
_UPDATE = Operation("product_variants.update", "PATCH", "/v1/product-variants/{id}", keyed=True)
_UNDELETE = Operation("product_variants.undelete", "POST", "/v1/product-variants/{id}:undelete", keyed=True)
_BATCH_GET = Operation("product_variants.batch_get", "GET", "/v1/product-variants:batchGet")
_FIND = Operation("product_variants.find", "GET", "/v1/product-variants:find")


class ProductVariantsApi:
    """A product as it is sold: one size, one colour, one price: the methods."""

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
    ) -> Pages[models.ProductVariant, models.ListProductVariantsResponse]:
        """Lists product variants.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListProductVariantsResponse:
            return self._transport.call(
                _LIST,
                models.ListProductVariantsResponse,
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

        return Pages(fetch, lambda page: page.product_variants, page_token or "")

    def create(
        self, body: inputs.ProductVariantInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ProductVariant:
        """Creates a product variant."""
        return self._transport.call(
            _CREATE, models.ProductVariant, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ProductVariant:
        """Moves a product variant to the bin; it can be undeleted.

        id: Product variant.
        """
        return self._transport.call(
            _DELETE,
            models.ProductVariant,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.ProductVariant:
        """Returns one product variant.

        id: Product variant.
        """
        return self._transport.call(_GET, models.ProductVariant, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.ProductVariantPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ProductVariant:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.ProductVariant,
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
    ) -> models.ProductVariant:
        """Takes a product variant back out of the bin.

        id: Product variant.
        """
        return self._transport.call(
            _UNDELETE,
            models.ProductVariant,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(
        self, *, ids: Sequence[str], timeout_s: float | None = None
    ) -> models.BatchGetProductVariantsResponse:
        """Returns up to 200 product variants by id; ids that are unknown or not visible are left out.

        ids: Product variants, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetProductVariantsResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )

    def find(self, *, code: str, timeout_s: float | None = None) -> models.ProductVariant:
        """Finds the variant of a barcode or an sku, as a scanner reads it.

        code: Barcode or sku.
        """
        return self._transport.call(_FIND, models.ProductVariant, {}, Sent(query={"code": code}, timeout_s=timeout_s))
