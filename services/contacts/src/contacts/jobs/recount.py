"""What the nightly count of a company's records and files looks at."""

from __future__ import annotations

from chassis.recounting import Recount
from chassis.work import Database

from contacts.jobs.forgetting import DIRECTORY
from contacts.settings import ContactsSettings

_FOUND = """
    SELECT 'contacts', count(*) FROM contact WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
    UNION ALL
    SELECT 'accounts', count(*) FROM account WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
    UNION ALL
    SELECT 'storage_bytes', coalesce((SELECT sum(file_bytes) FROM import_job WHERE tenant_id = %(tenant_id)s), 0)
         + coalesce((SELECT sum(file_bytes) FROM bulk_job WHERE tenant_id = %(tenant_id)s), 0)
"""


def recount_of(database: Database, settings: ContactsSettings) -> Recount:
    """The nightly count of contacts."""
    return Recount(
        database,
        meters=("accounts", "contacts", "storage_bytes"),
        found=_FOUND,
        directory=DIRECTORY,
        relay_url=settings.relay_database_url,
        every_s=settings.usage_recount_every_s,
        days_keep=settings.usage_days_keep,
    )
