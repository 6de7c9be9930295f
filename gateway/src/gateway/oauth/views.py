"""The addresses of the authorization server: /oauth/* and /.well-known/*."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

import orjson
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from chassis.errors import InvalidArgument, NotFound, PermissionDenied
from chassis.tokens import TokenVerifier
from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest

from gateway.identity.keys import SigningKeys
from gateway.identity.model import redirect_uris
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import user as users
from gateway.identity.roles import OPENID_SCOPES, ROLES, SCOPES
from gateway.identity.usecases.sessions import Present, Sessions
from gateway.oauth.clients import Client
from gateway.oauth.grants import Approval, user_claims
from gateway.oauth.metadata import server_metadata
from gateway.oauth.server import OAuthServer

_FORM_MAX_BYTES = 64 * 1024
_JUST_LOGGED_IN_S = 120
_JWKS_AGE_S = 60


@dataclass(frozen=True, slots=True)
class OAuthServices:
    """What the views need. `cookie` reads the session cookie of the request at hand."""

    server: OAuthServer
    keys: SigningKeys
    sessions: Sessions
    verifier: TokenVerifier
    cookie: Callable[[], str]
    log_in_path: str = "/log-in"


@dataclass(frozen=True, slots=True)
class _Choice:
    """A company the person may say yes for, and what the client would get there."""

    tenant_id: UUID
    name: str
    scopes: tuple[str, ...]


def oauth_blueprint(services: OAuthServices) -> Blueprint:
    """Everything under /oauth and /.well-known."""
    views = _Views(services)
    blueprint = Blueprint(
        "oauth", __name__, template_folder="templates", static_folder="static", static_url_path="/oauth/static"
    )
    blueprint.add_url_rule("/oauth/authorize", "authorize", views.authorize, methods=["GET", "POST"])
    blueprint.add_url_rule("/oauth/token", "token", views.token, methods=["POST"])
    blueprint.add_url_rule("/oauth/revoke", "revoke", views.revoke, methods=["POST"])
    blueprint.add_url_rule("/oauth/introspect", "introspect", views.introspect, methods=["POST"])
    blueprint.add_url_rule("/oauth/userinfo", "userinfo", views.userinfo, methods=["GET", "POST"])
    for name in ("oauth-authorization-server", "openid-configuration"):
        blueprint.add_url_rule(f"/.well-known/{name}", name, views.metadata)
    blueprint.add_url_rule("/.well-known/jwks.json", "jwks", views.jwks)
    return blueprint


class _Views:
    def __init__(self, services: OAuthServices) -> None:
        self._services = services
        self._server = services.server
        self._metadata = server_metadata(services.server.issuer)

    def authorize(self) -> Response:
        """The consent page, and the answer to it."""
        request.max_content_length = _FORM_MAX_BYTES
        try:
            grant = self._server.get_consent_grant()
        except OAuth2Error as error:
            return self._refuse(error)
        person = self._services.sessions.read(self._services.cookie()) if self._services.cookie() else None
        prompt = set(request.args.get("prompt", "").split())
        if "none" in prompt:
            return self._back(grant, "consent_required" if person else "login_required")
        if person is None or self._must_log_in_again(person, prompt):
            return self._to_log_in(person)
        client: Client = grant.request.client
        choices = self._choices(person, client, grant.request.scope.split())
        if request.method == "POST":
            return self._decide(grant, person, choices)
        return self._consent_page(grant, person, client, choices)

    def token(self) -> Response:
        """Tokens for a code, for a refresh token, or for the client itself."""
        return self._answer(self._server.create_token_response)

    def revoke(self) -> Response:
        """Ends the grant of a token."""
        return self._answer(lambda: self._server.create_endpoint_response("revocation"))

    def introspect(self) -> Response:
        """Whether a token is good, and what it says."""
        return self._answer(lambda: self._server.create_endpoint_response("introspection"))

    def userinfo(self) -> Response:
        """What OpenID Connect says of the person of a token with the scope openid."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        caller = self._services.verifier.verify(token if scheme.lower() == "bearer" else "")
        if "openid" not in caller.scopes:
            raise PermissionDenied('This needs the scope "openid".', reason="MISSING_SCOPE")
        with open_platform_work(self._services.sessions.database) as platform:
            member = users.rights(platform, caller.tenant_id, caller.actor_id)
        if member is None:
            raise NotFound("This person does not work here any more.", reason="USER_NOT_FOUND")
        return _json(user_claims(member, caller.scopes), cache="no-store")

    def metadata(self) -> Response:
        """The server's own description."""
        return _json(self._metadata, cache="public, max-age=3600", open_to_scripts=True)

    def jwks(self) -> Response:
        """The public keys."""
        return _json(self._services.keys.public_set(), cache=f"public, max-age={_JWKS_AGE_S}", open_to_scripts=True)

    def _answer(self, make: Callable[[], Any]) -> Response:
        request.max_content_length = _FORM_MAX_BYTES
        try:
            _check_form()
            response: Any = make()
        except OAuth2Error as error:
            response = self._server.handle_error_response(None, error)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Pragma"] = "no-cache"
        return cast(Response, response)

    def _refuse(self, error: OAuth2Error) -> Response:
        """Back to the client where its address is known to be its own; else a page for the person, and no redirect."""
        if error.redirect_uri:
            return cast(Response, self._server.handle_error_response(None, error))
        page = render_template("oauth/refused.html", message=error.get_error_description() or error.error)
        return Response(page, status=400, content_type="text/html; charset=utf-8")

    def _back(self, grant: Any, code: str, description: str | None = None) -> Response:
        error = OAuth2Error(
            description=description, error=code, redirect_uri=grant.redirect_uri, state=grant.request.payload.state
        )
        return cast(Response, self._server.handle_error_response(None, error))

    def _must_log_in_again(self, person: Present, prompt: set[str]) -> bool:
        age_s = time.time() - person.authenticated_at.timestamp()
        max_age = request.args.get("max_age", "")
        if max_age.isdecimal() and age_s > int(max_age) + _JUST_LOGGED_IN_S:
            return True
        return "login" in prompt and age_s > _JUST_LOGGED_IN_S

    def _to_log_in(self, person: Present | None) -> Response:
        if person is not None:
            self._services.sessions.end(self._services.cookie())
        target = f"{request.path}?{request.query_string.decode(errors='replace')}"
        where = f"{self._services.log_in_path}?{urlencode({'next': target})}"
        return Response(status=303, headers={"Location": where})

    def _choices(self, person: Present, client: Client, asked: list[str]) -> list[_Choice]:
        found = []
        for company in self._services.sessions.companies(person.member.user_id):
            if client.serves(company.tenant_id) and company.role in ROLES:
                allowed = ROLES[company.role].scopes | set(OPENID_SCOPES)
                scopes = tuple(scope for scope in asked if scope in allowed)
                if scopes:
                    found.append(_Choice(company.tenant_id, company.name, scopes))
        found.sort(key=lambda choice: choice.tenant_id != person.member.tenant_id)
        return found

    def _consent_page(self, grant: Any, person: Present, client: Client, choices: list[_Choice]) -> Response:
        if not choices:
            page = render_template(
                "oauth/refused.html",
                message=f"{client.name} does not serve a company of yours, or your role allows nothing of its request.",
            )
            return Response(page, status=403, content_type="text/html; charset=utf-8")
        page = render_template(
            "oauth/consent.html",
            client=client,
            person=person.member,
            choices=choices,
            words=_words(),
            csrf_token=person.csrf_token,
            action=f"{request.path}?{request.query_string.decode(errors='replace')}",
        )
        response = Response(page, content_type="text/html; charset=utf-8")
        # The answer to the form is a redirect to the client, which form-action would block.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
            f"form-action 'self' {redirect_uris.origin(grant.redirect_uri)}"
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def _decide(self, grant: Any, person: Present, choices: list[_Choice]) -> Response:
        sent = request.form.get("csrf_token", "")
        if not hmac.compare_digest(sent.encode(), person.csrf_token.encode()):
            raise InvalidArgument("This page was open for too long. Load it again and repeat.", reason="BAD_CSRF_TOKEN")
        approval = None
        if request.form.get("decision") == "allow":
            wanted = request.form.get("tenant_id", "")
            choice = next((one for one in choices if str(one.tenant_id) == wanted), None)
            if choice is None:
                raise BadRequest("Choose one of your companies.")
            approval = Approval(choice.tenant_id, person.member.user_id, choice.scopes, person.authenticated_at)
        response = self._server.create_authorization_response(grant=grant, grant_user=approval)
        response.status_code = 303
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return cast(Response, response)


def _check_form() -> None:
    """A parameter given twice, or a client that proves itself twice, is an error (RFC 6749, 2.3 and 3.2)."""
    for name, values in request.form.lists():
        if len(values) > 1:
            raise InvalidRequestError(f"Multiple '{name}' in request." if name.isidentifier() else None)
    if request.authorization is not None and "client_secret" in request.form:
        raise InvalidRequestError("Use one way to authenticate the client, not two.")


def _words() -> Mapping[str, str]:
    return {**SCOPES, **OPENID_SCOPES}


def _json(document: Mapping[str, Any], *, cache: str, open_to_scripts: bool = False) -> Response:
    response = Response(orjson.dumps(document), content_type="application/json")
    response.headers["Cache-Control"] = cache
    if open_to_scripts:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
