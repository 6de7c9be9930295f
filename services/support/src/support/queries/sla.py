"""Statements on service levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_POLICIES = text(
    """
    SELECT policy.id, policy.queue_ids, policy.types, policy.channels, policy.targets, policy.warn_percent,
           hours.time_zone, hours.hours, hours.holidays
      FROM sla_policy AS policy
      LEFT JOIN business_calendar AS hours ON hours.tenant_id = %(tenant_id)s AND hours.id = policy.business_calendar_id
     WHERE policy.tenant_id = %(tenant_id)s AND policy.deleted_at IS NULL AND policy.active
     ORDER BY policy.position, policy.id
    """,
    "tenant_id",
)
_CLOCKS = text(
    """
    SELECT ticket_id, kind, sla_policy_id, state, target_s, elapsed_s, running_since, warn_at, due_at, warned_at,
           breached_at, met_at
      FROM sla_clock WHERE tenant_id = %(tenant_id)s AND ticket_id = ANY(%(ticket_ids)b::uuid[])
    """,
    "tenant_id",
)
_PUT = text(
    """
    INSERT INTO sla_clock (tenant_id, ticket_id, kind, sla_policy_id, state, target_s, elapsed_s, running_since,
           warn_at, due_at, warned_at, breached_at, met_at, counted_at)
    VALUES (%(tenant_id)s, %(ticket_id)s, %(kind)s, %(sla_policy_id)s, %(state)s, %(target_s)s, %(elapsed_s)s,
           %(running_since)s, %(warn_at)s, %(due_at)s, %(warned_at)s, %(breached_at)s, %(met_at)s, %(now)s)
    ON CONFLICT (tenant_id, ticket_id, kind) DO UPDATE SET sla_policy_id = excluded.sla_policy_id,
           state = excluded.state, target_s = excluded.target_s, elapsed_s = excluded.elapsed_s,
           running_since = excluded.running_since, warn_at = excluded.warn_at, due_at = excluded.due_at,
           warned_at = excluded.warned_at, breached_at = excluded.breached_at, met_at = excluded.met_at,
           counted_at = excluded.counted_at
    """,
    "tenant_id",
)
_DROP = text(
    "DELETE FROM sla_clock WHERE tenant_id = %(tenant_id)s AND ticket_id = %(ticket_id)s AND kind = %(kind)s",
    "tenant_id",
)
_MARK = text(
    """
    UPDATE ticket SET next_due_at = %(next_due_at)s, sla_state = %(sla_state)s
     WHERE tenant_id = %(tenant_id)s AND id = %(ticket_id)s
    """,
    "tenant_id",
)
_STALE = text(
    """
    SELECT DISTINCT ticket_id FROM (
        SELECT ticket_id FROM sla_clock
         WHERE tenant_id = %(tenant_id)s AND sla_policy_id = %(policy_id)s AND state IN ('running', 'paused')
           AND counted_at < %(before)s
         ORDER BY counted_at LIMIT %(most)s
    ) AS clock
    """,
    "tenant_id",
)
_CHANGED = text(
    """
    SELECT greatest(policy.updated_at, hours.updated_at) AS at
      FROM sla_policy AS policy
      LEFT JOIN business_calendar AS hours ON hours.tenant_id = %(tenant_id)s AND hours.id = policy.business_calendar_id
     WHERE policy.tenant_id = %(tenant_id)s AND policy.id = %(policy_id)s
    """,
    "tenant_id",
)
_OF_CALENDAR = text(
    """
    SELECT id FROM sla_policy
     WHERE tenant_id = %(tenant_id)s AND business_calendar_id = %(calendar_id)s AND deleted_at IS NULL
    """,
    "tenant_id",
)
_CALENDAR = text(
    "SELECT 1 AS found FROM business_calendar WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND deleted_at IS NULL",
    "tenant_id",
)


def policies(work: Work) -> list[Row]:
    """What is promised, the first to match first, each with its calendar."""
    return work.rows(_POLICIES)


def clocks(work: Work, ticket_ids: Sequence[UUID]) -> list[Row]:
    """The clocks of tickets."""
    return work.rows(_CLOCKS, ticket_ids=list(ticket_ids)) if ticket_ids else []


def put(work: Work, ticket_id: UUID, policy_id: UUID, values: dict[str, Any]) -> None:
    """Writes a clock."""
    work.execute(_PUT, ticket_id=ticket_id, sla_policy_id=policy_id, now=work.now, **values)


def drop(work: Work, ticket_id: UUID, kind: str) -> None:
    """Takes a clock away."""
    work.execute(_DROP, ticket_id=ticket_id, kind=kind)


def mark(work: Work, ticket_id: UUID, next_due_at: datetime | None, sla_state: str) -> None:
    """Writes at the ticket what lists filter by. It is no version of its own: the events of clocks tell of it."""
    work.execute(_MARK, ticket_id=ticket_id, next_due_at=next_due_at, sla_state=sla_state)


def stale(work: Work, policy_id: UUID, before: datetime, most: int) -> list[UUID]:
    """Tickets whose clocks were last counted before a moment."""
    return [row.ticket_id for row in work.rows(_STALE, policy_id=policy_id, before=before, most=most)]


def changed_at(work: Work, policy_id: UUID) -> datetime | None:
    """When a policy, or its calendar, was last changed."""
    row = work.row(_CHANGED, policy_id=policy_id)
    return None if row is None else row.at


def of_calendar(work: Work, calendar_id: UUID) -> list[UUID]:
    """Policies that count by a calendar."""
    return [row.id for row in work.rows(_OF_CALENDAR, calendar_id=calendar_id)]


def calendar_is_there(work: Work, calendar_id: UUID) -> bool:
    """Whether there is such a living calendar."""
    return work.row(_CALENDAR, id=calendar_id) is not None
