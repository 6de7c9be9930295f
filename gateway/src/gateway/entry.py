"""Signing up, logging in and out as JSON, for programs; the console has pages for people.

Only JSON bodies are read, which no other site's form can send, so these need no CSRF token.
"""

from __future__ import annotations

from typing import Any

import orjson
from chassis.errors import InvalidArgument, Violation
from flask import Blueprint, Response, request

from gateway.accounts import ConsoleAccounts
from gateway.composition import Identity
from gateway.console.ports import SESSION_COOKIE, CompanyChoice, SecondStep, SignedIn
from gateway.errors import second_factor_asked
from gateway.identity import wire
from gateway.identity.usecases.accounts import SignUp
from gateway.identity.usecases.sessions import csrf_token
from gateway.problems import request_id_of
from gateway.transcode.calls import RequestLimits, json_body
from gateway.transcode.codec import JsonCodec

_SIGN_UP = {"company_name": True, "full_name": True, "email": True, "password": True, "locale": False} | {
    "country_code": False
}
_LOG_IN = {"email": True, "password": True, "code": False, "tenant_id": False}
_TEXT_MAX_LENGTH = 1000


def entry_blueprint(
    identity: Identity, accounts: ConsoleAccounts, codec: JsonCodec, limits: RequestLimits
) -> Blueprint:
    """POST /v1/sign-up, /v1/log-in and /v1/log-out."""
    blueprint = Blueprint("entry", __name__)

    @blueprint.post("/v1/sign-up")
    def sign_up() -> Response:
        fields = fields_of_body(codec, limits, _SIGN_UP)
        form = SignUp(
            fields["company_name"],
            fields["full_name"],
            fields["email"],
            fields["password"],
            locale=fields["locale"] or "en",
            country_code=fields["country_code"],
        )
        done = identity.accounts.sign_up(
            form,
            address=request.remote_addr or "",
            request_id=request_id_of(request.environ),
            key=request.headers.get("Idempotency-Key", ""),
        )
        answer = {"tenant": codec.to_value(wire.tenant(done.tenant)), "user": codec.to_value(wire.user(done.user))}
        return json_answer(answer, 201)

    @blueprint.post("/v1/log-in")
    def log_in() -> Response:
        fields = fields_of_body(codec, limits, _LOG_IN)
        outcome = accounts.log_in(fields["email"], fields["password"])
        if isinstance(outcome, SecondStep):
            if not fields["code"]:
                raise second_factor_asked()
            outcome = accounts.second_step(outcome.ticket, fields["code"])
        if isinstance(outcome, CompanyChoice):
            only = outcome.companies[0].tenant_id if len(outcome.companies) == 1 else ""
            chosen = fields["tenant_id"] or only
            if not chosen:
                names = [{"tenant_id": one.tenant_id, "name": one.name, "role": one.role} for one in outcome.companies]
                return json_answer({"companies": names}, 200)
            outcome = accounts.choose(outcome.ticket, chosen)
        return _set_cookie(
            json_answer({"csrf_token": csrf_token(outcome.cookie)}, 200), outcome, identity.settings.is_https
        )

    @blueprint.post("/v1/log-out")
    def log_out() -> Response:
        fields_of_body(codec, limits, {})
        accounts.end(request.cookies.get(SESSION_COOKIE, ""))
        response = json_answer({}, 200)
        response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="Lax")
        return response

    return blueprint


def fields_of_body(
    codec: JsonCodec, limits: RequestLimits, known: dict[str, bool], *, longest: int = _TEXT_MAX_LENGTH
) -> dict[str, str]:
    """Texts of the JSON body by name, "" where one is left out. Raises InvalidArgument naming every bad field."""
    body = json_body(request.environ, limits)
    value: Any = codec.parse(body) if body else {}
    if not isinstance(value, dict):
        raise InvalidArgument("The body must be a JSON object.", reason="WRONG_TYPE")
    violations = []
    for name, item in value.items():
        if name not in known:
            violations.append(
                Violation(name[:80], f"There is no such field. Known: {', '.join(known)}.", "UNKNOWN_FIELD")
            )
        elif not isinstance(item, str):
            violations.append(Violation(name, "Expected a text.", "WRONG_TYPE"))
        elif len(item) > longest:
            violations.append(Violation(name, f"Use at most {longest} characters.", "TOO_LONG"))
    violations += [
        Violation(name, "Fill this in.", "REQUIRED")
        for name, required in known.items()
        if required and value.get(name) in (None, "")
    ]
    codec.refuse(violations)
    return {name: value.get(name, "") for name in known}


def json_answer(document: Any, status: int) -> Response:
    """A JSON answer that nobody keeps."""
    response = Response(orjson.dumps(document, option=orjson.OPT_UTC_Z), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Request-Id"] = request_id_of(request.environ)
    return response


def _set_cookie(response: Response, signed_in: SignedIn, is_https: bool) -> Response:
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.cookie,
        max_age=signed_in.max_age_s,
        httponly=True,
        samesite="Lax",
        secure=is_https,
        path="/",
    )
    return response
