"""The people of the company: who they are, what role and team they have, and adding one."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.former_colleague_pb2 import PseudonymizeUserRequest
from funia.identity.v1.invitation_pb2 import ListInvitationsRequest
from funia.identity.v1.session_pb2 import EndUserSessionsRequest
from funia.identity.v1.tenant_pb2 import (
    CreateUserRequest,
    ListUsersRequest,
    UpdateUserRequest,
    User,
)
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.backend import allowed, call, form_key, session, stubs, try_call
from gateway.console.colleagues import DIRECTORY
from gateway.console.formats import now
from gateway.console.guard import go, needs
from gateway.console.i18n import LOCALES, Lazy, gettext, lazy
from gateway.console.page import HTTP_STATUS, toast_only, with_toast
from gateway.console.views.entry import NOTHING_REFUSED, Refusal, refusal
from gateway.console.views.roles import every_role, role_title
from gateway.console.views.teams import branches

PAGE_SIZE = 100
STATUS_NAMES: Mapping[str, Lazy] = {
    "invited": lazy("Invited"),
    "active": lazy("Active"),
    "suspended": lazy("Suspended"),
    "deactivated": lazy("Deactivated"),
}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/people", "colleague_list", colleague_list)
    rule("/settings/people", "colleague_create", colleague_create, methods=["POST"])
    rule("/settings/people/<uuid:user_id>/end-sessions", "colleague_log_out", colleague_log_out, methods=["POST"])
    rule("/settings/people/<uuid:user_id>/pseudonymize", "colleague_forget", colleague_forget, methods=["POST"])
    rule("/settings/people/<uuid:user_id>", "colleague_update", colleague_update, methods=["POST"])


@needs("identity.read")
def colleague_list() -> Response:
    return list_page()


def list_page(status: int = 200, *, invite: Refusal = NOTHING_REFUSED, added: Refusal = NOTHING_REFUSED) -> Response:
    message = ListUsersRequest(page_size=PAGE_SIZE, page_token=request.args.get("token", ""))
    listed = call(stubs().tenant.ListUsers, message)
    open_invitations = None
    if allowed("identity.admin"):
        open_invitations = try_call(stubs().invitations.ListInvitations, ListInvitationsRequest(page_size=200))
    roles = [(role.name, role_title(role)) for role in every_role()]
    page = render_template(
        "console/settings_people.html",
        listed=listed,
        roles=roles,
        role_names=dict(roles),
        branches=branches(),
        statuses=STATUS_NAMES,
        invitations=open_invitations.invitations if open_invitations else (),
        now=now(),
        invite=invite,
        added=added,
    )
    return make_response(page, status)


@needs("identity.admin")
def colleague_create() -> Response:
    form = {name: request.form.get(name, "").strip() for name in ("full_name", "email", "role", "locale")}
    message = CreateUserRequest(
        email=form["email"],
        full_name=form["full_name"],
        role=form["role"],
        password=request.form.get("password", ""),
        locale=form["locale"] if form["locale"] in LOCALES else session().locale,
    )
    missing = {name: gettext("This cannot be empty.") for name in ("full_name", "email", "role") if not form[name]}
    if missing:
        return list_page(400, added=Refusal(fields=missing))
    try:
        call(stubs().tenant.CreateUser, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in {ErrorKind.INVALID_ARGUMENT, ErrorKind.CONFLICT, ErrorKind.FAILED_PRECONDITION}:
            raise
        return list_page(HTTP_STATUS[error.kind], added=refusal(error))
    DIRECTORY.forget(session().tenant_id)
    return go(url_for("console.colleague_list", added=1))


@needs("identity.admin")
def colleague_update(user_id: object) -> Response:
    """Changes the role or the team, or lets a person in or out."""
    paths = [name for name in ("role", "status", "team_id") if name in request.form]
    user = User(id=str(user_id))
    for name in paths:
        setattr(user, name, request.form[name])
    message = UpdateUserRequest(user=user, update_mask=FieldMask(paths=paths), etag="")
    call(stubs().tenant.UpdateUser, message, idempotency_key=form_key())
    DIRECTORY.forget(session().tenant_id)
    if user.status == "deactivated":
        return with_toast(Response(status=200), gettext("Removed. They can log in here no more."))
    return toast_only(gettext("Saved."))


@needs("identity.admin")
def colleague_log_out(user_id: object) -> Response:
    """Ends every session of a person in this company."""
    call(stubs().sessions.EndUserSessions, EndUserSessionsRequest(user_id=str(user_id)), idempotency_key=form_key())
    return toast_only(gettext("They are logged out everywhere."))


@needs("identity.admin")
def colleague_forget(user_id: object) -> Response:
    """Replaces the name of somebody who was removed."""
    message = PseudonymizeUserRequest(id=str(user_id))
    call(stubs().former_colleagues.PseudonymizeUser, message, idempotency_key=form_key())
    DIRECTORY.forget(session().tenant_id)
    return go(url_for("console.colleague_list", forgotten=1))
