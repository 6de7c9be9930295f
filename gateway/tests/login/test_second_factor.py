"""Codes of an app and recovery codes: asked for after the password, each good for once."""

from __future__ import annotations

import re
import threading
import time
from typing import Any

import pyotp
import pytest
from chassis.errors import FuniaError
from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1.log_in_events_pb2 import SecondFactorChanged
from gateway.composition import Identity
from playwright.sync_api import expect

PASSWORD = "correct horse battery"


def refusal(call: Any, *args: Any, **options: Any) -> str:
    with pytest.raises(FuniaError) as raised:
        call(*args, **options)
    return raised.value.reason


def with_app(identity: Identity, company: Any) -> tuple[pyotp.TOTP, list[str]]:
    """An account that has an app, set up with the code of the step before, and its recovery codes."""
    totp = pyotp.TOTP(identity.second_factors.begin_app(company.owner_id, company.email).key)
    return totp, identity.second_factors.confirm_app(company.owner_id, totp.at(int(time.time()) - 30))


def changes(admin: Any, company: Any) -> list[str]:
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (company.tenant_id,))
    envelopes = [Envelope.FromString(row[0]) for row in rows]
    kind = "identity.user.second_factor_changed"
    return [SecondFactorChanged.FromString(one.payload).change for one in envelopes if one.type == kind]


def test_an_app_is_on_after_its_first_code_and_told_by_mail_and_event(
    acme: Any, other: Any, identity: Identity, mails: Any, admin: Any
) -> None:
    factors = identity.second_factors
    new = factors.begin_app(acme.owner_id, acme.email)
    assert refusal(factors.confirm_app, acme.owner_id, "000000") == "WRONG_CODE"
    assert not factors.of(acme.owner_id).any
    codes = factors.confirm_app(acme.owner_id, pyotp.TOTP(new.key).now())
    assert factors.of(acme.owner_id).has_app
    assert len(set(codes)) == 10
    kept = admin.execute("SELECT sealed FROM totp WHERE user_id = %s", (acme.owner_id,)).fetchone()[0]
    assert new.key not in kept
    hashes = admin.execute("SELECT code_hash FROM recovery_code WHERE user_id = %s", (acme.owner_id,)).fetchall()
    assert all(code.replace("-", "").encode() not in bytes(row[0]) for code in codes for row in hashes)
    assert "turned on" in mails.to(acme.email)[-1].get_body(("plain",)).get_content()
    assert changes(admin, acme) == ["added_app"]
    assert refusal(factors.begin_app, acme.owner_id, acme.email) == "APP_IS_ON"
    assert not factors.of(other.owner_id).any
    assert changes(admin, other) == []


def test_a_code_is_taken_once_and_none_before_it_afterwards(acme: Any, identity: Identity) -> None:
    totp, _ = with_app(identity, acme)
    check = identity.second_factors.check_code
    code, before = totp.now(), totp.at(int(time.time()) - 30)
    assert check(acme.owner_id, code) == "otp"
    assert refusal(check, acme.owner_id, code) == "WRONG_CODE"
    assert refusal(check, acme.owner_id, before) == "WRONG_CODE"
    assert refusal(check, acme.owner_id, totp.at(int(time.time()) + 120)) == "WRONG_CODE"
    assert refusal(check, acme.owner_id, "") == "WRONG_CODE"


def test_of_many_uses_of_one_code_at_once_one_wins(acme: Any, identity: Identity) -> None:
    totp, codes = with_app(identity, acme)
    for code in (totp.now(), codes[0]):
        outcomes: list[str] = []

        def use(code: str = code, outcomes: list[str] = outcomes) -> None:
            try:
                outcomes.append(identity.second_factors.check_code(acme.owner_id, code))
            except FuniaError as error:
                outcomes.append(error.reason)

        threads = [threading.Thread(target=use) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes)[:4] == ["WRONG_CODE"] * 4
        assert sorted(outcomes)[4] in ("otp", "rc")


