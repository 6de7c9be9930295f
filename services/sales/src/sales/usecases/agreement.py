"""Whether prices that go beyond what a seller may give need somebody's leave first, and what that is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chassis import approvals
from chassis.approvals import About, Operation
from chassis.errors import PermissionDenied
from chassis.work import Row, Work

APPROVE = "sales.approve_discount"
"""Scope of those who may give more than the discount policy."""
_WHY = {
    "discount_above_limit": "the discount is above what you may give",
    "margin_below_floor": "the margin is below the least that must be left",
}


def check_agreed(
    work: Work, operation: Operation, facts: dict[str, Any], about: About, breaches: Sequence[str]
) -> bool:
    """Whether what runs now was approved.

    Raises NeedsApproval where an approval policy fits, and PermissionDenied where none does, prices breach the discount
    policy and the caller may not agree to that.
    """
    if approvals.given(work, operation, facts, about):
        return True
    check_breaches(work, breaches)
    return False


def check_breaches(work: Work, breaches: Sequence[str]) -> None:
    """Raises PermissionDenied where prices breach the discount policy and the caller may not agree to that."""
    if breaches and APPROVE not in work.caller.scopes:
        why = " and ".join(_WHY.get(one, one) for one in breaches)
        raise PermissionDenied(
            f"Somebody must agree to this first: {why}. Give less, or ask somebody who may give it.",
            reason="APPROVAL_NEEDED",
            metadata={"scope": APPROVE, "breaches": ",".join(breaches)},
        )


def price_facts(work: Work, document: Row, lines: Iterable[Row]) -> dict[str, Any]:
    """What the prices of a document come to, as approval policies judge them."""
    before = document.list_amount_minor - document.rule_amount_minor
    costs = [line.cost_minor for line in lines]
    net = document.net_amount_minor
    known = bool(net) and all(one is not None for one in costs)
    may_agree = APPROVE in work.caller.scopes
    return {
        "discount_basis_points": document.discount_amount_minor * 10_000 // before if before else 0,
        "margin_basis_points": (net - sum(costs)) * 10_000 // net if known else None,
        "amount_minor": net,
        "currency_code": document.currency_code,
        "discount_beyond_policy": not may_agree and "discount_above_limit" in document.breaches,
        "margin_below_floor": not may_agree and "margin_below_floor" in document.breaches,
        "account_id": document.account_id,
        "team_id": document.team_id,
    }
