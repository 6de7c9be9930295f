"""The plans that companies can be given, and what they may limit. An installation names its own by FUNIA_PLANS."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.metering import METERS

GIB = 1024**3
REQUESTS_PER_S = "requests_per_s"
"""The one limit that counts nothing: API requests of a company in a second, in the place of `rate_tenant_per_s`."""
LIMITS = (*METERS, REQUESTS_PER_S)
NO_PLAN = ""
"""The plan of companies that were never given one: nothing is limited."""


def _plan(*most: int) -> dict[str, int]:
    return dict(zip(LIMITS, most, strict=True))


PLANS: dict[str, dict[str, int]] = {
    "free": _plan(3, 1_000, 500, 500, 200, GIB, 5_000, 5_000, 2, 10, 2, 10),
    "team": _plan(25, 50_000, 20_000, 50_000, 20_000, 20 * GIB, 200_000, 200_000, 10, 50, 10, 50),
    "business": _plan(250, 1_000_000, 400_000, 1_000_000, 400_000, 200 * GIB, 5_000_000, 5_000_000, 20, 200, 50, 200),
    "enterprise": {},
}
"""People, contacts, accounts, leads, deals, bytes, calls a day, rows a day, endpoints, fields, apps and requests a
second of each. What a plan does not name it does not limit."""


def check_plans(plans: Mapping[str, Mapping[str, int]], **chosen: str) -> None:
    """Raises ValueError naming what is wrong with configured plans, or with those `chosen` by settings."""
    for name, limits in plans.items():
        unknown = sorted(set(limits) - set(LIMITS))
        if not name or unknown:
            raise ValueError(f"FUNIA_PLANS: {name!r} limits {unknown}; what can be limited: {', '.join(LIMITS)}")
        if any(most < 0 for most in limits.values()) or limits.get(REQUESTS_PER_S) == 0:
            raise ValueError(f"FUNIA_PLANS: {name!r} has a limit that is none")
    for variable, name in chosen.items():
        if name != NO_PLAN and name not in plans:
            raise ValueError(f"{variable} is {name!r}, which is no plan: {', '.join(plans)}")
