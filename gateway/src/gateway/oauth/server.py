"""Authlib's authorization server over Flask, with our clients, grants and tokens behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request
from chassis.tokens import TokenVerifier
from flask import Request, Response
from flask import request as flask_request
from werkzeug.datastructures import MultiDict

from gateway.dpop.proofs import Proofs
from gateway.identity.access_tokens import AccessTokens
from gateway.identity.roles import OPENID_SCOPES, SCOPES
from gateway.identity.usecases.device_codes import DeviceCodes
from gateway.identity.usecases.grants import Grants
from gateway.identity.usecases.pushed_requests import PushedRequests
from gateway.identity.usecases.used_ids import UsedIds
from gateway.oauth.client_assertion import METHOD, ClientAssertion
from gateway.oauth.clients import Client, ClientRegistry
from gateway.oauth.device import DeviceAuthorizationEndpoint, DeviceCodeGrant
from gateway.oauth.endpoints import Introspection, Revocation
from gateway.oauth.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant, RequiredChallenge
from gateway.oauth.pushed import PushedRequestEndpoint, read_pushed
from gateway.settings import GatewaySettings

Answer = tuple[int, Any, list[tuple[str, str]]]


class _Payload(OAuth2Payload):  # type: ignore[misc]
    """Parameters of the endpoint's own place: the query of /authorize, the body of all others.

    Authlib's own reads both together, which would take secrets from an address.
    """

    def __init__(self, values: MultiDict[str, str]) -> None:
        self._values = values

    @property
    def data(self) -> MultiDict[str, str]:
        return self._values

    @cached_property
    def datalist(self) -> dict[str, list[str]]:
        return dict(self._values.lists())


class _Request(OAuth2Request):  # type: ignore[misc]
    def __init__(self, request: Request, parameters: MultiDict[str, str], issuer: str) -> None:
        # The address browsers know, not the one a proxy calls us by, decides whether the transport is secure.
        super().__init__(method=request.method, uri=issuer + request.path, headers=request.headers)
        self._form = request.form
        self._args = request.args
        self.payload = _Payload(parameters)

    @property
    def args(self) -> MultiDict[str, str]:
        return self._args

    @property
    def form(self) -> MultiDict[str, str]:
        return self._form


@dataclass(frozen=True, slots=True)
class ServerParts:
    """What the server is built over."""

    settings: GatewaySettings
    clients: ClientRegistry
    grants: Grants
    devices: DeviceCodes
    pushed: PushedRequests
    used_ids: UsedIds
    proofs: Proofs
    tokens: AccessTokens
    verifier: TokenVerifier


class OAuthServer(AuthorizationServer):  # type: ignore[misc]
    """One a process; its state is its configuration."""

    def __init__(self, parts: ServerParts) -> None:
        super().__init__(scopes_supported=[*SCOPES, *OPENID_SCOPES])
        settings = parts.settings
        self.issuer = settings.issuer
        self.clients = parts.clients
        self.grants = parts.grants
        self.tokens = parts.tokens
        self.devices = parts.devices
        self.pushed = parts.pushed
        self.proofs = parts.proofs
        self.register_grant(AuthorizationCodeGrant, [RequiredChallenge(required=True)])
        self.register_grant(RefreshTokenGrant)
        self.register_grant(ClientCredentialsGrant)
        self.register_grant(DeviceCodeGrant)
        self.register_endpoint(Revocation(parts.verifier))
        self.register_endpoint(Introspection(parts.verifier))
        self.register_endpoint(PushedRequestEndpoint())
        self.register_endpoint(DeviceAuthorizationEndpoint())
        audiences = [self.issuer, f"{self.issuer}/oauth/token", f"{self.issuer}/oauth/par"]
        self.register_client_auth_method(METHOD, ClientAssertion(audiences, parts.used_ids, settings))

    def query_client(self, client_id: str) -> Client | None:
        return self.clients.find(client_id)

    def create_oauth2_request(self, request: Request | None) -> _Request:
        """The parameters of the endpoint's own place; at /authorize those pushed before, where there is a reference."""
        values: MultiDict[str, str] = flask_request.form
        if flask_request.path.endswith("/authorize"):
            values = read_pushed(self, flask_request.args)
        return _Request(flask_request, values.copy(), self.issuer)

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        """Every answer that goes back through a browser names the issuer (RFC 9207), errors too."""
        named = [
            (name, add_params_to_uri(value, {"iss": self.issuer}) if name == "Location" else value)
            for name, value in headers
        ]
        if isinstance(body, dict):
            import orjson

            body = orjson.dumps(body)
        return Response(body, status=status, headers=named)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Authlib's signals have no listener here; what happened is in the database."""
