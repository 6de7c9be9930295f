"""Statements on suggestions that were shown."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_KEEP = text(
    """
    INSERT INTO suggestion_showing AS known (tenant_id, document_id, suggestion_id, source, shown_at, taken_at)
    SELECT %(tenant_id)s, %(document_id)s, given.id,
           CASE WHEN EXISTS (
               SELECT FROM basket_rule AS rule
                WHERE rule.tenant_id = %(tenant_id)s AND rule.generation_id = %(generation_id)b::uuid
                  AND rule.id = given.id
           ) THEN 'rule' ELSE 'pair' END,
           %(now)s, CASE WHEN given.id = ANY(%(taken)b::uuid[]) THEN %(now)s END
      FROM unnest(%(shown)b::uuid[]) AS given(id)
     ORDER BY given.id
    ON CONFLICT (tenant_id, document_id, suggestion_id) DO UPDATE SET taken_at = excluded.taken_at
     WHERE known.taken_at IS NULL AND excluded.taken_at IS NOT NULL
    RETURNING suggestion_id, source, shown_at, taken_at
    """,
    "tenant_id",
)
_STEPS = text(
    """
    SELECT count(*) + count(taken_at) AS steps FROM suggestion_showing
     WHERE tenant_id = %(tenant_id)s AND document_id = %(document_id)s
    """,
    "tenant_id",
)


def keep(
    work: Work, document_id: UUID, generation_id: UUID | None, shown: Collection[UUID], taken: Collection[UUID]
) -> list[Row]:
    """Keeps what was shown and taken beside a document; those of which something is new."""
    return work.rows(
        _KEEP,
        document_id=document_id,
        generation_id=generation_id,
        shown=sorted({*shown, *taken}),
        taken=list(taken),
        now=work.now,
    )


def steps(work: Work, document_id: UUID) -> int:
    """How often something was new beside a document: the version of what is told of it."""
    return int(work.rows(_STEPS, document_id=document_id)[0].steps)
