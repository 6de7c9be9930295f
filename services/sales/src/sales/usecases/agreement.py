"""Whether prices that go beyond what a seller may give need somebody's leave first."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.errors import PermissionDenied
from chassis.work import Work

APPROVE = "sales.approve_discount"
"""Scope of those who may give more than the discount policy."""
_WHY = {
    "discount_above_limit": "the discount is above what you may give",
    "margin_below_floor": "the margin is below the least that must be left",
}


def check_agreed(work: Work, breaches: Sequence[str]) -> None:
    """Raises PermissionDenied where prices breach the discount policy and the caller may not agree to that."""
    if breaches and APPROVE not in work.caller.scopes:
        why = " and ".join(_WHY.get(one, one) for one in breaches)
        raise PermissionDenied(
            f"Somebody must agree to this first: {why}. Give less, or ask somebody who may give it.",
            reason="APPROVAL_NEEDED",
            metadata={"scope": APPROVE, "breaches": ",".join(breaches)},
        )
