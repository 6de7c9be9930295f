"""States of documents and the steps between them, as data: what each step leads from and to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.errors import Conflict


@dataclass(frozen=True, slots=True)
class Step:
    """A step that may be taken from some states. `to` is empty where sums decide where it leads."""

    sources: frozenset[str]
    to: str = ""


@dataclass(frozen=True, slots=True)
class States:
    """The steps of one kind of document. `noun` is what errors call it."""

    noun: str
    steps: Mapping[str, Step]

    def after(self, verb: str, state: str) -> str:
        """The state a step leads to. Raises Conflict naming the state and what is possible in it."""
        step = self.steps[verb]
        if state not in step.sources:
            possible = ", ".join(name for name, one in self.steps.items() if state in one.sources) or "nothing"
            raise Conflict(
                f"This {self.noun} is {state.replace('_', ' ')}. What can be done with it now: {possible}.",
                reason="WRONG_STATE",
                metadata={"state": state, "asked": verb, "possible": possible},
            )
        return step.to


def step(sources: str, to: str = "") -> Step:
    """A step from states named in a text."""
    return Step(frozenset(sources.split()), to)


QUOTE = States(
    "quote",
    {
        "change": step("draft", "draft"),
        "send": step("draft", "sent"),
        "send again": step("sent viewed", "sent"),
        "view": step("sent viewed", "viewed"),
        "accept": step("sent viewed", "accepted"),
        "decline": step("sent viewed", "declined"),
        "expire": step("sent viewed", "expired"),
        "revise": step("draft sent viewed declined expired", "superseded"),
        "order": step("accepted", "ordered"),
    },
)
POS_SESSION = States(
    "session",
    {
        "open": step("opening", "open"),
        "begin closing": step("open", "closing"),
        "resume": step("closing", "open"),
        "close": step("closing", "closed"),
    },
)
ORDER = States(
    "order",
    {
        "change": step("draft", "draft"),
        "confirm": step("draft pending_approval", "confirmed"),
        "cancel": step("draft pending_approval confirmed", "canceled"),
        "fulfil": step("confirmed partially_fulfilled"),
        "complete": step("fulfilled", "completed"),
        "pay": step("confirmed partially_fulfilled fulfilled completed partially_returned"),
        "invoice": step("confirmed partially_fulfilled fulfilled completed partially_returned"),
        "return": step("partially_fulfilled fulfilled completed partially_returned"),
    },
)
INVOICE = States(
    "invoice",
    {
        "change": step("draft", "draft"),
        "issue": step("draft", "issued"),
        "void": step("draft issued overdue", "void"),
        "pay": step("issued partially_paid overdue"),
        "fall due": step("issued partially_paid", "overdue"),
        "write off": step("issued partially_paid overdue", "written_off"),
        "credit": step("issued partially_paid overdue paid"),
    },
)
RETURN = States(
    "return",
    {
        "authorize": step("requested", "authorized"),
        "receive": step("authorized", "received"),
        "inspect": step("received", "inspected"),
        "refund": step("inspected", "refunded"),
        "exchange": step("inspected", "exchanged"),
        "reject": step("requested authorized received inspected", "rejected"),
    },
)
LOYALTY_MEMBER = States(
    "member",
    {
        "suspend": step("active", "suspended"),
        "resume": step("suspended", "active"),
        "close": step("active suspended", "closed"),
    },
)
GIFT_CARD = States(
    "gift card",
    {
        "pay": step("active", "active"),
        "block": step("active", "blocked"),
        "unblock": step("blocked", "active"),
    },
)


def payment_status(gross: int, paid: int, refunded: int) -> str:
    """How far an order is paid, from its sums."""
    if refunded:
        return "refunded" if refunded >= paid else "partially_refunded"
    if paid >= gross:
        return "paid"
    return "partially_paid" if paid else "unpaid"
