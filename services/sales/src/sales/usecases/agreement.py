"""Whether prices that go beyond what a seller may give need somebody's leave first, and what that is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis import approvals
from chassis.approvals import About, Operation
from chassis.errors import PermissionDenied
from chassis.work import Row, Work

Values = dict[str, Any]
APPROVE = "sales.approve_discount"
"""Scope of those who may give more than the discount policy."""
_WHY = {
    "discount_above_limit": "the discount is above what you may give",
    "margin_below_floor": "the margin is below the least that must be left",
}


def check_agreed(work: Work, operation: Operation, facts: Values, about: About, breaches: Sequence[str]) -> bool:
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


def document_facts(work: Work, document: Row, lines: Iterable[Row]) -> Values:
    """What the prices of a document come to, as approval policies judge them."""
    facts = price_facts(work, document._asdict(), [line.cost_minor for line in lines])
    of_whom = {name: getattr(document, name) for name in ("currency_code", "account_id", "team_id")}
    return facts | of_whom


def price_facts(work: Work, totals: Mapping[str, Any], costs: Sequence[int | None]) -> Values:
    """What the sums of priced lines come to; `costs` are those of the lines, None where one is not known."""
    before = totals["list_amount_minor"] - totals["rule_amount_minor"]
    net, known = totals["net_amount_minor"], [one for one in costs if one is not None]
    margin = (net - sum(known)) * 10_000 // net if net and len(known) == len(costs) else None
    may_agree = APPROVE in work.caller.scopes
    return {
        "discount_basis_points": totals["discount_amount_minor"] * 10_000 // before if before else 0,
        "margin_basis_points": margin,
        "amount_minor": net,
        "discount_beyond_policy": not may_agree and "discount_above_limit" in totals["breaches"],
        "margin_below_floor": not may_agree and "margin_below_floor" in totals["breaches"],
    }
