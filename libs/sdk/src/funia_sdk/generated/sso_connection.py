"""Methods of sso connection. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_DELETE = Operation("sso_connection.delete", "DELETE", "/v1/sso-connection", keyed=True)
_GET = Operation("sso_connection.get", "GET", "/v1/sso-connection")
_SET = Operation("sso_connection.set", "PUT", "/v1/sso-connection", keyed=True)


class SsoConnectionApi:
    """The provider a company has connected, and the e-mail domains it has proven to own."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def delete(
        self, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteSsoConnectionResponse:
        """Disconnects the provider and forgets who came by it; people log in with their passwords."""
        return self._transport.call(
            _DELETE, models.DeleteSsoConnectionResponse, {}, Sent(idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get(self, *, timeout_s: float | None = None) -> models.SsoConnection:
        """Returns the connection; without an issuer where there is none."""
        return self._transport.call(_GET, models.SsoConnection, {}, Sent(timeout_s=timeout_s))

    def set(
        self,
        body: inputs.SsoConnectionInput,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SsoConnection:
        """Connects an OpenID provider, or changes the connection. An empty secret keeps the one that is there."""
        return self._transport.call(
            _SET,
            models.SsoConnection,
            {},
            Sent(body=body, idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )
