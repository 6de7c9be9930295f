"""What has been taken back from access tokens already issued: a small set that every verifying process keeps in memory.

A token carries the versions of what its rights were made from. A change raises the bar of one of these, and a token
below the bar is refused; one issued after the change carries the new version and works at once. The set holds only
what was learnt within a token's life: older tokens are over anyway.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chassis.errors import FuniaError, PermissionDenied, Unauthenticated

FOREVER = sys.maxsize
"""The bar of what never comes back: an ended session, a revoked grant."""
CLOCKS_APART_S = 300
"""How far the clock of a service may be off from the gateway's. A slow one takes a token for good this much longer."""
OPEN_STATUSES = frozenset({"trial", "active", "past_due"})
"""States of a company in which its people may work."""

Key = tuple[str, ...]


def keep_s(*, token_s: float, skew_s: float) -> float:
    """How long it must be known that tokens of `token_s` were taken back; `skew_s` is what verifiers forgive."""
    return token_s + CLOCKS_APART_S + 2 * skew_s


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a token's rights were made from, each with its version at that time."""

    tenant_id: str
    stamps: tuple[tuple[Key, int], ...] = ()


class Revocations:
    """The set. Thread-safe; `version` changes with everything learnt that may refuse a token."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.version = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._bars: dict[Key, tuple[int, float]] = {}
        self._tenants: dict[str, tuple[str, int, float]] = {}

    def raise_bar(self, key: Key, version: int) -> None:
        """From now on a token must carry at least this version of `key`. Order and repetition do not matter."""
        with self._lock:
            known = self._bars.get(key)
            if known is None or known[0] < version:
                self._bars[key] = (version, self._clock())
                self.version += 1

    def tenant_is(self, tenant_id: str, status: str, version: int) -> None:
        """The company's state; the newest version holds."""
        with self._lock:
            known = self._tenants.get(tenant_id)
            if known is None and status in OPEN_STATUSES:
                return
            if known is None or known[1] < version:
                self._tenants[tenant_id] = (status, version, self._clock())
                self.version += 1

    def refusal(self, claimed: Claimed) -> str:
        """Why a token is refused, as an error's reason; "" where nothing was taken back."""
        tenant = self._tenants.get(claimed.tenant_id)
        if tenant is not None and tenant[0] not in OPEN_STATUSES:
            return "TENANT_SUSPENDED" if tenant[0] == "suspended" else "TENANT_CLOSED"
        for key, version in claimed.stamps:
            bar = self._bars.get(key)
            if bar is not None and version < bar[0]:
                return "TOKEN_REVOKED"
        return ""

    def forget(self, *, older_than_s: float) -> None:
        """Drops what was learnt longer ago than any token lives, by the slowest clock that is allowed."""
        before = self._clock() - older_than_s
        with self._lock:
            self._bars = {key: bar for key, bar in self._bars.items() if bar[1] >= before}
            self._tenants = {key: tenant for key, tenant in self._tenants.items() if tenant[2] >= before}

    @property
    def size(self) -> int:
        """How many are held."""
        return len(self._bars) + len(self._tenants)


def stamps_of(claims: dict[str, Any]) -> Claimed:
    """What the claims of an access token say of its making. A version that is missing counts as 0."""
    tenant = str(claims["tid"])
    versions = claims.get("ver") or {}
    client = str(claims.get("client_id", ""))
    stamps: list[tuple[Key, int]] = [(("client", client), int(versions.get("client", 0)))]
    if claims["act"] == "user":
        stamps.append((("user", tenant, str(claims["sub"])), int(versions.get("user", 0))))
    if "role" in claims:
        stamps.append((("role", str(claims["role"])), int(versions.get("role", 0))))
    if "teams" in versions:
        stamps.append((("teams", tenant), int(versions["teams"])))
    if claims["act"] == "user" and claims["vis"] != "all":
        stamps.append((("sharing", tenant), int(versions.get("sharing", 0))))
    if "glass" in claims:
        stamps.append((("glass", str(claims["glass"]["id"])), 0))
    stamps += [((kind, str(claims[name])), 0) for kind, name in _ONCE if name in claims]
    return Claimed(tenant, tuple(stamps))


_ONCE = (("token", "jti"), ("grant", "gid"), ("session", "sid"))


def refused(reason: str) -> FuniaError:
    """The error for a reason given by `Revocations.refusal`."""
    if reason == "TENANT_SUSPENDED":
        return PermissionDenied(
            "Your company is suspended; nothing was deleted. Its owner can have it opened again.", reason=reason
        )
    if reason == "TENANT_CLOSED":
        return PermissionDenied("Your company is closed.", reason=reason)
    return Unauthenticated(
        "What this access token allowed was changed or taken back after it was issued. Get a new one.", reason=reason
    )
