"""The rules of a lead: where it may go, how much is known of it, and who looks the same."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from chassis.errors import invalid_field
from chassis.person_digests import phone_digits
from chassis.states import States, step
from chassis.work import Row, Work

from sales.queries import company
from sales.usecases.prices import today

Values = dict[str, Any]
RETURN = "lead_return"
"""The timer by which a nurtured lead comes back."""
_WORKING_DAY_BEGINS = time(8)
WORKED_ON = ("assigned", "contacted", "qualified")
"""States of leads that somebody has to look after."""


LEAD = States(
    "lead",
    {
        "assign": step("new assigned nurturing", "assigned"),
        "mark contacted": step("new assigned", "contacted"),
        "qualify": step("new assigned contacted", "qualified"),
        "recycle": step("new assigned contacted qualified", "nurturing"),
        "come back": step("nurturing", "assigned"),
        "disqualify": step("new assigned contacted qualified nurturing", "unqualified"),
        "convert": step("qualified", "converted"),
    },
)
"""What is unqualified or converted stays so."""


def moved(lead: Row, verb: str) -> Values:
    """What a step changes. Raises Conflict naming the state and what is possible in it."""
    return {"status": LEAD.after(verb, lead.status), "nurture_until": None}


def check(before: Row | None, after: Values) -> None:
    """Brings a lead to its normal form. Raises InvalidArgument where nothing says who it is."""
    after["email_key"] = after["email"].lower()
    after["phone_key"] = phone_digits(after["phone"])
    after["company_key"] = after["company_name"].lower()
    if before is None and not any(
        after[name] for name in ("given_name", "family_name", "email", "phone", "company_name")
    ):
        raise invalid_field(
            "lead", "give a name, a company, an e-mail address or a phone number", reason="NOTHING_TO_IDENTIFY_BY"
        )
    if after["budget_minor"] < 0:
        raise invalid_field("lead.budget", "a budget is zero or more", reason="NEGATIVE")
    after["completeness"] = completeness(after)


def completeness(lead: Values) -> int:
    """How much of budget, authority, need and timing is known, in per cent."""
    known: tuple[bool, ...] = (
        lead["budget_minor"] > 0,
        lead["authority"] not in ("", "unknown"),
        bool(lead["need"]),
        lead["timing"] not in ("", "unknown"),
    )
    return 25 * sum(known)


def comes_back(work: Work, until: date) -> date:
    """The day on which a recycled lead comes back. Raises InvalidArgument for one that is not ahead."""
    if until <= today(work):
        raise invalid_field("until", "give a day after today", reason="NOT_AHEAD")
    return until


def returns_at(work: Work, day: date) -> datetime:
    """The moment at which a lead comes back: the morning of the day, at the company's place."""
    return datetime.combine(day, _WORKING_DAY_BEGINS, ZoneInfo(company.company(work).time_zone))
