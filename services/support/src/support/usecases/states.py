"""States of tickets and the steps between them, as data."""

from __future__ import annotations

from chassis.states import States, step

TICKET = States(
    "ticket",
    {
        "open": step("new pending on_hold solved spam", "open"),
        "pending": step("new open on_hold", "pending"),
        "on_hold": step("new open pending", "on_hold"),
        "solved": step("new open pending on_hold", "solved"),
        "closed": step("solved", "closed"),
        "spam": step("new open pending on_hold", "spam"),
        "merge": step("new open pending on_hold solved", "merged"),
    },
)
"""Steps of a ticket, by the state that each leads to."""
ACTIVE = frozenset({"new", "open", "pending", "on_hold"})
"""States of tickets that are still to be done."""
