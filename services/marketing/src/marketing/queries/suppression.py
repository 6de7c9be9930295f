"""Statements on suppressed addresses, which are known by their hashes alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_REASONS = text(
    """
    SELECT address_digest, reason FROM suppression
     WHERE tenant_id = %(tenant_id)s AND channel = %(channel)s AND address_digest = ANY(%(digests)s::text[])
    """,
    "tenant_id",
)
# A hard bounce refuses even service messages, so no other reason takes its place.
_ADD = text(
    """
    INSERT INTO suppression (tenant_id, channel, address_digest, id, reason, created_at, created_by)
    SELECT %(tenant_id)s, %(channel)s, said.digest, said.id, %(reason)s, %(now)s, %(actor_id)s
      FROM unnest(%(digests)s::text[], %(ids)s::uuid[]) AS said(digest, id)
    ON CONFLICT (tenant_id, channel, address_digest) DO UPDATE SET reason = excluded.reason
     WHERE excluded.reason = 'hard_bounce' AND suppression.reason <> 'hard_bounce'
    RETURNING id, (xmax = 0) AS added
    """,
    "tenant_id",
    "actor_id",
)
_REMOVE = text(
    """
    DELETE FROM suppression
     WHERE tenant_id = %(tenant_id)s AND channel = %(channel)s AND address_digest = %(digest)s
       AND (%(reason)s = '' OR reason = %(reason)s)
    RETURNING id, reason
    """,
    "tenant_id",
)
_PAGE = text(
    """
    SELECT id, channel, reason, created_at, created_by FROM suppression
     WHERE tenant_id = %(tenant_id)s
       AND (created_at, id) < (coalesce(%(before)s::timestamptz, 'infinity'), %(before_id)s::uuid)
     ORDER BY created_at DESC, id DESC LIMIT %(limit)s
    """,
    "tenant_id",
)
_LAST = UUID(int=2**128 - 1)


def reasons(work: Work, channel: str, digests: Collection[str]) -> dict[str, str]:
    """Why these addresses are suppressed; those that are not are not in it."""
    if not digests:
        return {}
    return {row.address_digest: row.reason for row in work.rows(_REASONS, channel=channel, digests=list(digests))}


def add(work: Work, channel: str, digests: Sequence[str], ids: Sequence[UUID], reason: str) -> list[Row]:
    """Suppresses addresses; those that were not suppressed, or for less. Give them in the order of their digests."""
    return work.rows(_ADD, channel=channel, digests=list(digests), ids=list(ids), reason=reason, now=work.now)


def remove(work: Work, channel: str, digest: str, *, reason: str = "") -> Row | None:
    """Takes an address out, where it is suppressed for this reason; for any where none is named."""
    return work.row(_REMOVE, channel=channel, digest=digest, reason=reason)


def page(work: Work, *, before: datetime | None, before_id: UUID | None, limit: int) -> Sequence[Row]:
    """Suppressed addresses, the newest first, after a place among them."""
    return work.rows(_PAGE, before=before, before_id=before_id or _LAST, limit=limit)
