"""ApprovalService: what waits until somebody agrees."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from chassis.errors import PermissionDenied
from chassis.paging import Pager
from chassis.work import Row, Work
from funia.identity.v1 import approval_pb2 as pb
from funia.identity.v1.approval_policy_pb2 import ApprovalStep

from gateway.identity.queries import approval as queries
from gateway.identity.queries.approval import View
from gateway.identity.usecases.approvals import ADMINISTER, Approvals, is_party, keys_of, may_decide
from gateway.identity.wire import timestamp

_DECISIONS_MAX = 200


class ApprovalServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, approvals: Approvals, pager: Pager) -> None:
        self._approvals = approvals
        self._pager = pager

    def ListApprovals(self, work: Work, request: pb.ListApprovalsRequest) -> pb.ListApprovalsResponse:
        view = cast(View, request.view or "waiting")
        if view == "all" and not request.record_id and ADMINISTER not in work.caller.scopes:
            raise PermissionDenied(
                f'All approvals of the company need the scope "{ADMINISTER}".',
                reason="MISSING_SCOPE",
                metadata={"scope": ADMINISTER},
            )
        size = self._pager.size(request.page_size)
        binding = ("ListApprovals", view, request.record_id)
        before_id = None
        if request.page_token:
            before_id = UUID(str(self._pager.key(work.tenant_id, binding, request.page_token)[0]))
        keys = keys_of(work)
        rows = queries.page(
            work,
            view,
            me=work.caller.actor_id,
            keys=keys,
            record_id=UUID(request.record_id) if request.record_id else None,
            before_id=before_id,
            limit=size + 1,
        )
        token = self._pager.token(work.tenant_id, binding, [rows[size - 1].id]) if len(rows) > size else ""
        found = [_message(work, row, keys) for row in rows[:size]]
        if view == "all" and ADMINISTER not in work.caller.scopes:
            # Whoever knows the record may know that it waits; by what it was judged is for those who decide.
            for row, message in zip(rows, found, strict=False):
                if not is_party(work, row):
                    message.ClearField("facts")
        return pb.ListApprovalsResponse(approvals=found, next_page_token=token)

    def GetApproval(self, work: Work, request: pb.GetApprovalRequest) -> pb.Approval:
        return self._whole(work, self._approvals.get(work, UUID(request.id)))

    def ApproveRequest(self, work: Work, request: pb.ApproveRequestRequest) -> pb.Approval:
        reason = request.reason.strip()
        return self._whole(work, self._approvals.approve(work, UUID(request.id), reason=reason, etag=request.etag))

    def RejectRequest(self, work: Work, request: pb.RejectRequestRequest) -> pb.Approval:
        reason = request.reason.strip()
        return self._whole(work, self._approvals.reject(work, UUID(request.id), reason=reason, etag=request.etag))

    def DelegateApproval(self, work: Work, request: pb.DelegateApprovalRequest) -> pb.Approval:
        to = UUID(request.user_id)
        return self._whole(work, self._approvals.delegate(work, UUID(request.id), to, reason=request.reason.strip()))

    def RecallApproval(self, work: Work, request: pb.RecallApprovalRequest) -> pb.Approval:
        return self._whole(work, self._approvals.recall(work, UUID(request.id)))

    def _whole(self, work: Work, row: Row) -> pb.Approval:
        message = _message(work, row, keys_of(work))
        for one in queries.decisions(work, row.id, limit=_DECISIONS_MAX):
            message.decisions.add(
                verdict=one.verdict,
                step=one.step,
                actor_id=str(one.actor_id or ""),
                reason=one.reason,
                handed_to=one.handed_to,
                decided_at=timestamp(one.decided_at),
            )
        return message


def _message(work: Work, row: Row, keys: list[str]) -> pb.Approval:
    kind, _, party = row.approver.partition(":")
    return pb.Approval(
        id=str(row.id),
        operation=row.operation,
        status=row.status,
        requester_type=row.requester_type,
        requester_id=str(row.requester_id),
        record_kind=row.record_kind,
        record_id=str(row.record_id or ""),
        facts=row.facts,
        digest=row.digest,
        policy_id=str(row.policy_id),
        policy_name=row.policy_name,
        steps=[ApprovalStep(**step) for step in row.steps],
        step=row.step,
        approver_kind=kind,
        approver_id=party,
        may_decide=may_decide(work, row, keys),
        failure=row.failure,
        submitted_at=timestamp(row.submitted_at),
        expires_at=timestamp(row.expires_at),
        ended_at=None if row.ended_at is None else timestamp(row.ended_at),
        etag=str(row.version),
    )
