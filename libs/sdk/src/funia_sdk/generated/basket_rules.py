"""Methods of basket rules. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("basket_rules.list", "GET", "/v1/basket-rules")
_LIST_ORDERS = Operation("basket_rules.list_orders", "GET", "/v1/basket-rules/{id}/orders")


class BasketRulesApi:
    """Rules of the whole company, for callers who see all records. They are found by runs of the model
    `baskets`, every night and when asked for, and make the suggestions beside the lines of quotes and
    orders and at the till.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        product_id: str | None = None,
        least_lift_permille: int | None = None,
        least_confidence_permille: int | None = None,
        sort: Literal["lift", "confidence", "support"] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.FoundBasketRule, models.ListBasketRulesResponse]:
        """Lists the rules of the active run.

        product_id: Only rules with this product on either side.
        least_lift_permille: Only rules of at least this lift, in thousandths.
        least_confidence_permille: Only rules of at least this confidence, in thousandths.
        sort: Order, the greatest first: lift (the default), confidence or support.
        page_size: Rules a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer; it goes on in the run that it began with.
        """

        def fetch(token: str) -> models.ListBasketRulesResponse:
            return self._transport.call(
                _LIST,
                models.ListBasketRulesResponse,
                {},
                Sent(
                    query={
                        "product_id": product_id,
                        "least_lift_permille": least_lift_permille,
                        "least_confidence_permille": least_confidence_permille,
                        "sort": sort,
                        "page_size": page_size,
                        "page_token": token or None,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.rules, page_token or "")

    def list_orders(
        self, id: str, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[str, models.ListBasketRuleOrdersResponse]:
        """Lists the orders behind a rule: those that hold both its sides, the newest first.

        id: Rule.
        page_size: Orders a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListBasketRuleOrdersResponse:
            return self._transport.call(
                _LIST_ORDERS,
                models.ListBasketRuleOrdersResponse,
                {"id": id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.order_ids, page_token or "")
