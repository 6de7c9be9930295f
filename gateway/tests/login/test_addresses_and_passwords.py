"""Confirming an address, setting a forgotten password, changing one; and what strangers learn of it: nothing."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

import pytest
from chassis.errors import FuniaError, ResourceExhausted
from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1.log_in_events_pb2 import SessionsEnded
from gateway.composition import Identity
from gateway.identity.secret_values import digest
from gateway.identity.usecases.password_changes import PasswordChanges
from playwright.sync_api import expect

PASSWORD = "correct horse battery"
FRESH = "staple correct horse"


def works(identity: Identity, email: str, password: str) -> bool:
    try:
        identity.accounts.check_password(email, password, address="10.9.0.1")
    except FuniaError:
        return False
    return True


def ended(admin: Any, company: Any) -> list[str]:
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (company.tenant_id,))
    envelopes = [Envelope.FromString(row[0]) for row in rows]
    return [
        SessionsEnded.FromString(one.payload).reason for one in envelopes if one.type == "identity.user.sessions_ended"
    ]


def test_an_unconfirmed_address_works_but_neither_invites_nor_registers_apps(
    browser: Any, new_company: Any, mails: Any, forms: Any, admin: Any
) -> None:
    company = new_company("Fresh", confirmed=False)
    browser.log_in(company)
    headers = {"X-CSRF-Token": browser.csrf_token}
    asked = {
        "/v1/invitations": {"email": "a@example.com", "role": "viewer"},
        "/v1/users": {"email": "a@example.com", "full_name": "A", "role": "viewer", "password": PASSWORD},
        "/v1/oauth-clients": {"name": "App", "scopes": ["contacts.read"], "grant_types": ["client_credentials"]},
    }
    for path, body in asked.items():
        refused = browser.http.post(f"{browser.site}{path}", json=body, headers=headers)
        assert (refused.status_code, refused.json()["reason"]) == (409, "EMAIL_UNCONFIRMED"), path
    assert browser.http.get(f"{browser.site}/v1/tenant").json()["name"] == "Fresh"
    assert "Please confirm your address" in browser.http.get(f"{browser.site}/settings/company").text
    secret = mails.secret(company.email)
    assert forms().get("/confirm-email").headers["Referrer-Policy"] == "no-referrer"
    assert forms().send("/confirm-email", secret="x" * 43).status_code == 409
    done = forms().send("/confirm-email", secret=secret)
    assert done.headers["Location"] == "/log-in?note=email-confirmed"
    assert "Please confirm your address" not in browser.http.get(f"{browser.site}/settings/company").text
    made = browser.http.post(f"{browser.site}/v1/invitations", json=asked["/v1/invitations"], headers=headers)
    assert made.status_code == 201
    assert forms().send("/confirm-email", secret=secret).status_code == 409


def test_the_confirmation_is_sent_again_but_not_for_ever(
    browser: Any, new_company: Any, mails: Any, identity: Identity
) -> None:
    company = new_company("Fresh", confirmed=False)
    first = mails.secret(company.email)
    limit = identity.settings.link_mails_per_account
    browser.log_in(company)
    headers = {"X-CSRF-Token": browser.csrf_token}
    codes = [
        browser.http.post(f"{browser.site}/account/ask-confirmation", headers=headers).status_code
        for _ in range(limit + 1)
    ]
    assert codes == [200] * limit + [429]
    assert len(mails.to(company.email)) == limit + 1
    with pytest.raises(FuniaError) as raised:
        identity.emails.confirm(first)
    assert raised.value.reason == "LINK_GONE"
    assert identity.emails.confirm(mails.secret(company.email)).id == company.owner_id


def test_a_forgotten_password_is_set_by_a_link_that_works_once_and_ends_every_session(
    acme: Any, other: Any, mails: Any, forms: Any, identity: Identity, admin: Any
) -> None:
    mine = identity.sessions.open(acme.owner_id, acme.tenant_id)
    theirs = identity.sessions.open(other.owner_id, other.tenant_id)
    asked = forms().send("/forgotten-password", email=acme.email.upper())
    assert asked.status_code == 200
    secret = mails.secret(acme.email)
    kept = admin.execute(
        "SELECT secret_hash FROM one_time_secret WHERE user_id = %s AND purpose = 'reset-password'", (acme.owner_id,)
    ).fetchall()
    assert [bytes(row[0]) for row in kept] == [digest(secret)]
    guest = forms()
    assert guest.get("/reset-password").headers["Referrer-Policy"] == "no-referrer"
    weak = guest.send("/reset-password", secret=secret, password="short")
    assert weak.status_code == 400
    assert secret in weak.text
    done = guest.send("/reset-password", secret=secret, password=FRESH)
    assert done.headers["Location"] == "/log-in?note=password-set"
    assert works(identity, acme.email, FRESH)
    assert not works(identity, acme.email, PASSWORD)
    assert identity.sessions.read(mine.secret) is None
    assert identity.sessions.read(theirs.secret) is not None
    assert ended(admin, acme) == ["password_reset"]
    assert ended(admin, other) == []
    assert mails.to(acme.email)[-1]["Subject"] == "Your Funia password was changed"
    assert guest.send("/reset-password", secret=secret, password="yet another one").status_code == 409
    assert works(identity, acme.email, FRESH)


def test_a_reset_ends_the_grants_of_apps_in_every_company_of_the_person(
    acme: Any, other: Any, mails: Any, identity: Identity, admin: Any
) -> None:
    for company, person in ((acme, acme), (other, other)):
        admin.execute(
            """
            INSERT INTO oauth_grant
                (tenant_id, id, client_id, user_id, scopes, authenticated_at, created_at, expires_at)
            VALUES (%s, gen_random_uuid(), 'c', %s, '{}', now(), now(), now() + interval '1 day')
            """,
            (company.tenant_id, person.owner_id),
        )
    identity.password_changes.ask_reset(acme.email, address="10.9.0.2")
    identity.password_changes.reset(mails.secret(acme.email), FRESH)
    query = "SELECT revoked_for FROM oauth_grant WHERE tenant_id = %s"
    assert admin.execute(query, (acme.tenant_id,)).fetchall() == [("password_reset",)]
    assert admin.execute(query, (other.tenant_id,)).fetchall() == [("",)]


def test_an_address_without_an_account_gets_the_same_answer_and_no_mail(
    acme: Any, mails: Any, forms: Any, mailbox: Any, admin: Any
) -> None:
    stranger = f"nobody-{secrets.token_hex(4)}@example.com"
    pages = [forms().send("/forgotten-password", email=email) for email in (acme.email, stranger)]
    assert [page.status_code for page in pages] == [200, 200]
    texts = [page.text.replace(email, "") for page, email in zip(pages, (acme.email, stranger), strict=True)]
    without_tokens = [text.split("entry-languages")[0].split("csrf-token")[1][80:] for text in texts]
    assert without_tokens[0] == without_tokens[1]
    assert mails.to(stranger) == []
    assert len(mails.to(acme.email)) == 1
    assert admin.execute("SELECT count(*) FROM outgoing_mail").fetchone() == (0,)


def test_asking_takes_as_long_for_an_address_without_an_account(acme: Any, identity: Identity, mails: Any) -> None:
    many = identity.settings.model_copy(update={"link_mails_per_account": 10_000, "link_mails_per_address": 10_000})
    changes = PasswordChanges(identity.database, identity.accounts, identity.passwords, identity.post, many)

    def median(email: str) -> float:
        times = []
        for _ in range(21):
            started = time.perf_counter()
            changes.ask_reset(email, address="10.9.0.3")
            times.append(time.perf_counter() - started)
        return sorted(times)[10]

    ratios = []
    for _ in range(4):
        ratios.append(median(acme.email) / median("nobody-at-all@example.com"))
    assert any(0.6 < ratio < 1.7 for ratio in ratios), ratios


def test_requests_for_a_reset_are_limited_by_account_and_by_address(acme: Any, other: Any, identity: Identity) -> None:
    few = identity.settings.model_copy(update={"link_mails_per_account": 2, "link_mails_per_address": 5})
    changes = PasswordChanges(identity.database, identity.accounts, identity.passwords, identity.post, few)
    for _ in range(2):
        changes.ask_reset(acme.email, address="10.9.1.1")
    with pytest.raises(ResourceExhausted):
        changes.ask_reset(acme.email, address="10.9.1.2")
    for _ in range(2):
        changes.ask_reset(other.email, address="10.9.1.1")
    with pytest.raises(ResourceExhausted):
        for index in range(9):
            changes.ask_reset(f"somebody{index}@example.com", address="10.9.1.1")


def test_a_link_is_of_no_use_after_its_time_for_another_purpose_or_a_suspended_account(
    acme: Any, mails: Any, identity: Identity, admin: Any
) -> None:
    identity.password_changes.ask_reset(acme.email, address="10.9.0.4")
    secret = mails.secret(acme.email)
    with pytest.raises(FuniaError):
        identity.emails.confirm(secret)
    admin.execute("UPDATE user_account SET status = 'suspended' WHERE id = %s", (acme.owner_id,))
    with pytest.raises(FuniaError):
        identity.password_changes.reset(secret, FRESH)
    admin.execute("UPDATE user_account SET status = 'active' WHERE id = %s", (acme.owner_id,))
    admin.execute("UPDATE one_time_secret SET expires_at = now() WHERE user_id = %s", (acme.owner_id,))
    with pytest.raises(FuniaError) as raised:
        identity.password_changes.reset(secret, FRESH)
    assert raised.value.reason == "LINK_GONE"
    assert works(identity, acme.email, PASSWORD)


def test_no_secret_of_a_link_reaches_the_log(
    acme: Any, mails: Any, forms: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    forms().send("/forgotten-password", email=acme.email)
    link, secret = mails.link(acme.email), mails.secret(acme.email)
    forms().get(link.partition("#")[0].partition("://")[2].partition("/")[2].join(["/", ""]))
    forms().send("/reset-password", secret=secret, password=FRESH)
    assert secret not in caplog.text


def test_forms_without_their_token_are_refused(acme: Any, mails: Any, site: str, identity: Identity) -> None:
    import httpx

    identity.password_changes.ask_reset(acme.email, address="10.9.0.5")
    secret = mails.secret(acme.email)
    with httpx.Client(base_url=site) as http:
        for path in ("/forgotten-password", "/reset-password", "/confirm-email", "/change-email", "/invitation"):
            answer = http.post(path, data={"secret": secret, "password": FRESH, "email": acme.email})
            assert answer.status_code == 400, path
    assert works(identity, acme.email, PASSWORD)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example"])
def test_the_way_back_never_leads_to_another_site(acme: Any, forms: Any, target: str) -> None:
    guest = forms()
    answer = guest.send("/log-in", email=acme.email, password=PASSWORD, next=target)
    assert answer.headers["Location"] == "/"
    assert guest.send("/log-out", page="/settings/company", next=target).headers["Location"] == "/log-in"


@pytest.mark.browser
def test_a_forgotten_password_is_set_in_the_browser(
    site: str, acme: Any, mails: Any, open_page: Any, identity: Identity, keep_picture: Any
) -> None:
    page = open_page(f"{site}/log-in", width=390)
    page.get_by_role("link", name="Forgot the password?").click()
    keep_picture(page, "forgotten-390")
    page.get_by_label("E-mail").fill(acme.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    keep_picture(page, "forgotten-sent-390")
    page = open_page(mails.link(acme.email), width=390)
    assert "#" not in page.url
    keep_picture(page, "reset-390")
    page.get_by_label("New password").fill(FRESH)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your new password is set. Log in with it.")).to_be_visible()
    page.get_by_label("E-mail").fill(acme.email)
    page.get_by_label("Password").fill(FRESH)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("body.framed")).to_be_visible()
