"""Statements on companies that were closed: what waits to be erased, and the proof of what was."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row
from psycopg.types.json import Jsonb

from gateway.identity.platform import PlatformWork

_ADD = text(
    """
    INSERT INTO erasure (id, for_tenant, tenant_digest, state, former_status, closed_by, closed_at, due_at, next_at,
                         found, problem, statement)
    VALUES (%(id)s, %(for_tenant)s, %(tenant_digest)s, 'waiting', %(former_status)s, %(closed_by)s, %(at)s, %(due_at)s,
            %(due_at)s, '{}', '', '')
    """,
)
_OF_TENANT = text("SELECT * FROM erasure WHERE for_tenant = %(for_tenant)s FOR UPDATE", "for_tenant")
_LOOK_OF_TENANT = text("SELECT * FROM erasure WHERE for_tenant = %(for_tenant)s", "for_tenant")
_BRING_FORWARD = text(
    "UPDATE erasure SET due_at = %(due_at)s, next_at = %(due_at)s WHERE id = %(id)s AND state = 'waiting'",
)
_REMOVE = text("DELETE FROM erasure WHERE id = %(id)s AND state = 'waiting'", "id")
_CLAIM = text(
    """
    UPDATE erasure SET next_at = %(lease_ends_at)s
     WHERE id = (SELECT id FROM erasure WHERE next_at <= %(at)s ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *
    """,
)
_BEGIN = text("UPDATE erasure SET state = 'erasing', found = %(found)s WHERE id = %(id)s AND state = 'waiting'")
_RENEW = text("UPDATE erasure SET next_at = %(lease_ends_at)s WHERE id = %(id)s AND state <> 'erased'")
_POSTPONE = text("UPDATE erasure SET next_at = %(next_at)s, problem = %(problem)s WHERE id = %(id)s")
_FINISH = text(
    """
    UPDATE erasure SET state = 'erased', for_tenant = NULL, next_at = NULL, problem = '', erased_at = %(at)s,
           statement = %(statement)s
     WHERE id = %(id)s AND state = 'erasing'
    """,
)
_GET = text("SELECT * FROM erasure WHERE id = %(id)s", "id")
_NEWEST = text("SELECT * FROM erasure WHERE state = 'erased' ORDER BY id DESC LIMIT %(limit)s", "limit")
_CLOSED_OF_USER = text(
    """
    SELECT tenant.tenant_id, tenant.name, erasure.due_at FROM membership JOIN tenant USING (tenant_id)
      JOIN erasure ON erasure.for_tenant = tenant.tenant_id AND erasure.state = 'waiting'
     WHERE membership.user_id = %(user_id)s AND membership.role = 'owner' AND membership.status = 'active'
       AND tenant.status = 'closing'
     ORDER BY tenant.name, tenant.tenant_id LIMIT 20
    """,
    "user_id",
)


def add(platform: PlatformWork, **values: Any) -> None:
    """Has a company erased at `due_at`."""
    platform.execute(_ADD, at=platform.now, **values)


def of_tenant(platform: PlatformWork, tenant_id: UUID, *, for_update: bool = True) -> Row | None:
    """What waits for a company, locked unless it is only looked at."""
    return platform.row(_OF_TENANT if for_update else _LOOK_OF_TENANT, for_tenant=tenant_id)


def bring_forward(platform: PlatformWork, erasure_id: UUID, due_at: datetime) -> None:
    """Has it done at another time, where it has not begun."""
    platform.execute(_BRING_FORWARD, id=erasure_id, due_at=due_at)


def remove(platform: PlatformWork, erasure_id: UUID) -> bool:
    """Forgets it; False where it has begun."""
    return platform.execute(_REMOVE, id=erasure_id) == 1


def claim(platform: PlatformWork, *, lease_ends_at: datetime) -> Row | None:
    """One that is due; nobody else gets it before the lease ends."""
    return platform.row(_CLAIM, at=platform.now, lease_ends_at=lease_ends_at)


def begin(platform: PlatformWork, erasure_id: UUID, found: dict[str, dict[str, int]]) -> bool:
    """From here there is no way back. False where it was taken back in the meantime."""
    return platform.execute(_BEGIN, id=erasure_id, found=Jsonb(found)) == 1


def renew(platform: PlatformWork, erasure_id: UUID, *, lease_ends_at: datetime) -> None:
    """Keeps the lease."""
    platform.execute(_RENEW, id=erasure_id, lease_ends_at=lease_ends_at)


def postpone(platform: PlatformWork, erasure_id: UUID, *, next_at: datetime, problem: str) -> None:
    """Tries again later."""
    platform.execute(_POSTPONE, id=erasure_id, next_at=next_at, problem=problem)


def finish(platform: PlatformWork, erasure_id: UUID, statement: str) -> None:
    """Keeps the certificate and forgets which company it was."""
    platform.execute(_FINISH, id=erasure_id, at=platform.now, statement=statement)


def get(platform: PlatformWork, erasure_id: UUID) -> Row | None:
    """An erasure by its id."""
    return platform.row(_GET, id=erasure_id)


def newest(platform: PlatformWork, *, limit: int) -> list[Row]:
    """Companies erased last."""
    return platform.rows(_NEWEST, limit=limit)


def closed_of_user(platform: PlatformWork, user_id: UUID) -> list[Row]:
    """Closed companies that the person owns and may open again."""
    return platform.rows(_CLOSED_OF_USER, user_id=user_id)
