"""Imports of sales are forgotten when they are over for long: their files, and what was asked and said of them.

What they wrote stays, and a file that comes again still finds it.
"""

from __future__ import annotations

from datetime import timedelta

from chassis.files import FileStore
from chassis.forgetting import Forgetting, OldJobs
from chassis.work import Database

from sales.jobs.recount import DIRECTORY
from sales.settings import SalesProcessSettings

_OF_IMPORT = dict.fromkeys(("sales_import_row_error", "sales_import_value", "sales_import_change"), "import_id")


def forgetting_of(database: Database, files: FileStore, settings: SalesProcessSettings) -> Forgetting:
    """The daily sweep of sales."""
    imports = OldJobs(
        "sales_import",
        keep=timedelta(days=settings.import_keep_days),
        running=("validating", "running", "reverting"),
        parts=_OF_IMPORT,
    )
    return Forgetting(
        database,
        files,
        [imports],
        directory=DIRECTORY,
        relay_url=settings.relay_database_url,
        every_s=settings.forget_every_s,
    )
