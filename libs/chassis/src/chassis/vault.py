"""Encrypts and signs under FUNIA_SECRET what must be read again. Knows no database."""

from __future__ import annotations

import hashlib
import hmac

from joserfc import jwe
from joserfc.jwk import OctKey

SHORTEST_INSTALLATION_SECRET = 32


class Vault:
    """Encrypts and signs with keys derived from FUNIA_SECRET, one key a purpose."""

    def __init__(self, secret: str) -> None:
        """Raises ValueError where the secret is missing or short."""
        if len(secret) < SHORTEST_INSTALLATION_SECRET:
            raise ValueError("FUNIA_SECRET must be set, with 32 random bytes or more in base64url")
        self._secret = secret.encode()

    def encrypt(self, purpose: str, plain: bytes) -> str:
        """A JWE (dir, A256GCM)."""
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, plain, OctKey.import_key(self._key(purpose)))

    def decrypt(self, purpose: str, sealed: str) -> bytes:
        """The text inside. Raises joserfc's JoseError where it was sealed under another secret."""
        plain = jwe.decrypt_compact(sealed, OctKey.import_key(self._key(purpose)), algorithms=["dir", "A256GCM"])
        assert plain.plaintext is not None
        return plain.plaintext

    def sign(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA256."""
        return hmac.new(self._key(purpose), message, hashlib.sha256).digest()

    def _key(self, purpose: str) -> bytes:
        return hmac.new(self._secret, f"funia:{purpose}".encode(), hashlib.sha256).digest()
