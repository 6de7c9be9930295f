"""How a service declares its tables: the tenant leads every key, and row-level security is forced on every one.

`scoped` is the only way to start a statement, so a query without its tenant cannot be written by accident.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import UUID as SqlUuid
from sqlalchemy import BigInteger, DateTime, MetaData, Select, String, any_, bindparam, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from chassis.caller import Visibility

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


class Record:
    """Columns of every main record."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)
    version: Mapped[int] = mapped_column(sort_order=90)
    created_at: Mapped[datetime] = mapped_column(sort_order=91)
    created_by: Mapped[UUID] = mapped_column(sort_order=92)
    updated_at: Mapped[datetime] = mapped_column(sort_order=93)
    updated_by: Mapped[UUID] = mapped_column(sort_order=94)
    deleted_at: Mapped[datetime | None] = mapped_column(sort_order=95)
    custom: Mapped[dict[str, Any]] = mapped_column(sort_order=96)
    external_ids: Mapped[dict[str, Any]] = mapped_column(sort_order=97)


class Access:
    """Columns that decide who sees a record."""

    owner_id: Mapped[UUID | None] = mapped_column(sort_order=80)
    team_id: Mapped[UUID | None] = mapped_column(sort_order=81)


def tenant_parameter() -> ColumnElement[UUID]:
    """The tenant of the running work; `Work` gives its value to every statement."""
    return bindparam("tenant_id", type_=SqlUuid(as_uuid=True))


def scoped(table: type[Table], *columns: Any) -> Select[Any]:
    """A select of these columns (all where none are named) of the running tenant's rows."""
    chosen = columns or tuple(table.__table__.columns)
    return select(*chosen).where(table.tenant_id == tenant_parameter())


def visible(table: Any, visibility: Visibility) -> ColumnElement[bool]:
    """The rows of `table` (with owner_id and team_id) that a caller of this visibility may see.

    Takes the parameters `actor_id` and `team_ids`, which `Work` gives to every statement that names them.
    """
    return or_(*ways_to_see(table, visibility).values())


def ways_to_see(
    table: Any,
    visibility: Visibility,
    *,
    actor_id: ColumnElement[Any] | None = None,
    team_ids: ColumnElement[Any] | None = None,
) -> dict[str, ColumnElement[bool]]:
    """The ways that `visible` joins, by their names: all, owner, team. The caller's own where nobody else is named."""
    if visibility == "all":
        return {"all": true()}
    actor = bindparam("actor_id", type_=SqlUuid(as_uuid=True)) if actor_id is None else actor_id
    ways: dict[str, ColumnElement[bool]] = {"owner": table.owner_id == actor}
    if visibility == "team":
        teams = bindparam("team_ids", type_=ARRAY(SqlUuid(as_uuid=True))) if team_ids is None else team_ids
        ways["team"] = table.team_id == any_(teams)
    return ways
