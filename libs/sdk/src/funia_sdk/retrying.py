"""When to try again, and how long to wait: exponential back-off with jitter, and what the API itself asks for."""

from __future__ import annotations

import email.utils
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_LEFT = re.compile(r";\s*r=(\d+)")
_RESET = re.compile(r";\s*t=(\d+)")


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently requests are repeated."""

    attempts: int = 6
    """Tries of one request, the first among them; 1 turns retries off."""
    first_s: float = 0.5
    """Longest pause before the second try; doubled for each further one."""
    most_s: float = 20.0
    """Longest pause of our own choice."""
    longest_wait_s: float = 90.0
    """Where the API asks for a longer pause than this, the error is raised at once."""
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    """Waits; for tests, and for programs with an event loop of their own."""

    def pause_s(self, attempt: int, asked_s: float | None) -> float | None:
        """Seconds before the next try after `attempt` tries; None where there is to be none.

        What the API asks for is kept to, and spread upwards so that many clients do not come back at one moment.
        """
        if attempt >= self.attempts:
            return None
        own = min(self.most_s, self.first_s * 2 ** (attempt - 1))
        if asked_s is None:
            return random.uniform(own / 2, own)  # noqa: S311 - spreads load, keeps no secret
        if asked_s > self.longest_wait_s:
            return None
        return asked_s + random.uniform(0, min(own, 1.0))  # noqa: S311 - as above


def asked_pause_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer asks to wait: Retry-After, else the reset of a RateLimit that has nothing left."""
    after = headers.get("retry-after", "").strip()
    if after.isdecimal():
        return float(after)
    if after:
        try:
            return max(0.0, email.utils.parsedate_to_datetime(after).timestamp() - time.time())
        except ValueError:
            return None
    limit = headers.get("ratelimit", "")
    left, reset = _LEFT.search(limit), _RESET.search(limit)
    return float(reset[1]) if left and reset and left[1] == "0" else None
