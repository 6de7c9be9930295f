"""Methods of webhook deliveries. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("webhook_deliveries.list", "GET", "/v1/webhook-deliveries")
_REPLAY = Operation("webhook_deliveries.replay", "POST", "/v1/webhook-deliveries/{id}:replay", keyed=True)


class WebhookDeliveriesApi:
    """Addresses that events are sent to, and what was sent. A partner's app sees what it has made itself."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        endpoint_id: str,
        status: Literal["waiting", "delivered", "dead"] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.WebhookDelivery, models.ListWebhookDeliveriesResponse]:
        """Lists deliveries, newest first.

        endpoint_id: Endpoint.
        status: Only deliveries in this state: waiting, delivered or dead.
        page_size: Deliveries a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListWebhookDeliveriesResponse:
            return self._transport.call(
                _LIST,
                models.ListWebhookDeliveriesResponse,
                {},
                Sent(
                    query={
                        "endpoint_id": endpoint_id,
                        "status": status,
                        "page_size": page_size,
                        "page_token": token or None,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.webhook_deliveries, page_token or "")

    def replay(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.WebhookDelivery:
        """Sends a delivery again, whatever became of it.

        id: Delivery.
        """
        return self._transport.call(
            _REPLAY,
            models.WebhookDelivery,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
