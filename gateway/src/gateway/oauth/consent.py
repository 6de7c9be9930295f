"""The consent of a person: in which companies a client may be used, to what, and the page that asks.

Shared by the browser's flow (/oauth/authorize) and the device's (/device).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from chassis.errors import InvalidArgument
from flask import Response, g, render_template, request
from werkzeug.exceptions import BadRequest

from gateway.console.i18n import gettext
from gateway.identity.model import redirect_uris
from gateway.identity.roles import OPENID_SCOPES, ROLES, SCOPES
from gateway.identity.usecases.sessions import Present, Sessions
from gateway.oauth.clients import Client
from gateway.oauth.grants import Approval

_CSP = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action "


@dataclass(frozen=True, slots=True)
class Choice:
    """A company the person may say yes for, and what the client would get there."""

    tenant_id: UUID
    name: str
    scopes: tuple[str, ...]


class Consent:
    """Finds what a person can agree to, asks, and reads the answer."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def choices(self, person: Present, client: Client, asked: Sequence[str]) -> list[Choice]:
        """The companies in which the person may let the client in, the one at work first."""
        found = []
        for company in self._sessions.companies(person.member.user_id):
            if client.serves(company.tenant_id) and company.role in ROLES:
                allowed = ROLES[company.role].scopes | set(OPENID_SCOPES)
                scopes = tuple(scope for scope in asked if scope in allowed)
                if scopes:
                    found.append(Choice(company.tenant_id, company.name, scopes))
        found.sort(key=lambda choice: choice.tenant_id != person.member.tenant_id)
        return found

    def page(
        self, person: Present, client: Client, choices: Sequence[Choice], *, redirect_uri: str = "", user_code: str = ""
    ) -> Response:
        """The question. `redirect_uri` is where the browser goes after it; a device has a `user_code` in its place."""
        speak(person)
        if not choices:
            sentence = gettext(
                "This app does not serve a company of yours, or your role allows nothing of what it asks for."
            )
            return refused_page(sentence, client_name=client.name, status=403)
        page = render_template(
            "oauth/consent.html",
            client=client,
            person=person.member,
            choices=choices,
            words=scope_words(),
            csrf_token=person.csrf_token,
            action=f"{request.path}?{request.query_string.decode(errors='replace')}".rstrip("?"),
            user_code=user_code,
            returns_to=urlsplit(redirect_uri).netloc or urlsplit(redirect_uri).scheme,
        )
        response = Response(page, content_type="text/html; charset=utf-8")
        # The answer to the form is a redirect to the client, which form-action would block.
        target = f" {redirect_uris.origin(redirect_uri)}" if redirect_uri else ""
        response.headers["Content-Security-Policy"] = f"{_CSP}'self'{target}"
        response.headers["Cache-Control"] = "no-store"
        return response

    def answer(self, person: Present, choices: Sequence[Choice]) -> Approval | None:
        """What the form says: a yes in one of the companies, or no. Raises where the form is not of our page."""
        check_csrf(person)
        if request.form.get("decision") != "allow":
            return None
        wanted = request.form.get("tenant_id", "")
        choice = next((one for one in choices if str(one.tenant_id) == wanted), None)
        if choice is None:
            raise BadRequest("Choose one of your companies.")
        return Approval(choice.tenant_id, person.member.user_id, choice.scopes, person.authenticated_at)


def check_csrf(person: Present) -> None:
    """Raises InvalidArgument where the form did not come from a page of this session."""
    sent = request.form.get("csrf_token", "")
    if not hmac.compare_digest(sent.encode(), person.csrf_token.encode()):
        raise InvalidArgument("This page was open for too long. Load it again and repeat.", reason="BAD_CSRF_TOKEN")


def speak(person: Present) -> None:
    """Lets the page speak the person's language."""
    g.console_locale = person.member.locale


def refused_page(sentence: str, *, client_name: str = "", status: int = 400) -> Response:
    """A page that says why a request cannot be answered; it leads nowhere."""
    page = render_template("oauth/refused.html", sentence=sentence, client_name=client_name)
    response = Response(page, status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = f"{_CSP}'none'"
    return response


def scope_words() -> Mapping[str, str]:
    """What each scope means, in English; templates translate."""
    return {**SCOPES, **OPENID_SCOPES}
