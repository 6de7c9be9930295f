"""States of sales documents and the steps between them, as data."""

from __future__ import annotations

from chassis.states import States, step

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
