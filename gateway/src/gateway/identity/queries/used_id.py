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
_USE_BRIEFLY = text(
    """
    INSERT INTO used_id (id_hash, expires_at)
    SELECT %(id_hash)s, %(expires_at)s FROM set_config('synchronous_commit', 'off', true) ON CONFLICT DO NOTHING
    """,
    "id_hash",
    "expires_at",
)
_FORGET = text("DELETE FROM used_id WHERE expires_at < %(at)s", "at")


def use(platform: PlatformWork, id_hash: bytes, *, expires_at: datetime) -> bool:
    """Uses an id up until `expires_at`. Of any number of transactions that try, one gets True."""
    return platform.execute(_USE, id_hash=id_hash, expires_at=expires_at) == 1


def use_briefly(platform: PlatformWork, id_hash: bytes, *, expires_at: datetime) -> bool:
    """As `use`; the commit does not wait for the disk."""
    return platform.execute(_USE_BRIEFLY, id_hash=id_hash, expires_at=expires_at) == 1


def forget(platform: PlatformWork) -> int:
    """Deletes ids that would be refused for their age; returns how many."""
    return platform.execute(_FORGET, at=platform.now)
