"""DPoP proofs for tests, made as a client makes them."""

from __future__ import annotations

import secrets
import time

import orjson
from joserfc import jws
from joserfc.jwk import ECKey

from chassis import dpop


class ProofMaker:
    """A client's key, and the proofs it signs."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256")
        self.thumbprint = self.key.thumbprint()

    def proof(self, method: str, url: str, token: str = "", **claims: object) -> str:
        """A proof for a request, and for the access token it brings; `claims` replace single claims."""
        made: dict[str, object] = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": int(time.time())}
        if token:
            made["ath"] = dpop.token_hash(token)
        header = {"typ": dpop.TYPE, "alg": "ES256", "jwk": self.key.as_dict(private=False)}
        return jws.serialize_compact(header, orjson.dumps(made | claims), self.key, algorithms=["ES256"])
