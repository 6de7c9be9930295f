"""Mails people what they asked to be reminded of. The mail says that something is due and where it stands, not what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.sales.v1.events_pb2 import SalesActivityChanged

from gateway.identity import letters
from gateway.identity.platform import platform_rights
from gateway.identity.post import Post
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users


def reminders_subscription(post: Post, issuer: str) -> Subscription:
    """Reminders that are due."""
    reminders = Reminders(post, issuer)
    return Subscription("identity-reminders", "sales", ("sales.activity.reminder_due",), reminders.write)


class Reminders:
    """Writes the mails, in the transaction that notes that the event was handled: each reminder is mailed once."""

    def __init__(self, post: Post, issuer: str) -> None:
        self._post = post
        self._issuer = issuer

    def write(self, work: Work, events: Sequence[Received]) -> None:
        """A mail for each reminder whose owner is at work in the company."""
        for event in events:
            if isinstance(event.payload, SalesActivityChanged) and event.payload.owner_id:
                self._write(work, event.payload)

    def _write(self, work: Work, activity: SalesActivityChanged) -> None:
        owner, company = users.get(work, UUID(activity.owner_id)), tenants.get(work)
        if owner is None or owner.status != "active" or company is None:
            return
        locale = owner.locale or company.locale
        due = letters.phrase("activity_reminder", "undated", locale)
        if activity.HasField("due_at"):
            at = activity.due_at.ToDatetime(tzinfo=UTC).astimezone(ZoneInfo(company.time_zone or "UTC"))
            due = f"{at:%Y-%m-%d %H:%M}"
        letter = letters.compose(
            "activity_reminder",
            locale,
            to=owner.email,
            link=f"{self._issuer}/deals/{activity.deal_id}" if activity.deal_id else self._issuer,
            company=company.name,
            what=letters.phrase("activity_reminder", activity.kind, locale),
            due=due,
        )
        with platform_rights(work) as platform:
            self._post.put(platform, letter, company=work.tenant_id)
