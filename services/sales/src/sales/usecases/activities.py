"""The rules of an activity: where each kind may go, what it names, and what stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chassis.errors import Conflict, invalid_field
from chassis.record_shares import check_writes
from chassis.states import States, step
from chassis.work import Row, Work

from sales.errors import not_there
from sales.queries import activity as queries
from sales.queries import company, funnel
from sales.references import Customers
from sales.usecases.prices import today

Values = dict[str, Any]
REMIND = "activity_reminder"
"""The timer of a reminder."""
_APPOINTMENT = {
    "held": step("planned", "held"),
    "not_held": step("planned", "not_held"),
    "canceled": step("planned", "canceled"),
}
STATES: Mapping[str, States] = {
    "task": States(
        "task",
        {
            "not_started": step("in_progress deferred", "not_started"),
            "in_progress": step("not_started deferred", "in_progress"),
            "completed": step("not_started in_progress deferred", "completed"),
            "deferred": step("not_started in_progress", "deferred"),
            "canceled": step("not_started in_progress deferred", "canceled"),
        },
    ),
    "meeting": States("meeting", _APPOINTMENT),
    "call": States("call", _APPOINTMENT),
    "note": States("note", {}),
    "email": States("email", {}),
}
"""Steps of each kind, by the state that each leads to."""
FIRST: Mapping[str, str] = {
    "task": "not_started",
    "meeting": "planned",
    "call": "planned",
    "note": "noted",
    "email": "queued",
}
_WRITTEN = ("title", "body", "deal_id", "lead_id", "contact_id", "account_id")
"""What of a mail stays as it was sent."""
_OPEN = frozenset({"not_started", "in_progress", "deferred", "planned"})
DONE = frozenset({"completed", "held"})


@dataclass(frozen=True, slots=True)
class Day:
    """What somebody has to do."""

    on: date
    overdue: list[Row]
    planned: list[Row]
    undated: list[Row]


def check(work: Work, customers: Customers, before: Row | None, after: Values) -> None:
    """Brings an activity to its normal form. Raises InvalidArgument at the first thing it names that is not there."""
    if before is not None and before.kind == "email" and any(after[name] != getattr(before, name) for name in _WRITTEN):
        raise Conflict("A mail stays as it was sent. Write another one.", reason="MAIL_IS_WRITTEN")
    if before is None:
        after["status"] = FIRST[after["kind"]]
    after["priority"] = after["priority"] or "normal"
    after["open"] = after["status"] in _OPEN
    if after["kind"] in ("meeting", "call") and after["open"] and after["due_at"] is None:
        raise invalid_field("sales_activity.due_at", "say when it takes place", reason="REQUIRED")
    for kind in ("deal", "lead"):
        named = _new_name(before, after, f"{kind}_id")
        if named is not None:
            holder = funnel.holder(work, kind, named)
            if holder is None:
                raise not_there(f"sales_activity.{kind}_id", kind)
            check_writes(holder, kind)
    for kind in ("contact", "account"):
        named = _new_name(before, after, f"{kind}_id")
        if named is not None:
            customers.check(work, kind, [(f"sales_activity.{kind}_id", named)])


def moved(work: Work, activity: Row, status: str, outcome: str) -> Values:
    """What a move changes. Raises Conflict naming what is possible, InvalidArgument for a state of another kind."""
    states = STATES[activity.kind]
    if status not in states.steps:
        possible = ", ".join(states.steps) or "none"
        raise invalid_field("status", f"states of a {activity.kind} to come to: {possible}", reason="OTHER_KIND")
    reached = states.after(status, activity.status)
    done = work.now if reached in DONE else None
    return {"status": reached, "completed_at": done, "outcome": outcome or activity.outcome}


def day(work: Work, asked: date | None) -> Day:
    """What the caller has to do on a day at the company's place, and before it."""
    on = asked or today(work)
    zone = ZoneInfo(company.company(work).time_zone)
    begins = datetime.combine(on, time(), zone)
    ends = datetime.combine(on + timedelta(days=1), time(), zone)
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    return Day(
        on,
        queries.dated(work, since=long_ago, until=begins),
        queries.dated(work, since=begins, until=ends),
        queries.undated(work),
    )


def _new_name(before: Row | None, after: Values, name: str) -> Any:
    named = after[name]
    return None if before is not None and getattr(before, name) == named else named
