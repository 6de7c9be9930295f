"""Methods of card account. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_GET = Operation("card_account.get", "GET", "/v1/card-account")
_SET = Operation("card_account.set", "PUT", "/v1/card-account", keyed=True)


class CardAccountApi:
    """Payments and refunds: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, timeout_s: float | None = None) -> models.CardAccount:
        """Returns how the company is paid by card, without its secrets."""
        return self._transport.call(_GET, models.CardAccount, {}, Sent(timeout_s=timeout_s))

    def set(
        self,
        *,
        provider: Literal["stripe"] | None = None,
        secret_key: str | None = None,
        webhook_secret: str | None = None,
        publishable_key: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.CardAccount:
        """Says how the company is paid by card. What was kept of an earlier account is replaced.

        provider: Card provider; "stripe" where not given.
        secret_key: Secret key at the provider; kept sealed and never shown.
        webhook_secret: Secret that the provider signs its webhooks with; kept sealed and never shown.
        publishable_key: Public key for the payer's browser.
        """
        return self._transport.call(
            _SET,
            models.CardAccount,
            {},
            Sent(
                body=given(
                    {
                        "provider": provider,
                        "secret_key": secret_key,
                        "webhook_secret": webhook_secret,
                        "publishable_key": publishable_key,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
