"""Proofs of possession (RFC 9449): reads one, and says whether it was made just now, by the token's key, for the token.

Remembers nothing: whether a proof comes for the first time, and what its nonce says, is known where requests come in.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from chassis.errors import Unauthenticated

ALGORITHMS = ("ES256", "ES384")
"""Algorithms of proofs: what browsers, phones and their key stores can all do."""
TYPE = "dpop+jwt"
MAX_LENGTH = 4096
ID_MAX_LENGTH = 200
AGE_S = 60
"""A proof is good for this long, and for as long as clocks may differ on either side of it."""
SKEW_S = 300
_CURVES = {"ES256": "P-256", "ES384": "P-384"}
_KEYS_KNOWN = 2_000
_PROOFS_KNOWN = 200
"""A request's proof is looked at in several places of one process; its signature is checked once."""


class BadProof(Exception):
    """What is wrong with a proof, for its maker to read."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A genuine proof: signed by the key of `thumbprint` (RFC 7638). Nothing it says was held against anything yet."""

    thumbprint: str
    id: str
    method: str
    target: str
    issued_at: float
    token_hash: str
    nonce: str

    def check_age(self, now: float, *, skew_s: int = SKEW_S) -> None:
        """Raises BadProof where it was made too long ago, or is of a time to come."""
        if not -skew_s <= now - self.issued_at <= AGE_S + skew_s:
            raise BadProof("The DPoP proof was not made just now. Make one for each request, and check the clock.")

    def ends_at(self, *, skew_s: int = SKEW_S) -> float:
        """When the proof is too old for everybody, in seconds since the epoch."""
        return self.issued_at + AGE_S + skew_s


@lru_cache(maxsize=_PROOFS_KNOWN)
def read(text: str) -> Proof:
    """The proof. Raises BadProof where its form, its key or its signature is wrong."""
    if not 0 < len(text) <= MAX_LENGTH or not text.isascii():
        raise BadProof(f"The DPoP header must be one JWT of at most {MAX_LENGTH} characters.")
    try:
        signed = jws.extract_compact(text.encode())
        header = signed.headers()
        algorithm, jwk = header.get("alg"), header.get("jwk")
        if header.get("typ") != TYPE or "crit" in header:
            raise BadProof(f"The DPoP proof must be a JWT of the type {TYPE}, without crit.")
        if algorithm not in ALGORITHMS:
            raise BadProof(f"The DPoP proof must be signed with one of {', '.join(ALGORITHMS)}.")
        key, thumbprint = _key_of(cast(str, algorithm), jwk)
        if not jws.validate_compact(signed, key, algorithms=[cast(str, algorithm)]):
            raise BadProof("The signature of the DPoP proof does not hold.")
        return _from_claims(orjson.loads(signed.payload), thumbprint)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadProof("The DPoP proof cannot be read.") from error


def check_possession(text: str, token: str, thumbprint: str, *, now: float, skew_s: int = SKEW_S) -> None:
    """Raises Unauthenticated where the text is no fresh proof for the token by the key that it is bound to."""
    if not text:
        raise Unauthenticated(
            'This access token is bound to a key. Send it as "Authorization: DPoP ..." with a proof in DPoP.',
            reason="TOKEN_BOUND",
        )
    try:
        proof = read(text)
        proof.check_age(now, skew_s=skew_s)
        check_token(proof, token)
        check_key(proof, thumbprint)
    except BadProof as error:
        raise Unauthenticated(str(error), reason="PROOF_INVALID") from error


def check_token(proof: Proof, token: str) -> None:
    """Raises BadProof where the proof was made for another access token, or for none."""
    if proof.token_hash != token_hash(token):
        raise BadProof("ath of the DPoP proof must be the SHA-256 of this access token.")


def check_key(proof: Proof, thumbprint: str) -> None:
    """Raises BadProof where the proof is by another key than the one of the thumbprint."""
    if proof.thumbprint != thumbprint:
        raise BadProof("The DPoP proof is signed with another key than the one that this token is bound to.")


def token_hash(token: str) -> str:
    """What `ath` says of an access token."""
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")


def _key_of(algorithm: str, jwk: Any) -> tuple[ECKey, str]:
    if not isinstance(jwk, dict) or jwk.get("kty") != "EC" or jwk.get("crv") != _CURVES[algorithm]:
        raise BadProof("jwk of the DPoP proof must be a public key of the algorithm's curve.")
    if "d" in jwk:
        raise BadProof("jwk of the DPoP proof holds a private key. Make a new pair: this one was seen by others.")
    public = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return _imported(public)


@lru_cache(maxsize=_KEYS_KNOWN)
def _imported(public: str) -> tuple[ECKey, str]:
    key = ECKey.import_key(json.loads(public))
    return key, key.thumbprint()


def _from_claims(claims: Any, thumbprint: str) -> Proof:
    if not isinstance(claims, dict):
        raise BadProof("The DPoP proof must hold claims.")
    issued_at = claims.get("iat")
    if not isinstance(issued_at, int | float) or isinstance(issued_at, bool):
        raise BadProof("iat of the DPoP proof must be a number of seconds.")
    texts = {name: claims.get(name, "") for name in ("jti", "htm", "htu", "ath", "nonce")}
    if not all(isinstance(value, str) for value in texts.values()):
        raise BadProof("jti, htm, htu, ath and nonce of the DPoP proof must be texts.")
    if not 0 < len(texts["jti"]) <= ID_MAX_LENGTH or not texts["htm"] or not texts["htu"]:
        raise BadProof(f"The DPoP proof needs htm, htu, and a jti of at most {ID_MAX_LENGTH} characters.")
    return Proof(thumbprint, texts["jti"], texts["htm"], texts["htu"], float(issued_at), texts["ath"], texts["nonce"])
