"""Apps of other companies that the company lets in: listed, and shut out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from funia.identity.v1.app_pb2 import ListGrantsRequest, RevokeGrantRequest

from gateway.console.backend import call, stubs
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.page import with_toast
from gateway.identity.roles import OPENID_SCOPES, SCOPES

PAGE_SIZE = 100


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/connected-apps", "connected_apps", connected_apps)
    rule("/settings/connected-apps/<uuid:grant_id>/revoke", "connected_app_revoke", revoke, methods=["POST"])


@needs("identity.admin")
def connected_apps() -> Response:
    """The list. Letting an app in happens on its consent page, where the app asks."""
    message = ListGrantsRequest(page_size=PAGE_SIZE, page_token=request.args.get("token", ""))
    listed = call(stubs().apps.ListGrants, message)
    page = render_template(
        "console/settings_connected_apps.html",
        grants=listed.grants,
        next_token=listed.next_page_token,
        words={**SCOPES, **OPENID_SCOPES},
    )
    return make_response(page)


@needs("identity.admin")
def revoke(grant_id: object) -> Response:
    call(stubs().apps.RevokeGrant, RevokeGrantRequest(id=str(grant_id)))
    return with_toast(Response(status=200), gettext("The app is shut out. Its tokens no longer work."))
