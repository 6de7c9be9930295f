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
        with open_platform_work(self._database) as platform:
            return queries.use(platform, _hash(kind, owner, token_id), expires_at=_moment(expires_at))

    def use_briefly(self, kind: str, owner: str, token_id: str, *, expires_at: float) -> bool:
        """As `use`, without a wait for the disk: a crash of PostgreSQL forgets the ids of its last half second."""
        with open_platform_work(self._database) as platform:
            return queries.use_briefly(platform, _hash(kind, owner, token_id), expires_at=_moment(expires_at))

    def forget_old(self) -> int:
        """Deletes those that no longer need to be known; returns how many."""
        with open_platform_work(self._database) as platform:
            return queries.forget(platform)


def _hash(kind: str, owner: str, token_id: str) -> bytes:
    return hashlib.sha256("\0".join((kind, owner, token_id)).encode(errors="replace")).digest()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
