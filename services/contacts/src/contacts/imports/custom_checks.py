"""Custom fields of people and companies, checked on every path by which values come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from chassis import custom_fields, custom_values
from chassis.custom_fields import Defs
from chassis.errors import InvalidArgument
from chassis.importing.rows import Problem
from chassis.work import Work

from contacts.model.drafts import AccountDraft, ContactDraft
from contacts.model.tables import RecordKind
from contacts.queries import record_batch

D = TypeVar("D", bound=ContactDraft | AccountDraft)


class CustomChecks:
    """The checks of one transaction. Name the values first (`prepare`), so that references are looked up at once."""

    def __init__(self, work: Work, kind: RecordKind) -> None:
        self._work = work
        self._kind = kind
        self._known: Defs | None = None
        self._living: dict[str, set[UUID]] = {}

    def prepare(self, several: Iterable[Mapping[str, Any]]) -> None:
        """Reads what checking these values will ask for."""
        given = [one for one in several if one]
        if any(key not in self.defs for one in given for key in one):
            # Defined a moment ago, perhaps.
            self._known = custom_values.definitions(self._work, self._kind, fresh=True)
        asked: dict[str, set[UUID]] = {}
        for one in given:
            for kind, record_id in custom_fields.references_of(self.defs, one):
                asked.setdefault(kind, set()).add(record_id)
        for kind, ids in asked.items():
            self._living[kind] = record_batch.living(self._work, kind, list(ids))

    @property
    def defs(self) -> Defs:
        """The definitions."""
        if self._known is None:
            self._known = custom_values.definitions(self._work, self._kind)
        return self._known

    def checked(self, before: D, given: Mapping[str, Any], *, creating: bool) -> D | Problem:
        """The draft with the values of a row of a file, or what is wrong with them."""
        try:
            return replace(before, custom=self.laid_over(before.custom, given, creating=creating))
        except InvalidArgument as error:
            said = " ".join(f"{one.field.partition('.')[2]}: {one.message}" for one in error.violations)
            return Problem(error.violations[0].reason, said)

    def laid_over(self, before: Mapping[str, Any], given: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
        """The values after a change. Raises InvalidArgument naming each wrong one."""
        if not given and not (creating and self.defs):
            return dict(before)
        return custom_fields.laid_over(
            self.defs,
            before,
            given,
            path=f"{self._kind}.custom",
            creating=creating,
            unasked={
                one.removeprefix("custom.")
                for one in self._work.caller.fields.unwritable_in(self._kind)
                if one.startswith("custom.")
            },
            exists=lambda kind, record_id: record_id in self._living.get(kind, ()),
        )


def laid_over(
    work: Work, kind: RecordKind, before: Mapping[str, Any], given: Mapping[str, Any], *, creating: bool
) -> dict[str, Any]:
    """The values of one record after a change. Raises InvalidArgument naming each wrong one."""
    checks = CustomChecks(work, kind)
    checks.prepare([given])
    return checks.laid_over(before, given, creating=creating)
