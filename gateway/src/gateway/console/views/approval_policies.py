"""Approval rules of the company: which operations wait until somebody agrees, and who that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1 import approval_policy_pb2 as pb
from funia.identity.v1.approval_policy_pb2_grpc import ApprovalPolicyServiceStub
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import approval_words
from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues_now
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.views.approvals import step_party
from gateway.console.views.roles import TOLD, every_role, role_title
from gateway.console.words import say, violations

STEPS_SHOWN = 3
"""Steps that the form offers; the API takes more, and they are kept."""
CHANGED = ("name", "condition", "steps", "priority")
EXAMPLES = {
    "sales.quote.send": "discount_beyond_policy = true OR margin_below_floor = true",
    "sales.deal.price": "discount_beyond_policy = true OR margin_below_floor = true",
    "sales.order.confirm": "discount_basis_points > 2000 OR over_credit_minor > 0",
    "sales.payment.refund": "amount_minor > 10000",
    "sales.price.change": "lowered_basis_points > 1000",
}


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step as the form holds it; whom it asks as "kind:id"."""

    number: int
    approver: str = ""
    escalate: str = ""
    escalate_after: str = ""
    expires_after: str = ""


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/approvals", "approval_policy_list", approval_policy_list)
    rule("/settings/approvals", "approval_policy_create", approval_policy_create, methods=["POST"])
    rule("/settings/approvals/<uuid:policy_id>", "approval_policy_one", approval_policy_one)
    rule("/settings/approvals/<uuid:policy_id>", "approval_policy_change", approval_policy_change, methods=["POST"])
    rule("/settings/approvals/<uuid:policy_id>/pause", "approval_policy_pause", approval_policy_pause, methods=["POST"])
    rule(
        "/settings/approvals/<uuid:policy_id>/delete",
        "approval_policy_delete",
        approval_policy_delete,
        methods=["POST"],
    )


def service() -> ApprovalPolicyServiceStub:
    return stubs().identity(ApprovalPolicyServiceStub)


@needs("identity.admin")
def approval_policy_list() -> Response:
    return _page(pb.ApprovalPolicy(), [StepForm(1, "role:manager")])


@needs("identity.admin")
def approval_policy_one(policy_id: object) -> Response:
    """The form of one rule."""
    policy = call(service().GetApprovalPolicy, pb.GetApprovalPolicyRequest(id=str(policy_id)))
    return _page(policy, [_as_form(number, step) for number, step in enumerate(policy.steps, 1)])


@needs("identity.admin")
def approval_policy_create() -> Response:
    draft = _draft()
    try:
        message = pb.CreateApprovalPolicyRequest(approval_policy=draft)
        call(service().CreateApprovalPolicy, message, idempotency_key=form_key())
    except FuniaError as error:
        return _told(draft, error)
    return go(url_for("console.approval_policy_list", saved=1))


@needs("identity.admin")
def approval_policy_change(policy_id: object) -> Response:
    draft = _draft(str(policy_id))
    known = call(service().GetApprovalPolicy, pb.GetApprovalPolicyRequest(id=str(policy_id)))
    draft.operation = known.operation
    draft.steps.extend(known.steps[STEPS_SHOWN:])
    message = pb.UpdateApprovalPolicyRequest(approval_policy=draft, update_mask=FieldMask(paths=CHANGED))
    message.etag = request.form.get("etag", "")
    try:
        call(service().UpdateApprovalPolicy, message)
    except FuniaError as error:
        return _told(draft, error)
    return go(url_for("console.approval_policy_list", saved=1))


@needs("identity.admin")
def approval_policy_pause(policy_id: object) -> Response:
    """Pauses a rule, or lets it ask again."""
    policy = pb.ApprovalPolicy(id=str(policy_id), paused=request.form.get("paused") == "1")
    message = pb.UpdateApprovalPolicyRequest(approval_policy=policy, update_mask=FieldMask(paths=["paused"]))
    call(service().UpdateApprovalPolicy, message)
    return go(url_for("console.approval_policy_list", saved=1))


@needs("identity.admin")
def approval_policy_delete(policy_id: object) -> Response:
    call(service().DeleteApprovalPolicy, pb.DeleteApprovalPolicyRequest(id=str(policy_id)))
    return go(url_for("console.approval_policy_list", saved=1))


def _draft(policy_id: str = "") -> pb.ApprovalPolicy:
    form = request.form
    return pb.ApprovalPolicy(
        id=policy_id,
        name=form.get("name", "").strip(),
        operation=form.get("operation", ""),
        condition=form.get("condition", "").strip(),
        priority=_number("priority"),
        steps=[_step(number) for number in range(1, STEPS_SHOWN + 1) if form.get(f"approver-{number}")],
    )


def _step(number: int) -> pb.ApprovalStep:
    kind, _, name = request.form.get(f"approver-{number}", "").partition(":")
    to_kind, _, to = request.form.get(f"escalate-{number}", "").partition(":")
    return pb.ApprovalStep(
        approver_kind=kind,
        approver_id=name,
        escalate_kind=to_kind,
        escalate_id=to,
        escalate_after_hours=_number(f"escalate_after-{number}"),
        expires_after_hours=_number(f"expires_after-{number}"),
    )


def _number(name: str) -> int:
    text = request.form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _as_form(number: int, step: pb.ApprovalStep) -> StepForm:
    return StepForm(
        number,
        f"{step.approver_kind}:{step.approver_id}",
        f"{step.escalate_kind}:{step.escalate_id}" if step.escalate_kind else "",
        str(step.escalate_after_hours or ""),
        str(step.expires_after_hours or ""),
    )


def _told(draft: pb.ApprovalPolicy, error: FuniaError) -> Response:
    if error.kind not in TOLD:
        raise error
    said = {field.removeprefix("approval_policy."): text for field, text in violations(error).items()}
    steps = [_as_form(number, step) for number, step in enumerate(draft.steps[:STEPS_SHOWN], 1)]
    on_page = {"name", "operation", "condition", "priority"}
    problem = "" if said and set(said) <= on_page else say(error)
    return _page(draft, steps, problem=problem, errors=said, status=HTTP_STATUS[error.kind])


def _page(
    draft: pb.ApprovalPolicy,
    steps: Sequence[StepForm],
    *,
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    operations = call(service().ListApprovalOperations, pb.ListApprovalOperationsRequest()).operations
    shown = [*steps[:STEPS_SHOWN]]
    shown += [StepForm(number) for number in range(len(shown) + 1, STEPS_SHOWN + 1)]
    page = render_template(
        "console/settings_approvals.html",
        policies=call(service().ListApprovalPolicies, pb.ListApprovalPoliciesRequest()).approval_policies,
        draft=draft,
        steps=shown,
        operations=[(one.name, approval_words.operation_name(one.name)) for one in operations],
        facts=operations,
        examples=EXAMPLES,
        words=approval_words,
        step_party=step_party,
        roles=[(f"role:{one.name}", role_title(one)) for one in every_role()],
        people=[(f"user:{one}", name) for one, name in colleagues_now().items()],
        problem=problem,
        errors=errors or {},
        saved=gettext("Saved. It holds within seconds.") if request.args.get("saved") else "",
    )
    return make_response(page, status)
