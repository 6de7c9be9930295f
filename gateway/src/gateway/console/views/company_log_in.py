"""Logging in with one's company: by e-mail to the company's provider, and back."""

from __future__ import annotations

from chassis.errors import FuniaError, InvalidArgument
from flask import Blueprint, Response, g, make_response, render_template, request

from gateway.console.backend import parts
from gateway.console.guard import go, open_to_all, safe_next
from gateway.console.page import HTTP_STATUS
from gateway.console.ports import SESSION_COOKIE, SignedIn
from gateway.console.views.entry import NOTHING_REFUSED, Refusal, enter, log_in_page, refusal
from gateway.identity.usecases.sso_connection import REDIRECT_PATH

BROWSER_COOKIE = "funia_sso"


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/log-in/sso", "company_log_in", company_log_in, methods=["GET", "POST"])
    blueprint.add_url_rule(REDIRECT_PATH, "company_log_in_back", company_log_in_back)


@open_to_all
def company_log_in() -> Response:
    """Asks for the e-mail, then goes to the provider of the company that owns its domain."""
    target = safe_next(request.values.get("next", "/"))
    if request.method == "GET":
        return email_page(target, NOTHING_REFUSED)
    email = request.form.get("email", "").strip()
    try:
        companies = parts().sso.companies(email, address=request.remote_addr or "")
        chosen = request.form.get("tenant_id", "")
        found = [row for row in companies if str(row.tenant_id) == chosen] or companies
        if len(found) > 1:
            return email_page(target, NOTHING_REFUSED, companies=found)
        begun = parts().sso.begin(found[0].tenant_id, target=target)
    except FuniaError as error:
        return email_page(target, refusal(error), HTTP_STATUS[error.kind])
    response = go(begun.url)
    secure = parts().settings.is_https
    response.set_cookie(
        BROWSER_COOKIE,
        begun.browser_secret,
        max_age=parts().settings.sso_request_s,
        httponly=True,
        samesite="Lax",
        secure=secure,
        path=REDIRECT_PATH,
    )
    return response


def email_page(target: str, refused: Refusal, status: int = 200, *, companies: object = ()) -> Response:
    # The form ends in a redirect to the provider's own address, which form-action would block.
    g.console_leaves_site = True
    page = render_template("console/company_log_in.html", target=target, refused=refused, companies=companies)
    return make_response(page, status)


@open_to_all
def company_log_in_back() -> Response:
    """The provider sends the person back here."""
    try:
        if "error" in request.args:
            raise InvalidArgument("The log-in of your company was cancelled there.", reason="SSO_CANCELLED")
        opened, target = parts().sso.finish(
            state=request.args.get("state", "")[:200],
            code=request.args.get("code", "")[:4000],
            issuer=request.args.get("iss", "")[:500],
            browser_secret=request.cookies.get(BROWSER_COOKIE, ""),
            replaces=request.cookies.get(SESSION_COOKIE, ""),
        )
    except FuniaError as error:
        response = log_in_page("/", refusal(error), HTTP_STATUS[error.kind])
    else:
        response = enter(SignedIn(opened.secret, opened.max_age_s), safe_next(target))
    response.delete_cookie(BROWSER_COOKIE, path=REDIRECT_PATH)
    return response
