"""Methods of customers. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_FIND = Operation("customers.find", "GET", "/v1/customers:find")
_SEARCH = Operation("customers.search", "GET", "/v1/customers:search")


class CustomersApi:
    """A member: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def find(self, *, query: str, timeout_s: float | None = None) -> models.FoundCustomer:
        """Finds a customer by card number, phone or e-mail address, as a counter does.

        query: Card number, phone number or e-mail address, as typed or scanned.
        """
        return self._transport.call(_FIND, models.FoundCustomer, {}, Sent(query={"query": query}, timeout_s=timeout_s))

    def search(
        self,
        *,
        query: str,
        page_size: int | None = None,
        kinds: Sequence[Literal["contact", "account"]] | None = None,
        timeout_s: float | None = None,
    ) -> models.SearchCustomersResponse:
        """Finds customers by anything known about them; tolerates typos, prefixes, parts and other scripts.

        query: What the person typed.
        page_size: Most results, 20 where unset, 100 at most.
        kinds: Kinds to find: "contact", "account". All where empty.
        """
        return self._transport.call(
            _SEARCH,
            models.SearchCustomersResponse,
            {},
            Sent(query={"query": query, "page_size": page_size, "kinds": kinds}, timeout_s=timeout_s),
        )
