"""Whether others would see a record: the predicate of every statement, for given seers in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.caller import Sharing, Visibility
from chassis.statements import Prepared, prepare
from chassis.tables import WRITES, Seer, level_of, tenant_parameter, ways_to_see
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import UUID as SqlUuid
from sqlalchemy import Integer, Text, and_, bindparam, case, column, false, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from contacts.model.account import Account
from contacts.model.contact import Contact

WAYS = ("all", "owner", "team", "break_glass", "rule", "share")
_OF_SEER = ("team_ids", "group_ids", "ruled_owner_ids", "ruled_team_ids", "changed_owner_ids", "changed_team_ids")


@dataclass(frozen=True, slots=True)
class Looker:
    """What somebody sees by a role, by sharing rules, and by being in teams."""

    visibility: Visibility
    actor_id: UUID
    team_ids: tuple[UUID, ...]
    group_ids: tuple[UUID, ...]
    sharing: Sharing
    opened_id: UUID | None = None


def _judged(table: Any) -> Prepared:
    lookers = func.jsonb_to_recordset(bindparam("lookers", type_=JSONB()))
    looker = lookers.table_valued(
        column("place", Integer),
        column("visibility", Text),
        column("actor_id", SqlUuid(as_uuid=True)),
        column("opened_id", SqlUuid(as_uuid=True)),
        *(column(name, ARRAY(SqlUuid(as_uuid=True))) for name in _OF_SEER),
        name="looker",
    ).render_derived(with_types=True)
    parts = {name: looker.c[name] for name in _OF_SEER}
    seer = Seer(actor_id=looker.c.actor_id, opened_id=looker.c.opened_id, **parts)
    by: dict[str, list[Any]] = {way: [] for way in WAYS}
    writable: list[Any] = []
    # Where nothing is shared by rules, the terms of rules hold for no row.
    for visibility, sight in (("all", "all"), ("own", "own+rules"), ("team", "team+rules")):
        asked = looker.c.visibility == visibility
        for way, holds in ways_to_see(table, sight, seer=seer).items():  # type: ignore[arg-type]
            by[way].append(and_(asked, holds))
        writable.append((asked, level_of(table, sight, seer=seer) >= WRITES))  # type: ignore[arg-type]
    return prepare(
        select(
            table.owner_id,
            table.team_id,
            *(or_(false(), *by[way]).label(f"by_{way}") for way in WAYS),
            case(*writable, else_=false()).label("writable"),
        )
        .select_from(table)
        .join(looker, table.id.is_not(None))
        .where(table.tenant_id == tenant_parameter(), table.id == bindparam("id"))
        .order_by(looker.c.place)
    )


_JUDGE = {"contact": _judged(Contact), "account": _judged(Account)}


def judge(work: Work, kind: str, record_id: UUID, lookers: Sequence[Looker]) -> list[Row]:
    """One row a looker, in their order: owner and team of the record, whether each way shows it, and `writable`."""
    asked = [
        {
            "place": place,
            "visibility": one.visibility,
            "opened_id": None if one.opened_id is None else str(one.opened_id),
            "actor_id": str(one.actor_id),
            "team_ids": _texts(one.team_ids),
            "group_ids": _texts(one.group_ids),
            "ruled_owner_ids": _texts(one.sharing.owner_ids),
            "ruled_team_ids": _texts(one.sharing.team_ids),
            "changed_owner_ids": _texts(one.sharing.changed_owner_ids),
            "changed_team_ids": _texts(one.sharing.changed_team_ids),
        }
        for place, one in enumerate(lookers)
    ]
    return work.rows(_JUDGE[kind], id=record_id, lookers=Jsonb(asked))


def _texts(ids: Sequence[UUID]) -> list[str]:
    return [str(one) for one in ids]
