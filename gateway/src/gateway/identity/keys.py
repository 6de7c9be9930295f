"""The keys that sign tokens: made here, kept encrypted in the database, cached in the process, rotated by age.

A key is published before it signs and stays published until what it signed is over, so that nobody is logged out.
A process that has keys goes on with them while they cannot be read anew, and says so; one that starts needs them.
Keys are never made anew in silence where there were some before: that would end every token without a word.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.tokens import ALGORITHM
from chassis.vault import Vault
from chassis.work import Database
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from prometheus_client import Gauge

from gateway.identity.platform import PlatformWork, open_platform_work
from gateway.identity.queries import key as key_queries
from gateway.settings import GatewaySettings

LOST = Gauge(
    "funia_signing_keys_lost",
    "1 while the store of signing keys is gone and processes live on what is in their memory.",
    multiprocess_mode="mostrecent",
)
_PURPOSE = "signing-key"
log = logging.getLogger(__name__)

_REMEDY = 'or run "python -m gateway new-keys": it makes new ones, and everybody and every app must log in again.'
_GONE = f"The signing keys are gone, though there were some. Restore the table signing_key from the backup, {_REMEDY}"
_SEALED = f"The signing keys were sealed under another FUNIA_SECRET. Set the former one again, {_REMEDY}"


class KeyStoreLost(RuntimeError):
    """The keys that were made are gone or cannot be read; the message says what an operator can do."""


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
        self._ahead = timedelta(seconds=settings.key_publish_ahead_s)
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def signing_key(self) -> ECKey:
        """The key to sign with now; the first call of an installation makes one, later ones rotate by age."""
        return self._current().signing

    def key(self, kid: str) -> ECKey | None:
        """A published key by its id."""
        found = self._current().published.get(kid)
        if found is None and time.monotonic() - self._current().read_at > 1.0:
            self._read_anew(self._loaded)
            found = self._current().published.get(kid)
        return found

    def public_set(self) -> dict[str, list[dict[str, Any]]]:
        """The JWKS document: the key in use first, then the next one and those that may have signed living tokens."""
        return {"keys": [key.as_dict(private=False) for key in self._current().published.values()]}

    def rotate(self) -> str:
        """Publishes the next key, which signs after `key_publish_ahead_s`; returns its id."""
        with open_platform_work(self._database) as platform:
            key_queries.lock(platform)
            kid = self._make(platform, use_from=platform.now + self._ahead)
        self._load()
        return kid

    def make_anew(self) -> str:
        """Drops every key and makes one that signs at once; returns its id. Ends every token that was issued."""
        with open_platform_work(self._database) as platform:
            key_queries.lock(platform)
            key_queries.drop_all(platform)
            kid = self._make(platform, use_from=platform.now)
        self._load()
        return kid

    def prepare(self) -> None:
        """Reads the keys, or makes the first ones. Raises KeyStoreLost where those that were made are gone."""
        self._current()

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
                self._read_anew(loaded)
        finally:
            self._lock.release()
        assert self._loaded is not None
        return self._loaded

    def _read_anew(self, known: _Loaded | None) -> None:
        """Reads the keys; where that fails, those that are known are used on until the next time."""
        try:
            self._load()
        except (KeyStoreLost, FuniaError) as error:
            LOST.set(isinstance(error, KeyStoreLost))
            if known is None:
                raise
            log.error("signing keys cannot be read anew; those in memory are used on: %s", error)
            self._loaded = replace(known, read_at=time.monotonic())
        else:
            LOST.set(0)

    def _load(self) -> None:
        with open_platform_work(self._database) as platform:
            now = platform.now
            rows = key_queries.published(platform, kept_since=now - self._keep)
            if self._is_due(rows, now):
                key_queries.lock(platform)
                rows = key_queries.published(platform, kept_since=now - self._keep)
                if self._is_due(rows, now):
                    if not rows and key_queries.were_made(platform):
                        raise KeyStoreLost(_GONE)
                    self._make(platform, use_from=now + self._ahead if rows else now)
                    rows = key_queries.published(platform, kept_since=now - self._keep)
            key_queries.remember(platform)
        in_use = next((row for row in rows if row.use_from <= now), rows[-1])
        try:
            private = orjson.loads(self._vault.decrypt(_PURPOSE, in_use.private_jwe))
        except JoseError as error:
            raise KeyStoreLost(_SEALED) from error
        first = [in_use, *(row for row in rows if row.kid != in_use.kid)]
        self._loaded = _Loaded(
            signing=ECKey.import_key(private),
            published={row.kid: ECKey.import_key(row.public_jwk) for row in first},
            read_at=time.monotonic(),
        )

    def _is_due(self, rows: list[Any], now: datetime) -> bool:
        return not rows or now - rows[0].use_from > self._rotation - self._ahead

    def _make(self, platform: PlatformWork, *, use_from: datetime) -> str:
        kid = str(uuid7())
        key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": ALGORITHM})
        sealed = self._vault.encrypt(_PURPOSE, orjson.dumps(key.as_dict(private=True)))
        key_queries.replace(
            platform, kid=kid, public_jwk=key.as_dict(private=False), private_jwe=sealed, use_from=use_from
        )
        return kid
