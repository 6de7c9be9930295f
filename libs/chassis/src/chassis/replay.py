"""Reads a service's stream once from its beginning to its present end, for views that are built anew.

It keeps no place in the stream and claims nothing: what it feeds must be idempotent, as versioned views are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from chassis.caller import Caller
from chassis.envelope import stream_name
from chassis.settings import Settings
from chassis.subscriptions import Received, decode
from chassis.work import Database, Work

_FORGET_AFTER_S = 300.0


async def replay(
    client: Client,
    database: Database,
    settings: Settings,
    *,
    service: str,
    subjects: Sequence[str],
    handler: Callable[[Work, Sequence[Received]], None],
    report: Callable[[int, int], None] | None = None,
) -> int:
    """Feeds every event of these subjects to `handler`, in batches of one tenant, each in a work of its own.

    Every event comes at least once; a repetition may come out of order. `report` hears how many are done and left.
    Returns how many messages were read. What no consumer could read is passed over.
    """
    context = client.jetstream(timeout=10.0)
    pull = await context.pull_subscribe(
        "",
        stream=stream_name(service),
        config=ConsumerConfig(
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=settings.consumer_ack_wait_s,
            deliver_policy=DeliverPolicy.ALL,
            filter_subjects=[f"funia.*.{subject}" for subject in subjects],
            inactive_threshold=_FORGET_AFTER_S,
            max_ack_pending=settings.consumer_batch_size * 2,
            mem_storage=True,
        ),
    )
    done = 0
    try:
        while True:
            try:
                messages = await pull.fetch(settings.consumer_batch_size, timeout=1.0)
            except (NatsTimeoutError, TimeoutError):
                state = await pull.consumer_info()
                if not state.num_pending and not state.num_ack_pending:
                    return done
                continue
            by_tenant: dict[str, list[Received]] = {}
            for message in messages:
                received = decode(message)
                if received is not None and received.payload is not None:
                    by_tenant.setdefault(received.envelope.tenant_id, []).append(received)
            for tenant_id, events in by_tenant.items():
                await asyncio.to_thread(_in_one_work, database, UUID(tenant_id), events, handler)
            for message in messages[:-1]:
                await message.ack()
            await messages[-1].ack_sync(timeout=5)
            done += len(messages)
            if report:
                report(done, messages[-1].metadata.num_pending)
    finally:
        await pull.unsubscribe()


def _in_one_work(
    database: Database,
    tenant_id: UUID,
    events: list[Received],
    handler: Callable[[Work, Sequence[Received]], None],
) -> None:
    with database.open_work(Caller.system(tenant_id, request_id="rebuild")) as work:
        handler(work, events)
