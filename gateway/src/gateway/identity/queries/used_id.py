"""Statement that remembers ids which may be used once: those of client assertions and of DPoP proofs."""

from __future__ import annotations

from datetime import datetime

from chassis.statements import text

from gateway.identity.platform import PlatformWork

_USE = text(
    """
    INSERT INTO used_id (id_hash, expires_at) VALUES (%(id_hash)s, %(expires_at)s) ON CONFLICT DO NOTHING
    """,
    "id_hash",
    "expires_at",
)


def use(platform: PlatformWork, id_hash: bytes, *, expires_at: datetime) -> bool:
    """Uses an id up until `expires_at`. Of any number of transactions that try, one gets True."""
    return platform.execute(_USE, id_hash=id_hash, expires_at=expires_at) == 1
