"""Runs an import of sales batch by batch: records, events, findings and progress commit together, so that a run that is
killed anywhere goes on exactly where it was. Every batch first proves, under lock, that it is still its turn.
"""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis import job_rights, jobs
from chassis.allowances import Allowance
from chassis.caller import Caller
from chassis.custom_values import definitions
from chassis.errors import NotFound, PermissionDenied, ResourceExhausted
from chassis.files import FileStore
from chassis.importing.custom_columns import PREFIX, custom_setter
from chassis.importing.inspection import data_rows, layout_of
from chassis.importing.limits import ImportLimits
from chassis.importing.rows import RawRow
from chassis.importing.store import COUNTERS
from chassis.importing.tables import ACTIVE
from chassis.jobs import Control
from chassis.jobs import Outcome as Turn
from chassis.work import Database, Row, Work

from sales import events
from sales.imports.batch import NONE, TEXT, Outcome, Terms
from sales.imports.cells import Reading
from sales.imports.deals import DealRows
from sales.imports.fields import WITH_OWN_FIELDS
from sales.imports.leads import Capture, LeadRows
from sales.imports.orders import OrderRows
from sales.imports.product_rows import ProductRows
from sales.imports.undoing import undo
from sales.queries import company, imports, lead
from sales.queries.imports import IMPORTS
from sales.usecases import suggestions

log = logging.getLogger(__name__)

JOB = "sales.import"
ROWS = "bulk_rows"
"""The meter of rows that come in bulk, whatever becomes of them."""
_WHOLE_BATCHES = 10
"""Rows of one order stay together up to so many batches; a larger one goes in in parts."""
_NO_CURRENCY = "XXX"


class ImportRunner:
    """Carries out the jobs of imports. `capture` takes up a lead."""

    def __init__(self, database: Database, files: FileStore, limits: ImportLimits, capture: Capture) -> None:
        self._database = database
        self._files = files
        self._limits = limits
        self._capture = capture

    def handle(self, tenant_id: UUID, import_id: UUID, control: Control) -> Turn:
        """The handler of `JOB`. An import that was paused or is done meanwhile is left alone."""
        with self._database.open_work(Caller.system(tenant_id), read_only=True) as work:
            job = IMPORTS.get(work, import_id)
            if job is None or job.status not in (*ACTIVE, "reverting"):
                return Turn.DONE
            terms = terms_of(work, job, self._limits)
        try:
            if job.status == "reverting":
                return undo(self._database, self._limits, job, control)
            if not job.file_key:
                raise NotFound("the file is gone", reason="FILE_NOT_FOUND")
            return _Run(self._database, self._files, self._limits, job, terms, self._capture).go_on(control)
        except NotFound:
            self.give_up(tenant_id, import_id, "the file is gone", said="The uploaded file is gone. Upload it again.")
            return Turn.DONE
        except (PermissionDenied, ResourceExhausted) as error:
            said = f"{error.message} What went in stays: run it again to go on, or undo it."
            self.give_up(tenant_id, import_id, error.reason, said=said)
            return Turn.DONE

    def give_up(self, tenant_id: UUID, import_id: UUID, problem: str, *, said: str = "") -> None:
        """Ends an import that cannot go on; what went in stays."""
        log.error("import %s failed: %s", import_id, problem, extra={"tenant_id": str(tenant_id)})
        with self._database.open_work(Caller.system(tenant_id, request_id=str(import_id))) as work:
            job = IMPORTS.get(work, import_id, lock=True)
            if job is None or job.status not in (*ACTIVE, "reverting"):
                return
            said = said or (
                "Undoing the import stopped because of a fault on our side. Undo it again to go on."
                if job.status == "reverting"
                else f"The import stopped after row {job.next_row - 1} because of a fault on our side. "
                "Run it again to go on, or undo it."
            )
            IMPORTS.update(work, job, status="failed", failure=said, finished_at=work.now)
            work.record(events.import_ended("failed", job))


