"""Approvals: policies, who may decide and when, and what services and people are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from chassis.caller import Caller
from chassis.envelope import Event, enclose
from chassis.ids import uuid7
from chassis.mail import Smtp
from chassis.subscriptions import Received, opened
from funia.events.v1.approval_pb2 import ApprovalEnded, ApprovalSubmitted
from funia.identity.v1 import approval_pb2 as pb
from funia.identity.v1 import approval_policy_pb2 as policies
from funia.identity.v1 import team_pb2
from funia.identity.v1 import tenant_pb2 as people
from funia.identity.v1.approval_events_pb2 import ApprovalChanged, ApprovalPolicyChanged
from gateway.composition import Identity
from gateway.identity.consumers.approvals import ApprovalConsumer
from gateway.mail.sender import MailSender
from google.protobuf.field_mask_pb2 import FieldMask

OPERATION = "sales.order.confirm"
Ask = Callable[..., str]


def step(kind: str = "role", name: str = "manager", **more: Any) -> policies.ApprovalStep:
    return policies.ApprovalStep(approver_kind=kind, approver_id=name, **more)


def policy(person: Any, *steps: policies.ApprovalStep, **given: Any) -> policies.ApprovalPolicy:
    wanted = policies.ApprovalPolicy(name="Discounts", operation=OPERATION, steps=steps or [step()])
    wanted.MergeFrom(policies.ApprovalPolicy(**given))
    made: policies.ApprovalPolicy = person.call(
        "CreateApprovalPolicy", policies.CreateApprovalPolicyRequest(approval_policy=wanted)
    )
    return made


@pytest.fixture
def ask(identity: Identity) -> Ask:
    """Submits an operation of a person, as sales does; gives the approval's id."""

    def submit(person: Any, policy_id: str, approval_id: UUID | None = None) -> str:
        approval_id = approval_id or uuid7()
        payload = ApprovalSubmitted(
            approval_id=str(approval_id),
            operation=OPERATION,
            method="/funia.sales.v1.OrderService/ConfirmOrder",
            digest="ab" * 32,
            policy_id=policy_id,
            record_kind="order",
            record_id=str(uuid7()),
            facts={"amount_minor": "1800", "currency_code": "EUR"},
            scopes=["sales.read", "sales.write"],
        )
        hear(identity, person.caller, Event("sales.approval.submitted", approval_id, 1, payload))
        return str(approval_id)

    return submit


def hear(identity: Identity, caller: Caller, event: Event) -> None:
    arrived: Received | None = opened(enclose(event, caller, now=datetime.now(UTC)).SerializeToString())
    assert arrived is not None
    with identity.database.open_work(Caller.system(caller.tenant_id)) as work:
        ApprovalConsumer(identity.approvals).take(work, [arrived])


def get(person: Any, approval_id: str) -> pb.Approval:
    found: pb.Approval = person.call("GetApproval", pb.GetApprovalRequest(id=approval_id))
    return found


def approve(approval_id: str, **given: Any) -> tuple[str, pb.ApproveRequestRequest]:
    return "ApproveRequest", pb.ApproveRequestRequest(id=approval_id, **given)


def reject(approval_id: str) -> tuple[str, pb.RejectRequestRequest]:
    return "RejectRequest", pb.RejectRequestRequest(id=approval_id, reason="Too much")


def listed(person: Any, view: str, **given: Any) -> list[str]:
    request = pb.ListApprovalsRequest(view=view, **given)
    return [one.id for one in person.call("ListApprovals", request).approvals]


def decided(recorded: Any, company: Any) -> list[ApprovalChanged]:
    return [ApprovalChanged.FromString(one.payload) for one in recorded(company, "identity.approval.")]


