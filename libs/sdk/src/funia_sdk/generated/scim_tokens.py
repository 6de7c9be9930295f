"""Methods of scim tokens. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("scim_tokens.list", "GET", "/v1/scim-tokens")
_CREATE = Operation("scim_tokens.create", "POST", "/v1/scim-tokens", keyed=True)
_DELETE = Operation("scim_tokens.delete", "DELETE", "/v1/scim-tokens/{id}", keyed=True)


class ScimTokensApi:
    """Tokens of the company's directory, and what its groups give."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListScimTokensResponse:
        """Lists the tokens of the company, the oldest first, without their secrets. There are at most 2."""
        return self._transport.call(_LIST, models.ListScimTokensResponse, {}, Sent(timeout_s=timeout_s))

    def create(self, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.ScimToken:
        """Makes a token. Its secret is in the answer and nowhere else. To rotate, make the second and revoke the
        first.
        """
        return self._transport.call(
            _CREATE, models.ScimToken, {}, Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteScimTokenResponse:
        """Revokes a token at once.

        id: Id of the token.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteScimTokenResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
