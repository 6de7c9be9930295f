"""The device's side of RFC 8628: /oauth/device gives two codes, /oauth/token gives tokens once a person agreed."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import (
    BaseGrant,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    TokenEndpointMixin,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc6749.errors import AccessDeniedError
from authlib.oauth2.rfc8628 import (
    DEVICE_CODE_GRANT_TYPE,
    AuthorizationPendingError,
    ExpiredTokenError,
    SlowDownError,
)

from gateway.identity.usecases.grants import Granted
from gateway.oauth.clients import ANY_CLIENT, Client
from gateway.oauth.grants import Answer, token_body
from gateway.oauth.key_binding import proven_key

_REFUSALS = {
    "expired": ExpiredTokenError,
    "denied": AccessDeniedError,
    "pending": AuthorizationPendingError,
    "slow_down": SlowDownError,
}


class DeviceAuthorizationEndpoint:
    """Begins a device's request."""

    ENDPOINT_NAME = "device_authorization"
    server: Any

    def create_endpoint_request(self, request: Any) -> Any:
        return self.server.create_oauth2_request(request)

    def __call__(self, request: Any) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        client: Client = self.server.authenticate_client(request, ANY_CLIENT, self.ENDPOINT_NAME)
        if not client.check_grant_type(DEVICE_CODE_GRANT_TYPE):
            raise UnauthorizedClientError("The client is not registered for the device code grant.")
        scopes = client.get_allowed_scope(request.payload.scope)
        if scopes is None:
            raise InvalidScopeError("The scope goes beyond what the client is registered for.")
        pair = self.server.devices.begin(client.client_id, scopes.split())
        page = f"{self.server.issuer}/device"
        answer = {
            "device_code": pair.device_code,
            "user_code": pair.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={pair.user_code}",
            "expires_in": pair.expires_in_s,
            "interval": pair.interval_s,
        }
        return 200, answer, [("Content-Type", "application/json")]


class DeviceCodeGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """Tokens for a code that a person allowed. Redeemed in one transaction, so that only one of many asking wins."""

    GRANT_TYPE = DEVICE_CODE_GRANT_TYPE
    TOKEN_ENDPOINT_AUTH_METHODS = ANY_CLIENT

    def validate_token_request(self) -> None:
        client: Client = self.authenticate_token_endpoint_client()
        if not client.check_grant_type(self.GRANT_TYPE):
            raise UnauthorizedClientError("The client is not registered for the device code grant.")
        if not self.request.form.get("device_code"):
            raise InvalidRequestError("Missing 'device_code' in request.")
        self.request.client = client
        self.request.key = proven_key(self.server.proofs, client)

    def create_token_response(self) -> Answer:
        client: Client = self.request.client
        granted = self.server.devices.redeem(self.request.form["device_code"], client, self.request.key)
        if isinstance(granted, Granted):
            return 200, token_body(self.server.tokens, granted), self.TOKEN_RESPONSE_HEADER
        if granted == "invalid":
            raise InvalidGrantError("The device code is not valid.")
        raise _REFUSALS[granted]
