"""Where access tokens come from: client credentials by secret or key, a refresh token, or a token at hand.

Tokens are kept until shortly before they end, and one thread at a time asks for a new one. With a key they are bound to
it (DPoP).
"""

from __future__ import annotations

import base64
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from urllib.parse import quote
from uuid import uuid4

import httpx2

from funia_sdk.errors import ConnectionFailed, TokenRefused
from funia_sdk.proofs import ProofKey
from funia_sdk.retrying import Retries

_EARLY_S = 30.0
_ASSERTION_S = 60
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Authorization(Protocol):
    """Gives access tokens. Write one of your own where yours come from elsewhere."""

    def token(self, server: TokenServer) -> str:
        """A token that is good now. Raises TokenRefused and ConnectionFailed."""

    def drop(self, token: str) -> None:
        """The API has refused this token; do not give it again."""


class TokenServer:
    """The authorization server beside the API."""

    def __init__(self, http: httpx2.Client, base_url: str, retries: Retries) -> None:
        self._http = http
        self._base_url = base_url
        self._retries = retries
        self._issuer = ""

    @property
    def issuer(self) -> str:
        """The server's own name, which assertions are made out to (RFC 8414)."""
        if not self._issuer:
            answer = self._http.get(f"{self._base_url}/.well-known/oauth-authorization-server")
            self._issuer = str(answer.raise_for_status().json()["issuer"])
        return self._issuer

    def ask(
        self, form: dict[str, str], basic: tuple[str, str] | None, *, repeatable: bool, key: ProofKey | None = None
    ) -> dict[str, Any]:
        """The token endpoint's answer. Raises TokenRefused and ConnectionFailed."""
        attempt = 0
        url = f"{self._base_url}/oauth/token"
        while True:
            attempt += 1
            try:
                headers = _basic(basic) | (key.headers("POST", url) if key else {})
                answer = self._http.post(url, data=form, headers=headers)
            except httpx2.TransportError as error:
                pause = self._retries.pause_s(attempt, None)
                if pause is None or not (repeatable or isinstance(error, httpx2.ConnectError)):
                    raise ConnectionFailed(f"The token endpoint does not answer: {error}") from error
            else:
                if key:
                    key.learn(url, answer.headers)
                if answer.is_success:
                    tokens: dict[str, Any] = answer.json()
                    return tokens
                pause = self._retries.pause_s(attempt, None) if repeatable and answer.status_code in _AGAIN else None
                if pause is None:
                    raise _refusal(answer)
            self._retries.sleep(pause)


_AGAIN = frozenset({429, 502, 503, 504})


class StaticToken:
    """An access token at hand, with the key that it is bound to. It ends when it ends: nothing renews it."""

    def __init__(self, token: str, *, key: ProofKey | None = None) -> None:
        self.key = key
        self._token = token

    def token(self, server: TokenServer) -> str:
        return self._token

    def drop(self, token: str) -> None:
        """Nothing else is there to be given; the next request is refused as this one was."""


class _Renewed(ABC):
    def __init__(self, key: ProofKey | None) -> None:
        self.key = key
        """What the tokens are bound to; bearer tokens without."""
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def token(self, server: TokenServer) -> str:
        with self._lock:
            if not self._token or time.monotonic() >= self._good_until:
                answer = self._asked(server)
                self._token = str(answer["access_token"])
                self._good_until = time.monotonic() + max(0.0, float(answer.get("expires_in", 0)) - _EARLY_S)
            return self._token

    def drop(self, token: str) -> None:
        with self._lock:
            if token == self._token:
                self._token = ""

    def _asked(self, server: TokenServer) -> dict[str, Any]:
        try:
            return self._ask(server)
        except TokenRefused as refused:
            # The nonce came with the refusal, and nothing was used up but an assertion, which is made anew.
            if self.key is None or refused.error != "use_dpop_nonce":
                raise
            return self._ask(server)

    @abstractmethod
    def _ask(self, server: TokenServer) -> dict[str, Any]:
        """The token endpoint's answer."""


class ClientCredentials(_Renewed):
    """A program in the name of its own company: a client with a secret, or with a private key (private_key_jwt).

    `private_key` is a JWK or a PEM of an EC P-256 key; it needs the extra `funia-sdk[keys]`. Without `scopes` the
    token has all that the client may have. With a `key` the tokens are bound to it.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str = "",
        *,
        private_key: str | bytes | dict[str, Any] | None = None,
        key_id: str = "",
        scopes: Iterable[str] = (),
        key: ProofKey | None = None,
    ) -> None:
        super().__init__(key)
        if bool(client_secret) == (private_key is not None):
            raise ValueError("Give either client_secret or private_key.")
        self._client_id = client_id
        self._secret = client_secret
        self._private_key = private_key
        self._key_id = key_id
        self._scope = " ".join(scopes)

    def _ask(self, server: TokenServer) -> dict[str, Any]:
        form = {"grant_type": "client_credentials"}
        if self._scope:
            form["scope"] = self._scope
        if self._private_key is None:
            return server.ask(form, (self._client_id, self._secret), repeatable=True, key=self.key)
        # An assertion is good once, so a repeated request would be refused: only an unsent one is sent again.
        form |= {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": self._assertion(server.issuer)}
        return server.ask(form, None, repeatable=False, key=self.key)

    def _assertion(self, audience: str) -> str:
        from joserfc import jwt
        from joserfc.jwk import ECKey

        assert self._private_key is not None
        now = int(time.time())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": audience,
            "jti": uuid4().hex,
            "iat": now,
            "exp": now + _ASSERTION_S,
        }
        header = {"alg": "ES256"} | ({"kid": self._key_id} if self._key_id else {})
        return jwt.encode(header, claims, ECKey.import_key(self._private_key))


class RefreshToken(_Renewed):
    """A person's consent, kept by its refresh token.

    Each use gives a new refresh token and ends the old one; using an old one again ends the consent. So `on_rotate`
    is told the new one before anything else happens: store it. One process may hold a refresh token, never two. A
    public client's refresh token that was got with a `key` works with that one alone.
    """

    def __init__(
        self,
        client_id: str,
        refresh_token: str,
        *,
        client_secret: str = "",
        on_rotate: Callable[[str], None] = lambda _token: None,
        key: ProofKey | None = None,
    ) -> None:
        super().__init__(key)
        self._client_id = client_id
        self._refresh_token = refresh_token
        self._secret = client_secret
        self._on_rotate = on_rotate

    def _ask(self, server: TokenServer) -> dict[str, Any]:
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        if not self._secret:
            form["client_id"] = self._client_id
        basic = (self._client_id, self._secret) if self._secret else None
        answer = server.ask(form, basic, repeatable=False, key=self.key)
        renewed = str(answer.get("refresh_token") or self._refresh_token)
        if renewed != self._refresh_token:
            self._refresh_token = renewed
            self._on_rotate(renewed)
        return answer


def _basic(pair: tuple[str, str] | None) -> dict[str, str]:
    """RFC 6749, 2.3.1: both parts are form-encoded first."""
    if pair is None:
        return {}
    text = ":".join(quote(part, safe="") for part in pair)
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


def _refusal(answer: httpx2.Response) -> TokenRefused:
    try:
        said = answer.json()
    except ValueError:
        said = {}
    known = said if isinstance(said, dict) else {}
    error = str(known.get("error") or known.get("reason") or f"HTTP {answer.status_code}")
    return TokenRefused(error, str(known.get("error_description") or known.get("detail") or ""))
