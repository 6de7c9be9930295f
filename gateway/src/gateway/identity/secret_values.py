"""Random secrets and what is kept of them: the database holds SHA-256 hashes, or ciphertext under FUNIA_SECRET."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from joserfc import jwe
from joserfc.jwk import OctKey

SECRET_BYTES = 32
SHORTEST_INSTALLATION_SECRET = 32


def new_secret() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> bytes:
    """What the database keeps of a random secret. Not for passwords: those need a slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


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
