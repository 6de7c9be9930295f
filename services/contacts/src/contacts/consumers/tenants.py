"""Keeps what contacts needs to know of the company itself, from the events of identity."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.statements import text
from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.identity.v1.events_pb2 import TenantChanged

_KEEP = text(
    """
    INSERT INTO tenant_profile (tenant_id, country_code, version)
    VALUES (%(tenant_id)s, %(country_code)s, %(version)s)
    ON CONFLICT (tenant_id) DO UPDATE SET country_code = excluded.country_code, version = excluded.version
     WHERE tenant_profile.version < excluded.version
    """,
    "tenant_id",
)


def tenants_subscription() -> Subscription:
    """Companies that sign up or change."""
    return Subscription("contacts-tenants", "identity", ("identity.tenant.*",), keep_profiles)


def keep_profiles(work: Work, events: Sequence[Received]) -> None:
    """Keeps the newest profile."""
    newest = max(events, key=lambda event: event.version)
    if isinstance(newest.payload, TenantChanged):
        work.execute(_KEEP, country_code=newest.payload.country_code, version=newest.version)
