"""The outbox table: an event becomes a row in the transaction of its state, and `chassis.relay` publishes it later.

Rows are kept for some days in daily partitions, so that an outage of the bus can be repaired from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zlib import crc32

from chassis.caller import Caller
from chassis.envelope import Event, enclose, subject
from chassis.statements import Prepared, text

SHARDS = 64
"""Logical shards; relays divide them among themselves. An aggregate always falls into the same one."""

INSERT = text(
    """
    INSERT INTO outbox (tenant_id, id, created_at, shard, subject, envelope)
    SELECT %(tenant_id)s, id, %(now)s, shard, subject, envelope
      FROM unnest(%(ids)b::uuid[], %(shards)b::smallint[], %(subjects)b::text[], %(envelopes)b::bytea[])
           AS event(id, shard, subject, envelope)
    """,
    "tenant_id",
    "now",
    "ids",
    "shards",
    "subjects",
    "envelopes",
)


def insertion(events: Sequence[Event], caller: Caller, now: datetime) -> tuple[Prepared, dict[str, object]]:
    """The statement and parameters that write these events."""
    return INSERT, {
        "now": now,
        "ids": [event.id for event in events],
        "shards": [shard_of(event.subject_id) for event in events],
        "subjects": [subject(event.type, caller.tenant_id) for event in events],
        "envelopes": [enclose(event, caller, now=now).SerializeToString() for event in events],
    }


def shard_of(aggregate_id: UUID) -> int:
    """Shard of an aggregate."""
    return crc32(aggregate_id.bytes) % SHARDS
