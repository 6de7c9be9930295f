"""Revocation (RFC 7009) and introspection (RFC 7662) of access and refresh tokens."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from chassis.errors import PermissionDenied, Unauthenticated
from chassis.tokens import TokenVerifier

from gateway.oauth.clients import ANY_CLIENT, CONFIDENTIAL, Client

_TOKEN_MAX_LENGTH = 8192


@dataclass(frozen=True, slots=True)
class Known:
    """A token of ours, genuine and not expired. Its claims are those of the access token, or like them."""

    claims: dict[str, Any]
    client_id: str
    tenant_id: UUID
    grant_id: UUID | None
    user_id: UUID | None
    is_access_token: bool

    def check_client(self, client: Client) -> bool:
        """Whether the token was given to this client."""
        return self.client_id == client.client_id


class _Finder:
    """Finds a token whatever kind the hint says, as RFC 7009 asks."""

    server: Any

    def __init__(self, verifier: TokenVerifier) -> None:
        super().__init__()
        self._verifier = verifier

    def query_token(self, token_string: str, _token_type_hint: str | None) -> Known | None:
        if len(token_string) > _TOKEN_MAX_LENGTH:
            return None
        return self._access_token(token_string) if token_string.count(".") == 2 else self._refresh_token(token_string)

    def check_params(self, request: Any, _client: Client) -> None:
        """Unknown hints are ignored (RFC 7009, 2.1); a missing token is an error."""
        if not request.form.get("token"):
            raise InvalidRequestError("Missing 'token' in request.")

    def _access_token(self, token: str) -> Known | None:
        try:
            caller = self._verifier.inspect(token)
        except (Unauthenticated, PermissionDenied):
            return None
        body = token.split(".")[1]
        claims: dict[str, Any] = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return Known(
            claims={name: claims[name] for name in ("scope", "sub", "aud", "iss", "exp", "iat", "jti", "tid")}
            | ({"cnf": claims["cnf"]} if "cnf" in claims else {}),
            client_id=claims["client_id"],
            tenant_id=caller.tenant_id,
            grant_id=UUID(claims["gid"]) if "gid" in claims else None,
            user_id=caller.actor_id if caller.actor_type == "user" else None,
            is_access_token=True,
        )

    def _refresh_token(self, token: str) -> Known | None:
        row = self.server.grants.find_token(token)
        if row is None or row.used_at is not None:
            return None
        claims: dict[str, Any] = {
            "scope": " ".join(row.scopes),
            "sub": str(row.user_id),
            "iss": self.server.issuer,
            "exp": int(min(row.expires_at, row.grant_expires_at).timestamp()),
            "iat": int(row.created_at.timestamp()),
            "tid": str(row.for_tenant),
        }
        if row.key_thumbprint:
            claims["cnf"] = {"jkt": row.key_thumbprint}
        return Known(claims, row.client_id, row.for_tenant, row.grant_id, row.user_id, is_access_token=False)


class Revocation(_Finder, RevocationEndpoint):  # type: ignore[misc]
    """Ends the grant a token came from, and with it every token of the family; one without a grant ends alone."""

    CLIENT_AUTH_METHODS = ANY_CLIENT

    def revoke_token(self, token: Known, _request: Any) -> None:
        if token.grant_id is not None:
            self.server.grants.revoke(token.tenant_id, token.grant_id, "revoked_by_client")
        else:
            self.server.grants.revoke_access_token(token.tenant_id, UUID(token.claims["jti"]), token.client_id)


class Introspection(_Finder, IntrospectionEndpoint):  # type: ignore[misc]
    """Tells a confidential client of the same company whether a token is good now."""

    CLIENT_AUTH_METHODS = CONFIDENTIAL

    def check_permission(self, token: Known, client: Client, _request: Any) -> bool:
        return token.check_client(client) or client.tenant_id == token.tenant_id

    def create_introspection_payload(self, token: Known | None) -> dict[str, Any]:
        if token is None or not self.server.grants.is_active(token.tenant_id, token.grant_id, token.user_id):
            return {"active": False}
        kind = {"token_type": "DPoP" if "cnf" in token.claims else "Bearer"} if token.is_access_token else {}
        return {"active": True, "client_id": token.client_id, **kind, **token.claims}
