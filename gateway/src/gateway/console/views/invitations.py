"""Invitations: the page that a link leads to, and what administrators do with those nobody has accepted yet."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from funia.identity.v1.invitation_pb2 import (
    CreateInvitationRequest,
    DeleteInvitationRequest,
    Invitation,
    ResendInvitationRequest,
)

from gateway.console.backend import call, form_key, parts, services, session, stubs
from gateway.console.colleagues import DIRECTORY
from gateway.console.guard import go, needs
from gateway.console.i18n import LOCALES, current_locale, gettext
from gateway.console.page import HTTP_STATUS, toast_only, with_toast
from gateway.console.ports import SESSION_COOKIE
from gateway.console.views.colleagues import list_page
from gateway.console.views.entry import PASSWORD_LENGTH_MIN, Refusal, finish, refusal
from gateway.console.views.links import SECRET_MAX_LENGTH, without_referrer
from gateway.console.views.roles import ROLE_NAMES
from gateway.errors import link_gone
from gateway.identity.usecases.invitations import Opened

COOKIE = "funia_invitation"
COOKIE_S = 1800


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/invitation", "invitation", invitation, methods=["GET", "POST"])
    rule("/settings/invitations", "invitation_create", invitation_create, methods=["POST"])
    rule("/settings/invitations/<uuid:invitation_id>/resend", "invitation_resend", invitation_resend, methods=["POST"])
    rule("/settings/invitations/<uuid:invitation_id>/revoke", "invitation_revoke", invitation_revoke, methods=["POST"])


@without_referrer
def invitation() -> Response:
    """Opens the link, then accepts. The secret stays in a cookie of this page, for who must log in on the way."""
    secret = (request.form.get("secret", "").strip() or request.cookies.get(COOKIE, ""))[:SECRET_MAX_LENGTH]
    if not secret:
        return make_response(render_template("console/invitation_link.html", refused=Refusal()))
    try:
        opened = parts().invitations.open(secret)
        response = answer(opened, secret) if request.form.get("step") else page(opened, Refusal())
    except FuniaError as error:
        status = HTTP_STATUS[error.kind]
        gone = make_response(render_template("console/invitation_link.html", refused=refusal(error)), status)
        gone.delete_cookie(COOKIE, path=url_for("console.invitation"))
        return gone
    path = url_for("console.invitation")
    if response.headers.get("Location") == url_for("console.home"):
        response.delete_cookie(COOKIE, path=path)
    else:
        secure = services().secure_cookies or request.is_secure
        response.set_cookie(COOKIE, secret, COOKIE_S, path=path, secure=secure, httponly=True, samesite="Lax")
    return response


def answer(opened: Opened, secret: str) -> Response:
    """Accepts with a new account, as the person who is logged in, or with the password of a person without a company.

    Raises FuniaError only where the invitation itself is no good; what can be mended comes back with the form.
    """
    invitations, sessions = parts().invitations, parts().sessions
    form = request.form
    try:
        if opened.user_id is None:
            name, password = form.get("full_name", ""), form.get("password", "")
            user_id, tenant_id = invitations.accept_as_new(
                secret, full_name=name, password=password, locale=current_locale()
            )
            return finish(services().identity.enter(str(user_id), str(tenant_id)), url_for("console.home"))
        if g.console_session is not None:
            tenant_id = invitations.accept_as(secret, UUID(session().user_id))
            DIRECTORY.forget(str(tenant_id))
            switched = services().identity.switch(request.cookies.get(SESSION_COOKIE, ""), str(tenant_id))
            return finish(switched, url_for("console.home"))
        if sessions.companies(opened.user_id):
            return go(url_for("console.log_in", next=url_for("console.invitation")))
        address = request.remote_addr or ""
        account = parts().accounts.check_password(opened.email, form.get("password", ""), address=address)
        invitations.accept_as(secret, account.id)
        return finish(services().identity.log_in(opened.email, form.get("password", "")), url_for("console.home"))
    except FuniaError as error:
        if error.reason == link_gone().reason:
            raise
        return page(opened, refusal(error), HTTP_STATUS[error.kind])


def page(opened: Opened, refused: Refusal, status: int = 200) -> Response:
    known = opened.user_id is not None
    rendered = render_template(
        "console/invitation.html",
        opened=opened,
        refused=refused,
        role=str(ROLE_NAMES.get(opened.role, opened.role)),
        is_known=known,
        is_me=g.console_session is not None and session().user_id == str(opened.user_id),
        logs_in_first=opened.user_id is not None and bool(parts().sessions.companies(opened.user_id)),
        password_length=PASSWORD_LENGTH_MIN,
    )
    return make_response(rendered, status)


@needs("identity.admin")
def invitation_create() -> Response:
    form = {name: request.form.get(name, "").strip() for name in ("email", "role", "locale", "team_id")}
    if not form["email"]:
        return list_page(400, invite=Refusal(fields={"email": gettext("This cannot be empty.")}))
    locale = form["locale"] if form["locale"] in LOCALES else session().locale
    invited = Invitation(email=form["email"], role=form["role"], locale=locale, team_id=form["team_id"])
    try:
        message = CreateInvitationRequest(invitation=invited)
        call(stubs().invitations.CreateInvitation, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in {ErrorKind.INVALID_ARGUMENT, ErrorKind.CONFLICT, ErrorKind.FAILED_PRECONDITION}:
            raise
        return list_page(HTTP_STATUS[error.kind], invite=refusal(error))
    return go(url_for("console.colleague_list", invited=1))


@needs("identity.admin")
def invitation_resend(invitation_id: UUID) -> Response:
    call(stubs().invitations.ResendInvitation, ResendInvitationRequest(id=str(invitation_id)))
    return toast_only(gettext("Sent again. The former link no longer works."))


@needs("identity.admin")
def invitation_revoke(invitation_id: UUID) -> Response:
    call(stubs().invitations.DeleteInvitation, DeleteInvitationRequest(id=str(invitation_id)))
    return with_toast(Response(status=200), gettext("The invitation is revoked. Its link no longer works."))
