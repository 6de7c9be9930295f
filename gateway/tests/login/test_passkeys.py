"""Passkeys, made and used in a real browser with an authenticator of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from chassis.errors import FuniaError
from gateway.app import PublicApp, create_wsgi_app
from gateway.composition import Identity
from gateway.settings import GatewaySettings
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def named(gateway_settings: GatewaySettings, ports: Any) -> Iterator[PublicApp]:
    """The gateway under a name, since passkeys belong to names and not to addresses."""
    (port,) = ports(1)
    app = create_wsgi_app(gateway_settings.model_copy(update={"issuer": f"http://localhost:{port}", "http_port": port}))
    server = make_server("localhost", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()
    app.close()


def site_of(app: PublicApp) -> str:
    return app.identity.settings.issuer


def authenticator(page: Page) -> tuple[Any, str]:
    """Gives the page's browser an authenticator that knows its person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def log_in(page: Page, company: Any) -> None:
    page.get_by_label("E-mail").fill(company.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def test_a_passkey_is_made_logs_in_alone_and_after_the_password_and_is_removed(
    named: PublicApp, acme: Any, open_page: Any, admin: Any, mails: Any, keep_picture: Any
) -> None:
    site, identity = site_of(named), named.identity
    page = open_page(f"{site}/log-in?next=/account")
    authenticator(page)
    log_in(page, acme)
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".code-list li")).to_have_count(10)
    code = page.locator(".code-list code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("button", name="Remove Work laptop")).to_be_visible()
    keep_picture(page, "account-passkey-1440")
    assert "passkey was added" in mails.to(acme.email)[-1].get_body(("plain",)).get_content()

    page.context.clear_cookies()
    page.goto(f"{site}/log-in?next=/account")
    keep_picture(page, "log-in-passkey-1440")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    cookie = next(one["value"] for one in page.context.cookies() if one["name"] == "funia_session")
    assert identity.sessions.read(cookie).amr == ("hwk", "mfa")

    page.context.clear_cookies()
    page.goto(f"{site}/log-in?next=/account")
    log_in(page, acme)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    cookie = next(one["value"] for one in page.context.cookies() if one["name"] == "funia_session")
    assert identity.sessions.read(cookie).amr == ("pwd", "hwk", "mfa")

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove Work laptop").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    assert not identity.second_factors.of(acme.owner_id).any
    assert code


def test_an_answer_proves_once_and_only_for_its_person(named: PublicApp, acme: Any, other: Any, open_page: Any) -> None:
    site, identity = site_of(named), named.identity
    page = open_page(f"{site}/log-in?next=/account")
    authenticator(page)
    log_in(page, acme)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".code-list li")).to_have_count(10)
    answer = page.evaluate(
        """async options => {
            const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
            return JSON.stringify(await navigator.credentials.get({ publicKey }));
        }""",
        orjson.loads(identity.passkeys.offer_to_prove()),
    )
    spoiled = orjson.loads(answer)
    spoiled["response"]["signature"] = "MEUCIQ" + spoiled["response"]["signature"][6:]
    assert refused(identity, orjson.dumps(spoiled).decode()) == "WRONG_PASSKEY"
    assert identity.passkeys.prove(answer) == acme.owner_id
    assert refused(identity, answer) == "WRONG_PASSKEY"
    for nonsense in ("", "{}", "[]", '{"response": {"clientDataJSON": "AAAA"}}'):
        assert refused(identity, nonsense) == "WRONG_PASSKEY"
    with pytest.raises(FuniaError) as raised:
        identity.passkeys.remove(other.owner_id, orjson.loads(answer)["id"])
    assert raised.value.reason == "FACTOR_NOT_FOUND"
    assert len(identity.passkeys.of(acme.owner_id)) == 1


def refused(identity: Identity, answer: str) -> str:
    with pytest.raises(FuniaError) as raised:
        identity.passkeys.prove(answer)
    return raised.value.reason


def test_a_person_without_a_passkey_is_told_that_it_did_not_work(named: PublicApp, acme: Any, open_page: Any) -> None:
    page = open_page(f"{site_of(named)}/log-in")
    session, made = authenticator(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This did not work")
