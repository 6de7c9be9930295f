"""Whether others would see a record: the predicate of every statement, for given sights in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.caller import VISIBILITIES, Visibility
from chassis.statements import Prepared, prepare
from chassis.tables import tenant_parameter, ways_to_see
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import UUID as SqlUuid
from sqlalchemy import Integer, Text, and_, bindparam, column, false, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from contacts.model.account import Account
from contacts.model.contact import Contact

WAYS = ("all", "owner", "team")


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees by a role."""

    visibility: Visibility
    actor_id: UUID
    team_ids: tuple[UUID, ...]


def _judged(table: Any) -> Prepared:
    sights = func.jsonb_to_recordset(bindparam("sights", type_=JSONB()))
    sight = sights.table_valued(
        column("place", Integer),
        column("visibility", Text),
        column("actor_id", SqlUuid(as_uuid=True)),
        column("team_ids", ARRAY(SqlUuid(as_uuid=True))),
        name="sight",
    ).render_derived(with_types=True)
    by: dict[str, list[Any]] = {way: [] for way in WAYS}
    for visibility in VISIBILITIES:
        ways = ways_to_see(table, visibility, actor_id=sight.c.actor_id, team_ids=sight.c.team_ids)
        for way, holds in ways.items():
            by[way].append(and_(sight.c.visibility == visibility, holds))
    return prepare(
        select(table.owner_id, table.team_id, *(or_(false(), *by[way]).label(f"by_{way}") for way in WAYS))
        .select_from(table)
        .join(sight, table.id.is_not(None))
        .where(table.tenant_id == tenant_parameter(), table.id == bindparam("id"))
        .order_by(sight.c.place)
    )


_JUDGE = {"contact": _judged(Contact), "account": _judged(Account)}


def judge(work: Work, kind: str, record_id: UUID, sights: Sequence[Sight]) -> list[Row]:
    """One row a sight, in their order: owner and team of the record, and whether each way shows it."""
    asked = [
        {
            "place": place,
            "visibility": one.visibility,
            "actor_id": str(one.actor_id),
            "team_ids": [str(team) for team in one.team_ids],
        }
        for place, one in enumerate(sights)
    ]
    return work.rows(_JUDGE[kind], id=record_id, sights=Jsonb(asked))
