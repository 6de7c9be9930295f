"""People log in by their company's provider, and no provider opens what is not its company's."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from chassis.caller import Caller
from chassis.errors import FuniaError
from funia.events.v1.envelope_pb2 import Envelope
from gateway.app import PublicApp
from gateway.composition import Identity
from gateway.identity.platform import open_platform_work
from gateway.identity.roles import ROLES
from gateway.identity.usecases import clients, people
from gateway.identity.usecases.accounts import SignUp
from sso_flow import CSRF, LyingProvider, Person

PASSWORD = "correct horse battery"
Connect = Callable[..., str]


def members(admin: Any, company: Any) -> dict[str, tuple[str, str]]:
    rows = admin.execute("SELECT email, role, status FROM membership WHERE tenant_id = %s", (company.tenant_id,))
    return {email: (role, status) for email, role, status in rows if email != company.email}


def last_acts(admin: Any, company: Any, count: int) -> list[str]:
    rows = admin.execute(
        "SELECT action FROM audit_entry WHERE tenant_id = %s ORDER BY sequence DESC LIMIT %s",
        (company.tenant_id, count),
    )
    return [row[0] for row in rows][::-1]


def told(answer: httpx.Response) -> int:
    assert "funia_session" not in answer.headers.get("Set-Cookie", "")
    return answer.status_code


def test_a_foreign_provider_lets_its_people_in(
    foreign_issuer: str, connect: Connect, person: Person, acme: Any, other: Any, admin: Any
) -> None:
    domain = connect(acme, foreign_issuer, role="seller")
    email = f"maria@{domain}"
    claims = {"email": email, "email_verified": True, "name": "Maria Foreign"}
    httpx.put(f"{foreign_issuer}/users/maria-1", json=claims).raise_for_status()
    begun = person.begin(email, target="/settings/company")
    assert begun.status_code == 303
    agreed = httpx.post(begun.headers["Location"], data={"sub": "maria-1"})
    assert agreed.headers["Location"].startswith(f"{person.site}/log-in/sso/callback?")
    back = person.http.get(agreed.headers["Location"])
    assert (back.status_code, back.headers["Location"]) == (303, "/settings/company")
    assert person.is_in
    assert members(admin, acme) == {email: ("seller", "active")}
    assert members(admin, other) == {}
    assert last_acts(admin, acme, 3) == ["identity.user.activated", "identity.sso.linked", "identity.log_in.succeeded"]
    again = person.http.get(agreed.headers["Location"])
    assert told(again) == 401


def test_a_second_gateway_of_our_own_lets_its_people_in(
    second_gateway: PublicApp, connect: Connect, person: Person, acme: Any, admin: Any
) -> None:
    there = second_gateway.identity
    email = f"olga@d{secrets.token_hex(5)}.example"
    signed_up = there.accounts.sign_up(SignUp("Acme's log-in", "Olga", email, PASSWORD), address="127.0.0.1")
    tenant_id = signed_up.tenant.tenant_id
    owner = Caller(tenant_id, "user", signed_up.user.user_id, ROLES["owner"].scopes, "all")
    with there.database.open_work(owner) as work:
        scopes = ["openid", "email", "profile"]
        redirect = f"{person.site}/log-in/sso/callback"
        app = clients.register(work, clients.ClientDraft("Funia", [redirect], scopes, ["authorization_code"], False))
    with open_platform_work(there.database) as platform:
        platform.raw.execute("UPDATE user_account SET email_confirmed = true WHERE email = %s", (email,))
    connect(
        acme, there.settings.issuer, client_id=app.row.client_id, client_secret=app.secret, domain=email.split("@")[1]
    )
    begun = person.begin(email)
    with httpx.Client() as at_provider:
        logged_in = at_provider.post(f"{there.settings.issuer}/v1/log-in", json={"email": email, "password": PASSWORD})
        assert logged_in.status_code == 200
        consent = at_provider.get(begun.headers["Location"])
        token = CSRF.search(consent.text)
        assert token, consent.text
        form = {"csrf_token": token[1], "decision": "allow", "tenant_id": str(tenant_id)}
        agreed = at_provider.post(begun.headers["Location"], data=form)
    back = person.http.get(agreed.headers["Location"])
    assert back.status_code == 303, back.text
    assert person.is_in
    assert members(admin, acme) == {email: ("viewer", "active")}


def test_a_provider_cannot_take_over_an_account_of_another_company(
    liar: LyingProvider, connect: Connect, person: Person, acme: Any, other: Any, admin: Any
) -> None:
    domain = connect(acme, liar.issuer)
    refused = person.log_in(liar, f"ok@{domain}", email=other.email, sub="evil")
    assert told(refused) == 403
    assert not person.is_in
    assert members(admin, acme) == {}
    assert last_acts(admin, acme, 1) == ["identity.log_in.failed"]


def test_a_session_by_a_provider_opens_its_company_and_no_other(
    liar: LyingProvider, connect: Connect, person: Person, identity: Identity, acme: Any, other: Any
) -> None:
    domain = connect(acme, liar.issuer)
    email = f"both@{domain}"
    with identity.database.open_work(other.caller()) as work:
        people.add_user(work, people.NewUser(email, "Both", "admin", PASSWORD, "en"), identity.passwords)
    assert person.log_in(liar, email).status_code == 303
    cookie = person.http.cookies["funia_session"]
    present = identity.sessions.read(cookie)
    assert present is not None
    assert present.member.tenant_id == acme.tenant_id
    with pytest.raises(FuniaError) as raised:
        identity.sessions.switch(cookie, other.tenant_id)
    assert raised.value.reason == "SSO_SESSION"
    assert [row.tenant_id for row in identity.sessions.companies_opened(present)] == [acme.tenant_id]
    age = datetime.now(UTC) - present.authenticated_at
    assert age.total_seconds() >= identity.settings.session_max_s


@pytest.mark.parametrize(
    "lie",
    [
        {"email_verified": None},
        {"email_verified": "true"},
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://login.example.com"},
        {"aud": "another-app"},
        {"aud": ["funia", "another-app"]},
        {"exp": 1},
        {"sub": None},
    ],
)
def test_a_word_that_does_not_hold_lets_nobody_in(
    liar: LyingProvider, connect: Connect, person: Person, acme: Any, admin: Any, lie: dict[str, Any]
) -> None:
    domain = connect(acme, liar.issuer)
    assert told(person.log_in(liar, f"x@{domain}", **lie)) == 403
    assert not person.is_in
    assert members(admin, acme) == {}


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_tokens_without_the_providers_own_signature_are_refused(
    liar: LyingProvider, connect: Connect, person: Person, acme: Any, admin: Any, algorithm: str
) -> None:
    domain = connect(acme, liar.issuer)
    liar.algorithm = algorithm
    try:
        assert told(person.log_in(liar, f"x@{domain}")) == 403
    finally:
        liar.algorithm = "ES256"
    assert members(admin, acme) == {}


def test_keys_of_a_provider_may_rotate_and_pkce_is_sent(
    liar: LyingProvider, connect: Connect, person: Person, acme: Any
) -> None:
    domain = connect(acme, liar.issuer)
    assert person.log_in(liar, f"a@{domain}").status_code == 303
    liar.rotate()
    assert person.log_in(liar, f"a@{domain}").status_code == 303
    assert all(len(asked["code_verifier"]) >= 43 for asked in liar.token_requests)


def test_a_link_follows_the_subject_and_not_the_address(
    liar: LyingProvider, connect: Connect, person: Person, acme: Any, admin: Any
) -> None:
    domain = connect(acme, liar.issuer)
    assert person.log_in(liar, f"a@{domain}", sub="one").status_code == 303
    assert person.log_in(liar, f"renamed@{domain}", sub="one").status_code == 303
    assert list(members(admin, acme)) == [f"a@{domain}"]


def test_the_answer_must_come_to_the_browser_that_asked_and_only_once(
    liar: LyingProvider, connect: Connect, person: Person, acme: Any, site: str
) -> None:
    domain = connect(acme, liar.issuer)
    asked = liar.asked(person.begin(f"a@{domain}").headers["Location"])
    liar.word = {"email": f"a@{domain}", "email_verified": True, "sub": "a"}
    with httpx.Client() as victim:
        forced = Person(site, victim).come_back(state=asked["state"], code="the-code")
        assert told(forced) == 401
    assert told(person.come_back(state=asked["state"] + "x", code="the-code")) == 401
    mixed_up = person.begin(f"a@{domain}")
    state = liar.asked(mixed_up.headers["Location"])["state"]
    assert told(person.come_back(state=state, code="the-code", iss="https://evil.example")) == 403


def test_an_open_redirect_is_not_followed(liar: LyingProvider, connect: Connect, person: Person, acme: Any) -> None:
    domain = connect(acme, liar.issuer)
    begun = person.begin(f"a@{domain}", target="https://evil.example/")
    asked = liar.asked(begun.headers["Location"])
    liar.word = {"email": f"a@{domain}", "email_verified": True, "sub": "a"}
    assert person.come_back(state=asked["state"], code="c").headers["Location"] == "/"


def test_suspended_people_stay_out(
    liar: LyingProvider, connect: Connect, person: Person, identity: Identity, acme: Any
) -> None:
    domain = connect(acme, liar.issuer)
    assert person.log_in(liar, f"a@{domain}").status_code == 303
    present = identity.sessions.read(person.http.cookies["funia_session"])
    assert present is not None
    with identity.database.open_work(acme.caller()) as work:
        people.change_user(work, present.member.user_id, {"status": "suspended"}, etag="")
    person.http.cookies.clear()
    assert told(person.log_in(liar, f"a@{domain}")) == 403
    assert not person.is_in


def test_where_passwords_are_refused_owners_keep_theirs(
    liar: LyingProvider, connect: Connect, person: Person, identity: Identity, acme: Any, site: str
) -> None:
    domain = connect(acme, liar.issuer)
    email = f"staff@{domain}"
    with identity.database.open_work(acme.caller()) as work:
        people.add_user(work, people.NewUser(email, "Staff", "seller", PASSWORD, "en"), identity.passwords)
    assert httpx.post(f"{site}/v1/log-in", json={"email": email, "password": PASSWORD}).status_code == 200
    connect(acme, liar.issuer, sso_only=True)
    refused = httpx.post(f"{site}/v1/log-in", json={"email": email, "password": PASSWORD})
    assert (refused.status_code, refused.json()["reason"]) == (403, "SSO_REQUIRED")
    assert httpx.post(f"{site}/v1/log-in", json={"email": acme.email, "password": PASSWORD}).status_code == 200
    assert person.log_in(liar, email).status_code == 303


def test_a_password_elsewhere_does_not_open_a_company_that_refuses_passwords(
    liar: LyingProvider, connect: Connect, identity: Identity, acme: Any, other: Any
) -> None:
    domain = connect(acme, liar.issuer, sso_only=True)
    with identity.database.open_work(other.caller()) as work:
        new = people.NewUser(f"both@{domain}", "Both", "admin", PASSWORD, "en")
        user_id = people.add_user(work, new, identity.passwords).user_id
    with identity.database.open_work(acme.caller()) as work:
        people.add_user(work, people.NewUser(f"both@{domain}", "Both", "seller", "", "en"), identity.passwords)
    opened = identity.sessions.open(user_id, other.tenant_id)
    present = identity.sessions.read(opened.secret)
    assert present is not None
    assert [row.tenant_id for row in identity.sessions.companies_opened(present)] == [other.tenant_id]
    with pytest.raises(FuniaError) as raised:
        identity.sessions.switch(opened.secret, acme.tenant_id)
    assert raised.value.reason == "SSO_REQUIRED"


def test_an_address_that_no_company_has_proven_leads_nowhere(
    liar: LyingProvider, connect: Connect, person: Person, identity: Identity, acme: Any
) -> None:
    connect(acme, liar.issuer)
    with identity.database.open_work(acme.caller()) as work:
        identity.sso_connections.add_domain(work, "unproven.example")
    for email in ("a@unproven.example", "a@nobody.example", "not an address"):
        assert person.begin(email).status_code == 400


def test_a_provider_that_is_away_or_names_itself_otherwise_is_told_of(
    connect: Connect, person: Person, acme: Any
) -> None:
    domain = connect(acme, "http://127.0.0.1:1")
    assert person.begin(f"a@{domain}").status_code == 409
    impostor = LyingProvider(wrong_issuer="https://login.example.com")
    try:
        connect(acme, impostor.issuer, domain=domain)
        assert person.begin(f"a@{domain}").status_code == 409
    finally:
        impostor.stop()


def test_the_secret_is_sealed_and_events_carry_none_of_it(
    liar: LyingProvider, connect: Connect, acme: Any, admin: Any
) -> None:
    connect(acme, liar.issuer, client_secret="very-secret-value")
    kept = admin.execute("SELECT secret_jwe FROM sso_connection WHERE tenant_id = %s", (acme.tenant_id,)).fetchone()[0]
    assert "very-secret-value" not in kept
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (acme.tenant_id,)).fetchall()
    types = [Envelope.FromString(row[0]).type for row in rows]
    assert types[-3:] == ["identity.sso.connected", "identity.sso_domain.added", "identity.sso_domain.verified"]
    assert all(b"very-secret-value" not in bytes(row[0]) for row in rows)
