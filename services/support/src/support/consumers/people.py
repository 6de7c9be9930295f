"""Empties what tickets tell of people who were erased."""

from __future__ import annotations

from collections.abc import Sequence

from chassis import custom_values
from chassis.idempotency import forget_answers
from chassis.subscriptions import Received, Subscription
from chassis.work import Work

from support.queries import ticket as queries


def erased_people_subscription() -> Subscription:
    """People who were erased."""
    return Subscription("support-erased-people", "contacts", ("contacts.contact.erased",), forget_erased)


def forget_erased(work: Work, events: Sequence[Received]) -> None:
    """Empties their tickets and all that was written on them, and what they wrote on tickets of others."""
    people = [event.subject_id for event in events]
    emptied = queries.forget_people(work, people)
    forget_answers(work, [*people, *emptied])
    custom_values.put(work, "ticket", [(ticket_id, {}) for ticket_id in emptied], new=False)
