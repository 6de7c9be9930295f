"""Follows people who are merged and erased with what they said about being written to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.idempotency import forget_answers
from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.contacts.v1.events_pb2 import ContactChanged

from marketing.queries import consent as queries
from marketing.usecases.consents import take_over

ERASED = "contacts.contact.erased"


def people_subscription() -> Subscription:
    """People who are merged or erased."""
    return Subscription("marketing-people", "contacts", ("contacts.contact.merged", ERASED), follow)


def follow(work: Work, events: Sequence[Received]) -> None:
    """Joins what merged people said, and takes out what leads to erased ones."""
    for event in events:
        if event.type == ERASED:
            queries.forget_people(work, [event.subject_id])
            forget_answers(work, [event.subject_id])
        elif isinstance(event.payload, ContactChanged) and event.payload.merged_into_id:
            take_over(work, event.subject_id, UUID(event.payload.merged_into_id))
