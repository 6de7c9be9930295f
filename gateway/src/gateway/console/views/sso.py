"""Single sign-on of the company: its OpenID provider and the e-mail domains it has proven."""

from __future__ import annotations

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.sso_pb2 import (
    CreateSsoDomainRequest,
    DeleteSsoConnectionRequest,
    DeleteSsoDomainRequest,
    GetSsoConnectionRequest,
    ListSsoDomainsRequest,
    SetSsoConnectionRequest,
    SsoConnection,
    VerifySsoDomainRequest,
)
from funia.identity.v1.tenant_pb2 import ListRolesRequest

from gateway.console.backend import call, form_key, stubs
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, toast_only
from gateway.console.views.roles import ROLE_NAMES
from gateway.console.words import say, violations

FORGIVEN = {ErrorKind.INVALID_ARGUMENT, ErrorKind.CONFLICT, ErrorKind.FAILED_PRECONDITION}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/single-sign-on", "sso_settings", sso_settings)
    rule("/settings/single-sign-on", "sso_save", sso_save, methods=["POST"])
    rule("/settings/single-sign-on/disconnect", "sso_disconnect", sso_disconnect, methods=["POST"])
    rule("/settings/single-sign-on/domains", "sso_domain_add", sso_domain_add, methods=["POST"])
    rule("/settings/single-sign-on/domains/<domain>/verify", "sso_domain_verify", sso_domain_verify, methods=["POST"])
    rule("/settings/single-sign-on/domains/<domain>/remove", "sso_domain_remove", sso_domain_remove, methods=["POST"])


@needs("identity.admin")
def sso_settings() -> Response:
    return settings_page(call(stubs().sso.GetSsoConnection, GetSsoConnectionRequest()))


def settings_page(connection: SsoConnection, problem: FuniaError | None = None) -> Response:
    roles = [role.name for role in call(stubs().tenant.ListRoles, ListRolesRequest()).roles]
    errors = violations(problem) if problem else {}
    page = render_template(
        "console/settings_sso.html",
        connection=connection,
        is_connected=bool(connection.etag),
        domains=call(stubs().sso.ListSsoDomains, ListSsoDomainsRequest()).domains,
        roles=[(name, str(ROLE_NAMES.get(name, name))) for name in roles if name != "owner"],
        problem=say(problem) if problem and not errors else "",
        errors=errors,
        saved=request.args.get("saved") == "1",
    )
    return make_response(page, HTTP_STATUS[problem.kind] if problem else 200)


@needs("identity.admin")
def sso_save() -> Response:
    form = {name: request.form.get(name, "").strip() for name in ("issuer", "client_id", "default_role", "etag")}
    connection = SsoConnection(
        issuer=form["issuer"],
        client_id=form["client_id"],
        client_secret=request.form.get("client_secret", "").strip(),
        default_role=form["default_role"],
        sso_only=request.form.get("sso_only") == "on",
    )
    message = SetSsoConnectionRequest(sso_connection=connection, etag=form["etag"])
    try:
        call(stubs().sso.SetSsoConnection, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in FORGIVEN:
            raise
        known = call(stubs().sso.GetSsoConnection, GetSsoConnectionRequest())
        connection.etag, connection.redirect_uri = known.etag, known.redirect_uri
        return settings_page(connection, error)
    return go(url_for("console.sso_settings", saved=1))


@needs("identity.admin")
def sso_disconnect() -> Response:
    call(stubs().sso.DeleteSsoConnection, DeleteSsoConnectionRequest())
    return go(url_for("console.sso_settings"))


@needs("identity.admin")
def sso_domain_add() -> Response:
    message = CreateSsoDomainRequest(domain=request.form.get("domain", "").strip().lower())
    try:
        call(stubs().sso.CreateSsoDomain, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in FORGIVEN:
            raise
        return settings_page(call(stubs().sso.GetSsoConnection, GetSsoConnectionRequest()), error)
    return go(url_for("console.sso_settings"))


@needs("identity.admin")
def sso_domain_verify(domain: str) -> Response:
    if call(stubs().sso.VerifySsoDomain, VerifySsoDomainRequest(domain=domain)).verified:
        return go(url_for("console.sso_settings"))
    return toast_only(gettext("The record is not there yet. DNS may need some minutes after you add it."))


@needs("identity.admin")
def sso_domain_remove(domain: str) -> Response:
    call(stubs().sso.DeleteSsoDomain, DeleteSsoDomainRequest(domain=domain))
    return go(url_for("console.sso_settings"))
