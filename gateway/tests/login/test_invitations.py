"""Inviting people: over the API, by the mail, into the company; and every way in which a link must fail."""

from __future__ import annotations

import secrets
import threading
from typing import Any

import httpx
import pytest
from chassis.errors import FuniaError
from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1.log_in_events_pb2 import InvitationChanged
from gateway.composition import Identity
from gateway.identity.secret_values import digest
from playwright.sync_api import expect

PASSWORD = "correct horse battery"


def somebody() -> str:
    return f"guest-{secrets.token_hex(6)}@example.com"


def invite(browser: Any, email: str, role: str = "seller", **fields: str) -> httpx.Response:
    headers = {"X-CSRF-Token": browser.csrf_token, "Idempotency-Key": secrets.token_hex(8)}
    return browser.http.post(
        f"{browser.site}/v1/invitations", json={"email": email, "role": role, **fields}, headers=headers
    )


def event_types(admin: Any, company: Any) -> list[str]:
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (company.tenant_id,))
    return [Envelope.FromString(row[0]).type for row in rows]


def members(admin: Any, company: Any) -> list[tuple[str, str, str]]:
    query = "SELECT email, role, status FROM membership WHERE tenant_id = %s AND user_id <> %s"
    return list(admin.execute(query, (company.tenant_id, company.owner_id)).fetchall())


def refusals(admin: Any, company: Any) -> list[str]:
    """Why invitations were refused, by the audit log."""
    query = "SELECT action, detail ->> 'reason' FROM audit_entry WHERE tenant_id = %s ORDER BY sequence"
    found = admin.execute(query, (company.tenant_id,)).fetchall()
    return [reason for action, reason in found if action == "identity.invitation.refused"]


def test_a_person_without_an_account_accepts_and_the_link_works_once(
    browser: Any, acme: Any, mails: Any, forms: Any, admin: Any
) -> None:
    email = somebody()
    made = invite(browser.log_in(acme), email, "manager", locale="bg")
    assert made.status_code == 201, made.text
    (mail,) = mails.to(email)
    assert mail["Subject"] == "Olga Owner ви кани в Acme във Funia"
    secret = mails.secret(email)
    kept = admin.execute("SELECT secret_hash FROM invitation WHERE email = %s", (email,)).fetchone()
    assert bytes(kept[0]) == digest(secret)
    guest = forms()
    page = guest.send("/invitation", secret=secret)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "Join Acme" in page.text
    weak = guest.send("/invitation", step="accept", full_name="Gina Guest", password="short")
    assert weak.status_code == 400
    done = guest.send("/invitation", step="accept", full_name="Gina Guest", password=PASSWORD)
    assert (done.status_code, done.headers["Location"]) == (303, "/")
    assert "funia_session" in guest.http.cookies
    assert members(admin, acme) == [(email, "manager", "active")]
    confirmed = admin.execute("SELECT email_confirmed FROM user_account WHERE email = %s", (email,)).fetchone()
    assert confirmed == (True,)
    assert event_types(admin, acme)[2:] == ["identity.user.invited", "identity.user.activated"]
    again = forms().send("/invitation", secret=secret)
    assert again.status_code == 409
    assert "used before" in again.text
    assert len(members(admin, acme)) == 1
    assert refusals(admin, acme) == ["used"]


def test_the_event_of_an_invitation_names_nobody(browser: Any, acme: Any, admin: Any) -> None:
    email = somebody()
    made = invite(browser.log_in(acme), email).json()
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (acme.tenant_id,)).fetchall()
    envelope = Envelope.FromString(rows[-1][0])
    assert InvitationChanged.FromString(envelope.payload).invitation_id == made["id"]
    assert email.encode() not in rows[-1][0]


def test_an_account_accepts_after_its_log_in_and_another_account_is_refused(
    browser: Any, acme: Any, other: Any, mails: Any, forms: Any, admin: Any, new_company: Any
) -> None:
    stranger = new_company("Stranger")
    invite(browser.log_in(acme), other.email)
    secret = mails.secret(other.email)
    forwarded = forms()
    forwarded.log_in(stranger.email, PASSWORD)
    assert "for another address" in forwarded.send("/invitation", page="/settings/company", secret=secret).text
    refused = forwarded.send("/invitation", page="/settings/company", secret=secret, step="accept")
    assert refused.status_code == 403
    assert members(admin, acme) == []
    assert (refusals(admin, acme), refusals(admin, stranger)) == (["forwarded"], [])
    rightful = forms()
    assert "Log in and accept" in rightful.send("/invitation", secret=secret).text
    to_log_in = rightful.send("/invitation", step="accept")
    assert to_log_in.headers["Location"] == "/log-in?next=/invitation"
    back = rightful.send("/log-in", page="/log-in", email=other.email, password=PASSWORD, next="/invitation")
    assert back.headers["Location"] == "/invitation"
    accepted = rightful.send("/invitation", step="accept")
    assert accepted.headers["Location"] == "/"
    assert members(admin, acme) == [(other.email, "seller", "active")]


