"""Durable background jobs on procrastinate: enqueued in the state's own transaction, run by the worker process.

A job is a name, a tenant and a record's id; what is to be done stands in the record. Handlers must be repeatable:
after a crash a job runs again, and for a moment two workers may believe that they own it.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from chassis.placements import relay_urls
from chassis.settings import Settings
from chassis.statements import text
from chassis.work import Work

log = logging.getLogger(__name__)

Lane = Literal["interactive", "bulk"]
"""Bulk work of a tenant runs one job at a time and never takes a slot of the interactive lane."""

_ENQUEUE = text("SELECT job_enqueue(%(name)s, %(record_id)s, %(lane)s)")
_ENQUEUE_AT = text("SELECT job_enqueue_at(%(name)s, %(record_id)s, %(at)s)")


class Outcome(Enum):
    """What a handler says at its end."""

    DONE = "done"
    AGAIN = "again"
    """Go on later: the job goes to the end of the line, so that other tenants get their turn."""


class Control:
    """What a running handler asks between two batches."""

    def __init__(self, stopping: threading.Event, *, slice_s: float, attempt: int, last_attempt: bool) -> None:
        self._stopping = stopping
        self._until = time.monotonic() + slice_s
        self.attempt = attempt
        self.last_attempt = last_attempt

    def should_stop(self) -> bool:
        """The process stops, or the job has had its share of time: finish the batch and return AGAIN."""
        return self.process_stops() or time.monotonic() > self._until

    def process_stops(self) -> bool:
        """The process stops. For steps that cannot be continued, only repeated: return AGAIN at once."""
        return self._stopping.is_set()


Handler = Callable[[UUID, UUID, Control], Outcome]
"""Gets tenant, record id and control; runs in a thread of the worker."""
GaveUp = Callable[[UUID, UUID, str], None]
"""Gets tenant, record id and what went wrong, once no attempt is left."""


@dataclass(frozen=True, slots=True)
class _Registered:
    name: str
    handler: Handler
    lane: Lane
    gave_up: GaveUp | None


def enqueue(work: Work, name: str, record_id: UUID, *, lane: Lane) -> None:
    """Adds a job to the transaction; the worker sees it once that commits. One that waits already is enough."""
    work.rows(_ENQUEUE, name=name, record_id=record_id, lane=lane)


def set_timer(work: Work, name: str, record_id: UUID, at: datetime) -> None:
    """Adds a job of the interactive lane that runs once `at` has passed; one that waits already moves to that moment.

    A timer outlives every process and is moved with its company, but is not in its archive: the handler looks at the
    record whether it is due, and rules that are asked in between look at the record's day and never at its state alone.
    """
    work.rows(_ENQUEUE_AT, name=name, record_id=record_id, at=at)


class Jobs:
    """Runs a service's jobs. Register the handlers, then give `background` to `chassis.process.Service`.

    Connects as the relay role, which may see the jobs of all tenants and nothing else of theirs. Polls and does
    without LISTEN, which a transaction pooler does not carry.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._registered: dict[str, _Registered] = {}

    def register(self, name: str, handler: Handler, *, lane: Lane, gave_up: GaveUp | None = None) -> None:
        """Names the handler of a job. `lane` must be the one it is enqueued with."""
        self._registered[name] = _Registered(name, handler, lane, gave_up)

    async def background(self) -> None:
        """Runs the jobs of every placement until cancelled; then lets running batches end and puts their jobs back."""
        queues = [_Queue(self._settings, self._registered, url) for url in relay_urls(self._settings).values()]
        await asyncio.gather(*(queue.run() for queue in queues))


