"""Forgets jobs with a file that are over for long: the file, what was refused of it, and what undoing them needs.

Runs in the worker, company by company, in small transactions; what runs or waits for somebody is young, or stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg

from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.files import FileStore
from chassis.statements import text
from chassis.work import Database, Row, Work

log = logging.getLogger(__name__)

_JOBS_AT_ONCE = 50
_ROWS_AT_ONCE = 5_000


class OldJobs:
    """Jobs of a table that has `file_key`, `file_bytes`, `status`, `created_at` and `updated_at`, and that nothing has
    happened to for `keep`. `parts` are the tables with rows of them, by the column that names the job.
    """

    def __init__(self, table: str, *, keep: timedelta, running: Sequence[str], parts: Mapping[str, str]) -> None:
        self.keep = keep
        self._old = text(
            f"""
            SELECT id, file_key, file_bytes FROM {table}
             WHERE tenant_id = %(tenant_id)s AND created_at < %(before)s AND updated_at < %(before)s
               AND status <> ALL(%(running)s::text[])
             ORDER BY id LIMIT %(limit)s
            """,
            "tenant_id",
            "before",
            "limit",
        )
        self._running = list(running)
        self._remove = text(f"DELETE FROM {table} WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id", "id")
        self._empty = [
            text(
                f"""
                DELETE FROM {part} WHERE tenant_id = %(tenant_id)s AND {column} = %(job_id)s AND ctid = ANY (ARRAY(
                    SELECT ctid FROM {part} WHERE tenant_id = %(tenant_id)s AND {column} = %(job_id)s LIMIT %(limit)s))
                """,
                "tenant_id",
                "job_id",
                "limit",
            )
            for part, column in parts.items()
        ]

    def found(self, work: Work, *, before: datetime, limit: int) -> list[Row]:
        """Jobs that nothing has happened to since that moment and that do not run, oldest first."""
        return work.rows(self._old, before=before, running=self._running, limit=limit)

    def empty(self, database: Database, caller: Caller, job_id: UUID) -> None:
        """Removes the rows that belong to a job, some at a time."""
        for statement in self._empty:
            gone = _ROWS_AT_ONCE
            while gone >= _ROWS_AT_ONCE:
                with database.open_work(caller) as work:
                    gone = work.execute(statement, job_id=job_id, limit=_ROWS_AT_ONCE)

    def remove(self, work: Work, job: Row) -> None:
        """Removes a job that nothing belongs to any more."""
        if work.execute(self._remove, id=job.id):
            work.count("storage_bytes", -job.file_bytes)


class Forgetting:
    """The daily sweep. `directory` tells the companies to the relay role. Give `run` to the worker as a background."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        kinds: Sequence[OldJobs],
        *,
        directory: str,
        relay_url: str,
        every_s: float,
    ) -> None:
        self._database = database
        self._files = files
        self._kinds = kinds
        self._directory = directory
        self._relay_url = relay_url
        self._every_s = every_s

    async def run(self) -> None:
        """Sweeps now and every `every_s`, until cancelled."""
        while True:
            try:
                forgotten = await asyncio.to_thread(self.sweep)
                if forgotten:
                    log.info("%d old jobs are forgotten with their files", forgotten)
            except (FuniaError, psycopg.OperationalError) as error:
                log.warning("old jobs stay for now: %s", error)
            await asyncio.sleep(self._every_s)

    def sweep(self, *, now: datetime | None = None) -> int:
        """Forgets what is too old in all companies; returns how many jobs that were."""
        with psycopg.connect(self._relay_url, autocommit=True) as relay:
            tenant_ids = [row[0] for row in relay.execute(self._directory.encode())]
        at = now or datetime.now(UTC)
        return sum(self._sweep_company(tenant_id, kind, at) for tenant_id in tenant_ids for kind in self._kinds)

    def _sweep_company(self, tenant_id: UUID, kind: OldJobs, now: datetime) -> int:
        caller = Caller.system(tenant_id)
        forgotten = 0
        while True:
            with self._database.open_work(caller, read_only=True) as work:
                old = kind.found(work, before=now - kind.keep, limit=_JOBS_AT_ONCE)
            for row in old:
                if row.file_key:
                    self._files.delete(tenant_id, row.file_key)
                kind.empty(self._database, caller, row.id)
                with self._database.open_work(caller) as work:
                    kind.remove(work, row)
            forgotten += len(old)
            if len(old) < _JOBS_AT_ONCE:
                return forgotten
