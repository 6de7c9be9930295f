"""Keeps what sales needs to know of the company itself, and gives a new one what it begins with."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.statements import text
from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.identity.v1.events_pb2 import TenantChanged

from sales.usecases.beginning import begin

_KEEP = text(
    """
    INSERT INTO sales_profile (tenant_id, country_code, currency_code, time_zone, version)
    VALUES (%(tenant_id)s, %(country_code)s, %(currency_code)s, %(time_zone)s, %(version)s)
    ON CONFLICT (tenant_id) DO UPDATE SET country_code = excluded.country_code,
           currency_code = excluded.currency_code, time_zone = excluded.time_zone, version = excluded.version
     WHERE sales_profile.version < excluded.version
    """,
    "tenant_id",
)


def companies_subscription() -> Subscription:
    """Companies that sign up or change."""
    return Subscription("sales-companies", "identity", ("identity.tenant.*",), keep_profiles)


def keep_profiles(work: Work, events: Sequence[Received]) -> None:
    """Keeps the newest profile."""
    newest = max(events, key=lambda event: event.version)
    if isinstance(newest.payload, TenantChanged):
        work.execute(
            _KEEP,
            country_code=newest.payload.country_code,
            currency_code=newest.payload.currency_code,
            time_zone=newest.payload.time_zone,
            version=newest.version,
        )
        begin(work, newest.payload.locale)
