"""private_key_jwt (RFC 7523, 3): a client proves itself by a short-lived JWT signed with a key registered before.

Keys are registered with the client, never fetched: no address of a client's choosing is ever called from here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.identity.model.client_keys import ALGORITHMS
from gateway.identity.usecases.used_ids import ID_MAX_LENGTH, UsedIds
from gateway.oauth.clients import Client
from gateway.settings import GatewaySettings

METHOD = "private_key_jwt"
_MAX_LENGTH = 8192


class ClientAssertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """Authlib's check, with our algorithms, one audience, a bounded age and an id that is good once."""

    CLIENT_AUTH_METHOD = METHOD

    def __init__(self, audiences: Sequence[str], used_ids: UsedIds, settings: GatewaySettings) -> None:
        super().__init__(validate_jti=True, leeway=settings.oauth_clock_skew_s)
        self._audiences = list(audiences)
        self._used_ids = used_ids
        self._max_age_s = settings.client_assertion_max_s

    def __call__(self, query_client: Any, request: Any) -> Client | None:
        """The client that the assertion proves, None where the request has none. Raises InvalidClientError."""
        assertion = request.form.get("client_assertion", "")
        if len(assertion) > _MAX_LENGTH:
            raise InvalidClientError(description="The client assertion is too long.")
        client: Client | None = super().__call__(query_client, request)
        named = request.form.get("client_id")
        if client is not None and named and named != client.client_id:
            raise InvalidClientError(description="client_id and client assertion name different clients.")
        return client

    def get_audiences(self) -> list[str]:
        return self._audiences

    def resolve_client_public_key(self, client: Client) -> KeySet:
        if client.jwks is None:
            raise InvalidClientError(description="The client is not registered for private_key_jwt.")
        return KeySet.import_key_set(client.jwks)  # type: ignore[arg-type]

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> dict[str, Any]:
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=list(ALGORITHMS))
        except (JoseError, ValueError) as error:
            raise InvalidClientError(description="The client assertion is not valid.") from error
        self.verify_claims(token.claims)
        return token.claims

    def verify_claims(self, claims: Any) -> None:
        """Raises InvalidClientError; an assertion made for several servers is refused, since any could use it here."""
        audience, expires_at = claims.get("aud"), claims.get("exp")
        if isinstance(audience, list) and len(audience) != 1:
            raise InvalidClientError(description="The client assertion must name one audience: this server.")
        if not isinstance(expires_at, int | float) or expires_at > time.time() + self._max_age_s + self.leeway:
            raise InvalidClientError(description=f"The client assertion may be good for {self._max_age_s} s at most.")
        super().verify_claims(claims)

    def validate_jti(self, claims: Any, jti: Any) -> bool:
        if not isinstance(jti, str) or not 0 < len(jti) <= ID_MAX_LENGTH:
            raise InvalidClientError(description=f"jti must be a text of at most {ID_MAX_LENGTH} characters.")
        return self._used_ids.use("client-assertion", claims["sub"], jti, expires_at=claims["exp"] + self.leeway)

    def authenticate_client(self, client: Client) -> Client:
        """The endpoint asks the client afterwards whether this method is its own."""
        return client
