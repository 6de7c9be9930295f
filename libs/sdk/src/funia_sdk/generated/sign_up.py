"""Methods of sign up. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_CREATE = Operation("sign_up.create", "POST", "/v1/sign-up", keyed=True, public=True)


class SignUpApi:
    """The company itself, its users, roles and apps."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self, body: inputs.SignUpInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SignUpAnswer:
        """Makes a company with its first person as owner."""
        return self._transport.call(
            _CREATE, models.SignUpAnswer, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )
