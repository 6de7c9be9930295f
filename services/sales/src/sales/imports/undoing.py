"""Runs the undoing of an import kind by kind and batch by batch. Records, events, report and progress commit
together, so that one that is killed anywhere goes on exactly where it was.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from chassis import job_rights
from chassis.importing.limits import ImportLimits
from chassis.jobs import Control
from chassis.jobs import Outcome as Turn
from chassis.work import Database, Row

from sales import events
from sales.imports.undo import PLURAL, undo_batch
from sales.queries import import_undo as queries
from sales.queries.imports import IMPORTS


def undo(database: Database, limits: ImportLimits, started: Row, control: Control) -> Turn:
    """Takes back what this import wrote, as whoever asked for it; leaves off where the control says so."""
    caller = job_rights.caller_of(started.tenant_id, started.started_rights, request_id=str(started.id))
    caller = replace(caller, visibility="all")
    for kind in queries.KINDS:
        while True:
            with database.open_work(caller) as work:
                job = IMPORTS.get(work, started.id, lock=True)
                if job is None or job.status != "reverting":
                    return Turn.DONE
                job_rights.check(work, job.started_rights)
                changes = queries.changes(work, job.id, kind, limit=limits.undo_batch_records)
                if changes:
                    undone = undo_batch(work, job.id, job.options["system"], kind, changes)
                    so_far = Counter(job.undone) + Counter({PLURAL[kind]: undone.done})
                    IMPORTS.update(work, job, undone=dict(so_far), undo_left=job.undo_left + undone.left)
            if not changes:
                break
            if control.should_stop():
                return Turn.AGAIN
    with database.open_work(caller) as work:
        job = IMPORTS.get(work, started.id, lock=True)
        if job is not None and job.status == "reverting":
            IMPORTS.update(work, job, status="reverted", phase="", finished_at=work.now)
            work.record(events.import_ended("reverted", job))
    return Turn.DONE
