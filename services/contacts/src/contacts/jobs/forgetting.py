"""Which imports and bulk jobs of contacts are forgotten when they are over for long."""

from __future__ import annotations

from datetime import timedelta

from chassis.files import FileStore
from chassis.forgetting import Forgetting, OldJobs
from chassis.work import Database

from contacts.settings import ContactsSettings

DIRECTORY = "SELECT tenant_id FROM tenant_profile ORDER BY tenant_id"
"""For the relay role, which may see which companies there are."""
_OF_IMPORT = dict.fromkeys(("import_change", "import_row_error", "import_parent"), "import_id")


def forgetting_of(database: Database, files: FileStore, settings: ContactsSettings) -> Forgetting:
    """The daily sweep of contacts."""
    return Forgetting(
        database,
        files,
        [
            OldJobs(
                "import_job",
                keep=timedelta(days=settings.import_keep_days),
                running=("validating", "running", "reverting"),
                parts=_OF_IMPORT,
            ),
            OldJobs(
                "bulk_job",
                keep=timedelta(days=settings.bulk_keep_days),
                running=("running",),
                parts={"bulk_result": "job_id"},
            ),
        ],
        directory=DIRECTORY,
        relay_url=settings.relay_database_url,
        every_s=settings.forget_every_s,
    )