class _Run:
    """One turn of one import."""

    def __init__(
        self, database: Database, files: FileStore, limits: ImportLimits, job: Row, terms: Terms, capture: Capture
    ) -> None:
        self._database = database
        self._files = files
        self._limits = limits
        self._job = job
        self._terms = terms
        started = job_rights.caller_of(job.tenant_id, job.started_rights, request_id=str(job.id))
        # A file is matched with every record of the company, or it would make each of them anew.
        self._caller = replace(started, visibility="all")
        self._layout = layout_of(job)
        self._rows = _rows_of(terms, capture)

    def go_on(self, control: Control) -> Turn:
        """Writes batch after batch from where the import stands; leaves off where the control says so."""
        position = self._job.next_row
        with data_rows(self._files, self._job.tenant_id, self._layout, self._limits) as rows:
            batches = self._batches(itertools.dropwhile(lambda row: row.number < position, rows))
            while True:
                batch = next(batches, [])
                if not self._write(batch, position):
                    return Turn.DONE
                if not batch:
                    return Turn.DONE
                position = batch[-1].number + 1
                if control.should_stop():
                    return Turn.AGAIN

    def _batches(self, rows: Iterator[RawRow]) -> Iterator[list[RawRow]]:
        """Rows in batches that do not part an order."""
        size = self._limits.batch_rows
        batch: list[RawRow] = []
        group_of = self._rows.group_of
        last = ""
        for row in rows:
            group = group_of(row)
            if len(batch) >= size and (group != last or len(batch) >= size * _WHOLE_BATCHES):
                yield batch
                batch = []
            batch.append(row)
            last = group
        if batch:
            yield batch

    def _write(self, rows: list[RawRow], position: int) -> bool:
        """Writes some rows, or the end of them where there are none; False where it is not this run's turn any more."""
        with self._database.open_work(self._caller) as work:
            job = IMPORTS.get(work, self._job.id, lock=True)
            if job is None or job.status != self._job.status or job.next_row != position:
                return False
            job_rights.check(work, job.started_rights)
            if not rows:
                self._end(work, job)
                return True
            outcome = Outcome()
            if not self._terms.dry_run:
                Allowance(work, ROWS).take(ROWS, len(rows))
                work.count(ROWS, len(rows))
            self._rows.write(work, rows, outcome)
            outcome.write(work, self._terms)
            if self._terms.dry_run:
                imports.put_values(work, job.id, self._suggested(work, outcome))
            counted = (len(rows), outcome.created, outcome.updated, outcome.skipped, outcome.failed)
            counts = {name: getattr(job, name) + more for name, more in zip(COUNTERS, counted, strict=True)}
            made = Counter(job.made) + outcome.made
            noted = job.rows_noted + outcome.noted
            IMPORTS.update(work, job, next_row=rows[-1].number + 1, made=dict(made), rows_noted=noted, **counts)
        return True

    def _suggested(self, work: Work, outcome: Outcome) -> list[dict[str, Any]]:
        if not isinstance(self._rows, DealRows):
            return DealRows(self._terms).suggest(work, outcome)
        return self._rows.suggest(work, outcome)

    def _end(self, work: Work, job: Row) -> None:
        if self._terms.dry_run:
            IMPORTS.update(work, job, status="ready", rows_total=job.rows_read, finished_at=work.now, owners={})
            return
        status = "completed_with_errors" if job.rows_failed else "completed"
        IMPORTS.update(work, job, status=status, rows_total=job.rows_read, finished_at=work.now)
        if self._terms.kind == "order":
            jobs.enqueue(work, suggestions.COUNT, job.id, lane="bulk")
        work.record(events.import_ended("completed", job))


def terms_of(work: Work, job: Row, limits: ImportLimits) -> Terms:
    """What holds for every batch of an import."""
    places = {one["field"]: place for place, one in enumerate(job.columns) if one["field"]}
    options = job.options
    known = company.company(work)
    is_user = job.started_by_type == "user"
    choices = {} if job.dry_run else imports.decided(work, job.id)
    defs = definitions(work, job.kind, fresh=True) if job.kind in WITH_OWN_FIELDS else {}
    currency = options.get("currency_code") or known.currency_code or _NO_CURRENCY
    return Terms(
        import_id=job.id,
        kind=job.kind,
        system=options["system"],
        places=places,
        width=len(job.columns),
        headings=_Headings({one["field"]: one["heading"] for one in job.columns if one["field"]}),
        reading=Reading(
            ZoneInfo(known.time_zone),
            currency,
            options.get("date_order") == "month",
        ),
        channel=options.get("channel") or "web",
        pipeline_id=UUID(options["pipeline_id"]) if options.get("pipeline_id") else None,
        owner_id=job.started_by if is_user else None,
        team_id=job.started_team_id if is_user else None,
        dry_run=job.dry_run,
        owners=job.owners,
        own_fields={
            f"{PREFIX}{key}": custom_setter(one, currency) for key, one in defs.items() if f"{PREFIX}{key}" in places
        },
        defs=defs,
        teams=_teams(work, choices),
        choices=choices,
        error_value_max_chars=limits.error_value_max_chars,
    )


def _teams(work: Work, choices: Mapping[tuple[str, str], str]) -> dict[UUID, UUID | None]:
    chosen = {UUID(one) for (field, _), one in choices.items() if field == "owner" and one not in (TEXT, NONE, "")}
    return {row.id: row.team_id for row in lead.among(work, sorted(chosen))} if chosen else {}


def _rows_of(terms: Terms, capture: Capture) -> DealRows | OrderRows | LeadRows | ProductRows:
    if terms.kind == "deal":
        return DealRows(terms)
    if terms.kind == "order":
        return OrderRows(terms)
    if terms.kind == "lead":
        return LeadRows(terms, capture)
    return ProductRows(terms)


class _Headings(dict[str, str]):
    """Headings by field; a field that no column fills has none."""

    def __missing__(self, key: str) -> str:
        return ""
