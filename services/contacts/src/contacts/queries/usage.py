"""Counts records and files of a company as they stand, to put its counters right. For the nightly recount alone."""

from __future__ import annotations

from datetime import timedelta

from chassis.metering import STANDING
from chassis.statements import text
from chassis.work import Work

_METERS = ["accounts", "contacts", "storage_bytes"]
_LOCK = text(
    """
    INSERT INTO usage_count (tenant_id, meter, period, used, changes, told)
    SELECT %(tenant_id)s, meter, %(period)s, 0, 0, false FROM unnest(%(meters)b::text[]) AS counted(meter)
     ORDER BY meter
    ON CONFLICT (tenant_id, meter, period) DO UPDATE SET changes = usage_count.changes
    """,
    "tenant_id",
    "period",
    "meters",
)
_CORRECT = text(
    """
    WITH found (meter, used) AS (
        SELECT 'contacts', count(*) FROM contact WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
        UNION ALL
        SELECT 'accounts', count(*) FROM account WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
        UNION ALL
        SELECT 'storage_bytes', coalesce((SELECT sum(file_bytes) FROM import_job WHERE tenant_id = %(tenant_id)s), 0)
             + coalesce((SELECT sum(file_bytes) FROM bulk_job WHERE tenant_id = %(tenant_id)s), 0)
    )
    UPDATE usage_count SET used = found.used, changes = changes + 1, told = false FROM found
     WHERE usage_count.tenant_id = %(tenant_id)s AND usage_count.meter = found.meter
       AND usage_count.period = %(period)s AND usage_count.used <> found.used
    """,
    "tenant_id",
    "period",
)
_IS_COUNTED = text(
    "SELECT 1 FROM usage_count WHERE tenant_id = %(tenant_id)s AND meter = 'contacts' AND period = %(period)s",
    "tenant_id",
    "period",
)
_FORGET_DAYS = text(
    """
    DELETE FROM usage_count
     WHERE tenant_id = %(tenant_id)s AND period > %(standing)s AND period < %(before)s AND told
    """,
    "tenant_id",
    "standing",
    "before",
)


def is_counted(work: Work) -> bool:
    """Whether the company has counters at all; one of a former version has none."""
    return work.row(_IS_COUNTED, period=STANDING) is not None


def recount(work: Work) -> int:
    """Puts the counters right; returns how many were wrong. Writes of the company wait until the transaction ends.

    Whoever holds the counters' rows has them to himself: a write that is committed is counted here, any other one adds
    itself afterwards.
    """
    work.execute(_LOCK, period=STANDING, meters=_METERS)
    return work.execute(_CORRECT, period=STANDING)


def forget_days(work: Work, keep_days: int) -> int:
    """Removes daily counters of long ago that identity knows; returns how many."""
    return work.execute(_FORGET_DAYS, standing=STANDING, before=(work.now - timedelta(days=keep_days)).date())
