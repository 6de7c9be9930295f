"""Statements on openings by break-glass."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, update

from gateway.identity.model.break_glass import BreakGlass
from gateway.identity.platform import PlatformWork

_ADD = prepare(insert(BreakGlass))
_GET = prepare(scoped(BreakGlass).where(BreakGlass.id == bindparam("id")))
_OPEN_OF = prepare(scoped(BreakGlass).where(BreakGlass.user_id == bindparam("user_id"), BreakGlass.ended_at.is_(None)))
_PAGE = prepare(
    scoped(BreakGlass)
    .where(BreakGlass.id < bindparam("before_id", type_=BreakGlass.id.type))
    .order_by(BreakGlass.id.desc())
    .limit(bindparam("limit"))
)
_END = prepare(
    update(BreakGlass)
    .where(BreakGlass.tenant_id == tenant_parameter(), BreakGlass.id == bindparam("which"))
    .where(BreakGlass.ended_at.is_(None))
    .values(
        ended_at=bindparam("at", type_=BreakGlass.opened_at.type),
        ended_for=bindparam("why", type_=BreakGlass.reason.type),
    )
    .returning(*BreakGlass.__table__.columns)
)
_COUNT = text(
    "UPDATE break_glass SET calls = calls + %(more)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s",
    "tenant_id",
    "id",
    "more",
)
_DUE = text(
    """
    SELECT tenant_id, id FROM break_glass WHERE ended_at IS NULL AND expires_at <= %(at)s
     ORDER BY expires_at LIMIT %(limit)s
    """,
    "at",
    "limit",
)
_LAST = UUID(int=2**128 - 1)


def add(work: Work, **values: Any) -> None:
    """Writes an opening."""
    work.execute(_ADD, **values, ended_at=None, ended_for="", calls=0)


def get(work: Work, glass_id: UUID) -> Row | None:
    """One opening."""
    return work.row(_GET, id=glass_id)


def open_of(work: Work, user_id: UUID) -> Row | None:
    """The opening of a person that has not ended."""
    return work.row(_OPEN_OF, user_id=user_id)


def page(work: Work, *, limit: int, before_id: UUID | None) -> list[Row]:
    """Openings, newest first, before the given one."""
    return work.rows(_PAGE, before_id=before_id or _LAST, limit=limit)


def end(work: Work, glass_id: UUID, why: str) -> Row | None:
    """Ends an opening and returns it; None where it has ended before."""
    return work.row(_END, which=glass_id, at=work.now, why=why)


def count(work: Work, glass_id: UUID, more: int) -> None:
    """Counts calls made under it."""
    work.execute(_COUNT, id=glass_id, more=more)


def due(platform: PlatformWork, *, limit: int) -> list[Row]:
    """Openings of all companies whose time is over."""
    return platform.rows(_DUE, at=platform.now, limit=limit)