class _Queue:
    """Runs the jobs of one database."""

    def __init__(self, settings: Settings, registered: Mapping[str, _Registered], url: str) -> None:
        self._settings = settings
        self._registered = registered
        self._url = url
        self._stopping = threading.Event()

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self._serve()
                except (ConnectorException, OSError) as error:
                    log.warning("jobs wait for the database: %s", error)
                await asyncio.sleep(self._settings.jobs_restart_delay_s)
        finally:
            self._stopping.set()

    async def _serve(self) -> None:
        settings = self._settings
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=self._url,
                min_size=1,
                max_size=settings.jobs_pool_size,
                timeout=settings.database_pool_timeout_s,
            )
        )
        for entry in self._registered.values():
            self._add(app, entry)
        async with app.open_async():
            running = [
                asyncio.create_task(self._run_lane(app, "interactive", settings.jobs_interactive_concurrency)),
                asyncio.create_task(self._run_lane(app, "bulk", settings.jobs_bulk_concurrency)),
                asyncio.create_task(self._rescue(app)),
            ]
            try:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            finally:
                # Set before the workers are cancelled: they wait for their handlers, which wait for this.
                self._stopping.set()
                for task in running:
                    task.cancel()
                results = await asyncio.gather(*running, return_exceptions=True)
            self._stopping.clear()
            for result in results:
                if isinstance(result, Exception):
                    raise result

    async def _run_lane(self, app: procrastinate.App, lane: Lane, concurrency: int) -> None:
        settings = self._settings
        await app.run_worker_async(
            queues=[lane],
            name=lane,
            concurrency=concurrency,
            listen_notify=False,
            install_signal_handlers=False,
            delete_jobs=DeleteJobCondition.SUCCESSFUL.value,
            fetch_job_polling_interval=settings.jobs_poll_ms / 1000,
            abort_job_polling_interval=3600,
            update_heartbeat_interval=settings.jobs_heartbeat_s,
            stalled_worker_timeout=settings.jobs_stalled_after_s,
        )

    async def _rescue(self, app: procrastinate.App) -> None:
        """Gives jobs of workers that died without a word back to the line."""
        settings = self._settings
        while True:
            stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=settings.jobs_stalled_after_s)
            for job in stalled:
                log.warning("job %s of a dead worker goes on", job.task_name, extra={"job_id": job.id})
                if job.attempts + 1 < settings.jobs_max_attempts:
                    await app.job_manager.retry_job(job)
                    continue
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
                await self._give_up(job.task_name, job.task_kwargs, "the worker died each time it tried this")
            await asyncio.sleep(settings.jobs_rescue_every_s)

    def _add(self, app: procrastinate.App, entry: _Registered) -> None:
        settings = self._settings

        async def run(context: procrastinate.JobContext, *, tenant_id: str, record_id: str) -> None:
            attempt = context.job.attempts
            last = attempt + 1 >= settings.jobs_max_attempts
            control = Control(self._stopping, slice_s=settings.jobs_slice_s, attempt=attempt, last_attempt=last)
            try:
                outcome = await asyncio.to_thread(entry.handler, UUID(tenant_id), UUID(record_id), control)
            except Exception as error:
                if last:
                    await self._give_up(entry.name, context.job.task_kwargs, str(error))
                raise
            if outcome is Outcome.AGAIN:
                job = context.job
                await app.configure_task(entry.name, queue=job.queue, lock=job.lock).defer_async(
                    tenant_id=tenant_id, record_id=record_id
                )

        app.task(name=entry.name, queue=entry.lane, pass_context=True, retry=_BackOff(settings))(run)

    async def _give_up(self, name: str, arguments: dict[str, Any], problem: str) -> None:
        entry = self._registered.get(name)
        if entry is None or entry.gave_up is None:
            return
        told: Callable[[], Awaitable[None]] = functools.partial(
            asyncio.to_thread, entry.gave_up, UUID(arguments["tenant_id"]), UUID(arguments["record_id"]), problem
        )
        try:
            await told()
        except Exception:
            log.exception("the end of job %s could not be told", name)


class _BackOff(BaseRetryStrategy):
    """Doubles the wait with each attempt, up to a limit."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get_retry_decision(self, *, exception: BaseException, job: procrastinate.jobs.Job) -> RetryDecision | None:
        settings = self._settings
        if job.attempts + 1 >= settings.jobs_max_attempts:
            return None
        wait_s = min(settings.jobs_retry_delay_s * 2**job.attempts, settings.jobs_retry_delay_max_s)
        return RetryDecision(retry_in={"seconds": max(1, round(wait_s))})
