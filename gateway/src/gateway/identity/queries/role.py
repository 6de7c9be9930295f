"""Statements on the roles that companies made themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.statements import prepare
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, delete, insert, update

from gateway.identity.model.tables import CustomRole, Invitation, Membership

_ALL = prepare(scoped(CustomRole).order_by(CustomRole.name))
_GET = prepare(scoped(CustomRole).where(CustomRole.name == bindparam("name")))
_SHARE = prepare(scoped(CustomRole).where(CustomRole.name == bindparam("name")).with_for_update(read=True))
_LOCK = prepare(scoped(CustomRole).where(CustomRole.name == bindparam("name")).with_for_update())
_INSERT = prepare(insert(CustomRole))
_UPDATE = prepare(
    update(CustomRole)
    .where(CustomRole.tenant_id == tenant_parameter(), CustomRole.id == bindparam("which"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                *("title", "description", "scopes", "visibility", "hidden_fields", "read_only_fields"),
                *("version", "updated_at", "updated_by"),
            )
        }
    )
)
_DELETE = prepare(
    delete(CustomRole).where(CustomRole.tenant_id == tenant_parameter(), CustomRole.id == bindparam("id"))
)
_IN_USE = prepare(scoped(Membership, Membership.user_id).where(Membership.role == bindparam("role")).limit(1))
_INVITED = prepare(
    scoped(Invitation, Invitation.id)
    .where(Invitation.role == bindparam("role"), Invitation.status == "pending")
    .limit(1)
)
_REPLACE_INVITED = prepare(
    update(Invitation)
    .where(
        Invitation.tenant_id == tenant_parameter(),
        Invitation.role == bindparam("former"),
        Invitation.status == "pending",
    )
    .values(role=bindparam("replacement"), version=Invitation.version + 1)
)
_REPLACE = prepare(
    update(Membership)
    .where(Membership.tenant_id == tenant_parameter(), Membership.role == bindparam("former"))
    .values(
        role=bindparam("replacement"),
        version=Membership.version + 1,
        updated_at=bindparam("at"),
        updated_by=bindparam("by"),
    )
    .returning(*Membership.__table__.columns)
)


def all_roles(work: Work) -> list[Row]:
    """The company's own roles, by name. A company has at most `roles_max`."""
    return work.rows(_ALL)


def get(work: Work, name: str) -> Row | None:
    """A role of the company's own."""
    return work.row(_GET, name=name)


def get_for_share(work: Work, name: str) -> Row | None:
    """The role, kept from being deleted until the transaction ends."""
    return work.row(_SHARE, name=name)


def get_for_update(work: Work, name: str) -> Row | None:
    """The role, locked until the transaction ends."""
    return work.row(_LOCK, name=name)


def add(work: Work, **values: Any) -> None:
    """Writes a new role."""
    work.execute(_INSERT, **values)


def change(work: Work, role_id: UUID, **values: Any) -> None:
    """Writes the changeable fields of a role."""
    work.execute(_UPDATE, which=role_id, **{f"new_{name}": value for name, value in values.items()})


def remove(work: Work, role_id: UUID) -> None:
    """Deletes a role."""
    work.execute(_DELETE, id=role_id)


def is_in_use(work: Work, name: str) -> bool:
    """Whether anybody has the role, or is invited to it."""
    return work.row(_IN_USE, role=name) is not None or work.row(_INVITED, role=name) is not None


def replace(work: Work, former: str, replacement: str) -> list[Row]:
    """Gives everybody who has one role, or is invited to it, another; returns memberships after it."""
    work.execute(_REPLACE_INVITED, former=former, replacement=replacement)
    return work.rows(_REPLACE, former=former, replacement=replacement, at=work.now, by=work.caller.actor_id)
