"""Bulk jobs as their users see them: created, uploaded, run, paused, cancelled, read. The work is a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from chassis import job_rights, jobs
from chassis.caller import Caller
from chassis.errors import FailedPrecondition, NotFound, invalid_field
from chassis.files import FileStore
from chassis.ids import uuid7
from chassis.work import Database, Row, Work
from psycopg.types.json import Jsonb

from contacts import events
from contacts.model.bulk_job import COUNTS, ENDED, STARTABLE, UPLOADABLE
from contacts.queries import bulk_job as queries

JOB = "contacts.bulk"


@dataclass(frozen=True, slots=True)
class BulkJobDraft:
    """A job as its creator describes it."""

    object: str
    operation: str
    format: str
    system: str
    allow_duplicate: bool


def create(work: Work, draft: BulkJobDraft) -> Row:
    """Writes a job that waits for its file."""
    if draft.system and draft.operation != "upsert":
        raise invalid_field("bulk_job.system", "only an upsert recognises records by a system", reason="NOT_ALLOWED")
    job_id = uuid7()
    queries.add(
        work,
        id=job_id,
        object=draft.object,
        operation=draft.operation,
        format=draft.format,
        system=draft.system,
        allow_duplicate=draft.allow_duplicate,
        status="open",
        file_key="",
        file_bytes=0,
        items_done=0,
        items_total=0,
        **dict.fromkeys(COUNTS, 0),
        failure="",
        started_by=None,
        started_by_type="",
        started_visibility="",
        started_team_ids=[],
        started_rights=Jsonb({}),
        version=1,
        created_at=work.now,
        created_by=work.caller.actor_id,
        updated_at=work.now,
        finished_at=None,
    )
    return get(work, job_id)


def get(work: Work, job_id: UUID) -> Row:
    """The job. Raises NotFound."""
    return _found(queries.get(work, job_id), job_id)


def take_in(
    database: Database, files: FileStore, caller: Caller, job_id: UUID, chunks: Iterable[bytes], *, max_bytes: int
) -> Row:
    """Stores the file of a job that has not run yet; the file before, if any, goes."""
    with database.open_work(caller, read_only=True) as work:
        _check_state(get(work, job_id), UPLOADABLE, "given a file")
    key = f"bulk/{uuid7()}"
    stored = files.put(caller.tenant_id, key, chunks, max_bytes=max_bytes)
    try:
        with database.open_work(caller) as work:
            job = _found(queries.get(work, job_id, lock=True), job_id)
            _check_state(job, UPLOADABLE, "given a file")
            work.count("storage_bytes", stored.size_bytes - job.file_bytes)
            queries.update(work, job, status="uploaded", file_key=key, file_bytes=stored.size_bytes)
            now = get(work, job_id)
    except BaseException:
        files.delete(caller.tenant_id, key)
        raise
    if job.file_key:
        files.delete(caller.tenant_id, job.file_key)
    return now


def run(work: Work, job_id: UUID) -> Row:
    """Starts a job, or goes on with one, under the rights of the caller."""
    job = _found(queries.get(work, job_id, lock=True), job_id)
    if job.status == "running":
        return job
    _check_state(job, STARTABLE, "started")
    caller = work.caller
    queries.update(
        work,
        job,
        status="running",
        failure="",
        started_by=caller.actor_id,
        started_by_type=caller.actor_type,
        started_visibility=caller.visibility,
        started_team_ids=list(caller.team_ids),
        started_rights=job_rights.rights_of(caller),
        finished_at=None,
    )
    jobs.enqueue(work, JOB, job_id, lane="bulk")
    return get(work, job_id)


def pause(work: Work, job_id: UUID) -> Row:
    """Stops a running job after the batch at hand, which this call waits for."""
    job = _found(queries.get(work, job_id, lock=True), job_id)
    if job.status != "paused":
        _check_state(job, ("running",), "paused")
        queries.update(work, job, status="paused")
    return get(work, job_id)


def cancel(work: Work, job_id: UUID) -> Row:
    """Ends a job for good; what was written stays."""
    job = _found(queries.get(work, job_id, lock=True), job_id)
    if job.status not in ENDED:
        queries.update(work, job, status="cancelled", finished_at=work.now)
        work.record(events.bulk_job_ended("cancelled", job))
    return get(work, job_id)


def results(database: Database, caller: Caller, job_id: UUID) -> Iterator[bytes]:
    """What became of the items so far, as JSON lines in the order of the file; a batch at a time."""
    with database.open_work(caller, read_only=True) as work:
        get(work, job_id)
    next_item = 0
    while True:
        with database.open_work(caller, read_only=True) as work:
            batch = queries.results(work, job_id, next_item)
        if batch is None:
            return
        yield bytes(batch.lines)
        next_item = batch.first_item + 1


def _check_state(job: Row, allowed: tuple[str, ...], what: str) -> None:
    if job.status not in allowed:
        hint = "Upload its file first." if job.status == "open" else "Create another job."
        raise FailedPrecondition(
            f"This job is {job.status} and cannot be {what}. {hint}",
            reason="WRONG_STATE",
            metadata={"status": job.status},
        )


def _found(job: Row | None, job_id: UUID) -> Row:
    if job is None:
        raise NotFound(f"There is no bulk job {job_id}.", reason="BULK_JOB_NOT_FOUND")
    return job
