"""Queues each event for the endpoints that want it. An event comes at least once and is queued once an endpoint."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, timedelta
from uuid import UUID

from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.subscriptions import RawSubscription
from chassis.work import Database, Row, Work
from funia.events.v1.envelope_pb2 import Envelope
from prometheus_client import Counter

from gateway.eventlog.event_json import EventJson
from gateway.eventlog.event_types import SERVICES, matches
from gateway.identity import events
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import webhook as endpoints
from gateway.identity.queries import webhook_delivery as deliveries
from gateway.identity.queries.webhook_delivery import NewDelivery
from gateway.settings import GatewaySettings

log = logging.getLogger(__name__)

QUEUED = Counter(
    "funia_webhook_queued_total", "Webhook messages queued, or skipped where a queue was full.", ["outcome"]
)
_CLOCKS_APART = timedelta(minutes=1)
_OVERFLOW_TOLD_AGAIN = timedelta(hours=1)


class FanOut:
    """`chassis.consumer.RawHandler` for the streams of all services. `queued` is told when something was queued."""

    def __init__(self, database: Database, settings: GatewaySettings, queued: Callable[[], None]) -> None:
        self._database = database
        self._settings = settings
        self._queued = queued
        self._json = EventJson()

    def subscriptions(self) -> list[RawSubscription]:
        """One a service."""
        return [RawSubscription("webhooks", service, (f"{service}.>",), self) for service in SERVICES]

    def __call__(self, batch: Sequence[tuple[Envelope, int]]) -> None:
        """Queues a batch. Raises where a part could not be; what was queued is not queued again."""
        by_tenant: dict[UUID, list[Envelope]] = {}
        for envelope, _ in batch:
            by_tenant.setdefault(UUID(envelope.tenant_id), []).append(envelope)
        with open_platform_work(self._database) as platform:
            taking = endpoints.enabled(platform, list(by_tenant))
        by_owner: dict[UUID, list[Row]] = {}
        for endpoint in taking:
            by_owner.setdefault(endpoint.tenant_id, []).append(endpoint)
        for tenant_id, wanting in by_owner.items():
            wanted = self._wanted(tenant_id, wanting, by_tenant[tenant_id])
            if wanted:
                with self._database.open_work(Caller.system(tenant_id)) as work:
                    self._queue(work, wanted)
                self._queued()

    def _wanted(self, tenant_id: UUID, wanting: Sequence[Row], envelopes: Sequence[Envelope]) -> list[NewDelivery]:
        found = []
        for envelope in envelopes:
            body = ""
            happened_at = envelope.occurred_at.ToDatetime(UTC)
            for endpoint in wanting:
                # A stream is read from its beginning once; an endpoint gets what happened since it was made.
                if (
                    not matches(endpoint.event_types, envelope.type)
                    or happened_at < endpoint.created_at - _CLOCKS_APART
                ):
                    continue
                body = body or self._json.text_of(envelope).decode()
                found.append(NewDelivery(uuid7(), endpoint.id, UUID(envelope.id), envelope.type, body))
        return found

    def _queue(self, work: Work, wanted: Sequence[NewDelivery]) -> None:
        queues = {queue.endpoint_id: queue for queue in deliveries.lock_all(work)}
        known = deliveries.known(work, list(queues), [one.event_id for one in wanted])
        fresh = [one for one in wanted if one.endpoint_id in queues and (one.endpoint_id, one.event_id) not in known]
        room = max(0, self._settings.webhook_queue_max - sum(queue.waiting for queue in queues.values()))
        if fresh[:room]:
            expires_at = work.now + timedelta(hours=self._settings.webhook_retry_hours)
            deliveries.add(work, fresh[:room], expires_at=expires_at)
            QUEUED.labels("queued").inc(len(fresh[:room]))
        skipped: dict[UUID, int] = {}
        for one in fresh[room:]:
            skipped[one.endpoint_id] = skipped.get(one.endpoint_id, 0) + 1
        for endpoint_id, count in skipped.items():
            self._overflow(work, queues[endpoint_id], count)

    def _overflow(self, work: Work, queue: Row, count: int) -> None:
        """Counts what did not fit, and tells the company once an hour; the event API still has the events."""
        deliveries.skip(work, queue.endpoint_id, count)
        QUEUED.labels("skipped").inc(count)
        log.warning("a webhook queue is full", extra={"tenant_id": str(work.tenant_id)})
        if queue.overflowed_at is None or queue.overflowed_at < work.now - _OVERFLOW_TOLD_AGAIN:
            row = endpoints.get(work, queue.endpoint_id)
            if row is not None:
                work.record(events.webhook_endpoint_changed("overflowed", row.id, row.version))
