"""Sets the nightly timer of models for every company that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chassis.revocations import OPEN_STATUSES
from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.identity.v1.events_pb2 import TenantChanged


def tenants_subscription(set_refresh: Callable[[Work], None]) -> Subscription:
    """Companies that sign up or change."""

    def keep(work: Work, events: Sequence[Received]) -> None:
        newest = max(events, key=lambda event: event.version)
        if isinstance(newest.payload, TenantChanged) and newest.payload.status in OPEN_STATUSES:
            set_refresh(work)

    return Subscription("analytics-tenants", "identity", ("identity.tenant.*",), keep)