def test_an_approval_goes_through_its_steps_and_runs_with_the_rights_of_who_asked(
    owner_of: Any, hire: Any, acme: Any, other: Any, ask: Ask, recorded: Any
) -> None:
    owner, seller, manager = owner_of(acme), hire(acme, "seller"), hire(acme, "manager")
    made = policy(owner, step(), step("role", "owner"))
    approval_id = ask(seller, made.id)
    assert ask(seller, made.id, UUID(approval_id)) == approval_id
    assert (listed(manager, "waiting"), listed(seller, "mine"), listed(seller, "waiting")) == (
        [approval_id],
        [approval_id],
        [],
    )
    assert owner.refused(*approve(approval_id)) == "NOT_APPROVER"
    half = manager.call(*approve(approval_id, reason="Good customer"))
    assert (half.status, half.step, half.approver_id, listed(manager, "waiting")) == ("waiting", 2, "owner", [])
    assert owner.refused(*approve(approval_id, etag="1")) == "STALE_ETAG"
    whole = owner.call(*approve(approval_id, etag=half.etag))
    assert [(one.verdict, one.step, one.reason) for one in whole.decisions] == [
        ("approved", 1, "Good customer"),
        ("approved", 2, ""),
    ]
    assert owner.refused(*approve(approval_id)) == "WRONG_STATE"
    told = decided(recorded, acme)
    assert [one.status for one in told] == ["waiting", "waiting", "approved"]
    assert list(told[-1].approved_by) == [str(manager.user_id), str(owner.user_id)]
    rights = orjson.loads(told[-1].rights)
    assert (rights["actor_id"], rights["scopes"], rights["visibility"]) == (
        str(seller.user_id),
        ["sales.read", "sales.write"],
        "own",
    )
    assert (listed(manager, "decided"), listed(seller, "decided")) == ([approval_id], [])
    stranger = owner_of(other)
    assert stranger.refused("GetApproval", pb.GetApprovalRequest(id=approval_id)) == "APPROVAL_NOT_FOUND"
    assert stranger.refused(*approve(approval_id)) == "APPROVAL_NOT_FOUND"
    assert listed(stranger, "all") == []


def test_nobody_decides_about_his_own_and_only_who_holds_the_role_now(
    owner_of: Any, hire: Any, acme: Any, ask: Ask
) -> None:
    owner, boss, other_boss = owner_of(acme), hire(acme, "manager"), hire(acme, "manager")
    made = policy(owner)
    own = ask(boss, made.id)
    assert boss.refused(*approve(own)) == "OWN_REQUEST"
    assert boss.refused(*reject(own)) == "OWN_REQUEST"
    assert hire(acme, "seller").refused(*approve(own)) == "APPROVAL_NOT_FOUND"
    change = people.UpdateUserRequest(
        user=people.User(id=str(other_boss.user_id), role="seller"), update_mask=FieldMask(paths=["role"])
    )
    owner.call("UpdateUser", change)
    assert other_boss.refused(*approve(own)) == "APPROVAL_NOT_FOUND"
    assert hire(acme, "viewer").refused(*approve(own)) == "MISSING_SCOPE"
    to = pb.DelegateApprovalRequest(id=own, user_id=str(boss.user_id))
    assert owner.refused("DelegateApproval", to) == "OWN_REQUEST"
    handed = owner.call("DelegateApproval", pb.DelegateApprovalRequest(id=own, user_id=str(other_boss.user_id)))
    assert (handed.approver_kind, handed.approver_id) == ("user", str(other_boss.user_id))
    assert other_boss.call(*approve(own)).status == "approved"


