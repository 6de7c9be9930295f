"""Methods of marketing. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET_CUSTOMER = Operation("marketing.get_customer", "GET", "/v1/marketing/customers/{id}")


class MarketingApi:
    """Customers as marketing sees them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_customer(self, id: str, *, timeout_s: float | None = None) -> models.MarketingCustomer:
        """Returns the projection of one contact or account.

        id: Contact or account.
        """
        return self._transport.call(_GET_CUSTOMER, models.MarketingCustomer, {"id": id}, Sent(timeout_s=timeout_s))
