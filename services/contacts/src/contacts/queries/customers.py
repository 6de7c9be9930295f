"""Statements on people and companies that other services name by their ids alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.statements import text
from chassis.work import Work

_MERGES_MAX = 50
"""How many times a person can have been merged into the next, each of whom was merged again."""
_PEOPLE = text(
    """
    SELECT id, merged_into_id FROM contact WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b) ORDER BY id
       FOR KEY SHARE
    """,
    "tenant_id",
)
_COMPANIES = text("SELECT id FROM account WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b)", "tenant_id")


def living(work: Work, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """For each of these that is there, in the bin or not, who stands for it: the contact it was merged into, or itself.

    People are held until the transaction ends: none of them can be merged or erased before what is written has come.
    """
    stands = {row.id: row.id for row in work.rows(_COMPANIES, ids=list(ids))}
    asked = {one: one for one in ids if one not in stands}
    for _ in range(_MERGES_MAX):
        if not asked:
            break
        found = {row.id: row.merged_into_id for row in work.rows(_PEOPLE, ids=sorted(set(asked.values())))}
        stands |= {one: now for one, now in asked.items() if now in found and found[now] is None}
        asked = {one: found[now] for one, now in asked.items() if found.get(now) is not None}
    return stands
