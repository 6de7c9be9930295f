"""Runs an import batch by batch. Rows, events, progress and what undoing needs commit together, so that a run that is
killed anywhere goes on exactly where it was. Every batch first proves, under lock, that it is still its turn.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis import job_rights
from chassis.allowances import Allowance
from chassis.caller import Caller
from chassis.custom_fields import Defs
from chassis.custom_values import definitions
from chassis.errors import NotFound, PermissionDenied, ResourceExhausted
from chassis.files import FileStore
from chassis.importing.inspection import data_rows, layout_of
from chassis.importing.limits import ImportLimits
from chassis.importing.rows import Problem, RawRow
from chassis.importing.tables import ACTIVE
from chassis.jobs import Control, Outcome
from chassis.work import Database, Row, Work

from contacts import events
from contacts.imports import fields
from contacts.imports.account_batch import AccountBatch, plan_parents
from contacts.imports.batch import Batch, ImportTerms, SeenKeys
from contacts.imports.checking import CheckedAccount, CheckedContact, RowChecker
from contacts.imports.contact_batch import ContactBatch
from contacts.imports.matching import KEY_OF_MATCH, Policy
from contacts.imports.undo import undo_batch
from contacts.queries import contact as contact_queries
from contacts.queries import import_job as queries
from contacts.queries import record_batch
from contacts.queries.import_job import IMPORTS

log = logging.getLogger(__name__)

JOB = "contacts.import"
_UNDO_ORDER = ("contact", "account")
"""People first: a company is only taken away once nobody is left in it."""


class ImportRunner:
    """Carries out the jobs of imports: runs, dry runs and reverts."""

    def __init__(self, database: Database, files: FileStore, limits: ImportLimits) -> None:
        self._database = database
        self._files = files
        self._limits = limits

    def handle(self, tenant_id: UUID, import_id: UUID, control: Control) -> Outcome:
        """The handler of `JOB`. An import that was paused or is done meanwhile is left alone."""
        with self._database.open_work(Caller.system(tenant_id), read_only=True) as work:
            job = IMPORTS.get(work, import_id)
            custom = definitions(work, job.kind, fresh=True) if job else {}
            country = (job.default_country if job else "") or contact_queries.tenant_country(work)
        if job is None or job.status not in (*ACTIVE, "reverting"):
            return Outcome.DONE
        try:
            run = _Run(self._database, self._files, self._limits, job, country, custom)
            return run.revert(control) if job.status == "reverting" else run.go_on(control)
        except NotFound:
            self.give_up(tenant_id, import_id, "the file is gone", said="The uploaded file is gone. Upload it again.")
            return Outcome.DONE
        except (PermissionDenied, ResourceExhausted) as error:
            said = f"{error.message} What went in stays: run it again to go on, or revert it."
            self.give_up(tenant_id, import_id, error.reason, said=said)
            return Outcome.DONE

    def give_up(self, tenant_id: UUID, import_id: UUID, problem: str, *, said: str = "") -> None:
        """Ends an import that cannot go on; what went in stays and can be reverted."""
        log.error("import %s failed: %s", import_id, problem, extra={"tenant_id": str(tenant_id)})
        with self._database.open_work(Caller.system(tenant_id, request_id=str(import_id))) as work:
            job = IMPORTS.get(work, import_id, lock=True)
            if job is None or job.status not in (*ACTIVE, "reverting"):
                return
            said = said or (
                f"The import stopped after row {job.next_row - 1} because of a fault on our side. "
                "Run it again to go on, or revert it."
            )
            IMPORTS.update(work, job, status="failed", failure=said, finished_at=work.now)
            work.record(events.import_ended("failed", job))


class _Run:
    """One turn of one import."""

    def __init__(
        self, database: Database, files: FileStore, limits: ImportLimits, job: Row, country: str, custom: Defs
    ) -> None:
        self._database = database
        self._files = files
        self._limits = limits
        self._job = job
        # A file is matched with every record of the company, or it would make each of them anew.
        started = job_rights.caller_of(job.tenant_id, job.started_rights, request_id=str(job.id))
        self._caller = replace(started, visibility="all")
        self._layout = layout_of(job)
        self._checker = RowChecker(
            job.kind,
            [(one["heading"], fields.target(job.kind, one["field"])) for one in job.columns],
            default_country=country,
            default_currency=limits.default_currency,
            custom=custom,
        )
        is_user = job.started_by_type == "user"
        self._terms = ImportTerms(
            import_id=job.id,
            policy=Policy(job.mode, KEY_OF_MATCH[job.match_by], job.on_duplicate),
            owner_id=job.started_by if is_user else None,
            team_id=job.started_team_id if is_user else None,
            dry_run=job.dry_run,
            error_value_max_chars=limits.error_value_max_chars,
        )

    def go_on(self, control: Control) -> Outcome:
        """Counts the rows, writes them, then finds parents; leaves off where the control says so."""
        if self._job.rows_total == 0 and not self._count(control):
            return Outcome.AGAIN if control.process_stops() else Outcome.DONE
        phase = self._job.phase
        if phase == "rows":
            seen = SeenKeys() if self._terms.dry_run else None
            try:
                outcome = self._write_rows(control, seen)
            finally:
                if seen is not None:
                    seen.close()
            if outcome is not None:
                return outcome
            phase = "parents"
        if phase == "parents" and (outcome := self._find_parents(control)) is not None:
            return outcome
        return Outcome.DONE

    def revert(self, control: Control) -> Outcome:
        """Takes back what the import did, in batches."""
        limits = self._limits
        for kind in _UNDO_ORDER:
            while True:
                with self._database.open_work(self._caller) as work:
                    job = IMPORTS.get(work, self._job.id, lock=True)
                    if job is None or job.status != "reverting":
                        return Outcome.DONE
                    job_rights.check(work, job.started_rights)
                    changes = queries.changes(work, job.id, kind, limit=limits.undo_batch_records)
                    if changes:
                        undo_batch(work, job.id, kind, changes)
                if not changes:
                    break
                if control.should_stop():
                    return Outcome.AGAIN
        with self._database.open_work(self._caller) as work:
            job = IMPORTS.get(work, self._job.id, lock=True)
            if job is not None and job.status == "reverting":
                IMPORTS.update(work, job, status="reverted", phase="", finished_at=work.now)
                work.record(events.import_ended("reverted", job))
        return Outcome.DONE

    def _count(self, control: Control) -> bool:
        """Counts the rows of the file, for the progress shown; False where there was no time or nothing left to do."""
        total = 0
        with self._rows() as rows:
            for total, _row in enumerate(rows, start=1):
                if total % 10_000 == 0 and control.process_stops():
                    return False
        with self._database.open_work(self._caller) as work:
            job = IMPORTS.get(work, self._job.id, lock=True)
            if job is None or job.status not in ACTIVE:
                return False
            IMPORTS.update(work, job, rows_total=total)
        return True

    def _write_rows(self, control: Control, seen: SeenKeys | None) -> Outcome | None:
        """Writes batch after batch; None when the file is at its end."""
        # A dry run keeps what it has seen in memory of this turn only, so it starts anew, which costs nothing written.
        position = 0 if seen is not None else self._job.next_row
        restart = seen is not None
        with self._rows() as rows:
            pending: Iterator[RawRow] = itertools.dropwhile(lambda row: row.number < position, rows)
            while True:
                batch_rows = list(itertools.islice(pending, self._limits.batch_rows))
                if not self._write_batch(batch_rows, position, seen, restart=restart):
                    return Outcome.DONE
                restart = False
                if not batch_rows:
                    return None
                position = batch_rows[-1].number + 1
                if control.process_stops() if seen is not None else control.should_stop():
                    return Outcome.AGAIN

    def _write_batch(self, rows: list[RawRow], position: int, seen: SeenKeys | None, *, restart: bool) -> bool:
        """Writes some rows, or the end of them where there are none; False where it is not this run's turn any more."""
        refused = Batch()
        checked: list[Any] = []
        check = self._checker.check
        for raw in rows:
            result = check(raw)
            if isinstance(result, Problem):
                refused.fail(raw, result)
            else:
                checked.append(result)
        with self._database.open_work(self._caller) as work:
            job = IMPORTS.get(work, self._job.id, lock=True)
            if job is None or job.status != self._job.status or (not restart and job.next_row != position):
                return False
            job_rights.check(work, job.started_rights)
            if restart:
                queries.forget_findings(work, job.id)
            counts = dict.fromkeys(("rows_read", "rows_created", "rows_updated", "rows_skipped", "rows_failed"), 0)
            if not restart:
                counts = {name: getattr(job, name) for name in counts}
            if not rows:
                self._end_of_rows(work, job, counts)
                return True
            if seen is None:
                Allowance(work, record_batch.ROWS).take(record_batch.ROWS, len(rows))
                work.count(record_batch.ROWS, len(rows))
            batch = self._plan(work, checked, refused, seen)
            if seen is not None and not seen.has_stopped:
                seen.has_stopped = _foresee_the_end_of_the_day(work, rows, batch, seen)
            batch.write(work, self._terms)
            counts["rows_read"] += len(rows)
            counts["rows_created"] += batch.created
            counts["rows_updated"] += batch.updated
            counts["rows_skipped"] += batch.skipped
            counts["rows_failed"] += batch.failed
            IMPORTS.update(work, job, next_row=rows[-1].number + 1, **counts)
        return True

    def _plan(self, work: Work, checked: list[Any], refused: Batch, seen: SeenKeys | None) -> Batch:
        if self._job.kind == "contact":
            people: list[CheckedContact] = checked
            return ContactBatch(work, self._terms, seen).plan(people, refused)
        companies: list[CheckedAccount] = checked
        return AccountBatch(work, self._terms, seen).plan(companies, refused)

    def _end_of_rows(self, work: Work, job: Row, counts: dict[str, int]) -> None:
        if self._terms.dry_run:
            IMPORTS.update(
                work, job, status="ready", phase="", rows_total=counts["rows_read"], finished_at=work.now, **counts
            )
        elif job.kind == "account":
            IMPORTS.update(work, job, phase="parents", rows_total=counts["rows_read"])
        else:
            self._complete(work, job)

    def _find_parents(self, control: Control) -> Outcome | None:
        while True:
            with self._database.open_work(self._caller) as work:
                job = IMPORTS.get(work, self._job.id, lock=True)
                if job is None or job.status != "running" or job.phase != "parents":
                    return Outcome.DONE
                job_rights.check(work, job.started_rights)
                some = queries.parents(work, job.id, limit=self._limits.batch_rows)
                if not some:
                    self._complete(work, job)
                    return None
                plan_parents(work, self._terms, some).write(work, self._terms)
                queries.drop_parents(work, job.id, some[-1].row)
            if control.should_stop():
                return Outcome.AGAIN

    def _complete(self, work: Work, job: Row) -> None:
        status = "completed_with_errors" if job.rows_failed else "completed"
        IMPORTS.update(work, job, status=status, phase="", rows_total=job.rows_read, finished_at=work.now)
        work.record(events.import_ended("completed", job))

    def _rows(self) -> AbstractContextManager[Iterator[RawRow]]:
        return data_rows(self._files, self._job.tenant_id, self._layout, self._limits)


def _foresee_the_end_of_the_day(work: Work, rows: list[RawRow], batch: Batch, seen: SeenKeys) -> bool:
    """Whether a run of today would stop before these rows, which is said of the first of them."""
    try:
        Allowance(work, record_batch.ROWS, spent=seen.spent).take(record_batch.ROWS, len(rows))
    except (PermissionDenied, ResourceExhausted) as error:
        batch.foresee(rows[0], Problem(error.reason, f"A run of today stops before this row. {error.message}"))
        return True
    return False
