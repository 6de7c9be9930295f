"""Imports of sales as their users see them: map, decide, run. The work is a job."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import job_rights, jobs
from chassis.custom_values import definitions
from chassis.errors import FailedPrecondition, InvalidArgument, Violation, invalid_field
from chassis.field_rights import refuse_named
from chassis.importing.custom_columns import PREFIX
from chassis.importing.store import COUNTERS, wrong_moment
from chassis.importing.uploads import TakenIn
from chassis.work import Row, Work

from sales.imports.batch import NEW, NONE, TEXT
from sales.imports.fields import HEADINGS, NEEDED, WITH_OWN_FIELDS, unknown_field
from sales.imports.running import JOB
from sales.queries import company, funnel, import_undo, imports
from sales.queries.imports import IMPORTS
from sales.usecases.deals import stages_of

_MAPPABLE = ("uploaded", "ready", "failed", "paused")
_STARTABLE = ("ready", "paused", "failed")
_REVERTIBLE = ("completed", "completed_with_errors", "paused", "failed", "reverted")
UNDO = "revert"
"""The phase of an import that is being undone, or whose undoing has failed."""
_MEANINGS = {
    "stage": frozenset[str](),
    "product": frozenset({NONE}),
    "owner": frozenset({TEXT, NONE}),
    "account": frozenset({NEW, NONE}),
    "customer": frozenset({NEW, NONE}),
}
"""What a value of a field may mean beside the id of a record."""


def add(work: Work, taken: TakenIn, *, kind: str, file_name: str) -> Row:
    """Writes a fresh import of an uploaded file."""
    shape = taken.shape
    columns = [
        {"heading": heading, "field": field, "samples": list(samples)}
        for heading, field, samples in zip(shape.headings, shape.fields, shape.samples, strict=True)
    ]
    stem = re.sub(r"[^a-z0-9]+", "_", file_name.rsplit(".", 1)[0].lower()).strip("_")[:60]
    return IMPORTS.insert(
        work,
        taken.import_id,
        shape,
        kind=kind,
        file_name=file_name,
        file_bytes=taken.file_bytes,
        file_key=taken.file_key,
        columns=columns,
        options={"system": stem or "file"},
    )


def map_columns(
    work: Work, import_id: UUID, chosen: Mapping[str, str], options: Mapping[str, str], owners: Mapping[str, str]
) -> Row:
    """Sets which column fills which field and starts the check. `owners` are colleagues by what files may call them.

    Raises InvalidArgument naming what is wrong.
    """
    row = IMPORTS.found(work, import_id, lock=True)
    if row.status == "validating" and all(chosen.get(one["heading"], "") == one["field"] for one in row.columns):
        return row
    if row.status not in _MAPPABLE or (row.status in ("failed", "paused") and not row.dry_run and row.rows_read):
        raise wrong_moment(row, "mapped", "Upload the file again to map it anew.")
    columns = _mapped(work, row, chosen)
    given = {name: value for name, value in options.items() if value}
    given.setdefault("system", row.options["system"])
    if not given.get("currency_code") and row.kind != "lead" and not company.company(work).currency_code:
        raise invalid_field("options.currency_code", "say in which currency the amounts are", reason="REQUIRED")
    if row.kind == "deal":
        pipeline_id = UUID(given["pipeline_id"]) if "pipeline_id" in given else funnel.first_pipeline(work)
        if pipeline_id is None:
            raise invalid_field("options.pipeline_id", "make a pipeline first", reason="PIPELINE_NOT_FOUND")
        stages_of(work, pipeline_id, closed=True)
        given["pipeline_id"] = str(pipeline_id)
    imports.forget_findings(work, import_id)
    begun = {"dry_run": True, "owners": dict(owners), **_begun(work, fresh=True)}
    IMPORTS.update(work, row, columns=columns, options=given, status="validating", **begun)
    jobs.enqueue(work, JOB, import_id, lane="bulk")
    return IMPORTS.found(work, import_id)


def choose(work: Work, import_id: UUID, choices: Sequence[tuple[str, str, str]], *, accept_suggestions: bool) -> Row:
    """Keeps what somebody says that values mean. Raises InvalidArgument naming the choice that is wrong."""
    row = IMPORTS.found(work, import_id, lock=True)
    if row.status != "ready":
        raise wrong_moment(row, "decided upon", "Map its columns, wait for the check, and decide before it runs.")
    for index, (field, _, choice) in enumerate(choices):
        if choice in _MEANINGS[field]:
            continue
        try:
            UUID(choice)
        except ValueError:
            known = ", ".join(sorted(_MEANINGS[field]))
            hint = f"give an id, or one of: {known}" if known else "give an id"
            raise invalid_field(f"choices[{index}].choice", hint, reason="NOT_ONE_OF") from None
    known_values = imports.choose(work, import_id, choices)
    for index, (field, value, _) in enumerate(choices):
        if (field, value) not in known_values:
            raise invalid_field(f"choices[{index}].value", "the file has no such value", reason="VALUE_NOT_FOUND")
    if accept_suggestions:
        imports.accept_suggestions(work, import_id)
    return row


def may_run(work: Work, import_id: UUID) -> Row:
    """The import, if it can be started. Raises FailedPrecondition where it was not checked, or values are open."""
    row = IMPORTS.found(work, import_id, lock=True)
    if row.status == "running":
        return row
    if row.status not in _STARTABLE or (row.status in ("failed", "paused") and row.dry_run) or row.phase == UNDO:
        raise wrong_moment(row, "started", "Map its columns and wait for the check first.")
    undecided = imports.undecided(work, import_id)
    if undecided:
        raise FailedPrecondition(
            f"{undecided} values of this file have no meaning yet. Choose what each stands for, then run it.",
            reason="VALUES_UNDECIDED",
            metadata={"undecided": str(undecided)},
        )
    return row


def run(work: Work, import_id: UUID) -> Row:
    """Starts a checked import, or goes on with one that stopped."""
    row = may_run(work, import_id)
    if row.status == "running":
        return row
    goes_on = not row.dry_run
    if not goes_on:
        IMPORTS.forget_errors(work, import_id)
    IMPORTS.update(work, row, status="running", dry_run=False, **_begun(work, fresh=not goes_on))
    jobs.enqueue(work, JOB, import_id, lane="bulk")
    return IMPORTS.found(work, import_id)


def revert(work: Work, import_id: UUID) -> Row:
    """Starts to take back what the import wrote, or what could not be taken back before."""
    row = IMPORTS.found(work, import_id, lock=True)
    if row.status == "reverting" or (row.status == "reverted" and not row.undo_left):
        return row
    if row.status not in _REVERTIBLE or row.dry_run:
        raise wrong_moment(row, "undone", "Only one that has written something can be; pause it first where it runs.")
    total = import_undo.number_of_changes(work, import_id)
    if not total:
        raise FailedPrecondition(
            "Nothing is there to undo: this import wrote nothing, or it ran before imports of sales could be undone.",
            reason="NOTHING_TO_UNDO",
        )
    import_undo.try_again(work, import_id)
    IMPORTS.forget_errors(work, import_id)
    fresh = row.phase != UNDO and row.status != "reverted"
    undone = {} if fresh else row.undone
    counts = {"undone": undone, "undo_left": 0, "undo_total": total + sum(undone.values())}
    IMPORTS.update(work, row, status="reverting", phase=UNDO, **counts, **_begun(work, fresh=False))
    jobs.enqueue(work, JOB, import_id, lane="bulk")
    return IMPORTS.found(work, import_id)


def _begun(work: Work, *, fresh: bool) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "failure": "",
        "finished_at": None,
        "started_by": work.caller.actor_id,
        "started_by_type": work.caller.actor_type,
        "started_team_id": work.caller.team_ids[0] if work.caller.team_ids else None,
        "started_rights": job_rights.rights_of(work.caller),
    }
    if fresh:
        changes |= dict.fromkeys((*COUNTERS, "next_row", "rows_noted"), 0) | {"made": {}, "started_at": work.now}
    return changes


def _mapped(work: Work, row: Row, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    headings = [column["heading"] for column in row.columns]
    defs = definitions(work, row.kind, fresh=True) if row.kind in WITH_OWN_FIELDS else {}
    known = {*HEADINGS[row.kind], *(f"{PREFIX}{one.key}" for one in defs.values() if not one.archived)}
    unwritable = work.caller.fields.unwritable_in(row.kind)
    locked = [(f"fields.{one}", f"{row.kind}.{field}") for one, field in chosen.items() if field in unwritable]
    refuse_named(locked, work.caller.fields)
    violations = [
        Violation(f"fields.{heading}", f'The file has no column "{heading[:80]}".', "UNKNOWN_COLUMN")
        for heading in chosen
        if heading not in headings
    ]
    violations += [
        Violation(f"fields.{heading}", unknown_field(row.kind, field), "UNKNOWN_FIELD")
        for heading, field in chosen.items()
        if field and field not in known
    ]
    fields = [field for field in chosen.values() if field]
    if len(set(fields)) < len(fields):
        twice = next(field for field in fields if fields.count(field) > 1)
        violations.append(Violation("fields", f'Two columns fill "{twice}", which has one value.', "REPEATED_FIELD"))
    violations += [
        Violation("fields", f"Map {said}.", "REQUIRED")
        for needed, said in NEEDED[row.kind]
        if not {*needed} & {*fields}
    ]
    if violations:
        first = violations[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason=first.reason, violations=violations)
    return [{**column, "field": chosen.get(column["heading"], "")} for column in row.columns]
