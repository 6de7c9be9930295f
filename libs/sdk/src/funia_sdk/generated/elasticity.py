"""Methods of elasticity. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_ESTIMATE = Operation("elasticity.estimate", "POST", "/v1/elasticity:estimate")


class ElasticityApi:
    """Elasticities over the whole company, for callers who see all records."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def estimate(
        self,
        *,
        product_ids: Sequence[str],
        first_day: str | None = None,
        last_day: str | None = None,
        currency_code: str | None = None,
        store_id: str | None = None,
        step: Literal["day", "week", "month"] | None = None,
        effects: Literal["product_store", "product"] | None = None,
        controls: Sequence[Literal["trend", "season"]] | None = None,
        confidence_permille: int | None = None,
        price_changes_permille: Sequence[int] | None = None,
        timeout_s: float | None = None,
    ) -> models.Elasticity:
        """Estimates how demand for products answers to their price, and what other prices would do. Rows are a
        product, a store, a step of time and whether it was promoted (by price rules or coupons): log quantity
        on log price, promotion, both together, controls and fixed effects. Where the orders allow no honest
        answer, it says why.

        product_ids: Products, such as those of a category; all are taken to answer alike, each at its own level.
        first_day: First day; all time where not given.
        last_day: Last day; today where not given.
        currency_code: Currency of the lines that count; the company's own where not given.
        store_id: Only lines of this store.
        step: Step of time: day, week (the default) or month.
        effects: Fixed effects: product_store (the default: each product has a level of its own in each store) or product.
        controls: What else may have moved demand: trend, season (a wave of a year).
        confidence_permille: Confidence of intervals in thousandths, 950 where not given.
        price_changes_permille: Changes of the price to tell about, in thousandths: 50 is five per cent more.
        """
        return self._transport.call(
            _ESTIMATE,
            models.Elasticity,
            {},
            Sent(
                body=given(
                    {
                        "product_ids": product_ids,
                        "first_day": first_day,
                        "last_day": last_day,
                        "currency_code": currency_code,
                        "store_id": store_id,
                        "step": step,
                        "effects": effects,
                        "controls": controls,
                        "confidence_permille": confidence_permille,
                        "price_changes_permille": price_changes_permille,
                    }
                ),
                timeout_s=timeout_s,
            ),
        )
