"""Whether others would see a record: the predicate of every statement, for given seers in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import UUID as SqlUuid
from sqlalchemy import Integer, Text, and_, bindparam, case, column, false, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.caller import Sharing, Visibility
from chassis.statements import Prepared, prepare
from chassis.tables import WRITES, Seer, level_of, tenant_parameter, ways_to_see
from chassis.work import Row, Work

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


def judging(table: Any) -> Prepared:
    """The statement that judges records of a table, which has owner_id and team_id."""
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


def judge(work: Work, statement: Prepared, record_id: UUID, lookers: Sequence[Looker]) -> list[Row]:
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
    return work.rows(statement, id=record_id, lookers=Jsonb(asked))


def looker(sight: Any) -> Looker:
    """Somebody as a message of a sight says."""
    return Looker(
        cast(Visibility, sight.visibility),
        UUID(sight.actor_id),
        _ids(sight.team_ids),
        _ids(sight.group_ids),
        Sharing(
            owner_ids=_ids(sight.ruled_owner_ids),
            team_ids=_ids(sight.ruled_team_ids),
            changed_owner_ids=_ids(sight.changed_owner_ids),
            changed_team_ids=_ids(sight.changed_team_ids),
        ),
        UUID(sight.opened_id) if sight.opened_id else None,
    )


def ways_of(row: Row) -> list[str]:
    """Ways by which a judged record is in sight."""
    return [way for way in WAYS if getattr(row, f"by_{way}")]


def _ids(texts: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(UUID(one) for one in texts)


def _texts(ids: Sequence[UUID]) -> list[str]:
    return [str(one) for one in ids]
