"""Statements on webhook queues and deliveries. Whoever writes either locks the endpoint's queue row first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

from gateway.identity.platform import PlatformWork

_LOG_COLUMNS = """
    id, endpoint_id, event_id, event_type, status, attempts, next_at, response_status, response_ms, error, created_at,
    attempted_at
"""
_DUE = text(
    "SELECT tenant_id, endpoint_id FROM webhook_queue WHERE due_at <= %(at)s ORDER BY due_at LIMIT %(limit)s",
    "at",
    "limit",
)
_LOCK_ALL = text(
    """
    SELECT endpoint_id, waiting, overflowed_at FROM webhook_queue WHERE tenant_id = %(tenant_id)s
     ORDER BY endpoint_id FOR UPDATE
    """,
    "tenant_id",
)
_LOCK = text(
    """
    SELECT endpoint_id, waiting, failing_since FROM webhook_queue
     WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s FOR UPDATE
    """,
    "tenant_id",
    "endpoint_id",
)
_ADD = text(
    """
    INSERT INTO webhook_delivery (tenant_id, id, endpoint_id, event_id, event_type, body, status, attempts, next_at,
                                  expires_at, response_status, response_ms, error, created_at)
    SELECT %(tenant_id)s, id, endpoint_id, event_id, event_type, body, 'waiting', 0, %(at)s, %(expires_at)s, 0, 0, '',
           %(at)s
      FROM unnest(%(ids)s::uuid[], %(endpoint_ids)s::uuid[], %(event_ids)s::uuid[], %(event_types)s::text[],
                  %(bodies)s::text[]) AS one(id, endpoint_id, event_id, event_type, body)
    ON CONFLICT (tenant_id, endpoint_id, event_id) DO NOTHING
    RETURNING endpoint_id
    """,
    "tenant_id",
    "at",
    "expires_at",
    "ids",
    "endpoint_ids",
    "event_ids",
    "event_types",
    "bodies",
)
_KNOWN = text(
    """
    SELECT endpoint_id, event_id FROM webhook_delivery
     WHERE tenant_id = %(tenant_id)s AND endpoint_id = ANY (%(endpoint_ids)s::uuid[])
       AND event_id = ANY (%(event_ids)s::uuid[])
    """,
    "tenant_id",
    "endpoint_ids",
    "event_ids",
)
_QUEUED = text(
    """
    UPDATE webhook_queue
       SET waiting = waiting + %(count)s,
           due_at = CASE WHEN failing_since IS NOT NULL AND due_at IS NOT NULL THEN due_at
                         ELSE least(due_at, %(at)s) END
     WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s
    """,
    "tenant_id",
    "endpoint_id",
    "count",
    "at",
)
_SKIPPED = text(
    """
    UPDATE webhook_queue SET skipped = skipped + %(count)s, overflowed_at = %(at)s
     WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s
    """,
    "tenant_id",
    "endpoint_id",
    "count",
    "at",
)
_CLAIM = text(
    """
    UPDATE webhook_delivery SET attempts = attempts + 1, next_at = %(lease_ends_at)s
     WHERE tenant_id = %(tenant_id)s AND id IN (
           SELECT id FROM webhook_delivery
            WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s AND status = 'waiting'
              AND next_at <= %(at)s
            ORDER BY next_at LIMIT %(limit)s)
    RETURNING id, event_id, body, attempts, expires_at
    """,
    "tenant_id",
    "endpoint_id",
    "at",
    "lease_ends_at",
    "limit",
)
_SET_DUE = text(
    """
    UPDATE webhook_queue SET due_at = (
           SELECT next_at FROM webhook_delivery
            WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s AND status = 'waiting'
            ORDER BY next_at LIMIT 1)
     WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s
    """,
    "tenant_id",
    "endpoint_id",
)
_REST = text(
    "UPDATE webhook_queue SET due_at = NULL WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s",
    "tenant_id",
    "endpoint_id",
)
_POSTPONE = text(
    """
    UPDATE webhook_queue SET due_at = greatest(due_at, %(at)s)
     WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s AND due_at IS NOT NULL
    """,
    "tenant_id",
    "endpoint_id",
    "at",
)
_AT_ONCE = text(
    "UPDATE webhook_queue SET due_at = %(at)s WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s",
    "tenant_id",
    "endpoint_id",
    "at",
)
_FORGIVE = text(
    "UPDATE webhook_queue SET failing_since = NULL WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s",
    "tenant_id",
    "endpoint_id",
)
_SETTLE = text(
    """
    UPDATE webhook_delivery d
       SET status = one.status, next_at = one.next_at, response_status = one.response_status,
           response_ms = one.response_ms, error = one.error, attempted_at = one.attempted_at
      FROM unnest(%(ids)s::uuid[], %(statuses)s::text[], %(next_ats)s::timestamptz[], %(response_statuses)s::bigint[],
                  %(response_ms)s::bigint[], %(errors)s::text[], %(attempted_ats)s::timestamptz[])
           AS one(id, status, next_at, response_status, response_ms, error, attempted_at)
     WHERE d.tenant_id = %(tenant_id)s AND d.id = one.id AND d.status = 'waiting'
    RETURNING d.status
    """,
    "tenant_id",
    "ids",
    "statuses",
    "next_ats",
    "response_statuses",
    "response_ms",
    "errors",
    "attempted_ats",
)
_SETTLED = text(
    """
    UPDATE webhook_queue SET waiting = waiting - %(count)s, failing_since = %(failing_since)s
     WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s
    """,
    "tenant_id",
    "endpoint_id",
    "count",
    "failing_since",
)
_GET = text(
    f"SELECT {_LOG_COLUMNS} FROM webhook_delivery WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id", "id"
)
_LOG = f"""
    SELECT {_LOG_COLUMNS} FROM webhook_delivery WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s
