"""Token buckets, each kept as one moment in time (GCRA). Pure arithmetic: clock and lock are the caller's.

Source of the method: ITU-T I.371, Annex A (generic cell rate algorithm), in its virtual scheduling form.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

_ROUNDING_S = 1e-6
"""What sums of parts of a second may be off."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`burst` requests at once, and `per_s` requests a second for ever."""

    name: str
    per_s: float
    burst: int

    @property
    def policy(self) -> str:
        """The item of RateLimit-Policy: `burst` requests in the seconds in which an empty bucket fills again."""
        return f'"{self.name}";q={self.burst};w={max(1, ceil(self.burst / self.per_s))}'


class Bucket:
    """What is left of a quota. `used` counts what was taken here since somebody last asked."""

    __slots__ = ("__weakref__", "_depth_s", "_full_at", "_interval_s", "key", "quota", "used")

    def __init__(self, key: str, quota: Quota) -> None:
        self.key = key
        self.quota = quota
        self.used = 0
        self._interval_s = 1 / quota.per_s
        self._depth_s = quota.burst / quota.per_s
        self._full_at = float("-inf")

    def wait_s(self, now: float, cost: int) -> float:
        """Seconds until `cost` requests fit; 0 or less where they fit now. Takes nothing."""
        return max(self._full_at, now) + cost * self._interval_s - now - self._depth_s - _ROUNDING_S

    def take(self, now: float, cost: int) -> None:
        """Takes `cost` requests, whether they fit or not."""
        self._full_at = max(self._full_at, now) + cost * self._interval_s

    def debit(self, now: float, count: int) -> None:
        """Takes what was used elsewhere; the debt is at most one burst, so that it is over in bounded time."""
        self._full_at = min(max(self._full_at, now) + count * self._interval_s, now + 2 * self._depth_s)

    def left(self, now: float) -> int:
        """Requests that fit now."""
        return max(0, int((self._depth_s - max(0.0, self._full_at - now)) / self._interval_s + 1e-6))

    def full_in_s(self, now: float) -> int:
        """Whole seconds until the bucket is full again."""
        return ceil(self._full_at - now) if self._full_at > now else 0
