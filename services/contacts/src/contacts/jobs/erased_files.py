"""Removes uploaded files that told of a person who was erased; begun in the erasure's own transaction."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.files import FileStore
from chassis.jobs import Control, Outcome
from chassis.work import Database

from contacts.queries import person as queries


class ErasedFiles:
    """Carries the jobs out. A file that is gone is no error, so it can be broken off and repeated anywhere."""

    def __init__(self, database: Database, files: FileStore) -> None:
        self._database = database
        self._files = files

    def handle(self, tenant_id: UUID, erasure_id: UUID, _control: Control) -> Outcome:
        """The handler of `JOB`."""
        caller = Caller.system(tenant_id, request_id=str(erasure_id))
        with self._database.open_work(caller, read_only=True) as work:
            row = queries.get(work, erasure_id)
        for key in row.file_keys if row is not None else ():
            self._files.delete(tenant_id, key)
        with self._database.open_work(caller) as work:
            queries.files_gone(work, erasure_id)
        return Outcome.DONE
