"""Authlib's authorization server over Flask, with our clients, grants and tokens behind it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request
from chassis.tokens import TokenVerifier
from flask import Request, Response
from flask import request as flask_request
from werkzeug.datastructures import MultiDict

from gateway.identity.access_tokens import AccessTokens
from gateway.identity.roles import OPENID_SCOPES, SCOPES
from gateway.identity.usecases.grants import Grants
from gateway.oauth.clients import Client, ClientRegistry
from gateway.oauth.endpoints import Introspection, Revocation
from gateway.oauth.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant, RequiredChallenge

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
    def __init__(self, request: Request, issuer: str) -> None:
        # The address browsers know, not the one a proxy calls us by, decides whether the transport is secure.
        super().__init__(method=request.method, uri=issuer + request.path, headers=request.headers)
        self._form = request.form
        is_authorize = request.path.endswith("/authorize")
        self.payload = _Payload(request.args if is_authorize else request.form)

    @property
    def args(self) -> MultiDict[str, str]:
        return flask_request.args

    @property
    def form(self) -> MultiDict[str, str]:
        return self._form


class OAuthServer(AuthorizationServer):  # type: ignore[misc]
    """One a process; its state is its configuration."""

    def __init__(
        self, issuer: str, clients: ClientRegistry, grants: Grants, tokens: AccessTokens, verifier: TokenVerifier
    ) -> None:
        super().__init__(scopes_supported=[*SCOPES, *OPENID_SCOPES])
        self.issuer = issuer
        self.clients = clients
        self.grants = grants
        self.tokens = tokens
        self.register_grant(AuthorizationCodeGrant, [RequiredChallenge(required=True)])
        self.register_grant(RefreshTokenGrant)
        self.register_grant(ClientCredentialsGrant)
        self.register_endpoint(Revocation(verifier))
        self.register_endpoint(Introspection(verifier))

    def query_client(self, client_id: str) -> Client | None:
        return self.clients.find(client_id)

    def create_oauth2_request(self, request: Request | None) -> _Request:
        return _Request(flask_request, self.issuer)

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
