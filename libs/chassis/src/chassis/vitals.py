"""What a worker knows of its backlog: outbox, jobs, consumers. Kept as gauges and told on the bus for the operator.

Everything here is a number or a name of ours, never a tenant's.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg
from nats.aio.client import Client
from nats.js.api import KeyValueConfig, StorageType
from nats.js.errors import BucketNotFoundError
from nats.js.kv import KeyValue
from psycopg.rows import tuple_row

from chassis.envelope import stream_name
from chassis.placements import relay_urls
from chassis.settings import POOLED, Settings
from chassis.streams import DEAD_LETTERS, PASSING_ERRORS
from chassis.telemetry import (
    CONSUMER_PENDING,
    DEAD_LETTERS_KEPT,
    JOBS_WAITING,
    OUTBOX_OLDEST_S,
    OUTBOX_PENDING,
)

log = logging.getLogger(__name__)

BUCKET = "funia_vitals"
LANES = ("interactive", "bulk")
_FORGET_FACTOR = 6
_COUNT_MAX = 100_000
"""Counting stops here: beyond it the number says no more than that it is far too large."""

_OUTBOX = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8
      FROM (SELECT created_at FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT %s) AS pending
"""
_HAS_JOBS = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL"
_JOBS = """
    SELECT queue_name, count(*)
      FROM (SELECT queue_name FROM procrastinate_jobs
             WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) LIMIT %s) AS waiting GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """One worker's backlog at one moment."""

    service: str
    at: str
    outbox_pending: int = 0
    outbox_oldest_s: float = 0.0
    jobs: dict[str, int] = field(default_factory=dict)
    consumers: dict[str, int] = field(default_factory=dict)
    placements: dict[str, str] = field(default_factory=dict)
    """Databases by placement: "" where it answers, else the kind of error."""


class Vitals:
    """Measures until cancelled, and goes on through every outage: backlog is what an outage makes."""

    def __init__(self, service: str, settings: Settings, client: Client, consumers: Sequence[tuple[str, str]]) -> None:
        """`consumers` are the names of durable consumers with the service whose stream they read."""
        self._service = service
        self._settings = settings
        self._client = client
        self._consumers = consumers

    async def run(self) -> None:
        """Measures every `vitals_every_s`."""
        while True:
            try:
                await self.measure()
            except (psycopg.Error, *PASSING_ERRORS) as error:
                log.debug("vital signs of %s are incomplete: %s", self._service, error)
            await asyncio.sleep(self._settings.vitals_every_s)

    async def measure(self) -> VitalSigns:
        """Measures once, sets the gauges and tells the bus. The database is measured where the bus is away, too."""
        pending, oldest_s, jobs, placements = await self._backlog()
        OUTBOX_PENDING.labels(self._service).set(pending)
        OUTBOX_OLDEST_S.labels(self._service).set(oldest_s)
        for lane in LANES:
            JOBS_WAITING.labels(self._service, lane).set(jobs.get(lane, 0))
        consumers = await self._lag()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        signs = VitalSigns(self._service, now, pending, oldest_s, jobs, consumers, placements)
        bucket = await open_bucket(self._client, self._settings)
        await bucket.put(self._service, orjson.dumps(asdict(signs)))
        return signs

    async def _backlog(self) -> tuple[int, float, dict[str, int], dict[str, str]]:
        """Of all placements together, and which of them answer. Where the shared one does not, nothing is told, which
        shows as silence."""
        pending, oldest_s = 0, 0.0
        jobs: Counter[str] = Counter()
        placements: dict[str, str] = {}
        for name, url in relay_urls(self._settings).items():
            try:
                one = await _backlog_of(url)
            except psycopg.Error as error:
                if name == POOLED:
                    raise
                placements[name] = type(error).__name__
                continue
            placements[name] = ""
            pending, oldest_s = pending + one[0], max(oldest_s, one[1])
            jobs.update(one[2])
        return pending, oldest_s, dict(jobs), placements

    async def _lag(self) -> dict[str, int]:
        context = self._client.jetstream(timeout=5.0)
        pending = {}
        for name, service in self._consumers:
            info = await context.consumer_info(stream_name(service), name)
            pending[name] = (info.num_pending or 0) + (info.num_ack_pending or 0)
            CONSUMER_PENDING.labels(name).set(pending[name])
        letters = await context.stream_info(DEAD_LETTERS)
        DEAD_LETTERS_KEPT.set(letters.state.messages)
        return pending


async def _backlog_of(url: str) -> tuple[int, float, dict[str, int]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, row_factory=tuple_row) as connection:
        row = await (await connection.execute(_OUTBOX, (_COUNT_MAX,))).fetchone()
        assert row is not None
        has_jobs = await (await connection.execute(_HAS_JOBS)).fetchone()
        waiting: list[Any] = []
        if has_jobs is not None and has_jobs[0]:
            waiting = await (await connection.execute(_JOBS, (_COUNT_MAX,))).fetchall()
        return row[0], row[1], dict(waiting)


async def open_bucket(client: Client, settings: Settings) -> KeyValue:
    """Where workers leave their signs; what is not renewed is forgotten, so that a silent worker shows."""
    context = client.jetstream(timeout=5.0)
    try:
        return await context.key_value(BUCKET)
    except BucketNotFoundError:
        return await context.create_key_value(
            KeyValueConfig(
                bucket=BUCKET,
                ttl=settings.vitals_every_s * _FORGET_FACTOR,
                storage=StorageType.MEMORY,
                replicas=settings.stream_replicas,
            )
        )


def read_signs(raw: bytes) -> VitalSigns:
    """The signs a worker told; what a newer one tells beside them is left out. Raises ValueError and TypeError for
    what is none."""
    told = orjson.loads(raw)
    return VitalSigns(**{one.name: told[one.name] for one in fields(VitalSigns) if one.name in told})
