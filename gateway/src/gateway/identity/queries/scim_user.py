"""Statements on people as a company's directory knows them. Removed people are not among them."""

from __future__ import annotations

from typing import Any, LiteralString
from uuid import UUID

from chassis.statements import Prepared, text
from chassis.work import Row, Work

# A person whom no directory has sent yet is known by the e-mail address.
_SELECT: LiteralString = """
    SELECT membership.user_id, membership.email, membership.full_name, membership.status, membership.role,
           membership.version AS member_version, membership.created_at,
           greatest(membership.updated_at, scim_user.updated_at) AS changed_at,
           coalesce(scim_user.user_name, membership.email) AS user_name, scim_user.external_id,
           scim_user.display_name, scim_user.formatted_name, scim_user.family_name, scim_user.given_name,
           coalesce(scim_user.version, 0) AS scim_version
      FROM membership LEFT JOIN scim_user USING (tenant_id, user_id)
     WHERE membership.tenant_id = %(tenant_id)s AND membership.status <> 'deactivated'
"""
_ORDER: LiteralString = " ORDER BY membership.created_at, membership.user_id"


def _one(condition: LiteralString) -> Prepared:
    return text(_SELECT + condition, "tenant_id")


_ALL = text(_SELECT + _ORDER + " LIMIT %(limit)s", "tenant_id")
_BY_ID = _one("AND membership.user_id = %(user_id)s")
_BY_ID_LOCKED = _one("AND membership.user_id = %(user_id)s FOR UPDATE OF membership")
_BY_USER_NAME = _one("AND scim_user.user_name_key = %(key)s")
_UNSENT_BY_EMAIL = _one("AND membership.email = %(key)s AND scim_user.user_id IS NULL")
_BY_EMAIL = _one("AND membership.email = %(key)s")
_BY_EXTERNAL_ID = _one("AND scim_user.external_id = %(external_id)s")
_SET = text(
    """
    INSERT INTO scim_user (tenant_id, user_id, user_name, user_name_key, external_id, display_name, formatted_name,
                           family_name, given_name, version, updated_at)
    VALUES (%(tenant_id)s, %(user_id)s, %(user_name)s, %(user_name_key)s, %(external_id)s, %(display_name)s,
            %(formatted_name)s, %(family_name)s, %(given_name)s, 1, %(at)s)
    ON CONFLICT (tenant_id, user_id) DO UPDATE SET
        user_name = excluded.user_name, user_name_key = excluded.user_name_key, external_id = excluded.external_id,
        display_name = excluded.display_name, formatted_name = excluded.formatted_name,
        family_name = excluded.family_name, given_name = excluded.given_name,
        version = scim_user.version + 1, updated_at = excluded.updated_at
    """,
    "tenant_id",
)
_DELETE = text("DELETE FROM scim_user WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s", "tenant_id")
_LEAVE_GROUPS = text(
    """
    WITH gone AS (
        DELETE FROM scim_group_member WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s RETURNING group_id
    )
    UPDATE scim_group SET version = version + 1, updated_at = %(at)s
      FROM gone WHERE scim_group.tenant_id = %(tenant_id)s AND scim_group.id = gone.group_id
    """,
    "tenant_id",
)
_GROUPS = text(
    """
    SELECT scim_group_member.user_id, scim_group.id, scim_group.display_name
      FROM scim_group_member JOIN scim_group
        ON scim_group.tenant_id = scim_group_member.tenant_id AND scim_group.id = scim_group_member.group_id
     WHERE scim_group_member.tenant_id = %(tenant_id)s AND scim_group_member.user_id = ANY (%(people)s::uuid[])
     ORDER BY scim_group.name_key
    """,
    "tenant_id",
)


def every(work: Work, *, most: int) -> list[Row]:
    """People of the company, the oldest first; one more than `most` where there are more."""
    return work.rows(_ALL, limit=most + 1)


def get(work: Work, user_id: UUID, *, lock: bool = False) -> Row | None:
    """One person, locked until the transaction ends where that is asked for."""
    return work.row(_BY_ID_LOCKED if lock else _BY_ID, user_id=user_id)


def by_user_name(work: Work, key: str) -> Row | None:
    """Who has this userName, in lower case."""
    return work.row(_BY_USER_NAME, key=key) or work.row(_UNSENT_BY_EMAIL, key=key)


def by_email(work: Work, key: str) -> Row | None:
    """Who has this e-mail address, in its normal form."""
    return work.row(_BY_EMAIL, key=key)


def by_external_id(work: Work, external_id: str) -> Row | None:
    """Whom the directory calls so."""
    return work.row(_BY_EXTERNAL_ID, external_id=external_id)


def keep(work: Work, user_id: UUID, **values: Any) -> None:
    """Writes what the directory says of a person."""
    work.execute(_SET, user_id=user_id, at=work.now, **values)


def forget(work: Work, user_id: UUID) -> None:
    """Deletes what the directory said of a person, who leaves its groups."""
    work.execute(_LEAVE_GROUPS, user_id=user_id, at=work.now)
    work.execute(_DELETE, user_id=user_id)


def groups(work: Work, people: list[UUID]) -> list[Row]:
    """Groups of these people, a row for each of either."""
    return work.rows(_GROUPS, people=people)
