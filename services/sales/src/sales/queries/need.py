"""Statements on needs beyond those that every record has."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_COUNT = text(
    """
    SELECT count(*) AS found FROM need
     WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL AND status <> 'dropped'
       AND (id = ANY(%(ids)b::uuid[]) OR deal_id = %(deal_id)s)
    """,
    "tenant_id",
)
_KNOWN = text(
    "SELECT id FROM need WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b::uuid[]) AND deleted_at IS NULL",
    "tenant_id",
)
_FOLLOW = text(
    """
    UPDATE need SET deal_id = %(deal_id)s, contact_id = coalesce(contact_id, %(contact_id)s),
           account_id = coalesce(account_id, %(account_id)s), version = version + 1, updated_at = %(now)s,
           updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND lead_id = %(lead_id)s AND deal_id IS NULL AND deleted_at IS NULL
    RETURNING *
    """,
    "tenant_id",
    "actor_id",
)
_FORGET = text(
    """
    UPDATE need SET statement = '', description = '', version = version + 1, updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s
       AND (contact_id = ANY(%(contact_ids)b::uuid[]) OR lead_id = ANY(%(lead_ids)b::uuid[]))
    """,
    "tenant_id",
)


def count(work: Work, deal_id: UUID | None, ids: Sequence[UUID]) -> int:
    """How many needs a deal answers: those that name it, and these. Dropped ones do not count."""
    row = work.row(_COUNT, deal_id=deal_id, ids=list(ids))
    return 0 if row is None else int(row.found)


def known(work: Work, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that are living needs of the company."""
    return {row.id for row in work.rows(_KNOWN, ids=list(ids))} if ids else set()


def follow_lead(
    work: Work, lead_id: UUID, *, deal_id: UUID, contact_id: UUID | None, account_id: UUID | None
) -> list[Row]:
    """Gives the needs of a lead to the deal that it became; the needs."""
    return work.rows(
        _FOLLOW, lead_id=lead_id, deal_id=deal_id, contact_id=contact_id, account_id=account_id, now=work.now
    )


def forget_people(work: Work, contact_ids: Sequence[UUID], lead_ids: Sequence[UUID]) -> None:
    """Empties what needs say of people who were erased, and of their leads."""
    work.execute(_FORGET, contact_ids=list(contact_ids), lead_ids=list(lead_ids), now=work.now)
