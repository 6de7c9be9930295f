"""Methods of stock. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("stock.list", "GET", "/v1/stock")
_ADJUST = Operation("stock.adjust", "POST", "/v1/stock:adjust", keyed=True)


class StockApi:
    """What is on hand: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, product_variant_ids: Sequence[str], timeout_s: float | None = None) -> models.ListStockResponse:
        """What is on hand of some variants, in every store.

        product_variant_ids: Variants.
        """
        return self._transport.call(
            _LIST,
            models.ListStockResponse,
            {},
            Sent(query={"product_variant_ids": product_variant_ids}, timeout_s=timeout_s),
        )

    def adjust(
        self,
        *,
        product_variant_id: str,
        change_milli: int,
        store_id: str | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.StockLevel:
        """Adds to what is on hand, or takes from it, as after a delivery or a count.

        product_variant_id: Variant, of a product whose stock is tracked.
        store_id: Store; the company's own warehouse where not given.
        change_milli: Thousandths of the unit to add; below zero to take away.
        reason: Why.
        """
        return self._transport.call(
            _ADJUST,
            models.StockLevel,
            {},
            Sent(
                body=given(
                    {
                        "product_variant_id": product_variant_id,
                        "store_id": store_id,
                        "change_milli": change_milli,
                        "reason": reason,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
