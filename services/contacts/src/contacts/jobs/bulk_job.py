"""Runs a bulk job batch by batch. Records, events, results and progress commit together, so that a job that is killed
anywhere goes on exactly where it was. Every batch first proves, under lock, that it is still its turn.
"""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
from chassis import job_rights
from chassis.allowances import Allowance
from chassis.caller import Caller
from chassis.custom_values import definitions
from chassis.errors import InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from chassis.files import FileStore
from chassis.importing.limits import ImportLimits
from chassis.jobs import Control, Outcome
from chassis.structs import plain
from chassis.work import Database, Row, Work

from contacts import events
from contacts.jobs.bulk_items import Item, items_of
from contacts.model.bulk_job import COUNTS
from contacts.queries import bulk_job as queries
from contacts.queries import contact as contact_queries
from contacts.queries import record_batch
from contacts.servicers.bulk import result_message
from contacts.usecases.bulk import Bulk, ItemResult
from contacts.usecases.bulk_accounts import BulkAccounts
from contacts.usecases.bulk_contacts import BulkContacts

log = logging.getLogger(__name__)

_LOOK_EVERY = 10_000
"""Items counted between two looks at the clock."""


class BulkJobRunner:
    """Carries bulk jobs out."""

    def __init__(self, database: Database, files: FileStore, limits: ImportLimits) -> None:
        self._database = database
        self._files = files
        self._limits = limits

    def handle(self, tenant_id: UUID, job_id: UUID, control: Control) -> Outcome:
        """The handler of `JOB`. A job that was paused or is done meanwhile is left alone."""
        with self._database.open_work(Caller.system(tenant_id), read_only=True) as work:
            job = queries.get(work, job_id)
        if job is None or job.status != "running":
            return Outcome.DONE
        try:
            return self._go_on(job, control)
        except NotFound:
            self.give_up(tenant_id, job_id, "the file is gone", said="The uploaded file is gone.")
        except InvalidArgument as error:
            self.give_up(tenant_id, job_id, error.message, said=error.message)
        except (PermissionDenied, ResourceExhausted) as error:
            self.give_up(tenant_id, job_id, error.reason, said=f"{error.message} What went in stays.")
        return Outcome.DONE

    def give_up(self, tenant_id: UUID, job_id: UUID, problem: str, *, said: str = "") -> None:
        """Ends a job that cannot go on; what went in stays."""
        log.error("bulk job %s failed: %s", job_id, problem, extra={"tenant_id": str(tenant_id)})
        with self._database.open_work(Caller.system(tenant_id, request_id=str(job_id))) as work:
            job = queries.get(work, job_id, lock=True)
            if job is None or job.status != "running":
                return
            said = said or f"The job stopped after item {job.items_done} by a fault on our side. Run it again to go on."
            queries.update(work, job, status="failed", failure=said, finished_at=work.now)
            work.record(events.bulk_job_ended("failed", job))

    def _go_on(self, job: Row, control: Control) -> Outcome:
        if job.items_total == 0 and not self._count(job, control):
            return Outcome.AGAIN
        position: int = job.items_done
        items = itertools.islice(self._items(job), position, None)
        while True:
            batch = list(itertools.islice(items, self._limits.batch_rows))
            if not self._write(job, batch, position):
                return Outcome.DONE
            position += len(batch)
            if control.should_stop():
                return Outcome.AGAIN

    def _count(self, job: Row, control: Control) -> bool:
        """Counts the items, for the progress shown; False where there was no time."""
        total = 0
        for total, _item in enumerate(self._items(job), start=1):
            if total % _LOOK_EVERY == 0 and control.process_stops():
                return False
        with self._database.open_work(_caller(job)) as work:
            now = queries.get(work, job.id, lock=True)
            if now is not None and now.status == "running":
                queries.update(work, now, items_total=total)
        return True

    def _write(self, job: Row, batch: list[Item], position: int) -> bool:
        """Writes some items; False where there are none or it is not this run's turn any more."""
        with self._database.open_work(_caller(job)) as work:
            now = queries.get(work, job.id, lock=True)
            if now is None or now.status != "running" or now.items_done != position:
                return False
            job_rights.check(work, now.started_rights)
            if not batch:
                queries.update(work, now, status="completed", items_total=position, finished_at=work.now)
                work.record(events.bulk_job_ended("completed", now))
                return False
            # Stopped as a whole it can go on tomorrow; items that failed one by one could not.
            Allowance(work, record_batch.ROWS).take(record_batch.ROWS, len(batch))
            results = _written(work, job, batch)
            queries.add_results(work, job.id, position, _lines(results, position))
            counted = Counter(one.outcome for one in results)
            counts = {name: getattr(now, name) + counted[name] for name in COUNTS}  # type: ignore[index]
            queries.update(work, now, items_done=position + len(batch), **counts)
        return True

    def _items(self, job: Row) -> Iterator[Item]:
        with self._database.open_work(_caller(job), read_only=True) as work:
            custom = definitions(work, job.object, fresh=True)
            country = contact_queries.tenant_country(work)
        chunks = self._files.read(job.tenant_id, job.file_key)
        return items_of(job, chunks, self._limits, custom=custom, country=country, rights=_caller(job).fields)


def _caller(job: Row) -> Caller:
    return job_rights.caller_of(job.tenant_id, job.started_rights, request_id=str(job.id))


def _written(work: Work, job: Row, batch: list[Any]) -> list[ItemResult]:
    if job.object == "contact":
        return Bulk(work, BulkContacts(work), job.system).run(job.operation, batch)
    return Bulk(work, BulkAccounts(work), job.system).run(job.operation, batch)


def _lines(results: list[ItemResult], position: int) -> bytes:
    return b"".join(
        orjson.dumps(_line(position + offset, one), option=orjson.OPT_APPEND_NEWLINE)
        for offset, one in enumerate(results)
    )


def _line(index: int, one: ItemResult) -> dict[str, Any]:
    """A result in the API's names; empty fields are left out."""
    written: dict[str, Any] = {"index": index, "outcome": one.outcome}
    message = result_message(index, one)
    if message.id:
        written |= {"id": message.id, "etag": message.etag}
    if one.error is not None:
        written["problem"] = plain(message.problem)
    return written
