"""What the nightly count of a company's leads and deals looks at; sums of days for reports are made anew with it."""

from __future__ import annotations

from chassis.recounting import Recount
from chassis.settings import Settings
from chassis.work import Database

from sales.queries import sales_days
from sales.usecases import suggestions

_FOUND = """
    SELECT 'deals', count(*) FROM deal WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
    UNION ALL
    SELECT 'leads', count(*) FROM lead WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
    UNION ALL
    SELECT 'storage_bytes', coalesce((SELECT sum(file_bytes) FROM sales_import WHERE tenant_id = %(tenant_id)s), 0)
                          + coalesce((SELECT sum(size_bytes) FROM document_version WHERE tenant_id = %(tenant_id)s), 0)
"""
DIRECTORY = "SELECT tenant_id FROM sales_profile ORDER BY tenant_id"
"""For the relay role, which may see which companies there are."""


def recount_of(database: Database, settings: Settings) -> Recount:
    """The nightly count of sales."""
    return Recount(
        database,
        meters=("deals", "leads", "storage_bytes"),
        found=_FOUND,
        directory=DIRECTORY,
        relay_url=settings.relay_database_url,
        every_s=settings.usage_recount_every_s,
        days_keep=settings.usage_days_keep,
        sums=(sales_days.recount, suggestions.recount),
    )
