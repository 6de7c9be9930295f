"""Sends waiting webhook messages: a lane an endpoint, so that one that hangs holds up nobody else.

A message is claimed with a lease, posted, and settled: taken, tried again later with growing pauses, or given up. A
process killed in between lets the lease end, and the message is sent again under its id.
"""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from weakref import WeakValueDictionary

import httpcore2
from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.work import Database, Row, Work
from joserfc.errors import JoseError
from prometheus_client import Counter, Gauge, Histogram

from gateway.identity.model.webhook import DEAD, DELIVERED, FAILING, GONE, WAITING
from gateway.identity.platform import open_platform_work, platform_rights
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import webhook as endpoints
from gateway.identity.queries import webhook_delivery as deliveries
from gateway.identity.queries.webhook_delivery import Outcome
from gateway.identity.usecases.webhook_endings import disable
from gateway.settings import GatewaySettings
from gateway.webhooks.signing import Signer, WebhookKeys
from gateway.webhooks.transport import Answer, Transport

log = logging.getLogger(__name__)

SENT = Counter("funia_webhook_total", "Webhook messages by outcome: delivered, retried or dead.", ["outcome"])
SECONDS = Histogram("funia_webhook_seconds", "Time an endpoint took to answer.")
LANES = Gauge("funia_webhook_lanes", "Endpoints that messages are being sent to.")
_SENDABLE = frozenset({"trial", "active", "past_due"})
_SUSPENDED_PAUSE = timedelta(minutes=5)
_PROBE_FIRST, _PROBE_MAX = timedelta(seconds=1), timedelta(minutes=5)
_HTTP_GONE = 410


@dataclass(frozen=True, slots=True)
class Batch:
    """Claimed messages of one endpoint. No signer where its keys cannot be opened."""

    endpoint_id: UUID
    url: str
    signer: Signer | None
    is_failing: bool
    rows: Sequence[Row]


