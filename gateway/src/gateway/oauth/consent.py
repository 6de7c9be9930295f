"""The consent of a person: in which companies a client may be used, to what, and the page that asks.

Shared by the browser's flow (/oauth/authorize) and the device's (/device).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import InvalidArgument
from flask import Response, g, render_template, request
from werkzeug.exceptions import BadRequest

from gateway.console.i18n import gettext
from gateway.identity.access_tokens import CONSOLE_CLIENT
from gateway.identity.model import redirect_uris
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import app_grant as app_grants
from gateway.identity.roles import OPENID_SCOPES, SCOPES, Role, role_of
from gateway.identity.usecases.app_grants import let_in
from gateway.identity.usecases.grants import Grants
from gateway.identity.usecases.sessions import Present, Sessions
from gateway.oauth.clients import Client
from gateway.oauth.grants import Approval

_CSP = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action "


@dataclass(frozen=True, slots=True)
class Choice:
    """A company the person may say yes for, and what the client would get there.

    `lets_in` says that the person, an administrator, lets the app into the company by it and chooses for what.
    """

    tenant_id: UUID
    name: str
    scopes: tuple[str, ...]
    role: Role
    lets_in: bool = False


class Consent:
    """Finds what a person can agree to, asks, and reads the answer."""

    def __init__(self, sessions: Sessions, grants: Grants) -> None:
        self._sessions = sessions
        self._grants = grants

    def choices(self, person: Present, client: Client, asked: Sequence[str]) -> list[Choice]:
        """The companies in which the person may let the client in, the one at work first."""
        companies = self._sessions.companies_opened(person)
        away = [company.tenant_id for company in companies if not client.is_at_home(company.tenant_id)]
        with open_platform_work(self._sessions.database) as platform:
            let_in = app_grants.let_in(platform, client.client_id, away) if away else {}
        found = []
        for company in companies:
            role = role_of(company)
            if not client.serves(company.tenant_id, sandbox_of=company.sandbox_of) or role is None:
                continue
            choice = _choice(company, role, asked, None if client.is_at_home(company.tenant_id) else let_in)
            if choice is not None:
                found.append(choice)
        found.sort(key=lambda choice: choice.tenant_id != person.member.tenant_id)
        return found

    def remembered(self, person: Present, client: Client, choices: Sequence[Choice]) -> Approval | None:
        """The yes that the person gave before to all of this in the company at work, and has not taken back.

        Only for clients that prove themselves: anybody could ask in the name of a public one (RFC 9700, 2.1).
        """
        if not choices or client.is_public:
            return None
        choice, user_id = choices[0], person.member.user_id
        if choice.tenant_id != person.member.tenant_id or choice.lets_in:
            return None
        if not self._grants.remembers(choice.tenant_id, user_id, client.client_id, choice.scopes):
            return None
        return Approval(choice.tenant_id, user_id, choice.scopes, person.authenticated_at, person.amr)

    def page(
        self, person: Present, client: Client, choices: Sequence[Choice], *, redirect_uri: str = "", user_code: str = ""
    ) -> Response:
        """The question. `redirect_uri` is where the browser goes after it; a device has a `user_code` in its place."""
        speak(person)
        if not choices:
            sentence = gettext(
                "Your company has not let this app in, or your role allows nothing of what it asks for. "
                "Ask an administrator of your company."
            )
            return refused_page(sentence, client_name=client.name, status=403)
        page = render_template(
            "oauth/consent.html",
            client=client,
            person=person.member,
            choices=choices,
            words=scope_words(),
            api_scopes=SCOPES,
            csrf_token=person.csrf_token,
            action=f"{request.path}?{request.query_string.decode(errors='replace')}".rstrip("?"),
            user_code=user_code,
            lasts_s=self._grants.lasts_s(client),
            returns_to=urlsplit(redirect_uri).netloc or urlsplit(redirect_uri).scheme,
        )
        response = Response(page, content_type="text/html; charset=utf-8")
        # The answer to the form is a redirect to the client, which form-action would block.
        target = f" {redirect_uris.origin(redirect_uri)}" if redirect_uri else ""
        response.headers["Content-Security-Policy"] = f"{_CSP}'self'{target}"
        response.headers["Cache-Control"] = "no-store"
        return response

    def answer(self, person: Present, client: Client, choices: Sequence[Choice]) -> Approval | None:
        """What the form says: a yes in one of the companies, or no. Raises where the form is not of our page."""
        check_csrf(person)
        if request.form.get("decision") != "allow":
            return None
        wanted = request.form.get("tenant_id", "")
        choice = next((one for one in choices if str(one.tenant_id) == wanted), None)
        if choice is None:
            raise BadRequest("Choose one of your companies.")
        scopes = choice.scopes
        if choice.lets_in:
            chosen = set(request.form.getlist(f"scope-{choice.tenant_id}"))
            scopes = tuple(scope for scope in scopes if scope in chosen or scope in OPENID_SCOPES)
            self._let_in(person, client, choice, scopes)
        return Approval(choice.tenant_id, person.member.user_id, scopes, person.authenticated_at, person.amr)

    def _let_in(self, person: Present, client: Client, choice: Choice, scopes: Sequence[str]) -> None:
        """The company's own grant, as the administrator would make it over the API; scopes given before stay."""
        caller = Caller(
            choice.tenant_id, "user", person.member.user_id, choice.role.scopes, "all", client_id=CONSOLE_CLIENT
        )
        with self._sessions.database.open_work(caller) as work:
            former = app_grants.of_client(work, client.client_id)
            kept = set() if former is None else set(former.scopes) & client.scopes & choice.role.scopes
            let_in(work, client.client_id, sorted({*kept, *scopes}))


def _choice(
    company: Any, role: Role, asked: Sequence[str], let_in: Mapping[UUID, frozenset[str]] | None
) -> Choice | None:
    """What the person can say yes to in a company; `let_in` is None for an app of its own."""
    own = {scope for scope in asked if scope in role.scopes}
    lets_in = False
    if let_in is not None:
        given = let_in.get(company.tenant_id)
        lets_in = "identity.admin" in role.scopes and not own <= (given or frozenset())
        if not lets_in:
            if given is None:
                return None
            own &= given
    scopes = tuple(scope for scope in asked if scope in own or scope in OPENID_SCOPES)
    return Choice(company.tenant_id, company.name, scopes, role, lets_in) if scopes else None


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
