"""What a service has recorded, as consumers would receive it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from chassis.caller import Caller
from chassis.envelope import Event, enclose
from chassis.statements import text
from chassis.subscriptions import Received, opened
from chassis.work import Database

_RECORDED = text("SELECT envelope FROM outbox WHERE tenant_id = %(tenant_id)s ORDER BY id", "tenant_id")


def recorded(database: Database, tenant_id: UUID) -> list[Received]:
    """Every event in a tenant's outbox, oldest first."""
    with database.open_work(Caller.system(tenant_id), read_only=True) as work:
        return [event for row in work.rows(_RECORDED) if (event := opened(bytes(row.envelope))) is not None]


def received(event: Event, tenant_id: UUID) -> Received:
    """An event as a consumer of another service gets it."""
    envelope = enclose(event, Caller.system(tenant_id), now=datetime.now(UTC))
    arrived = opened(envelope.SerializeToString())
    assert arrived is not None
    return arrived
