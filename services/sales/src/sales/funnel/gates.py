"""What a deal must have before it comes to a stage, and what of it is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chassis.errors import Violation


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is of a deal. `quote_accepted` and `has_products` are about its quotes and lines,
    `checklist_done` about the stage that it leaves."""

    account: bool = False
    roles: Sequence[str] = ()
    needs: int = 0
    amount_minor: int = 0
    expected_close_date: bool = True
    next_step: str = ""
    lost_reason: str = ""
    has_products: bool = False
    quote_accepted: bool = False
    checklist_done: bool = True


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a stage may ask for: whether it is there, the field it stands in, and what to do where it is not."""

    holds: Callable[[Evidence], bool]
    field: str
    remedy: str


_DECIDES = frozenset({"decision_maker", "economic_buyer", "buyer"})
CRITERIA: Mapping[str, Criterion] = {
    "need": Criterion(lambda one: one.needs > 0, "need_ids", "Record at least one need of the customer."),
    "account": Criterion(lambda one: one.account, "account_id", "Name the company that would buy."),
    "contact": Criterion(lambda one: bool(one.roles), "contacts", "Name at least one person on the buying side."),
    "decision_maker": Criterion(
        lambda one: not _DECIDES.isdisjoint(one.roles), "contacts", "Name the person who decides or buys."
    ),
    "amount": Criterion(lambda one: one.amount_minor > 0, "amount", "Say what the deal is worth."),
    "expected_close_date": Criterion(
        lambda one: one.expected_close_date, "expected_close_date", "Say when the deal should close."
    ),
    "next_step": Criterion(lambda one: bool(one.next_step), "next_step", "Say what is to be done next."),
    "products": Criterion(lambda one: one.has_products, "lines", "Add at least one product."),
    "quote_accepted": Criterion(lambda one: one.quote_accepted, "quotes", "Have a quote accepted by the customer."),
    "checklist": Criterion(
        lambda one: one.checklist_done, "playbook", "Tick off everything on the checklist of the stage."
    ),
    "lost_reason": Criterion(lambda one: bool(one.lost_reason), "lost_reason", "Say why the deal was lost."),
}
"""What `entry_criteria` of a stage may name."""


def missing(criteria: Iterable[str], evidence: Evidence) -> list[Violation]:
    """A violation for each criterion that does not hold, in the order of the stage."""
    return [
        Violation(f"deal.{found.field}", found.remedy, f"GATE_{name.upper()}")
        for name in criteria
        if not (found := CRITERIA[name]).holds(evidence)
    ]