class WebhookSender:
    """Sends from one process; any number of processes may do so at once."""

    def __init__(
        self,
        database: Database,
        keys: WebhookKeys,
        settings: GatewaySettings,
        network: httpcore2.AsyncNetworkBackend,
        trust: ssl.SSLContext,
    ) -> None:
        self._database = database
        self._keys = keys
        self._settings = settings
        self._network = network
        self._trust = trust
        self._lanes: dict[UUID, asyncio.Task[None]] = {}
        # A company's share of the slots lives as long as one of its lanes.
        self._shares: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Something was queued. Safe from any thread, and before `run`."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Endlessly. A database that is away is waited for."""
        self._loop = asyncio.get_running_loop()
        self._slots = asyncio.Semaphore(self._settings.webhook_concurrency)
        try:
            while True:
                self._wake.clear()
                try:
                    due = await asyncio.to_thread(self._due)
                except FuniaError as error:
                    log.warning("webhooks wait: %s", error)
                    due = []
                for row in due:
                    if row.endpoint_id not in self._lanes:
                        self._start_lane(row.tenant_id, row.endpoint_id)
                try:
                    await asyncio.wait_for(self._wake.wait(), self._settings.webhook_poll_s)
                except TimeoutError:
                    continue
        finally:
            lanes = list(self._lanes.values())
            for lane in lanes:
                lane.cancel()
            if lanes:
                await asyncio.wait(lanes)

    def _due(self) -> list[Row]:
        with open_platform_work(self._database) as platform:
            return deliveries.due(platform, limit=self._settings.webhook_concurrency + len(self._lanes))

    def _start_lane(self, tenant_id: UUID, endpoint_id: UUID) -> None:
        lane = asyncio.create_task(self._serve(tenant_id, endpoint_id))
        self._lanes[endpoint_id] = lane
        LANES.set(len(self._lanes))

        def ended(task: asyncio.Task[None]) -> None:
            self._lanes.pop(endpoint_id, None)
            LANES.set(len(self._lanes))
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("a webhook lane ended", exc_info=error)

        lane.add_done_callback(ended)

    async def _serve(self, tenant_id: UUID, endpoint_id: UUID) -> None:
        """Sends what is due for one endpoint until nothing is."""
        most = self._settings.webhook_endpoint_concurrency
        transport = Transport(self._settings, self._network, self._trust, most=most)
        share = self._shares.setdefault(tenant_id, asyncio.Semaphore(self._settings.webhook_company_concurrency))
        try:
            while (batch := await asyncio.to_thread(self._claim, tenant_id, endpoint_id)) is not None:
                places = asyncio.Semaphore(1 if batch.is_failing else most)
                attempts = (self._attempt(transport, batch, row, (places, share)) for row in batch.rows)
                answers = await asyncio.gather(*attempts)
                if not await asyncio.to_thread(self._settle, tenant_id, batch, answers):
                    return
        except FuniaError as error:
            log.warning("a webhook lane waits: %s", error)
        finally:
            # Shielded: a stop that comes in the middle must not leave connections open.
            await asyncio.shield(transport.close())

    async def _attempt(
        self, transport: Transport, batch: Batch, row: Row, room: tuple[asyncio.Semaphore, asyncio.Semaphore]
    ) -> tuple[Answer, datetime]:
        """Sends one, when its endpoint, its company and the process have room, in this order."""
        async with room[0], room[1], self._slots:
            now = datetime.now(UTC)
            if batch.signer is None:
                return Answer(0, 0, "not sent: the keys cannot be opened; rotate the secret"), now
            body = row.body.encode()
            signed = batch.signer.headers(message_id(row.event_id, batch.endpoint_id), int(time.time()), body)
            headers = [("content-type", "application/json"), ("user-agent", "Funia-Webhooks/1"), *signed]
            answer = await transport.post(batch.url, headers, body)
            SECONDS.observe(answer.duration_ms / 1000)
            return answer, now

    def _claim(self, tenant_id: UUID, endpoint_id: UUID) -> Batch | None:
        """The next messages of an endpoint; None where there are none, or it takes none."""
        settings = self._settings
        with self._database.open_work(Caller.system(tenant_id)) as work:
            queue = deliveries.lock(work, endpoint_id)
            if queue is None:
                return None
            endpoint = endpoints.get(work, endpoint_id)
            if endpoint is None or endpoint.disabled_reason:
                deliveries.rest(work, endpoint_id)
                return None
            company = tenants.get(work)
            if company is None or company.status not in _SENDABLE or _is_of_stopped_app(work, endpoint):
                deliveries.postpone(work, endpoint_id, work.now + _SUSPENDED_PAUSE)
                return None
            is_failing = queue.failing_since is not None
            rows = deliveries.claim(
                work,
                endpoint_id,
                lease_ends_at=work.now + timedelta(seconds=settings.webhook_lease_s),
                limit=1 if is_failing else settings.webhook_claim_size,
            )
            if not rows:
                return None
            return Batch(endpoint_id, endpoint.url, self._signer(endpoint, work.now), is_failing, rows)

    def _signer(self, endpoint: Row, now: datetime) -> Signer | None:
        try:
            pairs = [self._keys.open(endpoint.sealed_keys)]
            if endpoint.former_keys and endpoint.former_keys_until > now:
                pairs.append(self._keys.open(endpoint.former_keys))
        except JoseError:
            log.exception("the keys of a webhook endpoint cannot be opened")
            return None
        return Signer(pairs)

    def _settle(self, tenant_id: UUID, batch: Batch, answers: Sequence[tuple[Answer, datetime]]) -> bool:
        """Writes what became of a batch; False where the endpoint is to be left alone for a while."""
        with self._database.open_work(Caller.system(tenant_id)) as work:
            queue = deliveries.lock(work, batch.endpoint_id)
            if queue is None:
                return False
            outcomes = [
                self._outcome(row, answer, at, work.now) for row, (answer, at) in zip(batch.rows, answers, strict=True)
            ]
            is_taking = any(answer.is_taken for answer, _ in answers)
            failing_since = None if is_taking else queue.failing_since or work.now
            deliveries.settle(work, batch.endpoint_id, outcomes, failing_since=failing_since)
            if any(answer.status == _HTTP_GONE for answer, _ in answers):
                disable(work, batch.endpoint_id, GONE)
            elif failing_since is not None:
                failing = work.now - failing_since
                deliveries.postpone(work, batch.endpoint_id, work.now + _probe_pause(failing))
                if failing >= timedelta(hours=self._settings.webhook_disable_after_hours):
                    disable(work, batch.endpoint_id, FAILING)
        for outcome in outcomes:
            SENT.labels("retried" if outcome.status == WAITING else outcome.status).inc()
        return failing_since is None

    def _outcome(self, row: Row, answer: Answer, at: datetime, now: datetime) -> Outcome:
        status, next_at = DELIVERED, now
        if not answer.is_taken:
            status = WAITING if now < row.expires_at else DEAD
            pause = timedelta(seconds=retry_pause_s(row.attempts, self._settings))
            next_at = min(now + pause, max(row.expires_at, now))
        return Outcome(row.id, status, next_at, answer.status, answer.duration_ms, answer.error, at)


def _is_of_stopped_app(work: Work, endpoint: Row) -> bool:
    if not endpoint.client_id:
        return False
    with platform_rights(work) as platform:
        return endpoints.is_app_stopped(platform, endpoint.client_id)


def _probe_pause(failing: timedelta) -> timedelta:
    """How long a failing endpoint is left alone: the longer it fails, the longer, whatever waits for it."""
    return min(max(failing / 4, _PROBE_FIRST), _PROBE_MAX)


def message_id(event_id: UUID, endpoint_id: UUID) -> str:
    """The webhook-id: the same for every attempt and replay of an event to an endpoint."""
    return f"{event_id}_{endpoint_id}"


def retry_pause_s(attempts: int, settings: GatewaySettings) -> float:
    """Seconds after the attempt of that number, counted from 1, until the next one; spread by a fifth."""
    grown = settings.webhook_retry_first_s * settings.webhook_retry_factor ** min(attempts - 1, 20)
    return min(grown, settings.webhook_retry_max_s) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads, protects nothing
