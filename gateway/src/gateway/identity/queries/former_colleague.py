"""Statements that take the name of a colleague who left out of a company, and accounts that nobody needs any more."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.statements import text
from chassis.work import Work
from psycopg import sql

from gateway.identity.platform import PlatformWork

_WHICH = ("tenant_id", "user_id")
_IS_ONE = text("SELECT FROM former_colleague WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s", *_WHICH)
_ADD = text(
    """
    INSERT INTO former_colleague (tenant_id, user_id, number, created_at, created_by)
    SELECT %(tenant_id)s, %(user_id)s, coalesce(max(number), 0) + 1, %(at)s, %(actor_id)s
      FROM former_colleague WHERE tenant_id = %(tenant_id)s
    RETURNING number
    """,
    "tenant_id",
    "actor_id",
)
_RENAME_INVITATIONS = text(
    """
    UPDATE invitation SET email = %(email)s
     WHERE tenant_id = %(tenant_id)s AND status <> 'pending'
       AND (accepted_by = %(user_id)s
            OR email = (SELECT email FROM membership WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s))
    """,
    *_WHICH,
    "email",
)
_RENAME = text(
    """
    UPDATE membership SET email = %(email)s, full_name = %(full_name)s, team_id = NULL, version = version + 1,
           updated_at = %(at)s, updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
    """,
    "tenant_id",
    "actor_id",
)
_FORGET = tuple(
    text(f"DELETE FROM {table} WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s", *_WHICH)
    for table in ("scim_group_member", "scim_user", "sso_identity")
)
_OF_ACCOUNTS = """
    SELECT c.relname::text AS name, a.attname::text AS column_name
      FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
      JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND k.confrelid = 'user_account'::regclass
     ORDER BY 1
"""


def is_one(work: Work, user_id: UUID) -> bool:
    """Whether the person's name was replaced."""
    return work.row(_IS_ONE, user_id=user_id) is not None


def add(work: Work, user_id: UUID) -> int:
    """Notes that the name goes; returns the number that takes its place. The caller holds the company's row."""
    row = work.row(_ADD, user_id=user_id, at=work.now)
    assert row is not None
    number: int = row.number
    return number


def rename(work: Work, user_id: UUID, *, email: str, full_name: str) -> None:
    """Writes another name and address of a member wherever the company has them, and unties directories."""
    work.execute(_RENAME_INVITATIONS, user_id=user_id, email=email)
    work.execute(_RENAME, user_id=user_id, email=email, full_name=full_name, at=work.now)
    for statement in _FORGET:
        work.execute(statement, user_id=user_id)


def delete_accounts(platform: PlatformWork, account_ids: Sequence[UUID]) -> None:
    """Deletes accounts with all that hangs on them."""
    raw, ids = platform.raw, list(account_ids)
    for table, column in raw.execute(_OF_ACCOUNTS).fetchall():
        statement = sql.SQL("DELETE FROM {} WHERE {} = ANY (%s)")
        raw.execute(statement.format(sql.Identifier(table), sql.Identifier(column)), [ids])
    raw.execute("DELETE FROM user_account WHERE id = ANY (%s)", [ids])
