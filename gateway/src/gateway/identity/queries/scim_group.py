"""Statements on the groups of a company's directory."""

from __future__ import annotations

from typing import Any, LiteralString
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_COLUMNS: LiteralString = "id, display_name, external_id, role, team_id, version, created_at, updated_at"
_SELECT: LiteralString = f"SELECT {_COLUMNS} FROM scim_group WHERE tenant_id = %(tenant_id)s"
_ALL = text(f"{_SELECT} ORDER BY name_key", "tenant_id")
_BY_ID = text(f"{_SELECT} AND id = %(group_id)s", "tenant_id")
_BY_ID_LOCKED = text(f"{_SELECT} AND id = %(group_id)s FOR UPDATE", "tenant_id")
_BY_NAME = text(f"{_SELECT} AND name_key = %(key)s", "tenant_id")
_BY_EXTERNAL_ID = text(f"{_SELECT} AND external_id = %(external_id)s", "tenant_id")
_SIZES = text(
    "SELECT group_id, count(*) AS people FROM scim_group_member WHERE tenant_id = %(tenant_id)s GROUP BY group_id",
    "tenant_id",
)
_ADD = text(
    """
    INSERT INTO scim_group (tenant_id, id, display_name, name_key, external_id, role, version, created_at, updated_at)
    VALUES (%(tenant_id)s, %(id)s, %(display_name)s, %(name_key)s, %(external_id)s, '', 1, %(at)s, %(at)s)
    """,
    "tenant_id",
)
_CHANGE = text(
    f"""
    UPDATE scim_group SET display_name = %(display_name)s, name_key = %(name_key)s, external_id = %(external_id)s,
           role = %(role)s, team_id = %(team_id)s, version = version + 1, updated_at = %(at)s
     WHERE tenant_id = %(tenant_id)s AND id = %(which)s RETURNING {_COLUMNS}
    """,
    "tenant_id",
)
_DELETE = text("DELETE FROM scim_group WHERE tenant_id = %(tenant_id)s AND id = %(which)s", "tenant_id")
_MEMBERS = text(
    """
    SELECT group_id, user_id FROM scim_group_member
     WHERE tenant_id = %(tenant_id)s AND group_id = ANY (%(groups)s::uuid[]) ORDER BY group_id, user_id
    """,
    "tenant_id",
)
_ENTER = text(
    """
    INSERT INTO scim_group_member (tenant_id, group_id, user_id)
    SELECT membership.tenant_id, %(which)s, membership.user_id FROM membership
     WHERE membership.tenant_id = %(tenant_id)s AND membership.user_id = ANY (%(people)s::uuid[])
       AND membership.status <> 'deactivated'
    """,
    "tenant_id",
)
_LEAVE = text(
    """
    DELETE FROM scim_group_member
     WHERE tenant_id = %(tenant_id)s AND group_id = %(which)s AND user_id = ANY (%(people)s::uuid[])
    """,
    "tenant_id",
)
_GIVEN = text(
    """
    SELECT scim_group_member.user_id, scim_group.role, team.id AS team_id
      FROM scim_group_member JOIN scim_group
        ON scim_group.tenant_id = scim_group_member.tenant_id AND scim_group.id = scim_group_member.group_id
      LEFT JOIN team
        ON team.tenant_id = scim_group.tenant_id AND team.id = scim_group.team_id AND team.deleted_at IS NULL
     WHERE scim_group_member.tenant_id = %(tenant_id)s AND scim_group_member.user_id = ANY (%(people)s::uuid[])
       AND (scim_group.role <> '' OR scim_group.team_id IS NOT NULL)
     ORDER BY scim_group.name_key
    """,
    "tenant_id",
)


def every(work: Work) -> list[Row]:
    """Groups of the company, by name. There are at most `scim_groups_max`."""
    return work.rows(_ALL)


def sizes(work: Work) -> dict[UUID, int]:
    """How many people each group has that has any."""
    return {row.group_id: row.people for row in work.rows(_SIZES)}


def get(work: Work, group_id: UUID, *, lock: bool = False) -> Row | None:
    """One group, locked until the transaction ends where that is asked for."""
    return work.row(_BY_ID_LOCKED if lock else _BY_ID, group_id=group_id)


def by_name(work: Work, key: str) -> Row | None:
    """The group of this name, in lower case."""
    return work.row(_BY_NAME, key=key)


def by_external_id(work: Work, external_id: str) -> Row | None:
    """The group that the directory calls so."""
    return work.row(_BY_EXTERNAL_ID, external_id=external_id)


def add(work: Work, **values: Any) -> None:
    """Writes a new group, which gives nothing yet."""
    work.execute(_ADD, at=work.now, **values)


def change(work: Work, group_id: UUID, **values: Any) -> Row:
    """Writes the changeable fields of a group; returns it under its next version."""
    row = work.row(_CHANGE, which=group_id, at=work.now, **values)
    assert row is not None
    return row


def remove(work: Work, group_id: UUID) -> None:
    """Deletes a group; nobody is in it any more."""
    work.execute(_DELETE, which=group_id)


def members(work: Work, groups: list[UUID]) -> list[Row]:
    """Who is in these groups, a row for each of either."""
    return work.rows(_MEMBERS, groups=groups)


def enter(work: Work, group_id: UUID, people: list[UUID]) -> int:
    """Puts people into a group; returns how many of them the company has."""
    return work.execute(_ENTER, which=group_id, people=people)


def leave(work: Work, group_id: UUID, people: list[UUID]) -> None:
    """Takes people out of a group."""
    work.execute(_LEAVE, which=group_id, people=people)


def given(work: Work, people: list[UUID]) -> list[Row]:
    """Roles and living teams that the groups of these people give, by the groups' names."""
    return work.rows(_GIVEN, people=people)
