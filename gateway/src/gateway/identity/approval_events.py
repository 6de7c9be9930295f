"""Events of approval policies and of approvals: ids, states and amounts, never what somebody said."""

from __future__ import annotations

from typing import Any

from chassis.envelope import Event
from funia.identity.v1.approval_events_pb2 import ApprovalChanged, ApprovalPolicyChanged


def approval_policy_changed(verb: str, row: Any, *, changed_fields: tuple[str, ...] = ()) -> Event:
    """``identity.approval_policy.<verb>``, from the policy's row."""
    payload = ApprovalPolicyChanged(
        policy_id=str(row.id),
        operation=row.operation,
        condition=row.condition,
        priority=row.priority,
        active=not row.paused and row.deleted_at is None,
    )
    return Event(f"identity.approval_policy.{verb}", row.id, row.version, payload, changed_fields)


def approval_changed(verb: str, row: Any, *, rights: str = "") -> Event:
    """``identity.approval.<verb>``, from the approval's row; with the requester's rights where it runs now."""
    payload = ApprovalChanged(
        approval_id=str(row.id),
        operation=row.operation,
        status=row.status,
        step=row.step,
        digest=row.digest,
        requester_id=str(row.requester_id),
        approver=row.approver,
        rights=rights,
        reason=row.failure,
        approved_by=row.approved_by if row.status != "waiting" else (),
    )
    return Event(f"identity.approval.{verb}", row.id, row.version, payload)
