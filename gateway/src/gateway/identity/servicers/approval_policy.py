"""ApprovalPolicyService: which operations wait until somebody agrees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.filtering import FieldType
from chassis.work import Row, Work
from funia.identity.v1 import approval_policy_pb2 as pb

from gateway.identity.operations import OPERATIONS
from gateway.identity.queries import approval_policy as queries
from gateway.identity.servicers.masking import masked
from gateway.identity.usecases import approval_policies
from gateway.identity.wire import timestamp

STEP_FIELDS = tuple(field.name for field in pb.ApprovalStep.DESCRIPTOR.fields)
_TYPES = {FieldType.NUMBER: "number", FieldType.BOOL: "boolean", FieldType.UUID: "id"}


class ApprovalPolicyServicer:
    """Carries the RPCs out, each inside the work the frame opened. `most` bounds a company's policies."""

    def __init__(self, *, most: int) -> None:
        self._most = most

    def ListApprovalOperations(
        self, work: Work, request: pb.ListApprovalOperationsRequest
    ) -> pb.ListApprovalOperationsResponse:
        return pb.ListApprovalOperationsResponse(
            operations=[
                pb.ApprovalOperation(
                    name=name,
                    facts=[
                        pb.ApprovalFact(name=fact, type=_TYPES.get(kind, "text"))
                        for fact, kind in one.schema.fields.items()
                    ],
                )
                for name, one in sorted(OPERATIONS.items())
            ]
        )

    def ListApprovalPolicies(
        self, work: Work, request: pb.ListApprovalPoliciesRequest
    ) -> pb.ListApprovalPoliciesResponse:
        return pb.ListApprovalPoliciesResponse(approval_policies=[_message(row) for row in queries.every(work)])

    def GetApprovalPolicy(self, work: Work, request: pb.GetApprovalPolicyRequest) -> pb.ApprovalPolicy:
        return _message(approval_policies.get(work, UUID(request.id)))

    def CreateApprovalPolicy(self, work: Work, request: pb.CreateApprovalPolicyRequest) -> pb.ApprovalPolicy:
        asked = request.approval_policy
        given = {name: getattr(asked, name) for name in approval_policies.POLICY_FIELDS}
        given |= {"operation": asked.operation, "steps": _steps(asked.steps)}
        return _message(approval_policies.create(work, given, most=self._most))

    def UpdateApprovalPolicy(self, work: Work, request: pb.UpdateApprovalPolicyRequest) -> pb.ApprovalPolicy:
        given = masked(request.approval_policy, request.update_mask, approval_policies.POLICY_FIELDS)
        if "steps" in given:
            given["steps"] = _steps(given["steps"])
        row = approval_policies.change(work, UUID(request.approval_policy.id), given, etag=request.etag)
        return _message(row)

    def DeleteApprovalPolicy(
        self, work: Work, request: pb.DeleteApprovalPolicyRequest
    ) -> pb.DeleteApprovalPolicyResponse:
        approval_policies.delete(work, UUID(request.id))
        return pb.DeleteApprovalPolicyResponse()


def _steps(steps: Any) -> list[dict[str, Any]]:
    return [{name: getattr(step, name) for name in STEP_FIELDS} for step in steps]


def _message(row: Row) -> pb.ApprovalPolicy:
    return pb.ApprovalPolicy(
        id=str(row.id),
        name=row.name,
        operation=row.operation,
        condition=row.condition,
        steps=[pb.ApprovalStep(**step) for step in row.steps],
        priority=row.priority,
        paused=row.paused,
        etag=str(row.version),
        created_at=timestamp(row.created_at),
    )