def test_the_lead_of_the_team_agrees_and_the_one_above_where_the_lead_asks(
    owner_of: Any, hire: Any, acme: Any, ask: Ask
) -> None:
    owner, chief, lead = owner_of(acme), hire(acme, "manager"), hire(acme, "manager")
    top = owner.call("CreateTeam", team_pb2.CreateTeamRequest(team=team_pb2.Team(name="Sales")))
    below = owner.call("CreateTeam", team_pb2.CreateTeamRequest(team=team_pb2.Team(name="East", parent_id=top.id)))
    for team, person in ((top, chief), (below, lead)):
        changed = team_pb2.Team(id=team.id, lead_id=str(person.user_id))
        owner.call("UpdateTeam", team_pb2.UpdateTeamRequest(team=changed, update_mask=FieldMask(paths=["lead_id"])))
    member = people.UpdateUserRequest(
        user=people.User(id=str(lead.user_id), team_id=below.id), update_mask=FieldMask(paths=["team_id"])
    )
    owner.call("UpdateUser", member)
    seller, lone = hire(acme, "seller", below.id), hire(acme, "seller")
    made = policy(owner, step("lead", ""))
    first, second, third = ask(seller, made.id), ask(lead, made.id), ask(lone, made.id)
    assert listed(lead, "waiting") == [first]
    assert listed(chief, "waiting") == [second]
    assert listed(owner, "waiting") == [third]
    assert lead.call(*approve(first)).status == "approved"


def test_what_nobody_decides_goes_to_somebody_else_and_then_expires(
    identity: Identity, owner_of: Any, hire: Any, acme: Any, ask: Ask, admin: Any, recorded: Any
) -> None:
    owner, seller = owner_of(acme), hire(acme, "seller")
    hours = {"escalate_after_hours": 4, "escalate_kind": "role", "escalate_id": "owner", "expires_after_hours": 24}
    approval_id = ask(seller, policy(owner, step(**hours)).id)
    assert get(owner, approval_id).approver_id == "manager"

    def pass_hours(hours: int) -> pb.Approval:
        admin.execute(
            "UPDATE approval SET due_at = due_at - %(by)s::interval, escalate_at = escalate_at - %(by)s::interval,"
            " expires_at = expires_at - %(by)s::interval WHERE id = %(id)s",
            {"by": f"{hours} hours", "id": approval_id},
        )
        identity.approvals.tend()
        return get(owner, approval_id)

    assert pass_hours(3).approver_id == "manager"
    assert pass_hours(2).approver_id == "owner"
    expired = pass_hours(20)
    assert (expired.status, [one.verdict for one in expired.decisions]) == ("expired", ["escalated", "expired"])
    assert owner.refused(*approve(approval_id)) == "WRONG_STATE"
    assert [one.status for one in decided(recorded, acme)][-1] == "expired"


def test_a_recalled_and_a_rejected_one_end_and_are_told(
    owner_of: Any, hire: Any, acme: Any, ask: Ask, recorded: Any
) -> None:
    owner, seller, manager = owner_of(acme), hire(acme, "seller"), hire(acme, "manager")
    made = policy(owner)
    first, second = ask(seller, made.id), ask(seller, made.id)
    recall = pb.RecallApprovalRequest(id=first)
    assert manager.refused("RecallApproval", recall) == "NOT_REQUESTER"
    assert seller.call("RecallApproval", recall).status == "recalled"
    assert manager.refused(*approve(first)) == "APPROVAL_NOT_FOUND"
    assert manager.call(*reject(second)).decisions[0].reason == "Too much"
    assert [one.status for one in decided(recorded, acme)][-2:] == ["recalled", "rejected"]


def test_what_became_of_an_approved_one_is_shown(
    identity: Identity, owner_of: Any, hire: Any, acme: Any, ask: Ask
) -> None:
    owner, seller, manager = owner_of(acme), hire(acme, "seller"), hire(acme, "manager")
    made = policy(owner)
    for reason, status in (("", "done"), ("RECORD_CHANGED", "failed")):
        approval_id = ask(seller, made.id)
        ended = ApprovalEnded(approval_id=approval_id, reason=reason)
        event = Event(f"sales.approval.{status}", UUID(approval_id), 2, ended)
        hear(identity, seller.caller, event)
        assert get(seller, approval_id).status == "waiting"
        manager.call(*approve(approval_id))
        hear(identity, seller.caller, event)
        found = get(seller, approval_id)
        assert (found.status, found.failure) == (status, reason)


