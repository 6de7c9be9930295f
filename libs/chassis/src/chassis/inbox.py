"""The inbox: what a consumer has handled already, written in the handler's own transaction."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from chassis.statements import text
from chassis.work import Work

_CLAIM = text(
    """
    INSERT INTO inbox (tenant_id, consumer, event_id)
    SELECT %(tenant_id)s, %(consumer)s, event_id FROM unnest(%(event_ids)s::uuid[]) AS received(event_id)
    ON CONFLICT DO NOTHING RETURNING event_id
    """,
    "tenant_id",
    "consumer",
    "event_ids",
)


def claim(work: Work, consumer: str, event_ids: Collection[UUID]) -> Collection[UUID]:
    """The events among these that this consumer has not handled yet; they count as handled if the work commits.

    `event_ids` are given once each.
    """
    rows = work.rows_unless(_CLAIM, len(event_ids), consumer=consumer, event_ids=list(event_ids))
    return event_ids if rows is None else {row.event_id for row in rows}
