"""Methods of customer insights. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("customer_insights.get", "GET", "/v1/customer-insights/{customer_id}")


class CustomerInsightsApi:
    """Runs of models over the whole company, every night and when asked for. The newest run that succeeded is
    active, and its scores are those of the customers. Runs and their lists are for callers who see all
    records; what the models say of one customer is for everybody who sees that customer.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, customer_id: str, *, timeout_s: float | None = None) -> models.CustomerInsight:
        """Says what the active models know of one customer; nothing of a customer without orders.

        customer_id: Person or company.
        """
        return self._transport.call(
            _GET, models.CustomerInsight, {"customer_id": customer_id}, Sent(timeout_s=timeout_s)
        )
