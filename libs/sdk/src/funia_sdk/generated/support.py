"""Methods of support. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET_CUSTOMER = Operation("support.get_customer", "GET", "/v1/support/customers/{id}")


class SupportApi:
    """Customers as support sees them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_customer(self, id: str, *, timeout_s: float | None = None) -> models.SupportCustomer:
        """Returns the projection of one contact or account.

        id: Contact or account.
        """
        return self._transport.call(_GET_CUSTOMER, models.SupportCustomer, {"id": id}, Sent(timeout_s=timeout_s))
