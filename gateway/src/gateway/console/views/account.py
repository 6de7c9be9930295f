"""The person's own account: name, language, address, password, second factor, passkeys and sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec
from uuid import UUID

import segno
from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from webauthn.helpers import bytes_to_base64url

from gateway.console.backend import parts, services, session
from gateway.console.colleagues import DIRECTORY
from gateway.console.guard import go, safe_next, set_session_cookie
from gateway.console.i18n import LOCALES, Lazy, gettext, lazy
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.ports import SESSION_COOKIE
from gateway.console.views.devices import device_name
from gateway.console.views.entry import NOTHING_REFUSED, PASSWORD_LENGTH_MIN, Refusal, refusal
from gateway.identity.roles import OPENID_SCOPES, SCOPES
from gateway.identity.usecases import own_consents
from gateway.identity.usecases.second_factors import NewApp
from gateway.identity.usecases.sessions import Present, session_id_of
from gateway.oauth.clients import BUILT_IN

P = ParamSpec("P")
DONE: Mapping[str, Lazy] = {
    "profile": lazy("Saved."),
    "email": lazy("We sent a link to the new address. It counts once you open it."),
    "password": lazy("Your password is changed. Everybody else who was logged in as you is logged out."),
    "app-on": lazy("Codes of your app are asked for from now on."),
    "app-off": lazy("Codes of your app are asked for no more."),
    "passkey-on": lazy("The passkey is ready. You can log in with it."),
    "passkey-off": lazy("The passkey is removed."),
    "codes": lazy("The former recovery codes work no more."),
    "sessions": lazy("Every other session is ended."),
}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    post = ["POST"]
    rule("/account", "account", account)
    rule("/account/profile", "account_profile", account_profile, methods=post)
    rule("/account/email", "account_email", account_email, methods=post)
    rule("/account/password", "account_password", account_password, methods=post)
    rule("/account/app", "account_app", account_app, methods=["GET", "POST"])
    rule("/account/app/remove", "account_app_remove", account_app_remove, methods=post)
    rule("/account/codes", "account_codes", account_codes, methods=post)
    rule("/account/passkeys/options", "passkey_options", passkey_options, methods=post)
    rule("/account/passkeys", "passkey_add", passkey_add, methods=post)
    rule("/account/passkeys/<credential_id>/remove", "passkey_remove", passkey_remove, methods=post)
    rule("/account/sessions/<uuid:session_id>/end", "session_end", session_end, methods=post)
    rule("/account/sessions/end", "sessions_end", sessions_end, methods=post)
    rule("/account/apps/<client_id>/take-back", "account_take_back", account_take_back, methods=post)
    rule("/account/prove", "prove", prove, methods=["GET", "POST"])


def freshly(view: Callable[P, Response]) -> Callable[P, Response]:
    """A view for which the person must have logged in a moment ago: else he proves who he is, and comes back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        if not parts().sessions.is_fresh(present()):
            return go(url_for("console.prove"))
        return view(*args, **kwargs)

    return guarded


def account() -> Response:
    return page()


def page(status: int = 200, *, form: str = "", refused: Refusal = NOTHING_REFUSED) -> Response:
    """The account with what each section shows; `refused` belongs to the form of this name."""
    me = UUID(session().user_id)
    here = present()
    rendered = render_template(
        "console/account.html",
        form=form,
        refused=refused,
        done=DONE.get(request.args.get("done", ""), ""),
        factors=parts().second_factors.of(me),
        credential_id=lambda row: bytes_to_base64url(bytes(row.credential_id)),
        sessions=parts().sessions.of_user(me),
        this_session=session_id_of(here.token_hash),
        device_name=device_name,
        consents=own_consents.of_person(parts().database, UUID(session().tenant_id), me),
        own_apps={client.client_id: client.name for client in BUILT_IN.values()},
        scope_words={**SCOPES, **OPENID_SCOPES},
        password_length=PASSWORD_LENGTH_MIN,
        has_calendar=services().calendars is not None and "sales.read" in session().scopes,
    )
    return make_response(rendered, status)


def account_take_back(client_id: str) -> Response:
    """Ends what the person allowed an app in the company at work."""
    own_consents.take_back(parts().database, UUID(session().tenant_id), UUID(session().user_id), client_id[:100])
    return with_toast(
        Response(status=200), gettext("The app's access in your name is over. Its tokens no longer work.")
    )


def account_profile() -> Response:
    name, locale = request.form.get("full_name", "").strip(), request.form.get("locale", "")
    try:
        services().identity.change_profile(cookie(), name, locale if locale in LOCALES else session().locale)
    except FuniaError as error:
        return page(HTTP_STATUS[error.kind], form="profile", refused=refusal(error))
    DIRECTORY.forget(session().tenant_id)
    return done("profile")


