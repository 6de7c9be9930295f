"""Keeps who works in which team, and empties what is told of people who were erased."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis import custom_values
from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.identity.v1.events_pb2 import UserChanged

from sales.queries import activity, loyalty, mail, quotes
from sales.queries import lead as queries
from sales.queries import need as needs


def colleagues_subscription() -> Subscription:
    """People of companies, as they come, change teams and go."""
    return Subscription("sales-colleagues", "identity", ("identity.user.*",), keep_colleagues)


def erased_people_subscription() -> Subscription:
    """People who were erased."""
    return Subscription("sales-erased-people", "contacts", ("contacts.contact.erased",), forget_erased)


def keep_colleagues(work: Work, events: Sequence[Received]) -> None:
    """Keeps the newest that is known of each person."""
    for event in events:
        if isinstance(event.payload, UserChanged):
            team = event.payload.team_id
            queries.keep_colleague(
                work,
                event.subject_id,
                UUID(team) if team else None,
                active=event.payload.status == "active",
                version=event.version,
            )


def forget_erased(work: Work, events: Sequence[Received]) -> None:
    """Empties what leads, needs, activities, quotes and memberships tell of them."""
    people = [event.subject_id for event in events]
    emptied = queries.forget_people(work, people)
    custom_values.put(work, "lead", [(lead_id, {}) for lead_id in emptied], new=False)
    needs.forget_people(work, people)
    activity.forget_people(work, people)
    mail.forget_people(work, people)
    quotes.forget_people(work, people)
    loyalty.forget_people(work, people)
