"""Webhooks in the worker process: what it consumes, sends, and forgets with time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.process import Background
from chassis.subscriptions import RawSubscription

from gateway.composition import Identity
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import webhook as endpoints
from gateway.identity.queries import webhook_delivery as deliveries
from gateway.webhooks.fan_out import FanOut
from gateway.webhooks.sender import WebhookSender
from gateway.webhooks.transport import PinnedNetwork, Resolver, public_trust

log = logging.getLogger(__name__)

_FORGOTTEN_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Running:
    """For `chassis.process.Service`."""

    subscriptions: Sequence[RawSubscription]
    background: Sequence[Background]


def webhooks_running(identity: Identity) -> Running:
    """Fan-out, sender and clean-up; opens nothing yet."""
    settings = identity.settings
    network = PinnedNetwork(Resolver(), allow_private=settings.webhook_private_addresses)
    sender = WebhookSender(identity.database, identity.webhook_keys, settings, network, public_trust())
    fan_out = FanOut(identity.database, settings, sender.wake)
    return Running(fan_out.subscriptions(), [sender.run, lambda: _forget_for_ever(identity)])


async def _forget_for_ever(identity: Identity) -> None:
    while True:
        try:
            await asyncio.to_thread(forget_deliveries, identity)
        except FuniaError as error:
            log.warning("old webhook deliveries stay for now: %s", error)
        await asyncio.sleep(identity.settings.forget_every_s)


def forget_deliveries(identity: Identity) -> int:
    """Deletes old lines of the log, in batches; returns how many. What waits stays."""
    with open_platform_work(identity.database) as platform:
        tenant_ids = endpoints.tenants(platform)
        before = platform.now - timedelta(days=identity.settings.webhook_log_days)
    forgotten = 0
    for tenant_id in tenant_ids:
        batch = _FORGOTTEN_AT_ONCE
        while batch == _FORGOTTEN_AT_ONCE:
            with identity.database.open_work(Caller.system(tenant_id)) as work:
                batch = deliveries.forget(work, before=before, limit=_FORGOTTEN_AT_ONCE)
            forgotten += batch
    return forgotten
