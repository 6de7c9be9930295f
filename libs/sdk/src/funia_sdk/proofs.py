"""DPoP (RFC 9449): a key that tokens are bound to, and the proofs that requests are made by who holds it.

It needs the extra `funia-sdk[keys]`.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

_NONCE = "DPoP-Nonce"


class ProofKey:
    """A P-256 key, made here, or one that was kept by `private_jwk`. Safe to share between threads.

    It also keeps the nonces that servers hand out, one of each.
    """

    def __init__(self, private_jwk: Mapping[str, Any] | None = None) -> None:
        from joserfc.jwk import ECKey

        self._key = ECKey.import_key(dict(private_jwk)) if private_jwk else ECKey.generate_key("P-256")
        self._nonces: dict[str, str] = {}

    @property
    def private_jwk(self) -> dict[str, Any]:
        """The key, to be kept like a password where tokens outlive the process."""
        return dict(self._key.as_dict(private=True))

    @property
    def thumbprint(self) -> str:
        """Names the key: `dpop_jkt` of an authorization request binds the code to it too."""
        return self._key.thumbprint()

    def headers(self, method: str, url: str, token: str = "") -> dict[str, str]:
        """What a request carries: a proof, good once, and the access token where there is one."""
        from joserfc import jwt

        claims: dict[str, Any] = {"jti": uuid4().hex, "htm": method, "htu": _plain(url), "iat": int(time.time())}
        if token:
            claims["ath"] = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
        if nonce := self._nonces.get(_origin(url)):
            claims["nonce"] = nonce
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self._key.as_dict(private=False)}
        proof = {"DPoP": jwt.encode(header, claims, self._key)}
        return proof | {"Authorization": f"DPoP {token}"} if token else proof

    def learn(self, url: str, headers: Mapping[str, str]) -> bool:
        """Keeps the nonce of an answer for the next proofs. Whether it is a new one."""
        nonce, origin = headers.get(_NONCE, ""), _origin(url)
        is_new = bool(nonce) and self._nonces.get(origin) != nonce
        if is_new:
            self._nonces[origin] = nonce
        return is_new


def _plain(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
