"""Records shared by hand: the table that a service keeps of them, its statements, and what each level allows.

A service makes one table of `ShareColumns`, names it as `SHARES` of its records' models, and `tables.visible` sees to
the rest. A share ends by itself at `until`; rows that have ended are dropped when the same grantee gets another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from chassis.errors import PermissionDenied
from chassis.schema import Roles, protect
from chassis.statements import text
from chassis.tables import HOLDS, WRITES
from chassis.work import Row, Work

GranteeKind = Literal["team", "user"]
Level = Literal["read", "write"]
_DECIDES_ACCESS = frozenset({"owner_id", "team_id"})


class ShareColumns:
    """Columns of a table of shares."""

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    grantee_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_kind: Mapped[str]
    grantee_kind: Mapped[str]
    level: Mapped[str]
    until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]


def share_table(roles: Roles) -> list[str]:
    """DDL of the table; a service's migration runs it. The second index leads from a person to the records."""
    return [
        """
        CREATE TABLE record_share (
            tenant_id uuid NOT NULL,
            record_id uuid NOT NULL,
            grantee_id uuid NOT NULL,
            record_kind text NOT NULL,
            grantee_kind text NOT NULL CHECK (grantee_kind IN ('team', 'user')),
            level text NOT NULL CHECK (level IN ('read', 'write')),
            until timestamptz,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, record_id, grantee_id)
        )
        """,
        """
        CREATE INDEX ix_record_share_grantee ON record_share (tenant_id, grantee_id, record_id)
            INCLUDE (record_kind, level, until)
        """,
        *protect("record_share", roles),
    ]


_LIVING = "(until IS NULL OR until > now())"
_OF_RECORD = text(
    f"""
    SELECT grantee_kind, grantee_id, level, until, created_at, created_by FROM record_share
     WHERE tenant_id = %(tenant_id)s AND record_id = %(record_id)s AND {_LIVING} ORDER BY created_at, grantee_id
    """,
    "tenant_id",
)
_WITH_CALLER = text(
    f"""
    SELECT record_kind, record_id FROM record_share
     WHERE tenant_id = %(tenant_id)s AND grantee_id = ANY (%(group_ids)s) AND {_LIVING}
    """,
    "tenant_id",
    "group_ids",
)
_PUT = text(
    f"""
    WITH ended AS (
        DELETE FROM record_share
         WHERE tenant_id = %(tenant_id)s AND grantee_id = %(grantee_id)s AND record_id <> %(record_id)s
           AND NOT {_LIVING}
    )
    INSERT INTO record_share (tenant_id, record_id, grantee_id, record_kind, grantee_kind, level, until, created_at,
                              created_by)
    VALUES (%(tenant_id)s, %(record_id)s, %(grantee_id)s, %(record_kind)s, %(grantee_kind)s, %(level)s, %(until)s,
            %(now)s, %(actor_id)s)
    ON CONFLICT (tenant_id, record_id, grantee_id) DO UPDATE SET level = excluded.level, until = excluded.until,
        grantee_kind = excluded.grantee_kind, created_at = excluded.created_at, created_by = excluded.created_by
    """,
    "tenant_id",
    "actor_id",
)
_COUNT_OF_GRANTEE = text(
    f"""
    SELECT count(*) AS found FROM record_share
     WHERE tenant_id = %(tenant_id)s AND grantee_id = %(grantee_id)s AND {_LIVING}
    """,
    "tenant_id",
)
_DROP = text(
    """
    DELETE FROM record_share
     WHERE tenant_id = %(tenant_id)s AND record_id = %(record_id)s AND grantee_id = %(grantee_id)s
    RETURNING grantee_kind, level
    """,
    "tenant_id",
)
_DROP_OF_RECORDS = text(
    "DELETE FROM record_share WHERE tenant_id = %(tenant_id)s AND record_id = ANY (%(record_ids)s)",
    "tenant_id",
)
_MOVE = text(
    """
    WITH moved AS (
        DELETE FROM record_share WHERE tenant_id = %(tenant_id)s AND record_id = %(from_id)s RETURNING *
    )
    INSERT INTO record_share (tenant_id, record_id, grantee_id, record_kind, grantee_kind, level, until, created_at,
                              created_by)
    SELECT tenant_id, %(to_id)s, grantee_id, record_kind, grantee_kind, level, until, created_at, created_by FROM moved
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)


def of_record(work: Work, record_id: UUID) -> list[Row]:
    """Shares of a record that have not ended, oldest first."""
    return work.rows(_OF_RECORD, record_id=record_id)


def with_caller(work: Work) -> list[Row]:
    """Kind and id of every record that is shared with the caller; bounded by what one grantee may have."""
    return work.rows(_WITH_CALLER)


def count_of_grantee(work: Work, grantee_id: UUID) -> int:
    """How many records are shared with a person or team now; an index of one grantee, bounded as `with_caller`."""
    row = work.row(_COUNT_OF_GRANTEE, grantee_id=grantee_id)
    return int(row.found) if row else 0


def put(
    work: Work,
    record_kind: str,
    record_id: UUID,
    *,
    grantee_kind: str,
    grantee_id: UUID,
    level: str,
    until: datetime | None,
) -> None:
    """Shares a record, in place of a former share with the same grantee."""
    work.execute(
        _PUT,
        record_kind=record_kind,
        record_id=record_id,
        grantee_kind=grantee_kind,
        grantee_id=grantee_id,
        level=level,
        until=until,
        now=work.now,
    )


def drop(work: Work, record_id: UUID, grantee_id: UUID) -> Row | None:
    """Ends a share; what it was, or None where there was none."""
    return work.row(_DROP, record_id=record_id, grantee_id=grantee_id)


def drop_of_records(work: Work, record_ids: Sequence[UUID]) -> None:
    """Forgets every share of records that are gone for good."""
    work.execute(_DROP_OF_RECORDS, record_ids=list(record_ids))


def move(work: Work, from_id: UUID, to_id: UUID) -> None:
    """Gives one record's shares to the one it was merged into, whose own stand where both have the same grantee."""
    work.execute(_MOVE, from_id=from_id, to_id=to_id)


def check_writes(row: Any, what: str) -> None:
    """Raises PermissionDenied where the row's `access_level` lets the caller only look."""
    if row.access_level < WRITES:
        raise PermissionDenied(
            f"This {what} is shared with you to look at only. Ask its owner to share it for changing.",
            reason="RECORD_READ_ONLY",
        )


def check_holds(row: Any, what: str) -> None:
    """Raises PermissionDenied where the caller sees the row by a share or a sharing rule alone."""
    if row.access_level < HOLDS:
        raise PermissionDenied(
            f"This {what} is shared with you: deleting, merging, giving away and sharing it are up to its owner.",
            reason="RECORD_SHARED_WITH_YOU",
        )


def check_given_away(row: Any, changed_fields: Iterable[str], what: str) -> None:
    """Raises PermissionDenied where owner or team change and the record is only shared with the caller."""
    if not _DECIDES_ACCESS.isdisjoint(changed_fields):
        check_holds(row, what)
