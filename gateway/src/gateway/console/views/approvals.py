"""Approvals: what waits for me, what I asked for, what I decided; and one of them, with what would run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1 import approval_pb2 as pb
from funia.identity.v1.approval_pb2_grpc import ApprovalServiceStub
from funia.identity.v1.approval_policy_pb2 import ApprovalStep

from gateway.console import approval_words, references, values
from gateway.console.backend import allowed, call, form_key, session, stubs, try_call
from gateway.console.colleagues import colleagues, colleagues_now
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.views.roles import every_role, role_title
from gateway.console.words import say

PAGE_SIZE = 50
COUNTED_MAX = 9
"""More than this is "9+" beside the entry of the navigation."""
ABOUT_SHOWN = 20
VIEWS: dict[str, Lazy] = {
    "waiting": lazy("Wait for me"),
    "mine": lazy("Asked by me"),
    "decided": lazy("Decided by me"),
    "all": lazy("Everything"),
}
REASON_MAX = 500


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/approvals", "approval_list", approval_list)
    rule("/approvals/count", "approval_count", approval_count)
    rule("/approvals/about/<uuid:record_id>", "approvals_about", approvals_about)
    rule("/approvals/<uuid:approval_id>", "approval_one", approval_one)
    for verb in ("approve", "reject", "delegate", "recall"):
        rule(f"/approvals/<uuid:approval_id>/{verb}", f"approval_{verb}", globals()[verb], methods=["POST"])


def service() -> ApprovalServiceStub:
    return stubs().identity(ApprovalServiceStub)


@needs("identity.read")
def approval_list() -> Response:
    views = {key: label for key, label in VIEWS.items() if key != "all" or allowed("identity.admin")}
    view = request.args.get("view", "")
    view = view if view in views else "waiting"
    message = pb.ListApprovalsRequest(view=view, page_size=PAGE_SIZE, page_token=request.args.get("token", ""))
    answer = call(service().ListApprovals, message)
    page = render_template(
        "console/approvals.html", answer=answer, view=view, views=views, people=colleagues(), words=approval_words
    )
    return make_response(page)


@needs("identity.approve")
def approval_count() -> Response:
    """How many wait for the person, beside the entry of the navigation; nothing where there are none."""
    answer = try_call(service().ListApprovals, pb.ListApprovalsRequest(page_size=COUNTED_MAX + 1))
    count = 0 if answer is None else len(answer.approvals)
    return make_response(render_template("console/approval_count.html", count=count, most=COUNTED_MAX))


@needs("identity.read")
def approvals_about(record_id: object) -> Response:
    """That a record waits for approval, above its page."""
    message = pb.ListApprovalsRequest(view="all", record_id=str(record_id), page_size=ABOUT_SHOWN)
    answer = try_call(service().ListApprovals, message)
    waiting = [one for one in answer.approvals if one.status in ("waiting", "approved")] if answer else []
    page = render_template(
        "console/approval_banner.html",
        waiting=waiting,
        asked=request.args.get("waits") == "1",
        words=approval_words,
        may_open=may_open,
    )
    return make_response(page)


def may_open(approval: pb.Approval) -> bool:
    """Whether the page of an approval opens for the person."""
    return approval.may_decide or approval.requester_id == session().user_id or allowed("identity.admin")


@needs("identity.read")
def approval_one(approval_id: object) -> Response:
    return page_of(str(approval_id))


@needs("identity.approve")
def approve(approval_id: object) -> Response:
    return _do(approval_id, service().ApproveRequest, pb.ApproveRequestRequest, reason=_reason(), etag=_etag())


@needs("identity.approve")
def reject(approval_id: object) -> Response:
    if not _reason():
        return page_of(str(approval_id), problem=gettext("Say why not: whoever asked reads it."), status=400)
    return _do(approval_id, service().RejectRequest, pb.RejectRequestRequest, reason=_reason(), etag=_etag())


@needs("identity.approve")
def delegate(approval_id: object) -> Response:
    to = request.form.get("user_id", "")
    if not to:
        return page_of(str(approval_id), problem=gettext("Choose who decides instead."), status=400)
    return _do(approval_id, service().DelegateApproval, pb.DelegateApprovalRequest, user_id=to, reason=_reason())


@needs("identity.read")
def recall(approval_id: object) -> Response:
    return _do(approval_id, service().RecallApproval, pb.RecallApprovalRequest)


def page_of(approval_id: str, *, problem: str = "", status: int = 200) -> Response:
    """The page of one approval."""
    approval = call(service().GetApproval, pb.GetApprovalRequest(id=approval_id))
    plural, record_id = approval_words.record_page_of(approval)
    page = render_template(
        "console/approval.html",
        approval=approval,
        facts=approval_words.facts_of(approval),
        plural=plural,
        record_id=record_id,
        record_name=_name(plural, record_id),
        people=colleagues_now() if approval.may_decide else colleagues(),
        words=approval_words,
        party=party,
        step_party=step_party,
        problem=problem,
        reason_max=REASON_MAX,
        is_mine=approval.requester_id == session().user_id,
        is_admin=allowed("identity.admin"),
    )
    return make_response(page, status)


def party(kind: str, name: str) -> str:
    """Whom a step waits for, in words."""
    if kind == "role":
        return next((role_title(one) for one in every_role() if one.name == name), name)
    if kind == "user":
        return colleagues().get(name, gettext("somebody who is gone"))
    if kind == "lead" and name:
        return gettext("Lead of %(team)s", team=references.name_of("teams", name) or gettext("the team"))
    return gettext("Lead of the team of whoever asks")


def step_party(step: ApprovalStep) -> str:
    """Whom a step of a policy asks, in words."""
    return party(step.approver_kind, step.approver_id)


def _name(plural: str, record_id: str) -> str:
    kind = KINDS.get(plural)
    if kind is None or not record_id or not allowed(kind.reads):
        return ""
    try:
        return values.record_name(kind.get(record_id))
    except FuniaError:
        # Who decides may not see the record himself; the facts say what it is about.
        return ""


def _do(approval_id: object, rpc: Callable[..., Any], message: Callable[..., Any], **given: str) -> Response:
    try:
        call(rpc, message(id=str(approval_id), **given), idempotency_key=form_key())
    except FuniaError as error:
        return page_of(str(approval_id), problem=say(error), status=HTTP_STATUS[error.kind])
    return go(url_for("console.approval_one", approval_id=approval_id))


def _reason() -> str:
    return request.form.get("reason", "").strip()[:REASON_MAX]


def _etag() -> str:
    return request.form.get("etag", "")
