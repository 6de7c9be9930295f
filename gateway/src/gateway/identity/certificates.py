"""Certificates of erasure: what was found of a company and that nothing is left, signed by the platform.

The signature shows any reader of the platform's keys who wrote it; the seal inside outlives the keys, which rotate.
"""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from chassis.vault import Vault
from chassis.work import Row
from joserfc import jws
from joserfc.errors import JoseError

from gateway.identity.keys import SigningKeys
from gateway.identity.usecases.closing import digest_of_tenant

_PURPOSE = "erasure-certificate"
_TYPE = "erasure-certificate+jwt"


class Certificates:
    """Writes and checks them. Thread-safe."""

    def __init__(self, keys: SigningKeys, vault: Vault, *, issuer: str) -> None:
        self._keys = keys
        self._vault = vault
        self._issuer = issuer

    def write(self, erasure: Row, *, erased_at: datetime) -> str:
        """The certificate of an erasure, a JWS. It names the company by a hash of its id."""
        claims = {
            "iss": self._issuer,
            "jti": str(erasure.id),
            "tenant_sha256": bytes(erasure.tenant_digest).hex(),
            "closed_by": erasure.closed_by,
            "closed_at": erasure.closed_at.astimezone(UTC).isoformat(timespec="seconds"),
            "erased_at": erased_at.astimezone(UTC).isoformat(timespec="seconds"),
            "found": erasure.found,
            "left": 0,
        }
        key = self._keys.signing_key()
        header = {"alg": "ES256", "typ": _TYPE, "kid": key.kid}
        return jws.serialize_compact(
            header, orjson.dumps({**claims, "seal": self._seal(claims)}), key, algorithms=["ES256"]
        )

    def read(self, statement: str) -> dict[str, Any] | None:
        """What a certificate says, None where it was not written here or was changed since."""
        try:
            claims: dict[str, Any] = orjson.loads(jws.extract_compact(statement.strip().encode()).payload)
            seal = str(claims.pop("seal"))
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return claims if hmac.compare_digest(seal, self._seal(claims)) else None

    @staticmethod
    def is_about(claims: dict[str, Any], tenant_id: UUID) -> bool:
        """Whether a certificate is that of this company."""
        return claims.get("tenant_sha256") == digest_of_tenant(tenant_id).hex()

    def _seal(self, claims: dict[str, Any]) -> str:
        message = orjson.dumps(claims, option=orjson.OPT_SORT_KEYS)
        return base64.urlsafe_b64encode(self._vault.sign(_PURPOSE, message)).decode()
