"""Sample requests for approvals, their policies, and credit limits. Only people decide: an app is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from chassis.work import Work
from funia.identity.v1 import approval_pb2 as pb
from funia.identity.v1 import approval_policy_pb2 as policies
from funia.sales.v1 import credit_pb2 as credit
from funia.type.v1.money_pb2 import Money
from gateway.identity.queries import approval as queries
from google.protobuf.field_mask_pb2 import FieldMask
from rpc_world import Sample, World

_SERVICE = "/funia.identity.v1.ApprovalService"
_POLICY = "/funia.identity.v1.ApprovalPolicyService"
_CREDIT = "/funia.sales.v1.CreditLimitService"
_STEP = {
    "approver_kind": "role",
    "approver_id": "manager",
    "escalate_after_hours": 0,
    "escalate_kind": "",
    "escalate_id": "",
    "expires_after_hours": 0,
}


def _waiting(world: World) -> str:
    """An approval that waits, asked for by somebody who is gone."""
    made = uuid4()

    def write(work: Work) -> None:
        queries.add(
            work,
            id=made,
            operation="sales.order.confirm",
            digest="ab" * 32,
            requester_type="user",
            requester_id=uuid4(),
            requester_client="tests",
            scopes=["sales.write"],
            record_kind="order",
            record_id=uuid4(),
            facts={"channel": world.mark},
            policy_id=uuid4(),
            policy_name=world.mark,
            steps=[_STEP],
            step=1,
            approver="role:manager",
            escalate_at=None,
            expires_at=work.now + timedelta(hours=1),
            due_at=work.now + timedelta(hours=1),
            submitted_at=work.now,
        )

    world.platform.as_platform(world.owner, write)
    world.ids.add(str(made))
    return str(made)


def _listed(world: World) -> pb.ListApprovalsRequest:
    _waiting(world)
    return pb.ListApprovalsRequest(view="all")


def _new_policy(name: str) -> policies.CreateApprovalPolicyRequest:
    wanted = policies.ApprovalPolicy(
        name=name,
        operation="sales.price.change",
        condition="lowered_basis_points > 10000",
        steps=[policies.ApprovalStep(approver_kind="role", approver_id="manager")],
    )
    return policies.CreateApprovalPolicyRequest(approval_policy=wanted)


def _policy(world: World) -> str:
    made = world.call("identity.v1.ApprovalPolicyService", "CreateApprovalPolicy", _new_policy(world.mark))
    return str(made.id)  # type: ignore[attr-defined]


def _limit(world: World) -> credit.SetCreditLimitRequest:
    amount = Money(currency_code="EUR", amount_minor=100)
    return credit.SetCreditLimitRequest(account_id=world.account(), amount=amount)


def _limited(world: World) -> str:
    request = _limit(world)
    world.call("sales.v1.CreditLimitService", "SetCreditLimit", request)
    return request.account_id


APPROVAL_SAMPLES: dict[str, Sample] = {
    f"{_SERVICE}/ListApprovals": Sample(_listed, ours=True, answers=False),
    f"{_SERVICE}/GetApproval": Sample(lambda w: pb.GetApprovalRequest(id=_waiting(w))),
    f"{_SERVICE}/ApproveRequest": Sample(lambda w: pb.ApproveRequestRequest(id=_waiting(w)), refused="NOT_APPROVER"),
    f"{_SERVICE}/RejectRequest": Sample(
        lambda w: pb.RejectRequestRequest(id=_waiting(w), reason=w.mark), refused="NOT_APPROVER"
    ),
    f"{_SERVICE}/DelegateApproval": Sample(
        lambda w: pb.DelegateApprovalRequest(id=_waiting(w), user_id=w.owner.user_id)
    ),
    f"{_SERVICE}/RecallApproval": Sample(lambda w: pb.RecallApprovalRequest(id=_waiting(w)), refused="NOT_REQUESTER"),
    f"{_POLICY}/ListApprovalOperations": Sample(lambda _: policies.ListApprovalOperationsRequest(), ours=True),
    f"{_POLICY}/ListApprovalPolicies": Sample(lambda _: policies.ListApprovalPoliciesRequest(), ours=True),
    f"{_POLICY}/GetApprovalPolicy": Sample(lambda w: policies.GetApprovalPolicyRequest(id=_policy(w))),
    # Strangers create it for themselves, and then find it among theirs: it names nothing of ours.
    f"{_POLICY}/CreateApprovalPolicy": Sample(lambda _: _new_policy("Lowered prices"), ours=True),
    f"{_POLICY}/UpdateApprovalPolicy": Sample(
        lambda w: policies.UpdateApprovalPolicyRequest(
            approval_policy=policies.ApprovalPolicy(id=_policy(w), paused=True),
            update_mask=FieldMask(paths=["paused"]),
        )
    ),
    f"{_POLICY}/DeleteApprovalPolicy": Sample(
        lambda w: policies.DeleteApprovalPolicyRequest(id=_policy(w)), answers=False
    ),
    f"{_CREDIT}/GetCreditLimit": Sample(lambda w: credit.GetCreditLimitRequest(account_id=_limited(w))),
    f"{_CREDIT}/SetCreditLimit": Sample(_limit),
}
