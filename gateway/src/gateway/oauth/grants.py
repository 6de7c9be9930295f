"""Grants: authorization code with PKCE, refresh with rotation, client credentials. Device codes are in `device`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from authlib.common.encoding import to_unicode, urlsafe_b64encode
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, InvalidScopeError, UnauthorizedClientError
from authlib.oauth2.rfc6749 import grants as authlib_grants
from authlib.oauth2.rfc7636 import CodeChallenge
from chassis.work import Row

from gateway.identity.access_tokens import AccessTokens, Rights
from gateway.identity.roles import OPENID_SCOPES
from gateway.identity.secret_values import new_secret
from gateway.identity.usecases.grants import Consent, Granted, Grants
from gateway.oauth.clients import ANY_CLIENT, CONFIDENTIAL, Client
from gateway.oauth.key_binding import UseDpopNonce, asked_key, check_bound, proven_key

NONCE_MAX_LENGTH = 500
Answer = tuple[int, dict[str, Any], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Approval:
    """The person who said yes: in which company, to which scopes, logged in since when."""

    tenant_id: UUID
    user_id: UUID
    scopes: tuple[str, ...]
    authenticated_at: datetime
    amr: tuple[str, ...]
    """How, by RFC 8176."""


class RequiredChallenge(CodeChallenge):  # type: ignore[misc]
    """PKCE as OAuth 2.1 has it: always, for every client, S256 only."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)
    DEFAULT_CODE_CHALLENGE_METHOD = "S256"

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuses a request without a challenge, and one whose method is, or defaults to, plain."""
        asked = grant.request.payload.data
        if not asked.get("code_challenge"):
            raise InvalidRequestError("Missing code_challenge; this server requires PKCE.")
        if asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("code_challenge_method must be S256.")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge_method(self, authorization_code: Any) -> str:
        return "S256"


class _KeptCode:
    """A code's row as Authlib asks about it."""

    def __init__(self, row: Row, *, checks_redirect_uri: bool) -> None:
        self.row = row
        self.code_challenge = row.code_challenge
        self._checks_redirect_uri = checks_redirect_uri

    def get_redirect_uri(self) -> str | None:
        # OAuth 2.1 dropped redirect_uri from the token request; one that is sent all the same must be right.
        return cast(str, self.row.redirect_uri) if self._checks_redirect_uri else None


