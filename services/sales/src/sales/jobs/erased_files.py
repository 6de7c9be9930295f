"""Removes files of imports that told of a person who was erased; begun in the erasure's own transaction."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.files import FileStore
from chassis.jobs import Control, Outcome
from chassis.work import Database

from sales.queries import imports
from sales.queries.imports import IMPORTS


class ErasedFiles:
    """Carries the jobs out. A file that is gone is no error, so it can be broken off and repeated anywhere."""

    def __init__(self, database: Database, files: FileStore) -> None:
        self._database = database
        self._files = files

    def handle(self, tenant_id: UUID, import_id: UUID, _control: Control) -> Outcome:
        """The handler of `people.ERASED_FILE`. An import that is under way ends with the file."""
        caller = Caller.system(tenant_id, request_id=str(import_id))
        with self._database.open_work(caller, read_only=True) as work:
            job = IMPORTS.get(work, import_id)
        if job is not None and job.file_key:
            self._files.delete(tenant_id, job.file_key)
            with self._database.open_work(caller) as work:
                imports.forget_file(work, job)
        return Outcome.DONE
