"""Statements on the people whom marketing knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from chassis.caller import SIGHTS
from chassis.statements import prepare, text
from chassis.tables import scoped, visible
from chassis.work import Row, Work
from sqlalchemy import UUID as SqlUuid
from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY

from marketing.model.customer import Customer

_MERGES_FOLLOWED_MAX = 16
_IDS = bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True)))
_LIVING = {
    sight: prepare(
        scoped(Customer, Customer.id, Customer.do_not_contact, Customer.language).where(
            Customer.id == func.any(_IDS), Customer.kind == "contact", ~Customer.deleted, visible(Customer, sight)
        )
    )
    for sight in SIGHTS
}
_MERGED = text(
    """
    SELECT id, merged_into_id FROM customer
     WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s::uuid[]) AND merged_into_id IS NOT NULL
    """,
    "tenant_id",
)


def people(work: Work, ids: Collection[UUID]) -> Mapping[UUID, Row]:
    """Living people that the caller sees, by the id they were asked for; of a merged one, who stayed."""
    found: dict[UUID, Row] = {}
    wanted: dict[UUID, list[UUID]] = {one: [one] for one in ids}
    for _ in range(_MERGES_FOLLOWED_MAX):
        if not wanted:
            break
        rows: Sequence[Row] = work.rows(_LIVING[work.caller.sight], ids=list(wanted))
        for row in rows:
            found |= dict.fromkeys(wanted.pop(row.id), row)
        if not wanted:
            break
        stayed: dict[UUID, list[UUID]] = {}
        for row in work.rows(_MERGED, ids=list(wanted)):
            stayed.setdefault(row.merged_into_id, []).extend(wanted[row.id])
        wanted = stayed
    return found
