"""Forgets imports and bulk jobs that are over for long: their files, what they refused, and what undoing them needs.

Runs in the worker, company by company, in small transactions; what runs or waits for somebody is young, or stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.files import FileStore
from chassis.work import Database, Row, Work

from contacts.queries import forgetting as queries
from contacts.settings import ContactsSettings

log = logging.getLogger(__name__)

_JOBS_AT_ONCE = 50
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class _Kind:
    old: Callable[..., list[Row]]
    parts: Sequence[queries.Part]
    remove: Callable[[Work, Row], None]
    keep: timedelta


class Forgetting:
    """The daily sweep. Give `run` to the worker as a background."""

    def __init__(self, database: Database, files: FileStore, settings: ContactsSettings) -> None:
        self._database = database
        self._files = files
        self._settings = settings
        self._kinds = (
            _Kind(queries.old_imports, queries.OF_IMPORT, queries.remove_import, _days(settings.import_keep_days)),
            _Kind(queries.old_bulk_jobs, queries.OF_BULK_JOB, queries.remove_bulk_job, _days(settings.bulk_keep_days)),
        )

    async def run(self) -> None:
        """Sweeps now and every `forget_every_s`, until cancelled."""
        while True:
            try:
                forgotten = await asyncio.to_thread(self.sweep)
                if forgotten:
                    log.info("%d old imports and bulk jobs are forgotten", forgotten)
            except (FuniaError, psycopg.OperationalError) as error:
                log.warning("old imports stay for now: %s", error)
            await asyncio.sleep(self._settings.forget_every_s)

    def sweep(self, *, now: datetime | None = None) -> int:
        """Forgets what is too old in all companies; returns how many imports and bulk jobs that were."""
        with psycopg.connect(self._settings.relay_database_url, autocommit=True) as relay:
            tenant_ids = [row[0] for row in relay.execute(queries.TENANTS)]
        at = now or datetime.now(UTC)
        return sum(self._sweep_company(tenant_id, kind, at) for tenant_id in tenant_ids for kind in self._kinds)

    def _sweep_company(self, tenant_id: UUID, kind: _Kind, now: datetime) -> int:
        caller = Caller.system(tenant_id)
        forgotten = 0
        while True:
            with self._database.open_work(caller, read_only=True) as work:
                old = kind.old(work, before=now - kind.keep, limit=_JOBS_AT_ONCE)
            for row in old:
                if row.file_key:
                    self._files.delete(tenant_id, row.file_key)
                for part in kind.parts:
                    self._empty(caller, part, row.id)
                with self._database.open_work(caller) as work:
                    kind.remove(work, row)
            forgotten += len(old)
            if len(old) < _JOBS_AT_ONCE:
                return forgotten

    def _empty(self, caller: Caller, part: queries.Part, job_id: UUID) -> None:
        while True:
            with self._database.open_work(caller) as work:
                if queries.remove_part(work, part, job_id, limit=_ROWS_AT_ONCE) < _ROWS_AT_ONCE:
                    return


def _days(days: int) -> timedelta:
    return timedelta(days=days)