def test_a_recovery_code_works_once_for_its_person_only(acme: Any, other: Any, identity: Identity, admin: Any) -> None:
    _, codes = with_app(identity, acme)
    with_app(identity, other)
    check = identity.second_factors.check_code
    assert refusal(check, other.owner_id, codes[0]) == "WRONG_CODE"
    assert check(acme.owner_id, codes[0].upper()) == "rc"
    assert refusal(check, acme.owner_id, codes[0]) == "WRONG_CODE"
    assert identity.second_factors.of(acme.owner_id).codes_left == 9
    fresh = identity.second_factors.new_codes(acme.owner_id)
    assert refusal(check, acme.owner_id, codes[1]) == "WRONG_CODE"
    assert check(acme.owner_id, fresh[0]) == "rc"
    assert changes(admin, acme) == ["added_app", "used_code", "new_codes", "used_code"]


def test_guesses_of_a_code_are_limited_by_account_and_end_with_the_window(
    acme: Any, other: Any, identity: Identity, admin: Any
) -> None:
    totp, _ = with_app(identity, acme)
    other_totp, _ = with_app(identity, other)
    check = identity.second_factors.check_code
    for _ in range(identity.settings.second_factor_tries):
        assert refusal(check, acme.owner_id, "000000") == "WRONG_CODE"
    assert refusal(check, acme.owner_id, totp.now()) == "TOO_MANY_ATTEMPTS"
    assert check(other.owner_id, other_totp.now()) == "otp"
    admin.execute("UPDATE attempt SET window_ends_at = now()")
    assert check(acme.owner_id, totp.now()) == "otp"


def test_the_log_in_asks_for_the_code_over_json_and_in_forms(
    browser: Any, acme: Any, identity: Identity, forms: Any
) -> None:
    totp, codes = with_app(identity, acme)
    asked = {"email": acme.email, "password": PASSWORD}
    without = browser.http.post(f"{browser.site}/v1/log-in", json=asked)
    assert (without.status_code, without.json()["reason"]) == (401, "SECOND_FACTOR_REQUIRED")
    assert "funia_session" not in browser.http.cookies
    wrong = browser.http.post(f"{browser.site}/v1/log-in", json={**asked, "code": "123456"})
    assert wrong.status_code == 400
    right = browser.http.post(f"{browser.site}/v1/log-in", json={**asked, "code": totp.now()})
    assert right.status_code == 200
    present = identity.sessions.read(browser.http.cookies["funia_session"])
    assert present is not None
    assert present.amr == ("pwd", "otp", "mfa")
    guest = forms()
    step = guest.log_in(acme.email, PASSWORD)
    assert "One more step" in step.text
    assert "funia_session" not in guest.http.cookies
    ticket = re.search(r'name="ticket" value="([^"]+)"', step.text)[1]
    assert guest.send("/log-in/second-step", page="/log-in", ticket=ticket, code="nonsense").status_code == 400
    assert (
        guest.send("/log-in/second-step", page="/log-in", ticket=ticket[:-3] + "AA=", code=codes[0]).status_code == 401
    )
    company_ticket = identity.sessions.ticket(acme.owner_id)
    forged = guest.send("/log-in/second-step", page="/log-in", ticket=company_ticket, code=codes[0])
    assert forged.status_code == 401
    skipped = guest.send("/log-in/company", page="/log-in", ticket=ticket, tenant_id=str(acme.tenant_id))
    assert skipped.status_code == 401
    done = guest.send("/log-in/second-step", page="/log-in", ticket=ticket, code=codes[0], next="/account")
    assert done.headers["Location"] == "/account"


