"""Imports as their users see them: map, run, pause, revert, and look at what was refused. The work is a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import job_rights, jobs
from chassis.custom_fields import Defs
from chassis.custom_values import definitions
from chassis.errors import InvalidArgument, Violation, invalid_field
from chassis.field_rights import refuse_named
from chassis.importing.store import COUNTERS, wrong_moment
from chassis.importing.tables import ACTIVE
from chassis.importing.uploads import TakenIn
from chassis.work import Row, Work

from contacts.imports import fields
from contacts.imports.running import JOB
from contacts.model.import_job import MAPPABLE, MATCHES, REVERTIBLE, STARTABLE
from contacts.queries import import_job as queries
from contacts.queries.import_job import IMPORTS

_NAMES = {"given_name", "middle_name", "family_name", "full_name"}
_NEEDED = {
    "contact": (_NAMES | {"emails", "phones", "external_ids"}, "a name, an e-mail or a phone"),
    "account": ({"name", "domains", "external_ids"}, "the company's name"),
}
_MATCH_FIELDS = {
    "email": {"emails"},
    "phone": {"phones"},
    "external_id": {"external_ids"},
    "name": _NAMES | {"name"},
    "domain": {"domains"},
}


def add(work: Work, taken: TakenIn, *, kind: str, file_name: str) -> Row:
    """Writes a fresh import of an uploaded file. Fields that the caller may not write are not proposed."""
    unwritable = work.caller.fields.unwritable_in(kind)
    columns = [
        {
            "heading": heading,
            "field": "" if fields.governed(kind, field) in unwritable else field,
            "samples": list(samples),
        }
        for heading, field, samples in zip(taken.shape.headings, taken.shape.fields, taken.shape.samples, strict=True)
    ]
    return IMPORTS.insert(
        work,
        taken.import_id,
        taken.shape,
        kind=kind,
        file_name=file_name,
        file_bytes=taken.file_bytes,
        file_key=taken.file_key,
        columns=columns,
        match_by=_best_match(kind, [str(column["field"]) for column in columns]),
    )


def map_columns(
    work: Work,
    import_id: UUID,
    chosen: Mapping[str, str],
    *,
    mode: str,
    match_by: str,
    on_duplicate: str,
    default_country: str,
) -> Row:
    """Sets which column fills which field. Raises InvalidArgument naming the heading or the option that is wrong."""
    row = IMPORTS.found(work, import_id, lock=True)
    if row.status not in MAPPABLE:
        raise wrong_moment(row, "mapped", "Upload the file again to map it anew.")
    refuse_named(_forbidden(work, row.kind, chosen.items()), work.caller.fields)
    columns = _mapped(row, chosen, definitions(work, row.kind, fresh=True))
    names = {one.name for column in columns if (one := fields.target(row.kind, column["field"])) is not None}
    match = match_by or _best_match(row.kind, [column["field"] for column in columns])
    if match not in MATCHES[row.kind]:
        raise invalid_field("match_by", f"for this kind choose one of: {', '.join(MATCHES[row.kind])}")
    if (mode or "upsert") != "create" and not names & _MATCH_FIELDS[match]:
        held = match.replace("_", " ")
        raise invalid_field("match_by", f"no column is mapped that holds the {held}; map one or choose another")
    needed, said = _NEEDED[row.kind]
    if not names & needed:
        raise invalid_field("fields", f"map at least {said}", reason="NOTHING_TO_IDENTIFY_BY")
    IMPORTS.update(
        work,
        row,
        status="mapped",
        columns=columns,
        mode=mode or "upsert",
        match_by=match,
        on_duplicate=on_duplicate or "skip",
        default_country=default_country,
    )
    return IMPORTS.found(work, import_id)


def run(work: Work, import_id: UUID, *, dry_run: bool) -> Row:
    """Starts the import, goes on with a paused one, or only counts what it would do."""
    row = IMPORTS.found(work, import_id, lock=True)
    if row.status in ACTIVE and row.dry_run == dry_run:
        return row
    if row.status not in STARTABLE:
        hint = "Map its columns first." if row.status == "uploaded" else "Wait until it is done, or pause it."
        raise wrong_moment(row, "started", hint)
    _check_columns(work, row)
    goes_on = row.status in ("paused", "failed") and not row.dry_run
    if goes_on and dry_run:
        raise wrong_moment(row, "tried out", "It has written rows already. Go on with it, or revert it.")
    changes: dict[str, Any] = {
        "status": "validating" if dry_run else "running",
        "dry_run": dry_run,
        "failure": "",
        "finished_at": None,
        "started_by": work.caller.actor_id,
        "started_by_type": work.caller.actor_type,
        "started_team_id": work.caller.team_ids[0] if work.caller.team_ids else None,
        "started_rights": job_rights.rights_of(work.caller),
    }
    if not goes_on:
        changes |= dict.fromkeys((*COUNTERS, "next_row"), 0) | {"phase": "rows", "started_at": work.now}
        queries.forget_findings(work, import_id)
    IMPORTS.update(work, row, **changes)
    jobs.enqueue(work, JOB, import_id, lane="bulk")
    return IMPORTS.found(work, import_id)


def revert(work: Work, import_id: UUID) -> Row:
    """Starts to take back what the import wrote."""
    row = IMPORTS.found(work, import_id, lock=True)
    if row.status in ("reverting", "reverted"):
        return row
    if row.status not in REVERTIBLE or row.dry_run:
        raise wrong_moment(row, "reverted", "Only one that has written rows can be; pause it first where it runs.")
    _check_columns(work, row)
    IMPORTS.update(
        work,
        row,
        status="reverting",
        phase="revert",
        failure="",
        finished_at=None,
        started_by=work.caller.actor_id,
        started_by_type=work.caller.actor_type,
        started_rights=job_rights.rights_of(work.caller),
    )
    jobs.enqueue(work, JOB, import_id, lane="bulk")
    return IMPORTS.found(work, import_id)


def hidden_columns(work: Work, row: Row) -> frozenset[int]:
    """Places of the columns whose values the caller must not see: they fill fields that the caller's role hides."""
    hidden = work.caller.fields.hidden_in(row.kind)
    if not hidden:
        return frozenset()
    return frozenset(
        place for place, column in enumerate(row.columns) if fields.governed(row.kind, column["field"]) in hidden
    )


