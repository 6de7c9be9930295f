"""A foreign OpenID provider: its metadata, the exchange of a code, and the proof of an id_token.

Authlib speaks the protocol; what it leaves to its user is checked here: issuer, audience, nonce, algorithm, times.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2 as httpx
import orjson
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from chassis.errors import FailedPrecondition, PermissionDenied
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from gateway.settings import GatewaySettings
from gateway.sso.outbound import PinnedTransport

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Never "none" and never HMAC: a provider proves itself with a key that only it has."""
SCOPE = "openid email profile"


@dataclass(frozen=True, slots=True)
class Client:
    """How we are known to a provider."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Asserted:
    """What a provider says of a person."""

    subject: str
    email: str
    email_verified: bool
    full_name: str


@dataclass(frozen=True, slots=True)
class _Metadata:
    values: Mapping[str, Any]
    keys: KeySet
    read_at: float


class Providers:
    """Talks to providers; remembers metadata and keys for a while. Thread-safe."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._known: dict[str, _Metadata] = {}
        self._lock = threading.Lock()

    def authorization_url(self, client: Client, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes. Raises FailedPrecondition where the provider does not answer as one."""
        endpoint = self._metadata(client.issuer).values["authorization_endpoint"]
        with self._session(client) as session:
            url, _ = session.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        return str(url)

    def redeem(self, client: Client, *, code: str, nonce: str, verifier: str, issuer_told: str) -> Asserted:
        """Exchanges a code and proves the id_token. Raises PermissionDenied where anything does not fit."""
        metadata = self._metadata(client.issuer)
        must_tell = metadata.values.get("authorization_response_iss_parameter_supported") is True
        if (issuer_told or must_tell) and issuer_told != client.issuer:
            raise _refused("the answer came from another provider")
        try:
            with self._session(client) as session:
                token = session.fetch_token(
                    metadata.values["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=client.redirect_uri,
                )
        except OAuthError as error:
            raise _refused(f"the provider did not accept the code ({error.error})") from error
        except (httpx.HTTPError, ValueError) as error:
            raise _away(client.issuer) from error
        claims = self._claims(client, str(token.get("id_token") or ""), nonce)
        if "email" not in claims and metadata.values.get("userinfo_endpoint"):
            claims = self._with_profile(client, claims, str(metadata.values["userinfo_endpoint"]), token)
        return Asserted(
            subject=str(claims["sub"]),
            email=str(claims.get("email") or ""),
            email_verified=claims.get("email_verified") is True,
            full_name=str(claims.get("name") or "")[:200],
        )

    def _with_profile(self, client: Client, claims: dict[str, Any], endpoint: str, token: Any) -> dict[str, Any]:
        """The claims with those of the userinfo endpoint, where many providers keep the address."""
        try:
            profile = self._read(endpoint, bearer=str(token.get("access_token") or ""))
        except (httpx.HTTPError, ValueError) as error:
            raise _away(client.issuer) from error
        if profile.get("sub") != claims["sub"]:
            raise _refused("it told of somebody else")
        return {**profile, **claims}

    def _claims(self, client: Client, id_token: str, nonce: str) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            leeway=self._settings.clock_skew_s,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            try:
                token = jwt.decode(id_token, self._metadata(client.issuer).keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                # The provider may have new keys since they were read.
                keys = self._metadata(client.issuer, older_than_s=self._settings.sso_keys_again_s).keys
                token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
            registry.validate(token.claims)
        except (JoseError, ValueError) as error:
            raise _refused("its proof of who you are does not hold") from error
        audience = token.claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and token.claims.get("azp") != client.client_id:
            raise _refused("its proof of who you are was made for another app")
        return dict(token.claims)

    def _metadata(self, issuer: str, *, older_than_s: float | None = None) -> _Metadata:
        keep_s = self._settings.sso_metadata_s if older_than_s is None else older_than_s
        known = self._known.get(issuer)
        if known is not None and time.monotonic() - known.read_at < keep_s:
            return known
        try:
            values = self._read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if values.get("issuer") != issuer:
                raise _away(issuer)
            entry = urlsplit(str(values["authorization_endpoint"]))
            if entry.scheme != "https" and not (self._settings.sso_private_addresses and entry.scheme == "http"):
                raise _away(issuer)
            keys = KeySet.import_key_set(cast(KeySetSerialization, self._read(str(values["jwks_uri"]))))
            urlsplit(str(values["token_endpoint"]))
            fresh = _Metadata(values, keys, time.monotonic())
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise _away(issuer) from error
        with self._lock:
            while len(self._known) >= self._settings.sso_providers_known:
                self._known.pop(next(iter(self._known)))
            self._known[issuer] = fresh
        return fresh

    def _read(self, url: str, *, bearer: str = "") -> dict[str, Any]:
        most = self._settings.sso_answer_max_bytes
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        with (
            httpx.Client(transport=self._transport(), timeout=self._settings.sso_timeout_s, trust_env=False) as http,
            http.stream("GET", url, headers=headers) as answer,
        ):
            answer.raise_for_status()
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > most:
                    raise ValueError("the answer is too long")
        document = orjson.loads(body)
        if not isinstance(document, dict):
            raise ValueError("the answer is no object")
        return document

    def _transport(self) -> PinnedTransport:
        return PinnedTransport(allow_private=self._settings.sso_private_addresses)

    def _session(self, client: Client) -> Any:
        return OAuth2Client(
            client_id=client.client_id,
            client_secret=client.client_secret,
            scope=SCOPE,
            redirect_uri=client.redirect_uri,
            code_challenge_method="S256",
            transport=self._transport(),
            timeout=self._settings.sso_timeout_s,
            trust_env=False,
        )


def _refused(why: str) -> PermissionDenied:
    return PermissionDenied(
        f"Your company's log-in was not accepted: {why}. Try again, or ask your administrator.", reason="SSO_REFUSED"
    )


def _away(issuer: str) -> FailedPrecondition:
    return FailedPrecondition(
        f"The log-in of your company ({issuer}) does not answer as it should. Try again, or ask your administrator.",
        reason="SSO_PROVIDER_AWAY",
    )
