"""Somebody who imports files, step by step or in one go."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.caller import Caller
from chassis.files import DiskFiles
from chassis.ids import uuid7
from chassis.importing.limits import ImportLimits
from chassis.importing.uploads import take_in
from chassis.jobs import Control, Outcome
from chassis.statements import text
from chassis.work import Database, Row
from contacts.imports.proposals import proposer
from contacts.imports.running import ImportRunner
from contacts.queries.import_job import IMPORTS
from contacts.usecases import import_job
from funia.events.v1.envelope_pb2 import Envelope

EVENTS = text("SELECT envelope FROM outbox WHERE tenant_id = %(tenant_id)s ORDER BY id", "tenant_id")
COUNTS = ("rows_read", "rows_total", "rows_created", "rows_updated", "rows_skipped", "rows_failed")


@dataclass
class Importer:
    """Somebody of one company, with everything an import needs."""

    database: Database
    files: DiskFiles
    limits: ImportLimits = field(default_factory=ImportLimits)
    caller: Caller = field(
        default_factory=lambda: Caller(
            tenant_id=uuid7(), actor_type="user", actor_id=uuid7(), scopes=frozenset(), visibility="all"
        )
    )

    def upload(self, content: bytes | str, *, kind: str = "contact", name: str = "list.csv") -> Row:
        whole = content.encode() if isinstance(content, str) else content
        pieces = [whole[at : at + 1000] for at in range(0, len(whole), 1000)] if len(whole) < 10**6 else [whole]
        return take_in(
            self.database,
            self.files,
            self.limits,
            self.caller,
            pieces,
            proposer(kind),
            lambda work, taken: import_job.add(work, taken, kind=kind, file_name=name),
        )

    def map(self, row: Row, fields: dict[str, str] | None = None, **options: str) -> Row:
        """Maps as proposed, with these fields instead where given."""
        chosen = fields if fields is not None else {one["heading"]: one["field"] for one in row.columns}
        given = {"mode": "", "match_by": "", "on_duplicate": "", "default_country": "", **options}
        with self.database.open_work(self.caller) as work:
            return import_job.map_columns(work, row.id, chosen, **given)

    def start(self, import_id: UUID, *, dry_run: bool = False) -> Row:
        with self.database.open_work(self.caller) as work:
            return import_job.run(work, import_id, dry_run=dry_run)

    def work_off(self, import_id: UUID) -> Row:
        """Does what the worker would do, until there is nothing left to do."""
        control = Control(threading.Event(), slice_s=3600, attempt=0, last_attempt=False)
        runner = ImportRunner(self.database, self.files, self.limits)
        while runner.handle(self.caller.tenant_id, import_id, control) is Outcome.AGAIN:
            pass
        return self.get(import_id)

    def run(self, import_id: UUID, *, dry_run: bool = False) -> Row:
        self.start(import_id, dry_run=dry_run)
        return self.work_off(import_id)

    def load(self, content: bytes | str, *, kind: str = "contact", **options: Any) -> Row:
        """Uploads, maps and runs in one go."""
        row = self.upload(content, kind=kind)
        self.map(row, options.pop("fields", None), **options)
        return self.run(row.id)

    def get(self, import_id: UUID) -> Row:
        with self.database.open_work(self.caller, read_only=True) as work:
            return IMPORTS.found(work, import_id)

    def errors(self, import_id: UUID) -> list[Row]:
        with self.database.open_work(self.caller, read_only=True) as work:
            return IMPORTS.errors(work, import_id, after_row=0, limit=10_000)

    def reasons(self, import_id: UUID) -> list[tuple[int, str]]:
        return [(row.row, row.reason) for row in self.errors(import_id)]

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        with self.database.open_work(self.caller, read_only=True) as work:
            return work.rows(text(sql, "tenant_id"), **parameters)

    def contacts(self, columns: str = "*") -> list[Row]:
        return self.rows(f"SELECT {columns} FROM contact WHERE deleted_at IS NULL ORDER BY created_at, id")

    def accounts(self, columns: str = "*") -> list[Row]:
        return self.rows(f"SELECT {columns} FROM account WHERE deleted_at IS NULL ORDER BY name_key, id")

    def events(self) -> list[Envelope]:
        with self.database.open_work(self.caller, read_only=True) as work:
            return [Envelope.FromString(row.envelope) for row in work.rows(EVENTS)]

    def event_types(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for event in self.events():
            found[event.type] = found.get(event.type, 0) + 1
        return found


def counts(row: Row) -> dict[str, int]:
    """The counts of an import that are not zero."""
    return {name: value for name in COUNTS if (value := getattr(row, name))}
