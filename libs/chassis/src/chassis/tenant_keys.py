"""Keys of tenants, derived from the installation's secret: none of them is stored, and no two tenants share one.

What is hashed under them can be compared within its tenant, and guessed by nobody who has the database alone.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from uuid import UUID


class TenantKeys:
    """Hashes texts for tenants. Thread-safe."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def hash(self, tenant_id: UUID, purpose: str, text: str) -> bytes:
        """32 bytes, the same for the same text of this tenant and purpose. Raises ValueError without a secret."""
        if not self._secret:
            raise ValueError("FUNIA_SECRET must be set")
        return hmac.digest(_key(self._secret, tenant_id, purpose), text.encode(), "sha256")


@lru_cache(maxsize=4096)
def _key(secret: bytes, tenant_id: UUID, purpose: str) -> bytes:
    return hmac.digest(secret, f"funia:{purpose}:{tenant_id}".encode(), "sha256")
