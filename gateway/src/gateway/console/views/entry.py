"""Signing a company up, logging in and out, and changing between one's companies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, g, make_response, render_template, request, url_for

from gateway.console.backend import services
from gateway.console.guard import ENTRY_CSRF_COOKIE, go, open_to_all, safe_next, set_session_cookie
from gateway.console.i18n import Lazy, current_locale, gettext, lazy
from gateway.console.page import HTTP_STATUS
from gateway.console.ports import DEVICE_COOKIE, SESSION_COOKIE, CompanyChoice, SecondStep, SignedIn
from gateway.console.words import say, violations

PASSWORD_LENGTH_MIN = 10
NOTES: Mapping[str, Lazy] = {
    "password-set": lazy("Your new password is set. Log in with it."),
    "email-confirmed": lazy("Your e-mail address is confirmed."),
    "email-changed": lazy("From now on you log in with your new address."),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form came back: a sentence for the whole and sentences by field."""

    sentence: str = ""
    fields: dict[str, str] = field(default_factory=dict)


NOTHING_REFUSED = Refusal()


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sign-up", "sign_up", sign_up, methods=["GET", "POST"])
    blueprint.add_url_rule("/log-in", "log_in", log_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/log-in/company", "choose_company", choose_company, methods=["POST"])
    blueprint.add_url_rule("/log-in/reopen", "reopen_company", reopen_company, methods=["POST"])
    blueprint.add_url_rule("/log-in/second-step", "second_step", second_step, methods=["POST"])
    blueprint.add_url_rule("/log-in/passkey/options", "passkey_challenge", passkey_challenge, methods=["POST"])
    blueprint.add_url_rule("/log-in/passkey", "passkey_log_in", passkey_log_in, methods=["POST"])
    blueprint.add_url_rule("/log-out", "log_out", log_out, methods=["POST"])
    blueprint.add_url_rule("/switch-company", "switch_company", switch_company, methods=["POST"])


@open_to_all
def sign_up() -> Response:
    if request.method == "GET":
        return go(url_for("console.home")) if g.console_session else sign_up_page(Refusal())
    form = {name: request.form.get(name, "").strip() for name in ("company_name", "full_name", "email")}
    password = request.form.get("password", "")
    missing = {name: gettext("This cannot be empty.") for name, value in form.items() if not value}
    if len(password) < PASSWORD_LENGTH_MIN:
        missing["password"] = gettext("Use at least %(count)s characters.", count=PASSWORD_LENGTH_MIN)
    if missing:
        return sign_up_page(Refusal(fields=missing), 400)
    try:
        signed_in = services().identity.sign_up(
            form["company_name"], form["full_name"], form["email"], password, current_locale()
        )
    except FuniaError as error:
        return sign_up_page(refusal(error), HTTP_STATUS[error.kind])
    return enter(signed_in, url_for("console.home"))


def sign_up_page(refused: Refusal, status: int = 200) -> Response:
    page = render_template("console/sign_up.html", refused=refused, password_length=PASSWORD_LENGTH_MIN)
    return make_response(page, status)


@open_to_all
def log_in() -> Response:
    target = safe_next(request.values.get("next", "/"))
    if request.method == "GET":
        return go(target) if g.console_session else log_in_page(target, Refusal())
    try:
        outcome = services().identity.log_in(request.form.get("email", "").strip(), request.form.get("password", ""))
    except FuniaError as error:
        return log_in_page(target, refusal(error), HTTP_STATUS[error.kind])
    return finish(outcome, target)


@open_to_all
def second_step() -> Response:
    """Takes the code that is asked for after the password."""
    target = safe_next(request.form.get("next", "/"))
    ticket = request.form.get("ticket", "")
    try:
        return finish(services().identity.second_step(ticket, request.form.get("code", "")), target)
    except FuniaError as error:
        if error.kind is ErrorKind.UNAUTHENTICATED:
            return log_in_page(target, refusal(error), 401)
        step = SecondStep(ticket, has_app=True, has_passkey=False)
        return step_page(step, target, refusal(error), HTTP_STATUS[error.kind])


@open_to_all
def passkey_challenge() -> Response:
    return Response(services().identity.offer_passkey(), content_type="application/json")


@open_to_all
def passkey_log_in() -> Response:
    target = safe_next(request.form.get("next", "/"))
    try:
        form = request.form
        return finish(services().identity.by_passkey(form.get("credential", ""), form.get("ticket", "")), target)
    except FuniaError as error:
        return log_in_page(target, refusal(error), HTTP_STATUS[error.kind])


def step_page(step: SecondStep, target: str, refused: Refusal, status: int = 200) -> Response:
    g.console_leaves_site = target.startswith("/oauth/")
    return make_response(render_template("console/second_step.html", step=step, target=target, refused=refused), status)


def finish(outcome: SignedIn | CompanyChoice | SecondStep, target: str) -> Response:
    """Goes on after a log-in: into the company, to the choice among several, or to the second factor."""
    if isinstance(outcome, SecondStep):
        return step_page(outcome, target, Refusal())
    if isinstance(outcome, CompanyChoice):
        return choice_page(outcome, target)
    return enter(outcome, target)


def log_in_page(target: str, refused: Refusal, status: int = 200) -> Response:
    g.console_leaves_site = target.startswith("/oauth/")
    note = NOTES.get(request.args.get("note", ""), "")
    return make_response(render_template("console/log_in.html", target=target, refused=refused, note=note), status)


def choice_page(choice: CompanyChoice, target: str) -> Response:
    g.console_leaves_site = target.startswith("/oauth/")
    return make_response(render_template("console/choose_company.html", choice=choice, target=target))


@open_to_all
def choose_company() -> Response:
    target = safe_next(request.form.get("next", "/"))
    try:
        signed_in = services().identity.choose(request.form.get("ticket", ""), request.form.get("tenant_id", ""))
    except FuniaError as error:
        return log_in_page(target, refusal(error), HTTP_STATUS[error.kind])
    return enter(signed_in, target)


@open_to_all
def reopen_company() -> Response:
    """Opens a closed company again, by an owner who has just logged in."""
    try:
        signed_in = services().identity.reopen(request.form.get("ticket", ""), request.form.get("tenant_id", ""))
    except FuniaError as error:
        return log_in_page("/", refusal(error), HTTP_STATUS[error.kind])
    return enter(signed_in, url_for("console.home"))


def switch_company() -> Response:
    cookie = request.cookies.get(SESSION_COOKIE, "")
    return enter(services().identity.switch(cookie, request.form.get("tenant_id", "")), url_for("console.home"))


@open_to_all
def log_out() -> Response:
    cookie = request.cookies.get(SESSION_COOKIE, "")
    if cookie:
        services().identity.end(cookie)
    target = safe_next(request.form.get("next", "/"))
    response = go(url_for("console.log_in") if target == "/" else target)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def enter(signed_in: SignedIn, target: str) -> Response:
    response = set_session_cookie(go(target), signed_in.cookie, signed_in.max_age_s)
    if signed_in.device:
        secure = services().secure_cookies or request.is_secure
        age = signed_in.device_max_age_s
        response.set_cookie(DEVICE_COOKIE, signed_in.device, age, secure=secure, httponly=True, samesite="Lax")
    response.delete_cookie(ENTRY_CSRF_COOKIE)
    return response


def refusal(error: FuniaError) -> Refusal:
    fields = violations(error)
    return Refusal("" if fields else say(error), fields)
