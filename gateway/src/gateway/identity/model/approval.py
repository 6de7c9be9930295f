"""Approval policies, approvals, and what was decided about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gateway.identity.model.tables import IdentityTable


class ApprovalPolicy(IdentityTable):
    """Which operations wait, and who agrees. `steps` are objects with the fields of the message ApprovalStep."""

    __tablename__ = "approval_policy"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    operation: Mapped[str]
    condition: Mapped[str]
    steps: Mapped[list[Any]]
    priority: Mapped[int]
    paused: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID]
    deleted_at: Mapped[datetime | None]


class Approval(IdentityTable):
    """An operation that waits, or that was decided.

    `approver` is whom it waits for: ``role:`` with a name, ``user:`` or ``lead:`` with the id of a person or of a team.
    """

    __tablename__ = "approval"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str]
    digest: Mapped[str]
    requester_type: Mapped[str]
    requester_id: Mapped[UUID]
    requester_client: Mapped[str]
    scopes: Mapped[list[str]]
    record_kind: Mapped[str]
    record_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
    policy_id: Mapped[UUID]
    policy_name: Mapped[str]
    steps: Mapped[list[Any]]
    step: Mapped[int]
    status: Mapped[str]
    approver: Mapped[str]
    escalate_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    due_at: Mapped[datetime]
    failure: Mapped[str]
    approved_by: Mapped[list[Any]]
    submitted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int]


class ApprovalDecision(IdentityTable):
    """Something that was decided. Without an actor it was the time that did it."""

    __tablename__ = "approval_decision"

    approval_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    step: Mapped[int]
    actor_id: Mapped[UUID | None]
    reason: Mapped[str]
    handed_to: Mapped[str]
    decided_at: Mapped[datetime]
