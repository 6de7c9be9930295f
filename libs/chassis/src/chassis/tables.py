"""How a service declares its tables: the tenant leads every key, and row-level security is forced on every one.

`scoped` is the only way to start a statement, so a query without its tenant cannot be written by accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import UUID as SqlUuid
from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    MetaData,
    Select,
    String,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from chassis.caller import Sight

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Root of every table of Funia. A service makes its own base from it with its own metadata."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: SqlUuid(as_uuid=True),
        datetime: DateTime(timezone=True),
        int: BigInteger(),
        str: String(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
        list[str]: ARRAY(String()),
    }

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-100)


class Stamped:
    """Columns of a record that is gone when deleted."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)
    version: Mapped[int] = mapped_column(sort_order=90)
    created_at: Mapped[datetime] = mapped_column(sort_order=91)
    created_by: Mapped[UUID] = mapped_column(sort_order=92)
    updated_at: Mapped[datetime] = mapped_column(sort_order=93)
    updated_by: Mapped[UUID] = mapped_column(sort_order=94)


class Record(Stamped):
    """Columns of every main record."""

    deleted_at: Mapped[datetime | None] = mapped_column(sort_order=95)
    custom: Mapped[dict[str, Any]] = mapped_column(sort_order=96)
    external_ids: Mapped[dict[str, Any]] = mapped_column(sort_order=97)


class Access:
    """Columns that decide who sees a record. A record that can be shared by hand names the table of its `SHARES`."""

    owner_id: Mapped[UUID | None] = mapped_column(sort_order=80)
    team_id: Mapped[UUID | None] = mapped_column(sort_order=81)


def tenant_parameter() -> ColumnElement[UUID]:
    """The tenant of the running work; `Work` gives its value to every statement."""
    return bindparam("tenant_id", type_=SqlUuid(as_uuid=True))


def scoped(table: type[Table], *columns: Any) -> Select[Any]:
    """A select of these columns (all where none are named) of the running tenant's rows."""
    chosen = columns or tuple(table.__table__.columns)
    return select(*chosen).where(table.tenant_id == tenant_parameter())


@dataclass(frozen=True, slots=True)
class Seer:
    """Who looks, as parts of a statement. `group_ids` are the person and the teams a record may be shared with."""

    actor_id: ColumnElement[Any]
    team_ids: ColumnElement[Any]
    group_ids: ColumnElement[Any]
    ruled_owner_ids: ColumnElement[Any]
    ruled_team_ids: ColumnElement[Any]
    changed_owner_ids: ColumnElement[Any]
    changed_team_ids: ColumnElement[Any]
    opened_id: ColumnElement[Any]


def _ids(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=ARRAY(SqlUuid(as_uuid=True)))


CALLER = Seer(
    actor_id=bindparam("actor_id", type_=SqlUuid(as_uuid=True)),
    team_ids=_ids("team_ids"),
    group_ids=_ids("group_ids"),
    ruled_owner_ids=_ids("ruled_owner_ids"),
    ruled_team_ids=_ids("ruled_team_ids"),
    changed_owner_ids=_ids("changed_owner_ids"),
    changed_team_ids=_ids("changed_team_ids"),
    opened_id=bindparam("opened_id", type_=SqlUuid(as_uuid=True)),
)
"""The caller of the running work, who gives the parameters of these names to every statement."""
READS, WRITES, HOLDS = 0, 1, 2
"""What a caller may do with a record in sight: look; change it; do everything, such as give it away or delete it."""


def visible(table: Any, sight: Sight, *, listing: bool = False) -> ColumnElement[bool]:
    """The rows of `table` (with owner_id and team_id) that the caller of this sight sees.

    `listing` is for statements that find rows by nothing else: what was shared is then looked up first, once, so
    that an index may lead to it.
    """
    return or_(*ways_to_see(table, sight, listing=listing).values())


def ways_to_see(
    table: Any, sight: Sight, *, seer: Seer = CALLER, listing: bool = False
) -> dict[str, ColumnElement[bool]]:
    """The ways that `visible` joins, by their names: all, owner, team, break_glass, rule, share."""
    ways = _held(table, sight, seer)
    if sight.endswith("rules"):
        ways["rule"] = or_(table.owner_id == any_(seer.ruled_owner_ids), table.team_id == any_(seer.ruled_team_ids))
    if sight != "all" and _shares(table) is not None:
        ways["share"] = _shared(table, seer, listing=listing)
    return ways


def level_of(table: Any, sight: Sight, *, seer: Seer = CALLER) -> ColumnElement[int]:
    """READS, WRITES or HOLDS, for a row that is in sight."""
    if sight == "all":
        return literal_column(str(HOLDS), Integer())
    changed: list[ColumnElement[bool]] = []
    if sight.endswith("rules"):
        changed += [table.owner_id == any_(seer.changed_owner_ids), table.team_id == any_(seer.changed_team_ids)]
    if _shares(table) is not None:
        changed.append(_shared(table, seer, level="write"))
    return case(
        (or_(*_held(table, sight, seer).values()), literal_column(str(HOLDS), Integer())),
        *([(or_(*changed), literal_column(str(WRITES), Integer()))] if changed else []),
        else_=literal_column(str(READS), Integer()),
    )


def _held(table: Any, sight: Sight, seer: Seer) -> dict[str, ColumnElement[bool]]:
    if sight == "all":
        return {"all": true()}
    ways: dict[str, ColumnElement[bool]] = {"owner": table.owner_id == seer.actor_id}
    if sight.startswith("team"):
        ways["team"] = table.team_id == any_(seer.team_ids)
    if sight.endswith("rules"):
        ways["break_glass"] = table.id == seer.opened_id
    return ways


def _shares(table: Any) -> Any:
    """The table of what was shared by hand of this kind of record; None where nothing can be."""
    return getattr(table, "SHARES", None)


def _shared(table: Any, seer: Seer, *, listing: bool = False, level: str = "") -> ColumnElement[bool]:
    shares = _shares(table)
    granted = (
        shares.tenant_id == tenant_parameter(),
        shares.grantee_id == any_(seer.group_ids),
        or_(shares.until.is_(None), shares.until > func.now()),
        *([shares.level == level] if level else []),
    )
    if listing:
        found = select(shares.record_id).where(*granted).scalar_subquery()
        return cast(ColumnElement[bool], table.id == any_(func.array(found, type_=ARRAY(SqlUuid(as_uuid=True)))))
    return exists().where(shares.record_id == table.id, *granted)
