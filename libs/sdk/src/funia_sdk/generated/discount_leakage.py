"""Methods of discount leakage. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("discount_leakage.get", "GET", "/v1/discount-leakage")
_LIST_ORDERS = Operation("discount_leakage.list_orders", "GET", "/v1/discount-leakage/orders")


class DiscountLeakageApi:
    """Reports of prices, of lines of orders that were placed and not canceled, without tax and before returns,
    in one currency. Callers who see their own or their team's records get figures of those alone.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self,
        *,
        by: Literal["seller", "product", "customer", "store", "channel"] | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
        currency_code: str | None = None,
        allowed_permille: int | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
    ) -> models.DiscountLeakage:
        """Says how much people took off beyond what is usual or allowed, by seller, product, customer or store.

        by: What rows are made of: seller (the default), product, customer, store or channel.
        first_day: First day; that of the month eleven months before the last where not given.
        last_day: Last day; today where not given.
        currency_code: Currency of the lines that count; the company's own where not given.
        allowed_permille: Discount that is allowed, in thousandths. Where not given, a line is held against the median discount of its product, or of all lines for products with fewer than five.
        limit: Rows at most, 50 where not given; those with the most beyond come first.
        """
        return self._transport.call(
            _GET,
            models.DiscountLeakage,
            {},
            Sent(
                query={
                    "by": by,
                    "first_day": first_day,
                    "last_day": last_day,
                    "currency_code": currency_code,
                    "allowed_permille": allowed_permille,
                    "limit": limit,
                },
                timeout_s=timeout_s,
            ),
        )

    def list_orders(
        self,
        *,
        by: Literal["seller", "product", "customer", "store", "channel"] | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
        currency_code: str | None = None,
        allowed_permille: int | None = None,
        key: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.LeakageOrder, models.ListDiscountLeakageOrdersResponse]:
        """Lists the orders in which people took off more than is usual or allowed, the most first.

        by: What the key is of: seller (the default), product, customer, store or channel.
        first_day: First day, as in GetDiscountLeakage.
        last_day: Last day.
        currency_code: Currency.
        allowed_permille: Discount that is allowed.
        key: Only lines with this key; all where not given.
        page_size: Orders a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListDiscountLeakageOrdersResponse:
            return self._transport.call(
                _LIST_ORDERS,
                models.ListDiscountLeakageOrdersResponse,
                {},
                Sent(
                    query={
                        "by": by,
                        "first_day": first_day,
                        "last_day": last_day,
                        "currency_code": currency_code,
                        "allowed_permille": allowed_permille,
                        "key": key,
                        "page_size": page_size,
                        "page_token": token or None,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.orders, page_token or "")
