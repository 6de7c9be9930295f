"""Leads of a file: each is taken up like any other, so that rules give it away and duplicates are left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.errors import FuniaError
from chassis.importing.countries import country_code
from chassis.importing.rows import Problem, RawRow
from chassis.statements import text
from chassis.work import Row, Work

from sales.imports import own_fields
from sales.imports.batch import Outcome, Terms
from sales.queries import imports

Capture = Callable[[Work, Mapping[str, Any]], Row]
"""Takes up a lead of these values, by names of its message."""
_KNOWN_EMAILS = text(
    """
    SELECT email_key FROM lead WHERE tenant_id = %(tenant_id)s AND email_key = ANY(%(keys)b) AND deleted_at IS NULL
    """,
    "tenant_id",
)
_MOST = {"email": 254, "phone": 40, "website": 300, "company_name": 200, "job_title": 200, "description": 5000}
_MOST_ELSE = 120


class LeadRows:
    """Checks rows of leads, and takes them up."""

    def __init__(self, terms: Terms, capture: Capture) -> None:
        self._terms = terms
        self._capture = capture

    def group_of(self, raw: RawRow) -> str:
        """Rows of leads stand alone."""
        return str(raw.number)

    def write(self, work: Work, rows: Sequence[RawRow], outcome: Outcome) -> None:
        """Checks these rows and takes up what makes sense and is not there."""
        given: list[tuple[RawRow, dict[str, Any]]] = []
        for raw in rows:
            found = self._checked(raw)
            if isinstance(found, Problem):
                outcome.fail(raw, found)
            else:
                given.append((raw, found))
        ids = [one["external_id"] for _, one in given if one["external_id"]]
        here = set(imports.known(work, "lead", self._terms.system, ids))
        keys = [one["email"].lower() for _, one in given if one.get("email")]
        there = {row.email_key for row in work.rows(_KNOWN_EMAILS, keys=keys)} if keys else set()
        made: dict[str, UUID] = {}
        for raw, one in given:
            external_id, email = one.pop("external_id"), one.get("email", "").lower()
            if external_id and (external_id in here or external_id in made):
                outcome.skip(raw)
            elif email and email in there:
                outcome.skip(raw)
                outcome.note(raw, "DUPLICATE", "Left out: there is a lead of this e-mail address already.")
            else:
                lead = self._take_up(work, raw, one, outcome)
                there |= {email} - {""}
                if lead is not None:
                    outcome.wrote("lead", lead.id, raw.number, version=lead.version, external_id=external_id)
                    if external_id:
                        made[external_id] = lead.id
        imports.keep(work, "lead", self._terms.system, self._terms.import_id, made)

    def _take_up(self, work: Work, raw: RawRow, values: dict[str, Any], outcome: Outcome) -> Row | None:
        owner = values.pop("owner", "")
        if self._terms.dry_run:
            if owner:
                outcome.meet("owner", owner)
        else:
            meant = self._terms.owner(owner) if owner else None
            if meant is not None and self._terms.chosen_id("owner", owner) is not None:
                values |= {"owner_id": str(meant.id), "team_id": str(meant.team_id or "")}
            elif meant is not None and meant.called:
                values["tags"] = [meant.called[:60]]
            try:
                with work.savepoint():
                    row = self._capture(work, values)
            except FuniaError as error:
                outcome.fail(raw, Problem(error.reason, error.message))
                return None
        outcome.created += 1
        outcome.made["leads"] += 1
        return None if self._terms.dry_run else row

    def _checked(self, raw: RawRow) -> dict[str, Any] | Problem:
        terms = self._terms
        if (broken := terms.broken(raw)) is not None:
            return broken
        found: dict[str, Any] = {"external_id": ""}
        for name in terms.places.keys() - terms.own_fields.keys():
            value = terms.cell(raw, name)
            if len(value) > _MOST.get(name, _MOST_ELSE):
                most = _MOST.get(name, _MOST_ELSE)
                return Problem("TOO_LONG", f"At most {most} characters fit here.", terms.headings[name])
            if value:
                found[name] = value
        if whole := found.pop("full_name", ""):
            given, _, family = whole.rpartition(" ")
            found.setdefault("given_name", given or family)
            found.setdefault("family_name", family if given else "")
        if "email" in found and "@" not in found["email"]:
            return Problem("INVALID_EMAIL", "This is no e-mail address.", terms.headings["email"])
        if "country_code" in found:
            found["country_code"] = country_code(found["country_code"]) or ""
        if not any(found.get(one) for one in ("given_name", "family_name", "company_name", "email", "phone")):
            return Problem("NOTHING_TO_IDENTIFY_BY", "This row has no name, company, e-mail address or phone number.")
        custom = own_fields.read(terms, raw, asked=True)
        if isinstance(custom, Problem):
            return custom
        return found | ({"custom": custom} if custom else {})