"""
_AFTER = "AND (created_at, id) < (%(after_created_at)s, %(after_id)s)"
_NEWEST = "ORDER BY created_at DESC, id DESC LIMIT %(limit)s"
_NAMES = ("tenant_id", "endpoint_id", "limit", "status", "after_created_at", "after_id")
_PAGES = {
    (has_status, has_after): text(
        f"{_LOG} {'AND status = %(status)s' if has_status else ''} {_AFTER if has_after else ''} {_NEWEST}", *_NAMES
    )
    for has_status in (False, True)
    for has_after in (False, True)
}
_REPLAY = text(
    """
    UPDATE webhook_delivery SET status = 'waiting', attempts = 0, next_at = %(at)s, expires_at = %(expires_at)s
     WHERE tenant_id = %(tenant_id)s AND id = ANY (%(ids)s::uuid[]) AND status <> 'waiting'
    """,
    "tenant_id",
    "ids",
    "at",
    "expires_at",
)
_HURRY = text(
    "UPDATE webhook_delivery SET next_at = %(at)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s",
    "tenant_id",
    "id",
    "at",
)
_DEAD = text(
    """
    SELECT id FROM webhook_delivery
     WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s AND status = 'dead'
     ORDER BY created_at, id LIMIT %(limit)s
    """,
    "tenant_id",
    "endpoint_id",
    "limit",
)
_DROP_QUEUE = text(
    "DELETE FROM webhook_queue WHERE tenant_id = %(tenant_id)s AND endpoint_id = %(endpoint_id)s",
    "tenant_id",
    "endpoint_id",
)
_FORGET = text(
    """
    DELETE FROM webhook_delivery WHERE tenant_id = %(tenant_id)s AND id IN (
           SELECT id FROM webhook_delivery
            WHERE tenant_id = %(tenant_id)s AND created_at < %(before)s
              AND (status <> 'waiting' OR NOT EXISTS (
                   SELECT FROM webhook_queue q WHERE q.tenant_id = %(tenant_id)s
                      AND q.endpoint_id = webhook_delivery.endpoint_id)) LIMIT %(limit)s)
    """,
    "tenant_id",
    "before",
    "limit",
)


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An event for an endpoint; `body` is the JSON to be sent."""

    id: UUID
    endpoint_id: UUID
    event_id: UUID
    event_type: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt."""

    delivery_id: UUID
    status: str
    next_at: datetime
    response_status: int
    response_ms: int
    error: str
    attempted_at: datetime


def due(platform: PlatformWork, *, limit: int) -> list[Row]:
    """Endpoints that something is due for, the most overdue first."""
    return platform.rows(_DUE, at=platform.now, limit=limit)


def lock_all(work: Work) -> list[Row]:
    """The company's queues, locked until the transaction ends."""
    return work.rows(_LOCK_ALL)


def lock(work: Work, endpoint_id: UUID) -> Row | None:
    """One queue, locked until the transaction ends."""
    return work.row(_LOCK, endpoint_id=endpoint_id)


