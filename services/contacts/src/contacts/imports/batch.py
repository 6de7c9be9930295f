"""What a batch of rows comes to: counts, refused rows and writes, gathered first, then written by few statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.allowances import Allowance
from chassis.envelope import Event
from chassis.errors import FuniaError
from chassis.importing.rows import Problem, RawRow
from chassis.importing.store import kept
from chassis.work import Work

from contacts.imports.matching import Key, Policy
from contacts.queries import import_job, record_batch
from contacts.queries.import_job import IMPORTS


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """What holds for every batch of an import."""

    import_id: UUID
    policy: Policy
    owner_id: UUID | None
    team_id: UUID | None
    dry_run: bool
    error_value_max_chars: int


@dataclass(slots=True)
class Batch:
    """Counts of a batch, and everything it will write."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    failed: int = 0
    refused: list[tuple[RawRow, Problem]] = field(default_factory=list)
    contact_inserts: list[dict[str, Any]] = field(default_factory=list)
    contact_updates: list[dict[str, Any]] = field(default_factory=list)
    contact_keys: list[tuple[str, str, UUID]] = field(default_factory=list)
    account_inserts: list[dict[str, Any]] = field(default_factory=list)
    account_updates: list[dict[str, Any]] = field(default_factory=list)
    account_keys: list[tuple[str, str, UUID]] = field(default_factory=list)
    links: list[tuple[UUID, UUID, str, bool]] = field(default_factory=list)
    parents: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[str, UUID, int, int, dict[str, Any] | None]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def fail(self, raw: RawRow, problem: Problem) -> None:
        """A row that cannot go in."""
        self.failed += 1
        self.refused.append((raw, problem))

    def foresee(self, raw: RawRow, problem: Problem) -> None:
        """What a dry run tells of a row beside what becomes of it; a row has one finding, so it takes in any other."""
        others = [known for row, known in self.refused if row.number == raw.number]
        self.refused = [one for one in self.refused if one[0].number != raw.number]
        message = " ".join(one.message for one in (problem, *others))
        self.refused.append((raw, Problem(problem.reason, message, others[0].column if others else "")))

    def skip(self, raw: RawRow, problem: Problem | None = None) -> None:
        """A row that changes nothing, or a duplicate left out by choice."""
        self.skipped += 1
        if problem is not None:
            self.refused.append((raw, problem))

    def write(self, work: Work, terms: ImportTerms) -> None:
        """Writes it all into the transaction; a dry run writes nothing but the refused rows."""
        if not terms.dry_run:
            record_batch.insert(work, "account", self.account_inserts)
            record_batch.update(work, "account", self.account_updates)
            record_batch.add_keys(work, "account", self.account_keys)
            record_batch.insert(work, "contact", self.contact_inserts)
            record_batch.update(work, "contact", self.contact_updates)
            record_batch.add_keys(work, "contact", self.contact_keys)
            record_batch.put_links(work, self.links)
            import_job.add_parents(work, terms.import_id, self.parents)
            import_job.add_changes(work, terms.import_id, self.changes)
            work.record_all(self.events)
        IMPORTS.add_errors(work, terms.import_id, [kept(*one, terms.error_value_max_chars) for one in self.refused])


class SeenKeys:
    """Keys of the rows a dry run would have written, on disk: a real run finds them in the database itself.

    `spent` is what these rows would have taken of the plan; `has_stopped` tells that a run of today would have stopped.
    """

    def __init__(self) -> None:
        self.spent: dict[str, int] = {}
        self.has_stopped = False
        # An unnamed SQLite database lives in a private temporary file that vanishes with the connection.
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute(
            "CREATE TABLE seen (kind TEXT, value TEXT, row INT, PRIMARY KEY (kind, value)) WITHOUT ROWID"
        )

    def add(self, keys: Iterable[Key], row: int) -> None:
        """Remembers that this row would own these keys."""
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", [(*key, row) for key in keys])

    def find(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The row that would own each of these keys."""
        found = {}
        for key in keys:
            hit = self._database.execute("SELECT row FROM seen WHERE kind = ? AND value = ?", key).fetchone()
            if hit:
                found[key] = hit[0]
        return found

    def close(self) -> None:
        """Lets the temporary file go."""
        self._database.close()


def beyond_the_plan(allowance: Allowance, meters: Sequence[str]) -> Problem | None:
    """Takes one of each from what the plan allows; what it has against that, having taken nothing then."""
    full = next((meter for meter in meters if not allowance.has(meter)), None)
    try:
        for meter in meters if full is None else [full]:
            allowance.take(meter)
    except FuniaError as error:
        return Problem(error.reason, error.message)
    return None