def test_a_company_that_asks_for_a_second_factor_opens_nothing_without_one(
    browser: Any, acme: Any, other: Any, identity: Identity
) -> None:
    browser.log_in(acme)
    headers = {"X-CSRF-Token": browser.csrf_token}
    changed = browser.http.patch(f"{browser.site}/v1/tenant", json={"second_factor_required": True}, headers=headers)
    assert changed.json()["second_factor_required"] is True
    assert browser.http.get(f"{browser.site}/v1/tenant").status_code == 401
    turned = browser.http.get(f"{browser.site}/settings/company")
    assert (turned.status_code, turned.headers["Location"]) == (303, "/account")
    page = browser.http.get(f"{browser.site}/account")
    assert "asks for a second factor" in page.text
    assert browser.http.post(f"{browser.site}/account/profile", headers=headers).status_code != 500
    app = browser.http.get(f"{browser.site}/account/app")
    key = re.search(r"<code>([A-Z2-7]{32})</code>", app.text)[1]
    done = browser.http.post(f"{browser.site}/account/app", headers=headers, data={"code": pyotp.TOTP(key).now()})
    assert "shown only this once" in done.text
    assert browser.http.get(f"{browser.site}/v1/tenant").json()["name"] == "Acme"
    assert identity.sessions.read(identity.sessions.open(other.owner_id, other.tenant_id).secret) is not None


def test_the_second_factor_changes_only_soon_after_a_log_in(
    browser: Any, acme: Any, identity: Identity, admin: Any
) -> None:
    totp, codes = with_app(identity, acme)
    former = identity.sessions.open(acme.owner_id, acme.tenant_id, amr=("pwd", "otp", "mfa")).secret
    browser.http.cookies.set("funia_session", former, domain="127.0.0.1")
    admin.execute(
        "UPDATE session SET authenticated_at = now() - interval '1 hour' WHERE user_id = %s", (acme.owner_id,)
    )
    headers = {"X-CSRF-Token": identity.sessions.look(former).csrf_token}
    for path in ("app/remove", "codes", "passkeys/options", "email"):
        turned = browser.http.post(f"{browser.site}/account/{path}", headers=headers, data={"email": "x@example.com"})
        assert turned.headers["Location"] == "/account/prove", path
    assert identity.second_factors.of(acme.owner_id).has_app
    prove = f"{browser.site}/account/prove"
    no_code = browser.http.post(prove, headers=headers, data={"password": PASSWORD, "code": "000000"})
    assert no_code.status_code == 400
    assert browser.http.post(prove, headers=headers, data={"password": "x", "code": codes[0]}).status_code == 401
    proved = browser.http.post(prove, headers=headers, data={"password": PASSWORD, "code": totp.now()})
    assert proved.headers["Location"] == "/account"
    assert identity.sessions.look(former) is None
    renewed = browser.http.cookies.get("funia_session", domain="127.0.0.1")
    headers = {"X-CSRF-Token": identity.sessions.look(renewed).csrf_token}
    done = browser.http.post(f"{browser.site}/account/app/remove", headers=headers)
    assert done.headers["Location"] == "/account?done=app-off"
    assert not identity.second_factors.of(acme.owner_id).has_app


@pytest.mark.browser
def test_a_person_sets_an_app_up_and_logs_in_with_it(
    site: str, acme: Any, open_page: Any, identity: Identity, keep_picture: Any
) -> None:
    page = open_page(f"{site}/log-in?next=/account")
    page.get_by_label("E-mail").fill(acme.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    keep_picture(page, "account-1440")
    page.get_by_role("link", name="Set up an app").click()
    keep_picture(page, "account-app-1440")
    totp = pyotp.TOTP(page.locator(".secret-key code").inner_text())
    page.get_by_label("2. Write the code").fill(totp.at(int(time.time()) - 30))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".code-list li")).to_have_count(10)
    keep_picture(page, "account-codes-1440")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 codes left")).to_be_visible()
    phone = open_page(f"{site}/log-in?next=/account", width=390)
    phone.get_by_label("E-mail").fill(acme.email)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Log in", exact=True).click()
    keep_picture(phone, "second-step-390")
    phone.get_by_label("Code").fill(totp.now())
    phone.get_by_role("button", name="Log in").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("My account")
    keep_picture(phone, "account-390")
    phone.get_by_role("button", name="End all others").click()
    expect(phone.get_by_text("Every other session is ended.")).to_be_visible()
    page.goto(f"{site}/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
