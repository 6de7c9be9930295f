"""What a person sees and ends of his sessions, and an administrator of another's; and changing address and password."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.errors import FuniaError, ResourceExhausted, Unauthenticated
from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1.log_in_events_pb2 import SessionsEnded
from gateway.composition import Identity
from gateway.identity.usecases.sessions import session_id_of

PASSWORD = "correct horse battery"
FRESH = "staple correct horse"


def ended(admin: Any, company: Any) -> list[tuple[str, str]]:
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (company.tenant_id,))
    envelopes = [Envelope.FromString(row[0]) for row in rows]
    told = [SessionsEnded.FromString(one.payload) for one in envelopes if one.type == "identity.user.sessions_ended"]
    return [(one.user_id, one.reason) for one in told]


def test_a_person_sees_where_he_is_logged_in_and_ends_one_of_them(
    browser: Any, acme: Any, other: Any, identity: Identity
) -> None:
    browser.http.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0"
    browser.log_in(acme)
    lost = identity.sessions.open(acme.owner_id, acme.tenant_id)
    theirs = identity.sessions.open(other.owner_id, other.tenant_id)
    page = browser.http.get(f"{browser.site}/account")
    assert "Firefox, Windows" in page.text
    assert "127.0.0.1" in page.text
    mine = identity.sessions.look(lost.secret)
    session_id = session_id_of(mine.token_hash)
    headers = {"X-CSRF-Token": browser.csrf_token}
    foreign = session_id_of(identity.sessions.look(theirs.secret).token_hash)
    refused = browser.http.post(f"{browser.site}/account/sessions/{foreign}/end", headers=headers)
    assert refused.status_code == 404
    assert browser.http.post(f"{browser.site}/account/sessions/{session_id}/end").status_code == 400
    assert identity.sessions.read(lost.secret) is not None
    done = browser.http.post(f"{browser.site}/account/sessions/{session_id}/end", headers=headers)
    assert done.status_code == 200
    assert identity.sessions.read(lost.secret) is None
    assert identity.sessions.read(theirs.secret) is not None
    assert browser.http.get(f"{browser.site}/v1/tenant").status_code == 200


def test_ending_all_others_keeps_this_one_under_a_new_secret(
    browser: Any, acme: Any, identity: Identity, admin: Any
) -> None:
    browser.log_in(acme)
    former = browser.http.cookies["funia_session"]
    lost = identity.sessions.open(acme.owner_id, acme.tenant_id)
    done = browser.http.post(f"{browser.site}/account/sessions/end", headers={"X-CSRF-Token": browser.csrf_token})
    assert done.headers["Location"] == "/account?done=sessions"
    assert identity.sessions.read(lost.secret) is None
    assert identity.sessions.read(former) is None
    assert identity.sessions.read(browser.http.cookies["funia_session"]) is not None
    assert ended(admin, acme) == [(str(acme.owner_id), "by_person")]


def test_an_administrator_ends_what_a_person_holds_in_his_company_only(
    browser: Any, acme: Any, other: Any, identity: Identity, admin: Any
) -> None:
    browser.log_in(acme)
    headers = {"X-CSRF-Token": browser.csrf_token}
    body = {"email": other.email, "full_name": "Guest", "role": "viewer"}
    assert browser.http.post(f"{browser.site}/v1/users", json=body, headers=headers).status_code == 201
    here = identity.sessions.open(other.owner_id, acme.tenant_id)
    there = identity.sessions.open(other.owner_id, other.tenant_id)
    answer = browser.http.post(f"{browser.site}/v1/users/{other.owner_id}:endSessions", json={}, headers=headers)
    assert answer.json() == {"ended": 1}
    assert identity.sessions.read(here.secret) is None
    assert identity.sessions.read(there.secret) is not None
    assert ended(admin, acme) == [(str(other.owner_id), "by_administrator")]
    assert ended(admin, other) == []
    stranger = browser.http.post(
        f"{browser.site}/v1/users/01900000-0000-7000-8000-000000000000:endSessions", json={}, headers=headers
    )
    assert stranger.status_code == 404


def test_suspending_a_person_ends_sessions_and_grants(
    browser: Any, acme: Any, other: Any, identity: Identity, admin: Any
) -> None:
    browser.log_in(acme)
    headers = {"X-CSRF-Token": browser.csrf_token}
    body = {"email": other.email, "full_name": "Guest", "role": "viewer"}
    browser.http.post(f"{browser.site}/v1/users", json=body, headers=headers)
    here = identity.sessions.open(other.owner_id, acme.tenant_id)
    address = f"{browser.site}/v1/users/{other.owner_id}"
    assert browser.http.patch(address, json={"status": "suspended"}, headers=headers).status_code == 200
    assert identity.sessions.read(here.secret) is None
    assert ended(admin, acme) == [(str(other.owner_id), "suspended")]
    assert browser.http.patch(address, json={"status": "active"}, headers=headers).status_code == 200
    assert identity.sessions.read(here.secret) is None


def test_a_password_is_changed_with_the_current_one_and_others_are_logged_out(
    browser: Any, acme: Any, identity: Identity, mails: Any
) -> None:
    browser.log_in(acme)
    lost = identity.sessions.open(acme.owner_id, acme.tenant_id)
    headers = {"X-CSRF-Token": browser.csrf_token}
    address = f"{browser.site}/account/password"
    wrong = browser.http.post(address, headers=headers, data={"current_password": "x", "new_password": FRESH})
    assert wrong.status_code == 400
    assert "This is not your password" in wrong.text
    weak = browser.http.post(address, headers=headers, data={"current_password": PASSWORD, "new_password": "short"})
    assert weak.status_code == 400
    assert identity.sessions.read(lost.secret) is not None
    done = browser.http.post(address, headers=headers, data={"current_password": PASSWORD, "new_password": FRESH})
    assert done.headers["Location"] == "/account?done=password"
    assert identity.sessions.read(lost.secret) is None
    assert browser.http.get(f"{browser.site}/v1/tenant").status_code == 200
    assert mails.to(acme.email)[-1]["Subject"] == "Your Funia password was changed"
    assert identity.accounts.check_password(acme.email, FRESH, address="10.8.0.1").id == acme.owner_id


def test_an_address_changes_once_the_new_one_is_confirmed_and_the_old_one_is_told(
    browser: Any, acme: Any, other: Any, identity: Identity, mails: Any, forms: Any, admin: Any
) -> None:
    browser.log_in(acme)
    headers = {"X-CSRF-Token": browser.csrf_token}
    new = f"new-{acme.email}"
    address = f"{browser.site}/account/email"
    assert browser.http.post(address, headers=headers, data={"email": "nonsense"}).status_code == 400
    asked = browser.http.post(address, headers=headers, data={"email": other.email})
    assert asked.headers["Location"] == "/account?done=email"
    assert mails.to(other.email) == []
    asked = browser.http.post(address, headers=headers, data={"email": new.upper()})
    assert asked.headers["Location"] == "/account?done=email"
    assert new in mails.to(acme.email)[-1].get_body(("plain",)).get_content()
    assert identity.accounts.check_password(acme.email, PASSWORD, address="10.8.0.2").email == acme.email
    secret = mails.secret(new)
    assert forms().send("/change-email", secret=secret).headers["Location"] == "/log-in?note=email-changed"
    assert forms().send("/change-email", secret=secret).status_code == 409
    assert identity.accounts.check_password(new, PASSWORD, address="10.8.0.2").id == acme.owner_id
    with pytest.raises(Unauthenticated):
        identity.accounts.check_password(acme.email, PASSWORD, address="10.8.0.2")
    kept = admin.execute("SELECT email FROM membership WHERE user_id = %s", (acme.owner_id,)).fetchall()
    assert kept == [(new,)]


def test_a_person_changes_name_and_language(browser: Any, acme: Any, admin: Any) -> None:
    browser.log_in(acme)
    headers = {"X-CSRF-Token": browser.csrf_token}
    address = f"{browser.site}/account/profile"
    done = browser.http.post(address, headers=headers, data={"full_name": "Olga Newname", "locale": "bg"})
    assert done.headers["Location"] == "/account?done=profile"
    kept = admin.execute("SELECT full_name, locale FROM membership WHERE user_id = %s", (acme.owner_id,)).fetchone()
    assert kept == ("Olga Newname", "bg")
    assert browser.http.post(address, headers=headers, data={"full_name": "x" * 201}).status_code == 400


def test_who_guesses_from_many_addresses_keeps_nobody_out_of_a_known_browser(
    acme: Any, other: Any, identity: Identity
) -> None:
    check = identity.accounts.check_password
    for index in range(identity.settings.log_in_per_account):
        with pytest.raises(Unauthenticated):
            check(acme.email, "wrong password", address=f"10.77.{index // 250}.{index % 250}")
    with pytest.raises(ResourceExhausted):
        check(acme.email, PASSWORD, address="10.78.0.1")
    known = identity.devices.proof(acme.email)
    assert check(acme.email, PASSWORD, address="10.78.0.2", device=known).id == acme.owner_id
    for useless in (identity.devices.proof(other.email), "x", known[:-4] + "AAA="):
        with pytest.raises(FuniaError) as raised:
            check(acme.email, PASSWORD, address="10.78.0.3", device=useless)
        assert raised.value.reason == "TOO_MANY_ATTEMPTS"
    for _ in range(identity.settings.log_in_per_account):
        with pytest.raises(FuniaError):
            check(acme.email, "wrong password", address="10.78.0.4", device=known)
    with pytest.raises(ResourceExhausted):
        check(acme.email, PASSWORD, address="10.78.0.5", device=known)