class AuthorizationCodeGrant(authlib_grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """Codes are kept as hashes, used up in one statement, and revoke what they gave when they come again."""

    TOKEN_ENDPOINT_AUTH_METHODS = ANY_CLIENT
    _row: Row | None = None
    """The code of a token request, once it was found to be good; what is wrong then is entered in the audit log."""

    def generate_authorization_code(self) -> str:
        return new_secret()

    def save_authorization_code(self, code: str, request: Any) -> None:
        approval: Approval = request.user
        asked = request.payload.data
        self._grants.add_code(
            code,
            Consent(
                client_id=request.client.client_id,
                tenant_id=approval.tenant_id,
                user_id=approval.user_id,
                redirect_uri=self.redirect_uri,
                scopes=approval.scopes,
                code_challenge=asked["code_challenge"],
                nonce=asked.get("nonce", "")[:NONCE_MAX_LENGTH],
                authenticated_at=approval.authenticated_at,
                amr=approval.amr,
                key_thumbprint=asked_key(asked),
            ),
        )

    def query_authorization_code(self, code: str, client: Client) -> _KeptCode | None:
        row = self._grants.usable_code(code, client.client_id)
        if row is None:
            return None
        self._row = row
        return _KeptCode(row, checks_redirect_uri="redirect_uri" in self.request.form)

    def validate_authorization_request(self) -> str:
        redirect_uri: str = super().validate_authorization_request()
        asked_key(self.request.payload.data, redirect_uri=redirect_uri)
        return redirect_uri

    def validate_token_request(self) -> None:
        try:
            super().validate_token_request()
            self.request.key = proven_key(self.server.proofs, self.request.client)
            check_bound(self.request.authorization_code.row.key_thumbprint, self.request.key, "code")
        except OAuth2Error as error:
            if self._row is not None and not isinstance(error, UseDpopNonce):
                self._grants.note_refusal(self._row, error.error)
            raise

    def create_token_response(self) -> Answer:
        client: Client = self.request.client
        granted = self._grants.redeem(self.request.authorization_code.row, client, self.request.key)
        if granted is None:
            raise InvalidGrantError("Invalid 'code' in request.")
        return 200, token_body(self.server.tokens, granted), self.TOKEN_RESPONSE_HEADER

    @property
    def _grants(self) -> Grants:
        return cast(Grants, self.server.grants)


class RefreshTokenGrant(authlib_grants.RefreshTokenGrant):  # type: ignore[misc]
    """Each use gives a new token and ends the old one; an old one that comes again ends the family."""

    TOKEN_ENDPOINT_AUTH_METHODS = ANY_CLIENT

    def validate_token_request(self) -> None:
        client: Client = self._validate_request_client()
        token = self.request.form.get("refresh_token")
        if not token:
            raise InvalidRequestError("Missing 'refresh_token' in request.")
        row = self.server.grants.usable_token(token, client.client_id)
        if row is None:
            raise InvalidGrantError("The refresh token is not valid any more.")
        self.request.key = proven_key(self.server.proofs, client)
        try:
            check_bound(row.key_thumbprint, self.request.key, "refresh token")
        except InvalidGrantError:
            self.server.grants.note_refusal(row, "wrong_key")
            raise
        asked = set((self.request.payload.scope or "").split())
        if not asked <= set(row.scopes):
            raise InvalidScopeError("The scope goes beyond what was granted.")
        self.request.client = client
        self.request.refresh_token = row

    def create_token_response(self) -> Answer:
        row = self.request.refresh_token
        asked = (self.request.payload.scope or "").split() or row.scopes
        granted = self.server.grants.refresh(row, self.request.client, asked=asked, key=self.request.key)
        if granted is None:
            raise InvalidGrantError("The refresh token is not valid any more.")
        return 200, token_body(self.server.tokens, granted), self.TOKEN_RESPONSE_HEADER


class ClientCredentialsGrant(authlib_grants.ClientCredentialsGrant):  # type: ignore[misc]
    """A confidential client of a company acts for itself, within its registered scopes."""

    TOKEN_ENDPOINT_AUTH_METHODS = CONFIDENTIAL

    def validate_token_request(self) -> None:
        super().validate_token_request()
        client: Client = self.request.client
        if client.tenant_id is None or client.is_public:
            raise UnauthorizedClientError("This client cannot act for itself.")
        if client.get_allowed_scope(self.request.payload.scope) is None:
            raise InvalidScopeError("The scope goes beyond what the client is registered for.")
        self.request.key = proven_key(self.server.proofs, client)

    def create_token_response(self) -> Answer:
        client: Client = self.request.client
        assert client.tenant_id is not None
        assert client.id is not None
        asked = frozenset((client.get_allowed_scope(self.request.payload.scope) or "").split())
        rights = Rights(
            tenant_id=client.tenant_id,
            subject=client.id,
            actor_type="client",
            client_id=client.client_id,
            scopes=asked - set(OPENID_SCOPES),
            visibility=client.visibility,
            locale=client.locale,
            client_version=client.version,
            key_thumbprint=self.request.key,
        )
        tokens: AccessTokens = self.server.tokens
        return 200, _answer(tokens, tokens.issue(rights), rights), self.TOKEN_RESPONSE_HEADER


def token_body(tokens: AccessTokens, granted: Granted) -> dict[str, Any]:
    """The answer of the token endpoint; an id_token is in it where openid was granted."""
    access_token = tokens.issue(granted.rights)
    body = _answer(tokens, access_token, granted.rights)
    if granted.refresh_token:
        body["refresh_token"] = granted.refresh_token
    if "openid" in granted.rights.scopes:
        claims: dict[str, Any] = {
            "aud": granted.rights.client_id,
            "auth_time": int(granted.authenticated_at.timestamp()),
            "at_hash": to_unicode(urlsafe_b64encode(sha256(access_token.encode()).digest()[:16])),
            **user_claims(granted.member, granted.rights.scopes),
        }
        if granted.amr:
            claims["amr"] = list(granted.amr)
        if granted.nonce:
            claims["nonce"] = granted.nonce
        body["id_token"] = tokens.issue_id_token(claims)
    return body


def user_claims(member: Row, scopes: Iterable[str]) -> dict[str, Any]:
    """What OpenID Connect says of the person, as far as the scopes allow."""
    claims: dict[str, Any] = {"sub": str(member.user_id), "tid": str(member.tenant_id)}
    if "profile" in scopes:
        claims |= {"name": member.full_name, "locale": member.locale}
    if "email" in scopes:
        claims |= {"email": member.email, "email_verified": member.email_verified}
    return claims


def _answer(tokens: AccessTokens, access_token: str, rights: Rights) -> dict[str, Any]:
    return {
        "access_token": access_token,
        "token_type": "DPoP" if rights.key_thumbprint else "Bearer",
        "expires_in": tokens.lifetime_of(rights),
        "scope": " ".join(sorted(rights.scopes)),
    }
