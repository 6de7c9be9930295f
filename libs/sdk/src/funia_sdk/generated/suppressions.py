"""Methods of suppressions. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("suppressions.list", "GET", "/v1/suppressions")
_ADD = Operation("suppressions.add", "POST", "/v1/suppressions:add", keyed=True)
_REMOVE = Operation("suppressions.remove", "POST", "/v1/suppressions:remove", keyed=True)


class SuppressionsApi:
    """Suppressed addresses: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.Suppression, models.ListSuppressionsResponse]:
        """Lists suppressed addresses, the newest first.

        page_size: Entries a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListSuppressionsResponse:
            return self._transport.call(
                _LIST,
                models.ListSuppressionsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.suppressions, page_token or "")

    def add(
        self,
        *,
        channel: Literal["email", "sms", "phone", "messenger", "post"],
        addresses: Sequence[str],
        reason: Literal["hard_bounce", "complaint", "unsubscribed", "manual"],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SuppressAddressesResponse:
        """Suppresses up to 1,000 addresses. One that is suppressed keeps the reason that refuses more.

        channel: Channel.
        addresses: E-mail addresses, numbers or postal addresses, 1,000 at most.
        reason: Why: the address does not exist, somebody complained, somebody asked for it, or a colleague decided.
        """
        return self._transport.call(
            _ADD,
            models.SuppressAddressesResponse,
            {},
            Sent(
                body=given({"channel": channel, "addresses": addresses, "reason": reason}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def remove(
        self,
        *,
        channel: Literal["email", "sms", "phone", "messenger", "post"],
        address: str,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.UnsuppressAddressResponse:
        """Lets an address be written to again. The person must have asked for it.

        channel: Channel.
        address: E-mail address, number or postal address.
        """
        return self._transport.call(
            _REMOVE,
            models.UnsuppressAddressResponse,
            {},
            Sent(
                body=given({"channel": channel, "address": address}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