@freshly
def account_email() -> Response:
    try:
        parts().emails.ask_to_change(UUID(session().user_id), request.form.get("email", ""))
    except FuniaError as error:
        return page(HTTP_STATUS[error.kind], form="email", refused=refusal(error))
    return done("email")


def account_password() -> Response:
    try:
        parts().password_changes.change(
            UUID(session().user_id),
            request.form.get("current_password", ""),
            request.form.get("new_password", ""),
            address=request.remote_addr or "",
            keep=present().token_hash,
        )
    except FuniaError as error:
        return page(HTTP_STATUS[error.kind], form="password", refused=refusal(error))
    return proved(("pwd",), done("password"))


@freshly
def account_app() -> Response:
    """Shows a new key to the app, then takes its first code."""
    me, factors = UUID(session().user_id), parts().second_factors
    if request.method == "GET":
        return app_page(factors.begin_app(me, session().email))
    try:
        codes = factors.confirm_app(me, request.form.get("code", "").strip())
    except FuniaError as error:
        waiting = factors.waiting_app(me, session().email)
        if waiting is None:
            return done("app-on")
        return app_page(waiting, HTTP_STATUS[error.kind], refused=refusal(error))
    return proved(("otp", "mfa"), codes_page(codes) if codes else done("app-on"))


def app_page(new: NewApp, status: int = 200, *, refused: Refusal = NOTHING_REFUSED) -> Response:
    picture = segno.make(new.uri, error="m").svg_data_uri(scale=4, border=3, light="#ffffff")
    rendered = render_template("console/account_app.html", key=new.key, picture=picture, refused=refused)
    return make_response(rendered, status)


@freshly
def account_app_remove() -> Response:
    parts().second_factors.remove_app(UUID(session().user_id))
    return done("app-off")


@freshly
def account_codes() -> Response:
    return codes_page(parts().second_factors.new_codes(UUID(session().user_id)))


def codes_page(codes: list[str]) -> Response:
    """Recovery codes, shown this once."""
    return make_response(render_template("console/account_codes.html", codes=codes))


@freshly
def passkey_options() -> Response:
    options = parts().passkeys.offer_to_add(UUID(session().user_id))
    return Response(options, content_type="application/json")


@freshly
def passkey_add() -> Response:
    credential, name = request.form.get("credential", ""), request.form.get("name", "")
    try:
        codes = parts().passkeys.add(UUID(session().user_id), credential, name)
    except FuniaError as error:
        return page(HTTP_STATUS[error.kind], form="passkey", refused=refusal(error))
    return proved(("hwk", "mfa"), codes_page(codes) if codes else done("passkey-on"))


@freshly
def passkey_remove(credential_id: str) -> Response:
    parts().passkeys.remove(UUID(session().user_id), credential_id)
    return done("passkey-off")


def session_end(session_id: UUID) -> Response:
    parts().sessions.end_one(UUID(session().user_id), session_id)
    return with_toast(Response(status=200), gettext("The session is ended."))


def sessions_end() -> Response:
    here = present()
    parts().sessions.end_others(UUID(session().user_id), keep=here.token_hash)
    # What was issued before works no more, this session's token among it.
    renewed = services().identity.switch(cookie(), session().tenant_id)
    return set_session_cookie(done("sessions"), renewed.cookie, renewed.max_age_s)


def prove() -> Response:
    """Asks for password and code once more; the answer renews the session under a new secret."""
    target = safe_next(request.values.get("next", url_for("console.account")))
    factors = parts().second_factors.of(UUID(session().user_id))
    if request.method == "GET":
        return make_response(render_template("console/prove.html", target=target, factors=factors, refused=Refusal()))
    try:
        amr = services().identity.prove(
            session(),
            request.form.get("password", ""),
            request.form.get("code", ""),
            request.form.get("credential", ""),
        )
    except FuniaError as error:
        rendered = render_template("console/prove.html", target=target, factors=factors, refused=refusal(error))
        return make_response(rendered, HTTP_STATUS[error.kind])
    return proved(amr, go(target))


def proved(amr: tuple[str, ...], response: Response) -> Response:
    """The answer, with the session renewed by what the person has just proved."""
    renewed = services().identity.renew(cookie(), amr)
    return set_session_cookie(response, renewed.cookie, renewed.max_age_s)


def present() -> Present:
    """The session of the request. Raises Unauthenticated where it ended meanwhile."""
    return parts().sessions.require(cookie())


def cookie() -> str:
    return request.cookies.get(SESSION_COOKIE, "")


def done(what: str) -> Response:
    return go(url_for("console.account", done=what))
