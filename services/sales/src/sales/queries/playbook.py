"""Statements on what was ticked off for deals."""

from __future__ import annotations

from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_TICKS = text(
    """
    SELECT item, done_at, done_by FROM deal_tick
     WHERE tenant_id = %(tenant_id)s AND deal_id = %(deal_id)s AND stage_id = %(stage_id)s
    """,
    "tenant_id",
)
_TICK = text(
    """
    INSERT INTO deal_tick (tenant_id, deal_id, stage_id, item, done_at, done_by)
    VALUES (%(tenant_id)s, %(deal_id)s, %(stage_id)s, %(item)s, %(now)s, %(actor_id)s) ON CONFLICT DO NOTHING
    """,
    "tenant_id",
    "actor_id",
)
_UNTICK = text(
    """
    DELETE FROM deal_tick
     WHERE tenant_id = %(tenant_id)s AND deal_id = %(deal_id)s AND stage_id = %(stage_id)s AND item = %(item)s
    """,
    "tenant_id",
)


def ticks(work: Work, deal_id: UUID, stage_id: UUID) -> dict[str, Row]:
    """What is ticked off for a deal in a stage, by its words."""
    return {row.item: row for row in work.rows(_TICKS, deal_id=deal_id, stage_id=stage_id)}


def tick(work: Work, deal: Row, item: str) -> bool:
    """Ticks something off; whether it was open."""
    return bool(work.execute(_TICK, deal_id=deal.id, stage_id=deal.stage_id, item=item, now=work.now))


def untick(work: Work, deal: Row, item: str) -> bool:
    """Takes a tick away; whether there was one."""
    return bool(work.execute(_UNTICK, deal_id=deal.id, stage_id=deal.stage_id, item=item))
