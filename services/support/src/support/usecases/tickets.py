"""The rules of a ticket: what it names, how it goes on, and what an answer or a customer's word does to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, invalid_field
from chassis.jobs import set_timer
from chassis.work import Row, Work

from support.errors import not_there
from support.queries import ticket as queries
from support.references import Customers
from support.usecases import numbers
from support.usecases.states import ACTIVE, TICKET

Values = dict[str, Any]
CLOSE = "ticket_close"
"""The timer that closes a solved ticket."""


def check(work: Work, customers: Customers, before: Row | None, after: Values) -> None:
    """Brings a ticket to its normal form; a new one gets its number.

    Raises InvalidArgument at the first thing it names that is not there.
    """
    if before is not None and before.status in ("merged", "closed") and _touched(before, after):
        raise _shut(before)
    if before is None:
        after["status"] = "new"
        after["customer_wrote_at"] = work.now
    after["type"] = after["type"] or "question"
    after["channel"] = after["channel"] or "api"
    after["active"] = after["status"] in ACTIVE
    _queue(work, before, after)
    after["priority"] = after["priority"] or "normal"
    for kind in ("contact", "account"):
        named = _new_name(before, after, f"{kind}_id")
        if named is not None:
            customers.check(work, kind, [(f"ticket.{kind}_id", named)])
    _problem(work, before, after)
    if before is None:
        # The last thing, so that the lane of the number is locked for as short as can be.
        after["number"] = numbers.take(work)[0]


def enter(work: Work, ticket: Row, status: str) -> Values:
    """What coming to a status changes. Raises Conflict naming what is possible."""
    reached = TICKET.after(status, ticket.status)
    if reached == "solved":
        return {"status": reached, "solved_at": work.now}
    if reached == "closed":
        return {"status": reached, "closed_at": work.now}
    reopened = ticket.reopened + (ticket.status == "solved")
    return {"status": reached, "solved_at": None, "closed_at": None, "reopened": reopened}


def closes_at(ticket: Row, after_days: int) -> datetime:
    """When a solved ticket closes by itself."""
    solved_at: datetime = ticket.solved_at
    return solved_at + timedelta(days=after_days)


def set_closing(work: Work, ticket: Row, after_days: int) -> None:
    """Sets the timer that closes a solved ticket."""
    set_timer(work, CLOSE, ticket.id, closes_at(ticket, after_days))


def answered(work: Work, ticket: Row, status: str) -> Values:
    """What an agent's answer to the customer changes, where the ticket comes to a status with it."""
    if ticket.status in ("merged", "closed"):
        raise _shut(ticket)
    given: Values = {"agent_replied_at": work.now}
    if ticket.first_replied_at is None:
        given["first_replied_at"] = work.now
    reached = status or ("open" if ticket.status == "new" else "")
    return given | (enter(work, ticket, reached) if reached and reached != ticket.status else {})


def customer_wrote(work: Work, ticket: Row, status: str) -> Values:
    """What a customer's word changes: what waited for it, or was solved, is open again."""
    if ticket.status == "merged":
        raise _shut(ticket)
    given: Values = {"customer_wrote_at": work.now}
    reached = status or ("open" if ticket.status in ("pending", "solved", "spam") else "")
    return given | (enter(work, ticket, reached) if reached and reached != ticket.status else {})


def is_over(work: Work, ticket: Row, after_days: int) -> bool:
    """Whether a customer who comes back to a ticket begins a new one, also where no timer has closed it yet."""
    if ticket.status == "closed":
        return True
    return ticket.status == "solved" and closes_at(ticket, after_days) <= work.now


def taken_over(work: Work, status: str) -> Values:
    """What a ticket of another system begins with that is further than new."""
    given: Values = {"status": status}
    if status in ("solved", "closed"):
        given["solved_at"] = work.now
    if status == "closed":
        given["closed_at"] = work.now
    return given


def follow_up(ticket: Row, contact_id: UUID, channel: str) -> Values:
    """A new ticket of a customer who came back to one that is over."""
    kept = ("subject", "type", "account_id", "queue_id", "product_id", "order_id", "tags", "owner_id", "team_id")
    return {
        **{name: getattr(ticket, name) for name in kept},
        "description": "",
        "priority": ticket.priority,
        "channel": channel or ticket.channel,
        "contact_id": contact_id,
        "problem_id": None,
        "follow_up_of_id": ticket.id,
        "watcher_ids": ticket.watcher_ids,
        "external_ids": {},
        "custom": {},
    }


def _queue(work: Work, before: Row | None, after: Values) -> None:
    """The queue gives team and priority where nobody says another."""
    named = _new_name(before, after, "queue_id")
    if named is None:
        return
    queue = queries.queue(work, named)
    if queue is None:
        raise not_there("ticket.queue_id", "queue")
    after["priority"] = after["priority"] or queue.priority
    kept = None if before is None else before.team_id
    if queue.team_id is not None and after["team_id"] == kept:
        after["team_id"] = queue.team_id


def _problem(work: Work, before: Row | None, after: Values) -> None:
    named = _new_name(before, after, "problem_id")
    if named is not None:
        problem = queries.kind(work, named)
        if problem is None or problem.type != "problem":
            raise not_there("ticket.problem_id", "problem")
    if after["problem_id"] is not None and after["type"] == "problem":
        raise invalid_field("ticket.problem_id", "a problem does not come from another one", reason="IS_PROBLEM")


def _new_name(before: Row | None, after: Values, name: str) -> UUID | None:
    named: UUID | None = after[name]
    return None if before is not None and getattr(before, name) == named else named


_STAYS = ("subject", "description", "type", "priority", "contact_id", "account_id", "queue_id", "problem_id")


def _touched(before: Row, after: Values) -> bool:
    return any(getattr(before, name) != after[name] for name in _STAYS)


def _shut(ticket: Row) -> Conflict:
    if ticket.status == "merged":
        return Conflict(
            "This ticket was merged into another one. Go on there.",
            reason="MERGED",
            metadata={"merged_into_id": str(ticket.merged_into_id)},
        )
    return Conflict("This ticket is closed. Begin a new one that follows up.", reason="CLOSED")
