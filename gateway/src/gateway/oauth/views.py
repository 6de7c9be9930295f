"""The addresses of the authorization server: /oauth/* and /.well-known/*."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import orjson
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from chassis.errors import NotFound, PermissionDenied
from chassis.tokens import TokenVerifier
from flask import Blueprint, Response, g, request

from gateway.identity.keys import SigningKeys
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import user as users
from gateway.identity.usecases.sessions import Present, Sessions
from gateway.oauth.clients import Client
from gateway.oauth.consent import Consent, refused_page
from gateway.oauth.device_page import DevicePage
from gateway.oauth.grants import Approval, user_claims
from gateway.oauth.key_binding import NONCE_HEADER
from gateway.oauth.metadata import server_metadata
from gateway.oauth.pushed import InvalidRequestUri
from gateway.oauth.registration import Registration
from gateway.oauth.server import OAuthServer
from gateway.transcode.calls import RequestLimits, proof_of, token_of
from gateway.transcode.routes import no_session

_FORM_MAX_BYTES = 64 * 1024
_ASKED_AT = "asked_at"
"""Parameter of our own: when the person was sent to the log-in, in seconds since the epoch."""
_JWKS_AGE_S = 60


@dataclass(frozen=True, slots=True)
class OAuthServices:
    """What the views need. `cookie` reads the session cookie of the request at hand."""

    server: OAuthServer
    keys: SigningKeys
    sessions: Sessions
    verifier: TokenVerifier
    registration: Registration
    cookie: Callable[[], str]
    log_in_path: str = "/log-in"


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
    blueprint.add_url_rule("/oauth/register", "register", services.registration, methods=["POST"])
    blueprint.add_url_rule("/oauth/par", "par", views.par, methods=["POST"])
    blueprint.add_url_rule("/oauth/device", "device_authorization", views.device_authorization, methods=["POST"])
    blueprint.add_url_rule("/device", "device", views.device, methods=["GET", "POST"])
    blueprint.add_url_rule("/oauth/userinfo", "userinfo", views.userinfo, methods=["GET", "POST"])
    for name in ("oauth-authorization-server", "openid-configuration"):
        blueprint.add_url_rule(f"/.well-known/{name}", name, views.metadata)
    blueprint.add_url_rule("/.well-known/jwks.json", "jwks", views.jwks)
    return blueprint


class _Views:
    def __init__(self, services: OAuthServices) -> None:
        self._services = services
        self._server = services.server
        self._limits = RequestLimits()
        self._metadata = server_metadata(services.server.issuer)
        self._consent = Consent(services.sessions, services.server.grants)
        self._device_page = DevicePage(services.server.devices, services.server.clients, self._consent)

    def authorize(self) -> Response:
        """The consent page, and the answer to it."""
        request.max_content_length = _FORM_MAX_BYTES
        if request.method == "POST" and "client_id" in request.form:
            # A request that a client sent as a form (OpenID Connect Core, 3.1.2.1) goes on as one in the address.
            where = f"{request.path}?{urlencode(list(request.form.items(multi=True)))}"
            return Response(status=303, headers={"Location": where})
        person = self._person()
        try:
            grant = self._server.get_consent_grant()
        except OAuth2Error as error:
            return self._refuse_at_first(error, person)
        asked = grant.request.payload.data
        prompt = set(asked.get("prompt", "").split())
        if person is None or _must_log_in_again(person, prompt, asked.get("max_age", "")):
            return self._back(grant, "login_required") if "none" in prompt else self._to_log_in(person)
        client: Client = grant.request.client
        choices = self._consent.choices(person, client, grant.request.scope.split())
        if request.method == "POST":
            return self._finish(grant, self._consent.answer(person, client, choices))
        remembered = None if "consent" in prompt else self._consent.remembered(person, client, choices)
        if remembered is not None:
            return self._finish(grant, remembered)
        if "none" in prompt:
            return self._back(grant, "consent_required")
        return self._consent.page(person, client, choices, redirect_uri=grant.redirect_uri)

    def device(self) -> Response:
        """Where a person confirms the code of a device."""
        request.max_content_length = _FORM_MAX_BYTES
        person = self._person()
        return self._to_log_in(None) if person is None else self._device_page(person)

    def par(self) -> Response:
        """Takes an authorization request ahead of the browser."""
        return self._answer(lambda: self._server.create_endpoint_response("pushed_authorization_request"))

    def device_authorization(self) -> Response:
        """A pair of codes for a device."""
        return self._answer(lambda: self._server.create_endpoint_response("device_authorization"))

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
        token = token_of(request.environ, no_session, self._limits)
        caller = self._services.verifier.verify(token, proof_of(request.environ))
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
        if nonce := g.get("dpop_nonce", ""):
            response.headers[NONCE_HEADER] = nonce
        return cast(Response, response)

    def _refuse_at_first(self, error: OAuth2Error, person: Present | None) -> Response:
        """A request that is wrong from the start: nobody has agreed to anything yet.

        Whoever makes an app could send people through us to its address by such a request, so the person logs in
        first, and the browser is sent on by itself only to an app that serves the person's companies (RFC 9700,
        4.11.2). A request without pages has to be answered as it is.
        """
        if not error.redirect_uri or "none" in request.args.get("prompt", "").split():
            return self._refuse(error)
        if person is None:
            return self._to_log_in(None)
        client: Client | None = self._server.query_client(request.args.get("client_id", ""))
        companies = self._services.sessions.companies_opened(person)
        if client is None or not any(client.serves(one.tenant_id, sandbox_of=one.sandbox_of) for one in companies):
            error.redirect_uri = None
        return self._refuse(error)

    def _refuse(self, error: OAuth2Error) -> Response:
        """Back to the client where its address is known to be its own; else a page for the person, and no redirect."""
        if error.redirect_uri:
            return cast(Response, self._server.handle_error_response(None, error))
        return refused_page(error.get_error_description() or error.error)

    def _back(self, grant: Any, code: str, description: str | None = None) -> Response:
        error = OAuth2Error(
            description=description, error=code, redirect_uri=grant.redirect_uri, state=grant.request.payload.state
        )
        return cast(Response, self._server.handle_error_response(None, error))

    def _to_log_in(self, person: Present | None) -> Response:
        if person is not None:
            self._services.sessions.end(self._services.cookie())
        asked = [(name, value) for name, value in request.args.items(multi=True) if name != _ASKED_AT]
        target = f"{request.path}?{urlencode([*asked, (_ASKED_AT, str(int(time.time())))])}"
        where = f"{self._services.log_in_path}?{urlencode({'next': target})}"
        return Response(status=303, headers={"Location": where})

    def _finish(self, grant: Any, approval: Approval | None) -> Response:
        """Back to the client with a code, or with the person's no. A pushed request is answered once."""
        reference = request.args.get("request_uri")
        if reference is not None and not self._server.pushed.use(reference):
            return self._refuse(InvalidRequestUri("This request was answered before."))
        response = self._server.create_authorization_response(grant.request, approval, grant)
        response.status_code = 303
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return cast(Response, response)

    def _person(self) -> Present | None:
        cookie = self._services.cookie()
        return self._services.sessions.read(cookie) if cookie else None


def _must_log_in_again(person: Present, prompt: set[str], max_age: str) -> bool:
    """Whether the client wants a log-in newer than the person's; one made for this very request is new enough."""
    logged_in = int(person.authenticated_at.timestamp())
    asked_at = request.args.get(_ASKED_AT, "")
    if asked_at.isdecimal() and logged_in >= int(asked_at):
        return False
    return "login" in prompt or (max_age.isdecimal() and time.time() - logged_in > int(max_age))


def _check_form() -> None:
    """A parameter given twice, or a client that proves itself twice, is an error (RFC 6749, 2.3 and 3.2)."""
    for name, values in request.form.lists():
        if len(values) > 1:
            raise InvalidRequestError(f"Multiple '{name}' in request." if name.isidentifier() else None)
    proofs = ("client_secret" in request.form) + ("client_assertion" in request.form)
    if proofs + (request.authorization is not None) > 1:
        raise InvalidRequestError("Use one way to authenticate the client, not two.")


def _json(document: Mapping[str, Any], *, cache: str, open_to_scripts: bool = False) -> Response:
    response = Response(orjson.dumps(document), content_type="application/json")
    response.headers["Cache-Control"] = cache
    if open_to_scripts:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
