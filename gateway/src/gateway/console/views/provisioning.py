"""Provisioning by the company's directory: its tokens, and what the groups that it sends give their people."""

from __future__ import annotations

from chassis.errors import FailedPrecondition
from flask import Blueprint, Response, make_response, render_template, request
from funia.identity.v1.scim_pb2 import (
    CreateScimTokenRequest,
    DeleteScimTokenRequest,
    ListScimGroupsRequest,
    ListScimTokensRequest,
    MapScimGroupRequest,
    ScimToken,
)

from gateway.console.backend import call, form_key, session, stubs
from gateway.console.colleagues import DIRECTORY
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, toast_only, with_toast
from gateway.console.views.roles import every_role, role_title
from gateway.console.views.teams import branches
from gateway.console.words import say


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/provisioning", "provisioning", provisioning)
    rule("/settings/provisioning/tokens", "scim_token_create", scim_token_create, methods=["POST"])
    rule("/settings/provisioning/tokens/<uuid:token_id>/revoke", "scim_token_revoke", revoke, methods=["POST"])
    rule("/settings/provisioning/groups/<uuid:group_id>", "scim_group_map", scim_group_map, methods=["POST"])


@needs("identity.admin")
def provisioning() -> Response:
    return provisioning_page()


def provisioning_page(made: ScimToken | None = None, problem: str = "", status: int = 200) -> Response:
    """The page; with the token that was made a moment ago, which is shown this once."""
    page = render_template(
        "console/settings_provisioning.html",
        known=call(stubs().scim.ListScimTokens, ListScimTokensRequest()),
        groups=call(stubs().scim.ListScimGroups, ListScimGroupsRequest()).groups,
        roles=[(role.name, role_title(role)) for role in every_role() if role.name != "owner"],
        branches=branches(),
        made=made,
        problem=problem,
    )
    return make_response(page, status)


@needs("identity.admin")
def scim_token_create() -> Response:
    try:
        made = call(stubs().scim.CreateScimToken, CreateScimTokenRequest(), idempotency_key=form_key())
    except FailedPrecondition as error:
        return provisioning_page(problem=say(error), status=HTTP_STATUS[error.kind])
    return provisioning_page(made)


@needs("identity.admin")
def revoke(token_id: object) -> Response:
    call(stubs().scim.DeleteScimToken, DeleteScimTokenRequest(id=str(token_id)))
    return with_toast(Response(status=200), gettext("The token is revoked. Your directory is shut out with it."))


@needs("identity.admin")
def scim_group_map(group_id: object) -> Response:
    message = MapScimGroupRequest(
        id=str(group_id), role=request.form.get("role", ""), team_id=request.form.get("team_id", "")
    )
    call(stubs().scim.MapScimGroup, message, idempotency_key=form_key())
    DIRECTORY.forget(session().tenant_id)
    return toast_only(gettext("Saved. It takes effect within ten seconds."))
