"""Ids that are good once: the `jti` of client assertions and of DPoP proofs, remembered until they would be too old."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from chassis.work import Database

from gateway.identity.platform import open_platform_work
from gateway.identity.queries import used_id as queries

ID_MAX_LENGTH = 200


class UsedIds:
    """Remembers in the database, so that every process and replica refuses together. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def use(self, kind: str, owner: str, token_id: str, *, expires_at: float) -> bool:
        """Uses an id of its owner up; False where it was used before. `expires_at` is in seconds since the epoch."""
        id_hash = hashlib.sha256("\0".join((kind, owner, token_id)).encode(errors="replace")).digest()
        with open_platform_work(self._database) as platform:
            return queries.use(platform, id_hash, expires_at=datetime.fromtimestamp(expires_at, UTC))
