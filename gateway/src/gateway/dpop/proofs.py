"""Judges the DPoP proof of one request: made for it, made now, bearing our nonce where one is due, and new.

Whether the proof's key is that of an access token is judged by the verifier of tokens, here and in every service.
"""

from __future__ import annotations

import time
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from chassis.dpop import BadProof, Proof, read
from prometheus_client import Counter

from gateway.dpop.nonces import Nonces
from gateway.identity.usecases.used_ids import UsedIds
from gateway.settings import GatewaySettings

REFUSED = Counter("funia_dpop_refused_total", "DPoP proofs refused at the door, by place: token, api.", ["place"])
_PORTS = {"http": 80, "https": 443}
Place = Literal["token", "api"]


class NonceNeeded(BadProof):
    """The proof must be made again, with the nonce that the answer carries."""


class Proofs:
    """Thread-safe; what was used is remembered in the database, so that every process refuses together."""

    def __init__(self, used_ids: UsedIds, nonces: Nonces, settings: GatewaySettings) -> None:
        self._used_ids = used_ids
        self.nonces = nonces
        self._skew_s = settings.oauth_clock_skew_s
        addresses = (settings.issuer, settings.live_public_url)
        self._sites = {_site(split): split.path.rstrip("/") for split in map(urlsplit, addresses)}
        self._needs_nonce: dict[Place, bool] = {
            "token": settings.dpop_nonces != "never",
            "api": settings.dpop_nonces == "always",
        }

    def check(self, text: str, method: str, path: str, place: Place) -> Proof:
        """The proof of a request, used up by this. Raises BadProof, NonceNeeded where only a nonce is missing."""
        try:
            proof = read(text)
            if proof.method != method:
                raise BadProof(f"htm of the DPoP proof must be {method}, the method of this request.")
            if not self._is_address(proof.target, path):
                raise BadProof("htu of the DPoP proof must be the address of this request, without query and fragment.")
            proof.check_age(time.time(), skew_s=self._skew_s)
            self._check_nonce(proof, place)
            ends_at = proof.ends_at(skew_s=self._skew_s)
            if not self._used_ids.use_briefly("dpop-proof", proof.thumbprint, proof.id, expires_at=ends_at):
                raise BadProof("This DPoP proof was used before. Make a new one for each request.")
        except BadProof:
            REFUSED.labels(place).inc()
            raise
        return proof

    def next_nonce(self, proof: Proof) -> str:
        """The nonce that the maker of a good proof should use from now on, "" where the one it has will do."""
        return self.nonces.fresh() if proof.nonce and not self.nonces.is_fresh(proof.nonce) else ""

    def _check_nonce(self, proof: Proof, place: Place) -> None:
        if not proof.nonce and self._needs_nonce[place]:
            raise NonceNeeded("The DPoP proof must bear the nonce given in DPoP-Nonce. Make it again with this one.")
        if proof.nonce and not self.nonces.is_good(proof.nonce):
            raise NonceNeeded("The nonce of the DPoP proof is too old. Make the proof again with the new one.")

    def _is_address(self, target: str, path: str) -> bool:
        """RFC 3986, 6.2.2 and 6.2.3: case of scheme and host, default ports and percent signs make no difference."""
        try:
            split = urlsplit(target)
            prefix = self._sites.get(_site(split))
        except ValueError:
            return False
        return prefix is not None and not split.username and unquote(split.path or "/") == f"{prefix}{path}"


def _site(split: SplitResult) -> tuple[str, str, int]:
    return split.scheme, (split.hostname or "").rstrip("."), split.port or _PORTS.get(split.scheme, 0)