def _check_columns(work: Work, row: Row) -> None:
    """Whoever runs or reverts an import must be allowed to write every field that its columns fill."""
    chosen = [(column["heading"], column["field"]) for column in row.columns]
    refuse_named(_forbidden(work, row.kind, chosen), work.caller.fields)


def _forbidden(work: Work, kind: str, chosen: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    unwritable = work.caller.fields.unwritable_in(kind)
    return [
        (f"fields.{heading}", f"{kind}.{field}")
        for heading, text in chosen
        if (field := fields.governed(kind, text)) in unwritable
    ]


def _mapped(row: Row, chosen: Mapping[str, str], custom: Defs) -> list[dict[str, Any]]:
    headings = [column["heading"] for column in row.columns]
    violations = [
        Violation(f"fields.{heading}", f'The file has no column "{heading[:80]}".', "UNKNOWN_COLUMN")
        for heading in chosen
        if heading not in headings
    ]
    violations += [
        Violation(f"fields.{heading}", fields.unknown_field(row.kind, field), "UNKNOWN_FIELD")
        for heading, field in chosen.items()
        if field and fields.target(row.kind, field) is None
    ]
    violations += [
        Violation(f"fields.{heading}", f'There is no custom field "{one.option}".', "UNKNOWN_FIELD")
        for heading, field in chosen.items()
        if (one := fields.target(row.kind, field)) is not None
        and one.name == "custom"
        and (one.option not in custom or custom[one.option].archived)
    ]
    if not violations:
        targets = [one for field in chosen.values() if field and (one := fields.target(row.kind, field)) is not None]
        twice = fields.repeated(targets)
        if twice:
            violations.append(
                Violation("fields", f'Two columns fill "{twice}", which has one value.', "REPEATED_FIELD")
            )
    if violations:
        first = violations[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason=first.reason, violations=violations)
    return [{**column, "field": chosen.get(column["heading"], "")} for column in row.columns]


def _best_match(kind: str, chosen: Sequence[str]) -> str:
    names = {one.name for field in chosen if field and (one := fields.target(kind, field)) is not None}
    return next((match for match in MATCHES[kind] if names & _MATCH_FIELDS[match]), MATCHES[kind][0])
