"""Statements on teams. A deleted team stays in the tree, so that the team above it goes on seeing its records."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, update

from gateway.identity.model.tables import Invitation, Membership, Team

_ALL = prepare(scoped(Team).order_by(Team.name, Team.id))
_INSERT = prepare(insert(Team))
_UPDATE = prepare(
    update(Team)
    .where(Team.tenant_id == tenant_parameter(), Team.id == bindparam("which"))
    .values(
        {name: bindparam(f"new_{name}") for name in ("name", "parent_id", "lead_id", "version")}
        | {"deleted_at": bindparam("new_deleted_at")}
    )
)
_RAISE_CHILDREN = prepare(
    update(Team)
    .where(Team.tenant_id == tenant_parameter(), Team.parent_id == bindparam("below"), Team.deleted_at.is_(None))
    .values(parent_id=bindparam("new_parent"), version=Team.version + 1)
)
_RAISE_MEMBERS = prepare(
    update(Membership)
    .where(Membership.tenant_id == tenant_parameter(), Membership.team_id == bindparam("former"))
    .values(
        team_id=bindparam("new_team"),
        version=Membership.version + 1,
        updated_at=bindparam("at"),
        updated_by=bindparam("by"),
    )
    .returning(*Membership.__table__.columns)
)
_RAISE_INVITED = prepare(
    update(Invitation)
    .where(
        Invitation.tenant_id == tenant_parameter(),
        Invitation.team_id == bindparam("former"),
        Invitation.status == "pending",
    )
    .values(team_id=bindparam("new_team"), version=Invitation.version + 1)
)
_NEXT_TREE = text(
    """
    UPDATE tenant SET teams_version = teams_version + 1 WHERE tenant_id = %(tenant_id)s RETURNING teams_version
    """,
    "tenant_id",
)


def all_teams(work: Work) -> list[Row]:
    """Every team, deleted ones too, by name. A company has at most `teams_max`."""
    return work.rows(_ALL)


def next_tree_version(work: Work) -> int:
    """A new version of the tree; whoever changes it waits here for whoever did so before."""
    row = work.row(_NEXT_TREE)
    assert row is not None
    return int(row.teams_version)


def add(work: Work, **values: Any) -> None:
    """Writes a new team."""
    work.execute(_INSERT, **values)


def change(work: Work, team_id: UUID, **values: Any) -> None:
    """Writes the changeable fields of a team."""
    work.execute(_UPDATE, which=team_id, **{f"new_{name}": value for name, value in values.items()})


def raise_children(work: Work, team_id: UUID, parent_id: UUID | None) -> None:
    """Puts the living teams directly below a team below another one, or at the top."""
    work.execute(_RAISE_CHILDREN, below=team_id, new_parent=parent_id)


def raise_members(work: Work, team_id: UUID, parent_id: UUID | None) -> list[Row]:
    """Puts the people of a team, and who is invited to it, into another one or none; returns memberships after it."""
    work.execute(_RAISE_INVITED, former=team_id, new_team=parent_id)
    return work.rows(_RAISE_MEMBERS, former=team_id, new_team=parent_id, at=work.now, by=work.caller.actor_id)
