"""Methods of registration tokens. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_CREATE = Operation("registration_tokens.create", "POST", "/v1/registration-tokens", keyed=True)


class RegistrationTokensApi:
    """Apps as their makers and the companies that use them see them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.RegistrationToken:
        """Makes a token with which programs of a reviewed partner register clients of the company (RFC 7591)."""
        return self._transport.call(
            _CREATE,
            models.RegistrationToken,
            {},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
