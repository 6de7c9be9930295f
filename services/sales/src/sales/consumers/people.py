"""Keeps who works in which team, and empties what is told of people who were erased."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.contacts.v1.events_pb2 import PersonErased
from funia.identity.v1.events_pb2 import UserChanged

from sales.queries import lead as queries
from sales.usecases.people import Marks, forget

ERASED = "contacts.contact.erased"


def colleagues_subscription() -> Subscription:
    """People of companies, as they come, change teams and go."""
    return Subscription("sales-colleagues", "identity", ("identity.user.*",), keep_colleagues)


def erased_people_subscription() -> Subscription:
    """People who were erased."""
    return Subscription("sales-erased-people", "contacts", (ERASED, "contacts.person_erasure.completed"), forget_erased)


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
    """Empties what sales tells of them, under their contact and under their addresses alone."""
    people = [event.subject_id for event in events if event.type == ERASED]
    erased = [event.payload for event in events if isinstance(event.payload, PersonErased)]
    marks = Marks(
        frozenset(digest for one in erased for digest in one.email_digests),
        frozenset(digest for one in erased for digest in one.phone_digests),
        frozenset(digest for one in erased for digest in one.family_name_digests),
    )
    forget(work, people, marks)
