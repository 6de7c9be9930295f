"""Keys and signatures of webhooks by the Standard Webhooks specification: v1 (HMAC-SHA256) and v1a (Ed25519)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from chassis.vault import Vault
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PURPOSE = "webhook-keys"
_SECRET_BYTES = 32
SECRET_PREFIX, PUBLIC_PREFIX = "whsec_", "whpk_"


@dataclass(frozen=True, slots=True)
class SigningPair:
    """What one endpoint's messages are signed with."""

    secret: bytes
    private_key: bytes

    @staticmethod
    def new() -> SigningPair:
        """Fresh keys."""
        return SigningPair(secrets.token_bytes(_SECRET_BYTES), Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def secret_text(self) -> str:
        """The symmetric secret as receivers are given it."""
        return SECRET_PREFIX + base64.b64encode(self.secret).decode()

    @property
    def public_text(self) -> str:
        """The public key as receivers are given it."""
        raw = (
            Ed25519PrivateKey.from_private_bytes(self.private_key)
            .public_key()
            .public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        )
        return PUBLIC_PREFIX + base64.b64encode(raw).decode()


class WebhookKeys:
    """Seals and opens keys for the database."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, pair: SigningPair) -> str:
        """What the database keeps."""
        parts = [base64.b64encode(part).decode() for part in (pair.secret, pair.private_key)]
        return self._vault.encrypt(_PURPOSE, orjson.dumps(parts))

    def open(self, sealed: str) -> SigningPair:
        """The keys. Raises joserfc's JoseError where they were sealed under another FUNIA_SECRET."""
        secret, private_key = orjson.loads(self._vault.decrypt(_PURPOSE, sealed))
        return SigningPair(base64.b64decode(secret), base64.b64decode(private_key))


class Signer:
    """Signs an endpoint's messages with its keys, and during a rotation with the former ones too."""

    def __init__(self, pairs: Sequence[SigningPair]) -> None:
        self._pairs = [(pair.secret, Ed25519PrivateKey.from_private_bytes(pair.private_key)) for pair in pairs]

    def headers(self, message_id: str, timestamp_s: int, body: bytes) -> list[tuple[str, str]]:
        """The three headers of the specification."""
        signed = b"%b.%d.%b" % (message_id.encode(), timestamp_s, body)
        signatures = []
        for secret, private_key in self._pairs:
            signatures.append("v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode())
            signatures.append("v1a," + base64.b64encode(private_key.sign(signed)).decode())
        return [
            ("webhook-id", message_id),
            ("webhook-timestamp", str(timestamp_s)),
            ("webhook-signature", " ".join(signatures)),
        ]
