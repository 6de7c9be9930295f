"""Statements on the sandboxes of companies."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, delete, insert, update

from gateway.identity.model.tables import Sandbox
from gateway.identity.platform import PlatformWork

_ONE = Sandbox.id == bindparam("which")
_OF_COMPANY = prepare(scoped(Sandbox).order_by(Sandbox.id).limit(bindparam("limit")))
_HOLD = prepare(scoped(Sandbox).where(_ONE).with_for_update())
_INSERT = prepare(insert(Sandbox))
_CHANGE = prepare(
    update(Sandbox)
    .where(Sandbox.tenant_id == tenant_parameter(), _ONE)
    .values(state=bindparam("new_state"), next_at=bindparam("new_next_at"))
)
_REMOVE = prepare(delete(Sandbox).where(Sandbox.tenant_id == tenant_parameter(), _ONE))
_DUE = text(
    """
    SELECT sandbox.tenant_id, sandbox.id FROM sandbox JOIN tenant USING (tenant_id)
     WHERE sandbox.next_at <= %(at)s OR tenant.status IN ('closing', 'deleted')
     ORDER BY sandbox.next_at LIMIT %(limit)s
    """,
    "at",
    "limit",
)


def of_company(work: Work, *, limit: int) -> list[Row]:
    """The company's sandboxes, oldest first."""
    return work.rows(_OF_COMPANY, limit=limit)


def hold(work: Work, sandbox_id: UUID) -> Row | None:
    """A sandbox of the company, locked until the transaction ends."""
    return work.row(_HOLD, which=sandbox_id)


def add(work: Work, **values: Any) -> None:
    """Writes a new sandbox."""
    work.execute(_INSERT, **values)


def change(work: Work, sandbox_id: UUID, *, state: str, next_at: datetime | None) -> None:
    """Gives a sandbox a state, and the moment at which something is to be done about it."""
    work.execute(_CHANGE, which=sandbox_id, new_state=state, new_next_at=next_at)


def remove(work: Work, sandbox_id: UUID) -> None:
    """Forgets a sandbox."""
    work.execute(_REMOVE, which=sandbox_id)


def due(platform: PlatformWork, *, limit: int) -> list[Row]:
    """Sandboxes to fill or to end, by company and id."""
    return platform.rows(_DUE, at=platform.now, limit=limit)