def known(work: Work, endpoint_ids: Sequence[UUID], event_ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of endpoint and event that are queued already."""
    rows = work.rows(_KNOWN, endpoint_ids=list(endpoint_ids), event_ids=list(event_ids))
    return {(row.endpoint_id, row.event_id) for row in rows}


def add(work: Work, deliveries: Sequence[NewDelivery], *, expires_at: datetime) -> None:
    """Queues deliveries, each event once an endpoint."""
    added = work.rows(
        _ADD,
        at=work.now,
        expires_at=expires_at,
        ids=[one.id for one in deliveries],
        endpoint_ids=[one.endpoint_id for one in deliveries],
        event_ids=[one.event_id for one in deliveries],
        event_types=[one.event_type for one in deliveries],
        bodies=[one.body for one in deliveries],
    )
    counts: dict[UUID, int] = {}
    for row in added:
        counts[row.endpoint_id] = counts.get(row.endpoint_id, 0) + 1
    for endpoint_id, count in counts.items():
        work.execute(_QUEUED, endpoint_id=endpoint_id, count=count, at=work.now)


def skip(work: Work, endpoint_id: UUID, count: int) -> None:
    """Counts events that found the queue full."""
    work.execute(_SKIPPED, endpoint_id=endpoint_id, count=count, at=work.now)


def claim(work: Work, endpoint_id: UUID, *, lease_ends_at: datetime, limit: int) -> list[Row]:
    """Takes deliveries that are due; nobody else gets them before the lease ends."""
    claimed = work.rows(_CLAIM, endpoint_id=endpoint_id, at=work.now, lease_ends_at=lease_ends_at, limit=limit)
    work.execute(_SET_DUE, endpoint_id=endpoint_id)
    return claimed


def rest(work: Work, endpoint_id: UUID) -> None:
    """Lets the queue of a disabled endpoint lie."""
    work.execute(_REST, endpoint_id=endpoint_id)


def go_on(work: Work, endpoint_id: UUID) -> None:
    """Lets the queue of an enabled endpoint go on, as if it had never failed."""
    work.execute(_FORGIVE, endpoint_id=endpoint_id)
    work.execute(_SET_DUE, endpoint_id=endpoint_id)


def postpone(work: Work, endpoint_id: UUID, until: datetime) -> None:
    """Lets a queue with something in it lie at least so long."""
    work.execute(_POSTPONE, endpoint_id=endpoint_id, at=until)


def at_once(work: Work, endpoint_id: UUID) -> None:
    """Lets a queue be looked at now, also where it fails and was to lie for a while."""
    work.execute(_AT_ONCE, endpoint_id=endpoint_id, at=work.now)


def settle(work: Work, endpoint_id: UUID, outcomes: Sequence[Outcome], *, failing_since: datetime | None) -> None:
    """Writes what became of attempts."""
    rows = work.rows(
        _SETTLE,
        ids=[one.delivery_id for one in outcomes],
        statuses=[one.status for one in outcomes],
        next_ats=[one.next_at for one in outcomes],
        response_statuses=[one.response_status for one in outcomes],
        response_ms=[one.response_ms for one in outcomes],
        errors=[one.error for one in outcomes],
        attempted_ats=[one.attempted_at for one in outcomes],
    )
    done = sum(row.status != "waiting" for row in rows)
    work.execute(_SETTLED, endpoint_id=endpoint_id, count=done, failing_since=failing_since)
    work.execute(_SET_DUE, endpoint_id=endpoint_id)


def get(work: Work, delivery_id: UUID) -> Row | None:
    """One line of the log."""
    return work.row(_GET, id=delivery_id)


def page(work: Work, endpoint_id: UUID, *, status: str, limit: int, after: tuple[datetime, UUID] | None) -> list[Row]:
    """The log of an endpoint, newest first, after the given position; of one state only where it is named."""
    return work.rows(
        _PAGES[bool(status), after is not None],
        endpoint_id=endpoint_id,
        status=status,
        limit=limit,
        after_created_at=after and after[0],
        after_id=after and after[1],
    )


def replay(work: Work, endpoint_id: UUID, delivery_ids: Sequence[UUID], *, expires_at: datetime) -> int:
    """Lets deliveries that are done wait again; returns how many."""
    count = work.execute(_REPLAY, ids=list(delivery_ids), at=work.now, expires_at=expires_at)
    work.execute(_QUEUED, endpoint_id=endpoint_id, count=count, at=work.now)
    return count


def hurry(work: Work, delivery_id: UUID) -> None:
    """Makes a delivery that waits due now."""
    work.execute(_HURRY, id=delivery_id, at=work.now)


def dead(work: Work, endpoint_id: UUID, *, limit: int) -> list[UUID]:
    """Deliveries of an endpoint that were given up, oldest first."""
    return [row.id for row in work.rows(_DEAD, endpoint_id=endpoint_id, limit=limit)]


def drop_queue(work: Work, endpoint_id: UUID) -> None:
    """Ends the queue of a deleted endpoint; its log goes with time."""
    work.execute(_DROP_QUEUE, endpoint_id=endpoint_id)


def forget(work: Work, *, before: datetime, limit: int) -> int:
    """Deletes old lines of the log, a batch; those that wait for an endpoint that is still there stay."""
    return work.execute(_FORGET, before=before, limit=limit)
