"""The guard before and after every page: who is it, may they, did the form come from us, what may the browser load."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlencode

from chassis.errors import InvalidArgument, PermissionDenied
from flask import Response, current_app, g, redirect, request, url_for

from gateway.console.backend import SAFE_METHODS, services
from gateway.console.ports import SESSION_COOKIE

P = ParamSpec("P")
R = TypeVar("R")
OPEN_ATTRIBUTE = "console_open"
ENTRY_CSRF_COOKIE = "funia_entry"
UPLOAD_ENDPOINT = "console.import_upload"


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view that needs no session."""
    setattr(view, OPEN_ATTRIBUTE, True)
    return view


def needs(scope: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A view that only people with this scope may see. The service checks it again; this gives the clear page."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            check_scope(scope)
            return view(*args, **kwargs)

        return guarded

    return decorate


def check_scope(scope: str) -> None:
    """Raises PermissionDenied for people without this scope."""
    if scope not in g.console_session.scopes:
        raise PermissionDenied("Your role does not allow this.", reason="MISSING_SCOPE")


def enter() -> Response | None:
    """Finds the session, turns strangers to the log-in, and refuses forms that did not come from our pages."""
    if request.endpoint == "console.asset":
        return None
    upload = request.endpoint == UPLOAD_ENDPOINT
    request.max_content_length = services().upload_bytes_max if upload else services().form_bytes_max
    know_session()
    view = current_app.view_functions.get(request.endpoint or "")
    if g.console_session is None and not getattr(view, OPEN_ATTRIBUTE, False):
        return turn_away()
    if request.method not in SAFE_METHODS:
        check_csrf()
    if g.console_session is not None and g.console_session.lacks_second_factor and not opens_without_factor():
        return go(url_for("console.account"))
    return None


def opens_without_factor() -> bool:
    """Whether the page is of use to somebody who has yet to add the second factor that the company asks for."""
    blueprint, _, name = (request.endpoint or "").partition(".")
    begins = ("account", "passkey", "prove", "session", "set_", "log_out", "asset", "local_mail", "favicon")
    return blueprint == "console" and name.startswith(begins)


def know_session() -> None:
    cookie = request.cookies.get(SESSION_COOKIE, "")
    g.console_session = services().identity.session(cookie) if cookie else None


def turn_away() -> Response:
    """To the log-in, and back here after it."""
    wanted = request.full_path.rstrip("?") if request.method in SAFE_METHODS else "/"
    target = url_for("console.log_in") + ("" if wanted == "/" else "?" + urlencode({"next": wanted}))
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("console.log_in")})
    return Response(status=303, headers={"Location": target})


def check_csrf() -> None:
    """Compares the token of the form, or of the script's header, with the session's own."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise PermissionDenied("This form was sent from another site.", reason="CROSS_SITE")
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not sent or not hmac.compare_digest(sent, csrf_token()):
        raise InvalidArgument("This page was open for too long. Load it again and repeat.", reason="BAD_CSRF_TOKEN")


def csrf_token() -> str:
    """Token for the forms of this page; before the log-in it lives in a cookie of its own."""
    if g.get("console_session") is not None:
        return str(g.console_session.csrf_token)
    token = g.get("console_entry_token") or request.cookies.get(ENTRY_CSRF_COOKIE, "")
    if len(token) < 32:
        token = secrets.token_urlsafe(32)
        g.console_entry_token_new = True
    g.console_entry_token = token
    return str(token)


def set_session_cookie(response: Response, value: str, max_age_s: int) -> Response:
    response.set_cookie(
        SESSION_COOKIE,
        value,
        max_age=max_age_s,
        httponly=True,
        samesite="Lax",
        secure=services().secure_cookies or request.is_secure,
        path="/",
    )
    return response


def protect(response: Response, live_origin: str) -> Response:
    """Headers that keep foreign code, frames and caches out."""
    if g.get("console_entry_token_new"):
        response.set_cookie(
            ENTRY_CSRF_COOKIE, g.console_entry_token, httponly=True, samesite="Lax", secure=request.is_secure
        )
    connect = f"'self' {live_origin}".strip()
    # A log-in that goes on to an app ends in a redirect to the app's own address, which form-action would block.
    form_action = "" if g.get("console_leaves_site") else "form-action 'self'; "
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src {connect}; {form_action}frame-ancestors 'none'; base-uri 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "console.asset":
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.update(("Cookie", "HX-Request"))
    return response


def safe_next(target: str) -> str:
    """Where to go after the log-in: only a path of this site, never another host.

    Browsers read a backslash as a slash and leave tabs and line ends out: "/<tab>/host" is another host to them.
    """
    is_path = target.startswith("/") and not target.startswith("//")
    return target if is_path and "\\" not in target and target.isprintable() else "/"


def go(target: str) -> Response:
    """A redirect that both a form and a script's request follow."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": target})
    answer = redirect(target, 303)
    assert isinstance(answer, Response)
    return answer
