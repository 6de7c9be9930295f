"""The keys that sign tokens: made here, kept encrypted in the database, cached in the process, rotated by age."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from chassis.ids import uuid7
from chassis.tokens import ALGORITHM
from chassis.work import Database
from joserfc.jwk import ECKey

from gateway.identity.platform import PlatformWork, open_platform_work
from gateway.identity.queries import key as key_queries
from gateway.identity.secret_values import Vault
from gateway.settings import GatewaySettings

_PURPOSE = "signing-key"


@dataclass(frozen=True, slots=True)
class _Loaded:
    signing: ECKey
    published: dict[str, ECKey]
    read_at: float


class SigningKeys:
    """The key in use and those still published. Thread-safe. A `chassis.tokens.KeySource`."""

    def __init__(self, database: Database, vault: Vault, settings: GatewaySettings) -> None:
        self._database = database
        self._vault = vault
        self._reload_s = settings.key_reload_s
        self._rotation = timedelta(days=settings.key_rotation_days)
        self._keep = timedelta(hours=settings.key_keep_hours)
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def signing_key(self) -> ECKey:
        """The key to sign with now; the first call makes one where there is none, later ones rotate by age."""
        return self._current().signing

    def key(self, kid: str) -> ECKey | None:
        """A published key by its id."""
        found = self._current().published.get(kid)
        if found is None and time.monotonic() - self._current().read_at > 1.0:
            self._load()
            found = self._current().published.get(kid)
        return found

    def public_set(self) -> dict[str, list[dict[str, Any]]]:
        """The JWKS document: the key in use first, then the replaced ones that may have signed living tokens."""
        return {"keys": [key.as_dict(private=False) for key in self._current().published.values()]}

    def rotate(self) -> str:
        """Makes a new key the one in use; returns its id. Tokens of the former one stay good."""
        with open_platform_work(self._database) as platform:
            key_queries.lock(platform)
            kid = self._make(platform)
        self._load()
        return kid

    def _current(self) -> _Loaded:
        loaded = self._loaded
        if loaded is not None and time.monotonic() - loaded.read_at <= self._reload_s:
            return loaded
        if loaded is not None:
            # One thread reads anew while the others go on with what they have.
            if not self._lock.acquire(blocking=False):
                return loaded
        else:
            self._lock.acquire()
        try:
            if self._loaded is loaded:
                self._load()
        finally:
            self._lock.release()
        assert self._loaded is not None
        return self._loaded

    def _load(self) -> None:
        with open_platform_work(self._database) as platform:
            rows = key_queries.published(platform, kept_since=platform.now - self._keep)
            if self._is_due(rows):
                key_queries.lock(platform)
                rows = key_queries.published(platform, kept_since=platform.now - self._keep)
                if self._is_due(rows):
                    self._make(platform)
                    rows = key_queries.published(platform, kept_since=platform.now - self._keep)
        in_use = next(row for row in rows if row.replaced_at is None)
        private = orjson.loads(self._vault.decrypt(_PURPOSE, in_use.private_jwe))
        self._loaded = _Loaded(
            signing=ECKey.import_key(private),
            published={row.kid: ECKey.import_key(row.public_jwk) for row in rows},
            read_at=time.monotonic(),
        )

    def _is_due(self, rows: list[Any]) -> bool:
        ages = [datetime.now(UTC) - row.created_at for row in rows if row.replaced_at is None]
        return not ages or ages[0] > self._rotation

    def _make(self, platform: PlatformWork) -> str:
        kid = str(uuid7())
        key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": ALGORITHM})
        sealed = self._vault.encrypt(_PURPOSE, orjson.dumps(key.as_dict(private=True)))
        key_queries.replace(platform, kid=kid, public_jwk=key.as_dict(private=False), private_jwe=sealed)
        return kid
