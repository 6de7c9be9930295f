"""A worker that runs or undoes an import until it is killed.

Run with the database's URL, the folder of files, the tenant and the import.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from uuid import UUID

from chassis.files import DiskFiles
from chassis.importing.limits import ImportLimits
from chassis.jobs import Control
from chassis.settings import Settings
from chassis.work import Database, Row, Work
from sales.imports.running import ImportRunner


def _no_leads(_work: Work, _given: object) -> Row:
    raise AssertionError("files of orders hold no leads")


def main() -> None:
    """Runs one import to its end."""
    url, folder, tenant_id, import_id = sys.argv[1:]
    limits = ImportLimits(batch_rows=40, undo_batch_records=20)
    runner = ImportRunner(Database(Settings(database_url=url)), DiskFiles(Path(folder)), limits, _no_leads)
    control = Control(threading.Event(), slice_s=3600, attempt=0, last_attempt=False)
    runner.handle(UUID(tenant_id), UUID(import_id), control)


if __name__ == "__main__":
    main()
