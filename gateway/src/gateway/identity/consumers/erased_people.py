"""Removes archives of a company that tell of a person who was erased since they were made."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.subscriptions import Received, Subscription
from chassis.work import Work

from gateway.identity.usecases import company_exports


def erased_people_subscription() -> Subscription:
    """People whom a company erased."""
    return Subscription("identity-erased-people", "contacts", ("contacts.contact.erased",), remove_archives)


def remove_archives(work: Work, _events: Sequence[Received]) -> None:
    """The archives go at once; one made from now on is without the person."""
    company_exports.remove_all(work)
