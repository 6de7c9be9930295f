"""Fields that the company defined itself: what cells say of them, checked like those of any other record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import custom_fields
from chassis.errors import InvalidArgument
from chassis.importing.rows import Problem, RawRow
from chassis.work import Work

from sales.imports.batch import Terms
from sales.references import Customers

_KNOWN_HERE = Customers("")
"""Answers from the projection alone: a file is no reason to ask contacts for each row."""


def read(terms: Terms, raw: RawRow, *, asked: bool) -> dict[str, Any] | Problem:
    """The values of a row, or what is wrong with the first of them. `asked` where required ones have to be there."""
    found: dict[str, Any] = {}
    for name, put in terms.own_fields.items():
        value = terms.cell(raw, name)
        problem = put(value, found) if value else None
        if problem is not None:
            return Problem(problem.reason, problem.message, terms.headings[name])
    given = found.get("custom", {})
    if not given and not (asked and terms.defs):
        return {}
    try:
        return custom_fields.laid_over(terms.defs, {}, given, path=terms.kind, creating=asked, exists=_any)
    except InvalidArgument as error:
        first = error.violations[0]
        key = first.field.rpartition(".")[2]
        heading = terms.headings[f"custom.{key}"]
        return Problem(first.reason, first.message if heading else f"{key}: {first.message}", heading)


def unknown_in(work: Work, terms: Terms, several: Sequence[Mapping[str, Any]]) -> set[str]:
    """Ids of people and companies that these values refer to and that are not there."""
    asked: dict[str, set[UUID]] = {}
    for one in several:
        for kind, record_id in custom_fields.references_of(terms.defs, one):
            asked.setdefault(kind, set()).add(record_id)
    return {str(one) for kind, ids in asked.items() for one in _KNOWN_HERE.unknown(work, kind, ids)}


def _any(_kind: str, _record_id: UUID) -> bool:
    """Whom a value refers to is looked up when the record is written."""
    return True