def test_a_person_without_any_company_accepts_with_the_password(
    browser: Any, acme: Any, other: Any, mails: Any, forms: Any, admin: Any
) -> None:
    admin.execute("UPDATE membership SET status = 'deactivated' WHERE user_id = %s", (other.owner_id,))
    invite(browser.log_in(acme), other.email)
    guest = forms()
    guest.send("/invitation", secret=mails.secret(other.email))
    assert guest.send("/invitation", step="accept", password="wrong password").status_code == 401
    assert members(admin, acme) == []
    assert guest.send("/invitation", step="accept", password=PASSWORD).headers["Location"] == "/"
    assert members(admin, acme) == [(other.email, "seller", "active")]


def test_a_resent_invitation_has_a_new_link_and_a_revoked_one_none(
    browser: Any, acme: Any, other: Any, mails: Any, identity: Identity, admin: Any
) -> None:
    email = somebody()
    made = invite(browser.log_in(acme), email).json()
    first = mails.secret(email)
    headers = {"X-CSRF-Token": browser.csrf_token}
    address = f"{browser.site}/v1/invitations/{made['id']}"
    assert browser.http.post(f"{address}:resend", json={}, headers=headers).status_code == 200
    second = mails.secret(email)
    assert refusal(identity, first) == "LINK_GONE"
    assert identity.invitations.open(second).email == email
    with httpx.Client() as http:
        stranger = type(browser)(browser.site, http).log_in(other)
        for answer in (
            http.post(f"{address}:resend", json={}, headers={"X-CSRF-Token": stranger.csrf_token}),
            http.delete(address, headers={"X-CSRF-Token": stranger.csrf_token}),
        ):
            assert (answer.status_code, answer.json()["reason"]) == (404, "INVITATION_NOT_FOUND")
        assert http.get(f"{browser.site}/v1/invitations").json().get("invitations", []) == []
    assert identity.invitations.open(second).email == email
    assert browser.http.delete(address, headers=headers).status_code == 200
    assert refusal(identity, second) == "LINK_GONE"
    assert event_types(admin, acme)[-1] == "identity.invitation.revoked"
    assert members(admin, acme) == []
    assert (refusals(admin, acme), refusals(admin, other)) == (["revoked"], [])


def refusal(identity: Identity, secret: str) -> str:
    with pytest.raises(FuniaError) as raised:
        identity.invitations.open(secret)
    return raised.value.reason


def test_an_invitation_ends_with_its_time_its_inviter_and_its_company(
    browser: Any, acme: Any, mails: Any, identity: Identity, admin: Any
) -> None:
    email = somebody()
    invite(browser.log_in(acme), email)
    secret = mails.secret(email)
    changes = {
        "invitation": ("expires_at = now()", "expires_at = now() + interval '7 days'"),
        "membership": ("status = 'suspended'", "status = 'active'"),
        "tenant": ("status = 'suspended'", "status = 'trial'"),
    }
    for table, (spoil, mend) in changes.items():
        admin.execute(f"UPDATE {table} SET {spoil} WHERE tenant_id = %s", (acme.tenant_id,))
        assert refusal(identity, secret) == "LINK_GONE", table
        admin.execute(f"UPDATE {table} SET {mend} WHERE tenant_id = %s", (acme.tenant_id,))
        assert identity.invitations.open(secret).email == email
    assert refusals(admin, acme) == ["expired", "inviter_gone", "company_closed"]


def test_of_many_acceptances_at_once_one_wins(
    browser: Any, acme: Any, mails: Any, identity: Identity, admin: Any
) -> None:
    email = somebody()
    invite(browser.log_in(acme), email)
    secret = mails.secret(email)
    outcomes: list[str] = []

    def accept() -> None:
        try:
            identity.invitations.accept_as_new(secret, full_name="Gina", password=PASSWORD, locale="en")
            outcomes.append("in")
        except FuniaError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=accept) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("in") == 1
    assert set(outcomes) <= {"in", "LINK_GONE", "EMAIL_TAKEN"}
    assert len(members(admin, acme)) == 1


