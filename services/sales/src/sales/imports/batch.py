"""What a batch of rows comes to, and what holds for every batch of an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.custom_fields import Defs
from chassis.importing.rows import Problem, RawRow
from chassis.importing.store import kept
from chassis.work import Work

from sales.imports.cells import Reading
from sales.queries import import_undo
from sales.queries.import_undo import Change, Kind
from sales.queries.imports import IMPORTS

NEW, TEXT, NONE = "new", "text", "none"
"""What a value may mean beside an id: something to find or make, a tag, nothing."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every batch of an import. `choices` say what values mean, by field and value."""

    import_id: UUID
    kind: str
    system: str
    places: Mapping[str, int]
    """The column of each field that is mapped."""
    width: int
    headings: Mapping[str, str]
    """How the file calls each field."""
    reading: Reading
    channel: str
    pipeline_id: UUID | None
    owner_id: UUID | None
    team_id: UUID | None
    dry_run: bool
    choices: Mapping[tuple[str, str], str]
    owners: Mapping[str, str]
    """Colleagues by `references.label_key` of what a file may call them, while it is checked."""
    own_fields: Mapping[str, Callable[[str, dict[str, Any]], Problem | None]]
    """What reads the columns of fields that the company defined itself, by ``custom.<key>``."""
    defs: Defs
    teams: Mapping[UUID, UUID | None]
    """The team of each colleague who was chosen for an owner."""
    error_value_max_chars: int

    def cell(self, raw: RawRow, name: str) -> str:
        """The trimmed text of a field; empty where the file has no such column."""
        place = self.places.get(name)
        return "" if place is None or place >= len(raw.values) else raw.values[place].strip()

    def broken(self, raw: RawRow) -> Problem | None:
        """What is wrong with a row before anything in it is read."""
        if raw.problem is None and len(raw.values) != self.width:
            return Problem("WRONG_WIDTH", f"This row has {len(raw.values)} values, the heading has {self.width}.")
        return raw.problem

    def chosen_id(self, name: str, value: str) -> UUID | None:
        """The record that a value was decided to mean."""
        choice = self.choices.get((name, value), "")
        return UUID(choice) if choice not in ("", NEW, TEXT, NONE) else None

    def owner(self, name: str) -> Owner:
        """Who owns a record whose row names this seller; whoever runs the import where it names none."""
        owner_id = self.chosen_id("owner", name)
        if owner_id is not None:
            return Owner(owner_id, self.teams.get(owner_id))
        choice = self.choices.get(("owner", name), "") if name else ""
        if choice in (TEXT, NONE):
            return Owner(None, self.team_id, name if choice == TEXT else "")
        return Owner(self.owner_id, self.team_id)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a record; `called` is somebody who is no colleague."""

    id: UUID | None
    team_id: UUID | None
    called: str = ""


@dataclass(slots=True)
class Outcome:
    """Counts of a batch, its findings, and the values it has met."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    failed: int = 0
    noted: int = 0
    made: Counter[str] = field(default_factory=Counter)
    findings: dict[int, tuple[RawRow, Problem]] = field(default_factory=dict)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)
    details: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def fail(self, raw: RawRow, problem: Problem) -> None:
        """A row that does not go in."""
        self.failed += 1
        self._find(raw, problem)

    def skip(self, raw: RawRow) -> None:
        """A row that is there already."""
        self.skipped += 1

    def note(self, raw: RawRow, reason: str, message: str, column: str = "") -> None:
        """A row that goes in with a remark."""
        self.noted += raw.number not in self.findings
        self._find(raw, Problem(reason, message, column))

    def meet(self, name: str, value: str, detail: Mapping[str, str] | None = None) -> None:
        """A value that names something else."""
        self.values[name, value] += 1
        if detail:
            self.details.setdefault((name, value), dict(detail))

    def wrote(self, kind: Kind, record_id: UUID, row: int, *, version: int = 1, external_id: str = "") -> None:
        """A record that this import made."""
        self.changes.append((kind, record_id, row, version, external_id))

    def keep_changes(self, work: Work, terms: Terms) -> None:
        """Keeps what was made so far, for undoing it."""
        import_undo.add(work, terms.import_id, self.changes)
        self.changes = []

    def write(self, work: Work, terms: Terms) -> None:
        """Keeps the findings, and what undoing needs."""
        self.keep_changes(work, terms)
        IMPORTS.add_errors(
            work,
            terms.import_id,
            [kept(raw, problem, terms.error_value_max_chars) for raw, problem in self.findings.values()],
        )

    def _find(self, raw: RawRow, problem: Problem) -> None:
        known = self.findings.get(raw.number)
        if known is not None:
            problem = Problem(known[1].reason, f"{known[1].message} {problem.message}", known[1].column)
        self.findings[raw.number] = (raw, problem)
