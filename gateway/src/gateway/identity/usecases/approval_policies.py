"""Approval policies: which operations wait until somebody agrees, and who that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.errors import FailedPrecondition, NotFound, invalid_field
from chassis.filtering import parse
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import stale
from gateway.identity import roles
from gateway.identity.approval_events import approval_policy_changed
from gateway.identity.operations import OPERATIONS
from gateway.identity.queries import approval_policy as queries
from gateway.identity.queries import role as role_queries
from gateway.identity.queries import user as users

Values = Mapping[str, Any]
POLICY_FIELDS = ("name", "condition", "steps", "priority", "paused")


def get(work: Work, policy_id: UUID) -> Row:
    """A living policy. Raises NotFound."""
    return _found(queries.get(work, policy_id), policy_id)


def create(work: Work, given: Values, *, most: int) -> Row:
    """Makes a policy. Raises InvalidArgument naming what is wrong with it, FailedPrecondition beyond the bound."""
    if len(queries.every(work)) >= most:
        raise FailedPrecondition(
            f"A company has at most {most} approval policies. Delete one that is not needed any more.",
            reason="TOO_MANY_APPROVAL_POLICIES",
        )
    values = _checked(work, given, str(given["operation"]))
    row = queries.add(work, id=uuid7(), operation=given["operation"], **values)
    work.record(approval_policy_changed("created", row))
    return row


def change(work: Work, policy_id: UUID, given: Values, *, etag: str) -> Row:
    """Changes a policy; what waits already goes on by the steps it was submitted under."""
    row = _found(queries.locked(work, policy_id), policy_id)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    after = _checked(work, {name: getattr(row, name) for name in POLICY_FIELDS} | dict(given), row.operation)
    changed = tuple(name for name in POLICY_FIELDS if after[name] != getattr(row, name))
    if not changed:
        return row
    written = queries.change(work, row, **after)
    work.record(approval_policy_changed("changed", written, changed_fields=changed))
    return written


def delete(work: Work, policy_id: UUID) -> None:
    """Deletes a policy."""
    row = _found(queries.locked(work, policy_id), policy_id)
    work.record(approval_policy_changed("deleted", queries.change(work, row, deleted_at=work.now)))


def check_approver(work: Work, kind: str, name: str, field: str) -> None:
    """Raises InvalidArgument where there is no such role, or nobody of that id at work in the company."""
    if kind == "role" and name not in roles.ROLES and role_queries.get_for_share(work, name) is None:
        raise invalid_field(field, "there is no such role", reason="ROLE_NOT_FOUND")
    if kind == "user":
        try:
            member = users.get(work, UUID(name))
        except ValueError:
            member = None
        if member is None or member.status != "active":
            raise invalid_field(field, "nobody of that id is at work in your company", reason="USER_NOT_FOUND")


def _checked(work: Work, given: Values, operation: str) -> dict[str, Any]:
    known = OPERATIONS.get(operation)
    if known is None:
        raise invalid_field(
            "approval_policy.operation", f"choose one of: {', '.join(sorted(OPERATIONS))}", reason="OPERATION_NOT_FOUND"
        )
    condition = given["condition"].strip()
    parse(condition, known.schema, field="approval_policy.condition")
    if not given["steps"]:
        raise invalid_field("approval_policy.steps", "say who agrees", reason="REQUIRED")
    return {
        "name": given["name"].strip(),
        "condition": condition,
        "steps": _steps(work, given["steps"]),
        "priority": given["priority"],
        "paused": given["paused"],
    }


def _steps(work: Work, steps: Sequence[Values]) -> list[dict[str, Any]]:
    checked = []
    for index, step in enumerate(steps):
        field = f"approval_policy.steps[{index}]"
        one = dict(step)
        if one["approver_kind"] == "lead":
            one["approver_id"] = ""
        else:
            check_approver(work, one["approver_kind"], one["approver_id"], f"{field}.approver_id")
        if one["escalate_after_hours"]:
            if not one["escalate_kind"]:
                raise invalid_field(f"{field}.escalate_kind", "say to whom it goes then", reason="REQUIRED")
            check_approver(work, one["escalate_kind"], one["escalate_id"], f"{field}.escalate_id")
            if one["expires_after_hours"] and one["escalate_after_hours"] >= one["expires_after_hours"]:
                raise invalid_field(
                    f"{field}.escalate_after_hours", "it must come before it expires", reason="TOO_LATE"
                )
        else:
            one |= {"escalate_kind": "", "escalate_id": ""}
        checked.append(one)
    return checked


def _found(row: Row | None, policy_id: UUID) -> Row:
    if row is None or row.deleted_at is not None:
        raise NotFound(f"There is no approval policy {policy_id} in your company.", reason="APPROVAL_POLICY_NOT_FOUND")
    return row
