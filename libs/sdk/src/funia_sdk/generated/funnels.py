"""Methods of funnels. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_GET_EVENT = Operation("funnels.get_event", "POST", "/v1/funnels/events")
_GET_SALES = Operation("funnels.get_sales", "GET", "/v1/funnels/sales")
_LIST_DEALS = Operation("funnels.list_deals", "GET", "/v1/funnels/sales/deals")


class FunnelsApi:
    """Reports of funnels. Callers who see their own or their team's records get figures of those deals alone."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_event(
        self,
        *,
        steps: Sequence[str],
        window_s: int | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        by: Literal["subject", "actor"] | None = None,
        timeout_s: float | None = None,
    ) -> models.EventFunnel:
        """Counts how far records, or the people who act, get through events in this order, within a window.

        steps: Event types in their order, such as sales.deal.created, sales.deal.won; a type may end in ".*".
        window_s: Seconds from the first event within which the others must come; 30 days where not given.
        from_: First moment counted; 30 days ago where unset.
        to: First moment no longer counted; now where unset.
        by: Whose events belong together: subject (the record that they are about) or actor; subject where empty.
        """
        return self._transport.call(
            _GET_EVENT,
            models.EventFunnel,
            {},
            Sent(
                body=given({"steps": steps, "window_s": window_s, "from": from_, "to": to, "by": by}),
                timeout_s=timeout_s,
            ),
        )

    def get_sales(
        self,
        *,
        pipeline_id: str | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
        source: str | None = None,
        owner_id: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesFunnel:
        """Follows the deals that began in a period through the stages of their pipeline.

        pipeline_id: Pipeline; the one with the most deals where not given.
        first_day: First day on which the deals began; that of the month eleven months before the last where not given.
        last_day: Last day on which they began; today where not given.
        source: Only deals of this source.
        owner_id: Only deals of this person.
        """
        return self._transport.call(
            _GET_SALES,
            models.SalesFunnel,
            {},
            Sent(
                query={
                    "pipeline_id": pipeline_id,
                    "first_day": first_day,
                    "last_day": last_day,
                    "source": source,
                    "owner_id": owner_id,
                },
                timeout_s=timeout_s,
            ),
        )

    def list_deals(
        self,
        *,
        pipeline_id: str,
        first_day: str | None = None,
        last_day: str | None = None,
        source: str | None = None,
        owner_id: str | None = None,
        stage_id: str | None = None,
        figure: Literal["reached", "standing", "lost"] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[str, models.ListFunnelDealsResponse]:
        """Lists the ids of the deals behind a figure of the funnel, the newest first.

        pipeline_id: Pipeline.
        first_day: First day on which the deals began.
        last_day: Last day on which they began.
        source: Only deals of this source.
        owner_id: Only deals of this person.
        stage_id: Stage; empty for what was won.
        figure: Which of its figures: reached, standing or lost; reached where empty.
        page_size: Deals a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListFunnelDealsResponse:
            return self._transport.call(
                _LIST_DEALS,
                models.ListFunnelDealsResponse,
                {},
                Sent(
                    query={
                        "pipeline_id": pipeline_id,
                        "first_day": first_day,
                        "last_day": last_day,
                        "source": source,
                        "owner_id": owner_id,
                        "stage_id": stage_id,
                        "figure": figure,
                        "page_size": page_size,
                        "page_token": token or None,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.deal_ids, page_token or "")
