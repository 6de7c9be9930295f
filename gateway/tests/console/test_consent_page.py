"""The pages of consent for people who get messages: no log-in, in their language, and looking does nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

import pytest
from chassis.errors import NotFound
from console_site import MemoryIdentity
from flask import Flask
from flask.testing import FlaskClient
from funia.marketing.v1 import consent_link_pb2 as links
from gateway.console.blueprint import console_blueprint
from gateway.console.ports import ConsoleServices
from peer import Peer

TENANT, NEWS = UUID("01a20000-0000-7000-8000-0000000000aa"), "01a20000-0000-7000-8000-0000000000bb"
AT, CONFIRM = f"/preferences/{TENANT}/secret", f"/confirm/{TENANT}/secret"


class OnePerson:
    """Marketing, for one person and one purpose on two channels."""

    def __init__(self) -> None:
        self.wanted = {"email": True, "sms": False}
        self.language = "en"
        self.nothing = False
        self.status = "open"

    def preferences(self, tenant_id: UUID, token: str, *, address: str) -> links.Preferences:
        if token != "secret":
            raise NotFound("This link leads nowhere.", reason="CONSENT_LINK_NOT_FOUND")
        choices = [links.Choice(purpose_id=NEWS, channel=one, wanted=wanted) for one, wanted in self.wanted.items()]
        purpose = links.ShownPurpose(id=NEWS, name="News", description="Once a month.", choices=choices)
        return links.Preferences(purposes=[purpose], language=self.language, nothing=self.nothing)

    def save(
        self, tenant_id: UUID, token: str, choices: Sequence[links.Choice], *, nothing: bool, **origin: str
    ) -> links.Preferences:
        self.nothing = nothing
        self.wanted |= {one.channel: one.wanted for one in choices if one.purpose_id == NEWS}
        return self.preferences(tenant_id, token, address=origin["address"])

    def request(self, tenant_id: UUID, secret: str, *, address: str) -> links.LinkedConsentRequest:
        purpose = links.ShownPurpose(id=NEWS, name="News")
        return links.LinkedConsentRequest(purposes=[purpose], language=self.language, status=self.status)

    def confirm(self, tenant_id: UUID, secret: str, *, address: str, user_agent: str) -> links.LinkedConsentRequest:
        self.status = "confirmed"
        return self.request(tenant_id, secret, address=address)


@pytest.fixture
def person() -> OnePerson:
    return OnePerson()


@pytest.fixture
def browser(person: OnePerson) -> FlaskClient:
    app = Flask("consent_site", static_folder=None)
    services = ConsoleServices(MemoryIdentity(Peer.__new__(Peer)), lambda: pytest.fail("no call"), consent_pages=person)
    app.register_blueprint(console_blueprint(services))
    return app.test_client()


def post(browser: FlaskClient, at: str, **form: object) -> int:
    """Posts a form of a page that was just opened."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(at).get_data(as_text=True))
    assert token is not None
    return browser.post(at, data={"csrf_token": token.group(1), **form}).status_code


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "Nothing any more"), ("ru", "Больше ничего"), ("bg", "Вече нищо")],
)
def test_the_preference_centre_speaks_the_persons_language_and_hides_itself(
    browser: FlaskClient, person: OnePerson, language: str, word: str
) -> None:
    person.language = language
    answer = browser.get(AT, headers={"Accept-Language": "fr"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert word in page
    assert page.count(" checked") == 1
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_what_is_ticked_is_wanted_and_one_press_stops_everything(browser: FlaskClient, person: OnePerson) -> None:
    offered = [f"{NEWS}:email", f"{NEWS}:sms"]
    assert post(browser, AT, offered=offered, wanted=[f"{NEWS}:sms"]) == 303
    assert (person.wanted, person.nothing) == ({"email": False, "sms": True}, False)
    assert post(browser, AT, nothing="1") == 303
    assert person.nothing
    assert " checked" not in browser.get(AT).get_data(as_text=True)
    assert browser.post(AT, data={"nothing": "1"}).status_code == 400


def test_looking_at_a_confirmation_confirms_nothing(browser: FlaskClient, person: OnePerson) -> None:
    assert "News" in browser.get(CONFIRM).get_data(as_text=True)
    assert person.status == "open"
    assert post(browser, CONFIRM) == 303
    assert person.status == "confirmed"
    assert "Thank you" in browser.get(CONFIRM).get_data(as_text=True)


def test_a_link_that_leads_nowhere_says_so(browser: FlaskClient) -> None:
    wrong = browser.get(f"/preferences/{TENANT}/other")
    assert wrong.status_code == 404
    assert "This page cannot be shown" in wrong.get_data(as_text=True)
    assert "News" not in wrong.get_data(as_text=True)
