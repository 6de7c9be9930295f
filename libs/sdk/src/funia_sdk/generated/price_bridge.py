"""Methods of price bridge. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("price_bridge.get", "GET", "/v1/price-bridge")


class PriceBridgeApi:
    """Reports of prices, of lines of orders that were placed and not canceled, without tax and before returns,
    in one currency. Callers who see their own or their team's records get figures of those alone.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self,
        *,
        first_day: str | None = None,
        last_day: str | None = None,
        before_first_day: str | None = None,
        before_last_day: str | None = None,
        currency_code: str | None = None,
        store_id: str | None = None,
        by: Literal["product", "variant"] | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
    ) -> models.PriceBridge:
        """Says why turnover changed between two periods: price, volume, mix, new and lost products, which add up
        to the change.

        first_day: First day of the later period; that of the month eleven months before the last where not given.
        last_day: Last day of it; today where not given.
        before_first_day: First day of the earlier period; where not given, it is as long as the later one and ends the day before it.
        before_last_day: Last day of it.
        currency_code: Currency of the lines that count; the company's own where not given.
        store_id: Only lines of this store.
        by: What is told apart: product (the default) or variant.
        limit: Products that are named at most, those with the largest change; 50 where not given.
        """
        return self._transport.call(
            _GET,
            models.PriceBridge,
            {},
            Sent(
                query={
                    "first_day": first_day,
                    "last_day": last_day,
                    "before_first_day": before_first_day,
                    "before_last_day": before_last_day,
                    "currency_code": currency_code,
                    "store_id": store_id,
                    "by": by,
                    "limit": limit,
                },
                timeout_s=timeout_s,
            ),
        )
