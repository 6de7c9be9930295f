"""Browsers that an account has logged in from. Each carries a proof of it, as OWASP's device cookies do.

Wrong passwords typed elsewhere are counted against the account; a known browser is counted by itself, so that who
guesses from many addresses cannot keep the person out.
"""

from __future__ import annotations

import base64
import hmac
import secrets

from chassis.vault import Vault

_PURPOSE = "known-device"
_NONCE_BYTES = 16


class Devices:
    """Gives and reads the proofs."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def proof(self, email: str) -> str:
        """What a browser keeps after a log-in to this account."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return base64.urlsafe_b64encode(nonce + self._sign(nonce, email)).decode()

    def known(self, proof: str, email: str) -> str:
        """The name of the browser, "" where the proof is none for this account."""
        try:
            raw = base64.urlsafe_b64decode(proof)
        except ValueError:
            return ""
        nonce, signature = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        return nonce.hex() if hmac.compare_digest(signature, self._sign(nonce, email)) else ""

    def _sign(self, nonce: bytes, email: str) -> bytes:
        return self._vault.sign(_PURPOSE, nonce + email.encode(errors="replace"))
