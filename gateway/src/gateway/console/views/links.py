"""Pages that links in mails lead to: confirming an address and setting a new password. Nothing happens by opening one.

They send no referrer, and their secret comes in the body of a form, never in an address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from chassis.errors import FuniaError, InvalidArgument
from flask import Blueprint, Response, g, make_response, render_template, request, url_for

from gateway.console.backend import parts, session
from gateway.console.guard import go, open_to_all
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, toast_only
from gateway.console.views.entry import PASSWORD_LENGTH_MIN, Refusal, refusal

P = ParamSpec("P")
SECRET_MAX_LENGTH = 100


def without_referrer(view: Callable[P, Response]) -> Callable[P, Response]:
    """A view whose address, or the page before it, concerns nobody else."""

    @wraps(view)
    def silent(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = view(*args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return open_to_all(silent)


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    both = ["GET", "POST"]
    rule("/forgotten-password", "forgotten_password", forgotten_password, methods=both)
    rule("/reset-password", "reset_password", reset_password, methods=both)
    rule("/confirm-email", "confirm_email", confirm_email, methods=both)
    rule("/change-email", "change_email", change_email, methods=both)
    rule("/account/ask-confirmation", "ask_confirmation", ask_confirmation, methods=["POST"])


@without_referrer
def forgotten_password() -> Response:
    """Asks for the address; the answer is the same whether it has an account or not."""
    if request.method == "GET":
        return page("forgotten_password", Refusal(), sent_to="")
    email = request.form.get("email", "").strip()
    try:
        parts().password_changes.ask_reset(email, address=request.remote_addr or "")
    except FuniaError as error:
        return page("forgotten_password", refusal(error), HTTP_STATUS[error.kind], sent_to="")
    return page("forgotten_password", Refusal(), sent_to=email)


@without_referrer
def reset_password() -> Response:
    if request.method == "GET":
        return page("reset_password", Refusal(), password_length=PASSWORD_LENGTH_MIN)
    try:
        parts().password_changes.reset(sent_secret(), request.form.get("password", ""))
    except FuniaError as error:
        status = HTTP_STATUS[error.kind]
        return page("reset_password", refusal(error), status, password_length=PASSWORD_LENGTH_MIN)
    return go(url_for("console.log_in", note="password-set"))


@without_referrer
def confirm_email() -> Response:
    if request.method == "GET":
        return page("confirm_email", Refusal(), changes=False)
    try:
        parts().emails.confirm(sent_secret())
    except FuniaError as error:
        return page("confirm_email", refusal(error), HTTP_STATUS[error.kind], changes=False)
    return done("email-confirmed")


@without_referrer
def change_email() -> Response:
    if request.method == "GET":
        return page("confirm_email", Refusal(), changes=True)
    try:
        parts().emails.change(sent_secret())
    except FuniaError as error:
        return page("confirm_email", refusal(error), HTTP_STATUS[error.kind], changes=True)
    return done("email-changed")


def ask_confirmation() -> Response:
    """Sends the link again to the person who is logged in."""
    parts().emails.ask_again(user_id())
    return toast_only(gettext("Sent. It can take a minute to arrive."))


def user_id() -> UUID:
    """The account of the person who is logged in."""
    return UUID(session().user_id)


def done(note: str) -> Response:
    return go(url_for("console.home") if g.console_session else url_for("console.log_in", note=note))


def sent_secret() -> str:
    """The secret of the form. Raises InvalidArgument where there is none."""
    secret = request.form.get("secret", "").strip()
    if not secret or len(secret) > SECRET_MAX_LENGTH:
        raise InvalidArgument("Open the link of the mail once more.", reason="LINK_GONE")
    return secret


def page(name: str, refused: Refusal, status: int = 200, **values: object) -> Response:
    return make_response(render_template(f"console/{name}.html", refused=refused, **values), status)
