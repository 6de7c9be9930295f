"""Apps and service accounts of the company: registered, asked a review for, revoked."""

from __future__ import annotations

from collections.abc import Callable

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.app_pb2 import SubmitAppRequest, WithdrawAppRequest
from funia.identity.v1.sandbox_pb2 import (
    CreateSandboxRequest,
    DeleteSandboxRequest,
    ListSandboxesRequest,
    ResetSandboxRequest,
    Sandbox,
)
from funia.identity.v1.tenant_pb2 import (
    CreateOAuthClientRequest,
    DeleteOAuthClientRequest,
    ListOAuthClientsRequest,
    ListRolesRequest,
    OAuthClient,
)

from gateway.console.backend import call, form_key, stubs
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.views.operator_apps import STATUS_NAMES
from gateway.console.words import say, violations
from gateway.identity.roles import OPENID_SCOPES, SCOPES


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/developer", "client_list", client_list)
    rule("/settings/developer", "client_create", client_create, methods=["POST"])
    rule("/settings/developer/<uuid:client_id>/submit", "client_submit", client_submit, methods=["POST"])
    rule("/settings/developer/<uuid:client_id>/withdraw", "client_withdraw", client_withdraw, methods=["POST"])
    rule("/settings/developer/<uuid:client_id>/revoke", "client_revoke", client_revoke, methods=["POST"])
    rule("/settings/developer/sandboxes", "sandbox_create", sandbox_create, methods=["POST"])
    rule("/settings/developer/sandboxes/<uuid:sandbox_id>/reset", "sandbox_reset", sandbox_reset, methods=["POST"])
    rule("/settings/developer/sandboxes/<uuid:sandbox_id>/delete", "sandbox_delete", sandbox_delete, methods=["POST"])


@needs("identity.admin")
def client_list() -> Response:
    return client_page(None)


def client_page(
    created: OAuthClient | None,
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
    *,
    sandbox: Sandbox | None = None,
) -> Response:
    message = ListOAuthClientsRequest(page_size=200)
    roles = call(stubs().tenant.ListRoles, ListRolesRequest()).roles
    page = render_template(
        "console/settings_clients.html",
        clients=call(stubs().tenant.ListOAuthClients, message).oauth_clients,
        scopes=sorted({scope for role in roles for scope in role.scopes}),
        words={**SCOPES, **OPENID_SCOPES},
        statuses=STATUS_NAMES,
        tools_url=f"{request.host_url}mcp",
        created=created,
        sandbox=sandbox,
        sandboxes=call(stubs().sandboxes.ListSandboxes, ListSandboxesRequest()).sandboxes,
        problem="" if errors else problem,
        errors=errors or {},
    )
    return make_response(page, status)


@needs("identity.admin")
def client_create() -> Response:
    """Registers a client; the secret is on the answering page and nowhere after it."""
    with_browser = request.form.get("kind") == "browser"
    chosen = request.form.getlist("scope")
    client = OAuthClient(
        name=request.form.get("name", "").strip(),
        scopes=chosen and [*chosen, *(OPENID_SCOPES if with_browser else ())],
        redirect_uris=request.form.get("redirect_uris", "").split() if with_browser else [],
        grant_types=["authorization_code", "refresh_token"] if with_browser else ["client_credentials"],
        description=request.form.get("description", "").strip(),
        homepage_url=request.form.get("homepage_url", "").strip(),
        dpop_bound_access_tokens=request.form.get("dpop_bound_access_tokens") == "on",
        visibility="own" if not with_browser and request.form.get("visibility") == "own" else "",
    )
    errors = {}
    if not client.name:
        errors["name"] = gettext("This cannot be empty.")
    if not client.scopes:
        errors["scopes"] = gettext("Choose at least one thing that the client may do.")
    if with_browser and not client.redirect_uris:
        errors["redirect_uris"] = gettext("Write at least one address to return to.")
    if errors:
        return client_page(None, errors=errors, status=400)
    try:
        message = CreateOAuthClientRequest(oauth_client=client)
        created = call(stubs().tenant.CreateOAuthClient, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind is not ErrorKind.INVALID_ARGUMENT:
            raise
        return client_page(None, say(error), violations(error), HTTP_STATUS[error.kind])
    return client_page(created)


@needs("identity.admin")
def client_revoke(client_id: object) -> Response:
    call(stubs().tenant.DeleteOAuthClient, DeleteOAuthClientRequest(id=str(client_id)))
    return with_toast(Response(status=200), gettext("The client is revoked. Its tokens no longer work."))


@needs("identity.admin")
def client_submit(client_id: object) -> Response:
    """Asks the platform to review the app."""
    return moved(lambda: call(stubs().apps.SubmitApp, SubmitAppRequest(id=str(client_id))))


@needs("identity.admin")
def client_withdraw(client_id: object) -> Response:
    """Takes the app back from the review."""
    return moved(lambda: call(stubs().apps.WithdrawApp, WithdrawAppRequest(id=str(client_id))))


def moved(move: Callable[[], object]) -> Response:
    try:
        move()
    except FuniaError as error:
        if error.kind is not ErrorKind.FAILED_PRECONDITION:
            raise
        return client_page(None, say(error), status=HTTP_STATUS[error.kind])
    return go(url_for("console.client_list"))


@needs("identity.admin")
def sandbox_create() -> Response:
    """Makes a sandbox; the secret of its service account is on the answering page and nowhere after it."""
    return made(lambda: call(stubs().sandboxes.CreateSandbox, CreateSandboxRequest(), idempotency_key=form_key()))


@needs("identity.admin")
def sandbox_reset(sandbox_id: object) -> Response:
    message = ResetSandboxRequest(id=str(sandbox_id))
    return made(lambda: call(stubs().sandboxes.ResetSandbox, message, idempotency_key=form_key()))


@needs("identity.admin")
def sandbox_delete(sandbox_id: object) -> Response:
    call(stubs().sandboxes.DeleteSandbox, DeleteSandboxRequest(id=str(sandbox_id)), idempotency_key=form_key())
    return go(url_for("console.client_list"))


def made(make: Callable[[], Sandbox]) -> Response:
    try:
        sandbox = make()
    except FuniaError as error:
        if error.kind is not ErrorKind.FAILED_PRECONDITION:
            raise
        return client_page(None, say(error), status=HTTP_STATUS[error.kind])
    return client_page(None, sandbox=sandbox)
