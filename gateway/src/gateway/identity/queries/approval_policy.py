"""Statements on approval policies. A deleted one stays: what waits by it goes on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.statements import prepare
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, insert, update

from gateway.identity.model.approval import ApprovalPolicy

_LIVING = scoped(ApprovalPolicy).where(ApprovalPolicy.deleted_at.is_(None))
_ALL = prepare(_LIVING.order_by(ApprovalPolicy.operation, ApprovalPolicy.priority, ApprovalPolicy.id))
_GET = prepare(scoped(ApprovalPolicy).where(ApprovalPolicy.id == bindparam("id")))
_LOCK = prepare(_LIVING.where(ApprovalPolicy.id == bindparam("id")).with_for_update())
_INSERT = prepare(insert(ApprovalPolicy).returning(*ApprovalPolicy.__table__.columns))
_FIELDS = ("name", "condition", "steps", "priority", "paused", "deleted_at", "updated_at", "updated_by")
_UPDATE = prepare(
    update(ApprovalPolicy)
    .where(ApprovalPolicy.tenant_id == tenant_parameter(), ApprovalPolicy.id == bindparam("which"))
    .values(
        {name: bindparam(f"new_{name}", type_=getattr(ApprovalPolicy, name).type) for name in _FIELDS}
        | {"version": ApprovalPolicy.version + 1}
    )
    .returning(*ApprovalPolicy.__table__.columns)
)


def every(work: Work) -> list[Row]:
    """Every living policy, by operation and priority. A company has at most `approval_policies_max`."""
    return work.rows(_ALL)


def get(work: Work, policy_id: UUID) -> Row | None:
    """A policy, deleted ones too."""
    return work.row(_GET, id=policy_id)


def locked(work: Work, policy_id: UUID) -> Row | None:
    """A living policy, locked."""
    return work.row(_LOCK, id=policy_id)


def add(work: Work, **values: Any) -> Row:
    """Writes a new policy."""
    by = {"created_at": work.now, "created_by": work.caller.actor_id}
    by |= {"updated_at": work.now, "updated_by": work.caller.actor_id}
    steps = Jsonb(values.pop("steps"))
    row = work.row(_INSERT, **values, **by, steps=steps, version=1, deleted_at=None)
    assert row is not None
    return row


def change(work: Work, row: Row, **values: Any) -> Row:
    """Writes these fields of a locked policy."""
    kept = {name: getattr(row, name) for name in _FIELDS} | values
    kept |= {"updated_at": work.now, "updated_by": work.caller.actor_id, "steps": Jsonb(kept["steps"])}
    written = work.row(_UPDATE, which=row.id, **{f"new_{name}": value for name, value in kept.items()})
    assert written is not None
    return written
