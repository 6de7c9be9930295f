"""The rules of a need: where it may go, whose it is, and what it names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.errors import invalid_field
from chassis.record_shares import check_writes
from chassis.states import States, step
from chassis.work import Row, Work

from sales.errors import not_there
from sales.queries import funnel
from sales.references import Customers

Values = dict[str, Any]
NEED = States(
    "need",
    {
        "validated": step("identified", "validated"),
        "addressed": step("validated", "addressed"),
        "dropped": step("identified validated", "dropped"),
    },
)
"""Steps by the state that each leads to."""


def moved(need: Row, status: str, reason: str) -> Values:
    """What a move changes. Raises Conflict naming the state and what is possible in it."""
    reached = NEED.after(status, need.status)
    if reached == "dropped" and not reason:
        raise invalid_field("reason", "say why it is dropped", reason="REQUIRED")
    return {"status": reached, "drop_reason": reason if reached == "dropped" else ""}


def check(work: Work, customers: Customers, before: Row | None, after: Values) -> None:
    """Brings a need to its normal form. Raises InvalidArgument at the first thing it names that is not there."""
    after["priority"] = after["priority"] or "should"
    if after["budget_minor"] < 0:
        raise invalid_field("need.budget", "a budget is zero or more", reason="NEGATIVE")
    for kind in ("lead", "deal"):
        named = after[f"{kind}_id"]
        if named is not None and (before is None or getattr(before, f"{kind}_id") != named):
            _check_there(work, kind, named)
    for kind in ("contact", "account"):
        named = after[f"{kind}_id"]
        if named is not None and (before is None or getattr(before, f"{kind}_id") != named):
            customers.check(work, kind, [(f"need.{kind}_id", named)])


def holder(work: Work, given: Values) -> Values:
    """Owner and team of the deal or lead that a new need is of, where it names none of its own."""
    if given.get("owner_id"):
        return {}
    for kind in ("deal", "lead"):
        if (named := given.get(f"{kind}_id")) is not None:
            row = funnel.holder(work, kind, named)
            return {} if row is None else {"owner_id": row.owner_id, "team_id": row.team_id}
    return {}


def _check_there(work: Work, kind: str, record_id: UUID) -> None:
    row = funnel.holder(work, kind, record_id)
    if row is None:
        raise not_there(f"need.{kind}_id", kind)
    check_writes(row, kind)