def test_who_left_meanwhile_runs_nothing(owner_of: Any, hire: Any, acme: Any, ask: Ask, recorded: Any) -> None:
    owner, seller, manager = owner_of(acme), hire(acme, "seller"), hire(acme, "manager")
    approval_id = ask(seller, policy(owner).id)
    gone = people.User(id=str(seller.user_id), status="suspended")
    owner.call("UpdateUser", people.UpdateUserRequest(user=gone, update_mask=FieldMask(paths=["status"])))
    ended = manager.call(*approve(approval_id))
    assert (ended.status, ended.failure) == ("failed", "REQUESTER_GONE")
    assert decided(recorded, acme)[-1].rights == ""


def test_approvers_and_who_asked_are_mailed_and_a_second_company_is_not(
    identity: Identity, owner_of: Any, hire: Any, acme: Any, other: Any, ask: Ask, mailbox: Any, admin: Any
) -> None:
    owner, seller, manager = owner_of(acme), hire(acme, "seller"), hire(acme, "manager")
    hire(other, "manager")
    admin.execute("DELETE FROM outgoing_mail")
    approval_id = ask(seller, policy(owner).id)
    manager.call(*reject(approval_id))
    sender = MailSender(identity.database, identity.post, Smtp(mailbox.url, timeout_s=5), identity.settings)
    assert sender.send_due() == 2
    subjects = sorted(mail["Subject"] for mail in mailbox.taken)
    assert subjects == ["Placing an order at Acme: rejected", "Some Person asks for your approval at Acme"]
    texts = [mail.get_body(("plain",)).get_content() for mail in mailbox.taken]
    assert all(f"/approvals/{approval_id}" in text and "1800" not in text for text in texts)


def test_policies_are_checked_and_reach_the_services(
    owner_of: Any, hire: Any, acme: Any, other: Any, recorded: Any
) -> None:
    owner = owner_of(acme)

    def refused(*steps: policies.ApprovalStep, **given: Any) -> str:
        wanted = policies.ApprovalPolicy(name="P", operation=OPERATION, steps=steps or [step()])
        wanted.MergeFrom(policies.ApprovalPolicy(**given))
        reason: str = owner.refused(
            "CreateApprovalPolicy", policies.CreateApprovalPolicyRequest(approval_policy=wanted)
        )
        return reason

    assert refused(condition="nothing > 1") == "INVALID_FILTER"
    assert refused(step("role", "nobody")) == "ROLE_NOT_FOUND"
    assert refused(step("user", str(uuid7()))) == "USER_NOT_FOUND"
    assert refused(step(escalate_after_hours=2)) == "REQUIRED"
    assert refused(operation="sales.order.eat") == "OPERATION_NOT_FOUND"
    made = policy(owner, condition="discount_basis_points > 2000", priority=3)
    paused = policies.ApprovalPolicy(id=made.id, paused=True)
    changed = owner.call(
        "UpdateApprovalPolicy",
        policies.UpdateApprovalPolicyRequest(approval_policy=paused, update_mask=FieldMask(paths=["paused"])),
    )
    assert (changed.paused, changed.condition, len(changed.steps)) == (True, made.condition, 1)
    owner.call("DeleteApprovalPolicy", policies.DeleteApprovalPolicyRequest(id=made.id))
    events = [
        (one.aggregate_version, ApprovalPolicyChanged.FromString(one.payload).active)
        for one in recorded(acme, "identity.approval_policy.")
    ]
    assert events == [(1, True), (2, False), (3, False)]
    assert owner.refused("GetApprovalPolicy", policies.GetApprovalPolicyRequest(id=made.id)) == (
        "APPROVAL_POLICY_NOT_FOUND"
    )
    theirs = policy(owner_of(other))
    assert owner.refused("GetApprovalPolicy", policies.GetApprovalPolicyRequest(id=theirs.id)) == (
        "APPROVAL_POLICY_NOT_FOUND"
    )
    found = owner.call("ListApprovalOperations", policies.ListApprovalOperationsRequest())
    assert OPERATION in [one.name for one in found.operations]
