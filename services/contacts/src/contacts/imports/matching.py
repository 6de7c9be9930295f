"""What becomes of a row: a new record, a change to one that is there, or a duplicate that needs a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from chassis.importing.rows import Problem

Verdict = Literal["create", "update", "skip"]
Key = tuple[str, str]
K = TypeVar("K")

KEY_OF_MATCH = {"email": "email", "phone": "phone", "external_id": "external", "name": "name", "domain": "domain"}
_SAID = {"email": "e-mail", "phone": "phone number", "external": "external id", "name": "name", "domain": "domain"}


@dataclass(frozen=True, slots=True)
class Policy:
    """How an import treats what exists. `match` is the kind of key by which a row means an existing record."""

    mode: str
    match: str
    on_duplicate: str


@dataclass(slots=True)
class KeyIndex(Generic[K]):
    """Records by their keys, those of earlier rows of the batch included."""

    entries: dict[Key, list[K]] = field(default_factory=dict)

    def add(self, keys: Iterable[Key], record: K) -> None:
        """Makes a record known under these keys."""
        for key in keys:
            known = self.entries.setdefault(key, [])
            if not any(one is record for one in known):
                known.append(record)

    def find(self, keys: Sequence[Key]) -> list[tuple[str, K]]:
        """Records that own one of the keys, each once, with the kind of the first key it was found by."""
        found: list[tuple[str, K]] = []
        for key in keys:
            for record in self.entries.get(key, ()):
                if not any(one is record for _, one in found):
                    found.append((key[0], record))
        return found


def judge(index: KeyIndex[K], keys: Sequence[Key], policy: Policy) -> tuple[Verdict, K | None, str] | Problem:
    """What to do with a row of these keys, with which record, and by which kind of key that was found."""
    # A record that shares several keys counts as found by the one that matters most.
    found = index.find(sorted(keys, key=lambda key: key[0] != policy.match))
    same = [] if policy.mode == "create" else [one for one in found if one[0] == policy.match]
    if same:
        return _update_one(same)
    if policy.mode == "update":
        said = _SAID[policy.match]
        return Problem("NO_MATCH", f"Nothing here has the {said} of this row, and this import only updates.")
    if not found or policy.on_duplicate == "create":
        return "create", None, ""
    if policy.on_duplicate == "skip":
        return "skip", found[0][1], found[0][0]
    return _update_one(found)


def duplicate(kind: str, row: int) -> Problem:
    """What is said of a row that was left out as a duplicate; `row` is that of the twin in the same file, or 0."""
    where = f"Row {row} of this file" if row else "A record that is here already"
    return Problem(
        "DUPLICATE", f"{where} has the same {_SAID[kind]}. The row was skipped, as you chose for duplicates."
    )


def _update_one(found: Sequence[tuple[str, K]]) -> tuple[Verdict, K | None, str] | Problem:
    kind, record = found[0]
    if len(found) == 1:
        return "update", record, kind
    return Problem("AMBIGUOUS", f"{len(found)} records share the {_SAID[kind]} of this row. Merge them first.")