def test_an_invitation_says_what_is_wrong_with_it(browser: Any, acme: Any, identity: Identity, admin: Any) -> None:
    browser.log_in(acme)
    email = somebody()
    assert invite(browser, email, "emperor").json()["reason"] == "UNKNOWN_ROLE"
    assert invite(browser, "no-address").status_code == 400
    assert invite(browser, email, team_id=str(acme.owner_id)).json()["reason"] == "UNKNOWN_TEAM"
    assert invite(browser, acme.email).json()["reason"] == "USER_EXISTS"
    assert invite(browser, email).status_code == 201
    assert invite(browser, email.upper()).json()["reason"] == "INVITED_ALREADY"
    admin.execute("UPDATE invitation SET expires_at = now() WHERE email = %s", (email,))
    assert invite(browser, email).status_code == 201
    admin.execute("UPDATE membership SET role = 'admin' WHERE user_id = %s", (acme.owner_id,))
    assert invite(browser, somebody(), "owner").json()["reason"] == "OWNER_ONLY"
    states = admin.execute(
        "SELECT status FROM invitation WHERE tenant_id = %s ORDER BY id", (acme.tenant_id,)
    ).fetchall()
    assert states == [("revoked",), ("pending",)]


def test_a_company_cannot_flood_the_world_with_invitations(
    acme: Any, other: Any, identity: Identity, admin: Any, mails: Any
) -> None:
    from gateway.identity.usecases.invitations import InvitationDraft, Invitations

    few = identity.settings.model_copy(update={"invitations_per_company": 2})
    invitations = Invitations(identity.database, identity.passwords, identity.post, few)
    for _ in range(2):
        with identity.database.open_work(acme.caller()) as work:
            invitations.invite(work, InvitationDraft(somebody(), "seller"))
    with pytest.raises(FuniaError) as raised, identity.database.open_work(acme.caller()) as work:
        invitations.invite(work, InvitationDraft(somebody(), "seller"))
    assert raised.value.reason == "TOO_MANY_ATTEMPTS"
    with identity.database.open_work(other.caller()) as work:
        invitations.invite(work, InvitationDraft(somebody(), "seller"))
    kept = admin.execute("SELECT count(*) FROM invitation WHERE tenant_id = %s", (acme.tenant_id,)).fetchone()
    assert kept == (2,)


def test_the_last_owner_stays_and_nobody_removes_himself(browser: Any, acme: Any, mails: Any, admin: Any) -> None:
    browser.log_in(acme)
    headers = {"X-CSRF-Token": browser.csrf_token}
    address = f"{browser.site}/v1/users/{acme.owner_id}"
    assert browser.http.patch(address, json={"status": "deactivated"}, headers=headers).json()["reason"] == "OWN_STATUS"
    assert browser.http.patch(address, json={"role": "viewer"}, headers=headers).json()["reason"] == "LAST_OWNER"
    assert event_types(admin, acme)[2:] == []


@pytest.mark.browser
def test_an_administrator_invites_and_the_person_joins_in_the_browser(
    site: str, acme: Any, mails: Any, open_page: Any, admin: Any, keep_picture: Any
) -> None:
    email = somebody()
    page = open_page(f"{site}/log-in?next=/settings/people")
    page.get_by_label("E-mail").fill(acme.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator("#i-email").fill(email)
    page.locator("#i-role").select_option("viewer")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
    page.get_by_role("button", name=f"Send again {email}").click()
    expect(page.locator("#toasts")).to_contain_text("Sent again")
    keep_picture(page, "people-invited")
    guest = open_page(mails.link(email), width=390)
    expect(guest.get_by_role("heading", level=1)).to_have_text("Join Acme")
    assert "#" not in guest.url
    keep_picture(guest, "invitation-390")
    guest.get_by_label("Your name").fill("Gina Guest")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Accept the invitation").click()
    expect(guest.locator(".brand-name")).to_have_text("Acme")
    assert members(admin, acme) == [(email, "viewer", "active")]
    page.reload()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove Gina Guest").click()
    expect(page.locator("#toasts")).to_contain_text("Removed")
    assert members(admin, acme) == [(email, "viewer", "deactivated")]
    guest.goto(f"{site}/settings/company")
    expect(guest.get_by_role("heading", level=1)).to_have_text("Log in")
    old = open_page(mails.link(email), width=390)
    expect(old.get_by_role("alert")).to_contain_text("used before")
    keep_picture(old, "invitation-gone-390")
