"""Apps of partners: drafted, reviewed, let in by other companies for some scopes, shut out, stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from chassis.errors import FailedPrecondition, FuniaError, InvalidArgument, NotFound, PermissionDenied
from gateway.composition import Identity
from gateway.identity.usecases import app_grants, app_review, clients
from gateway.identity.usecases.app_review import AppReview
from oauth_flow import SCOPES, Register, answer_of, authorize_url, new_code, redeem, refresh

API = [scope for scope in SCOPES.split() if "." in scope]
Publish = Callable[..., clients.Registered]


@pytest.fixture
def publish(identity: Identity, register: Register) -> Publish:
    """Registers an app of a company and has it reviewed."""

    def make(company: Any, **changes: Any) -> clients.Registered:
        client = register(company, description="Counts sheep", homepage_url="https://sheep.example", **changes)
        with identity.database.open_work(company.caller()) as work:
            app_review.submit(work, client.row.id)
        AppReview(identity.database).decide(client.row.id, "publish", operator=uuid4())
        return client

    return make


def let_in(identity: Identity, company: Any, client: clients.Registered, scopes: list[str] | None = None) -> Any:
    with identity.database.open_work(company.caller()) as work:
        return app_grants.let_in(work, client.row.client_id, API if scopes is None else scopes)[0]


def events_of(admin: Any, company: Any) -> list[str]:
    asked = (
        "SELECT split_part(subject, '.', 3) || '.' || split_part(subject, '.', 4) || '.' || split_part(subject, '.', 5)"
    )
    rows = admin.execute(f"{asked} FROM outbox WHERE tenant_id = %s ORDER BY id", (company.tenant_id,)).fetchall()
    return [row[0] for row in rows]


def test_an_app_goes_through_its_review(identity: Identity, acme: Any, register: Register, admin: Any) -> None:
    client = register(acme, description="Counts sheep", homepage_url="https://sheep.example")
    review = AppReview(identity.database)
    for verdict in ("publish", "send_back", "suspend", "revoke"):
        with pytest.raises(FailedPrecondition):
            review.decide(client.row.id, verdict, operator=uuid4())  # type: ignore[arg-type]
    with identity.database.open_work(acme.caller()) as work:
        assert app_review.submit(work, client.row.id).status == "in_review"
    assert client.row.id in [row.id for row in review.page("in_review", limit=1000)]
    assert review.decide(client.row.id, "send_back", operator=uuid4(), note="Say more").review_note == "Say more"
    with identity.database.open_work(acme.caller()) as work:
        app_review.submit(work, client.row.id)
    with identity.database.open_work(acme.caller()) as work:
        assert app_review.withdraw(work, client.row.id).status == "draft"
    with identity.database.open_work(acme.caller()) as work:
        app_review.submit(work, client.row.id)
    assert review.decide(client.row.id, "publish", operator=uuid4()).status == "published"
    assert review.decide(client.row.id, "suspend", operator=uuid4()).status == "suspended"
    assert review.decide(client.row.id, "publish", operator=uuid4()).status == "published"
    assert review.decide(client.row.id, "revoke", operator=uuid4()).status == "revoked"
    with pytest.raises(FailedPrecondition):
        review.decide(client.row.id, "publish", operator=uuid4())
    verbs = [name.rpartition(".")[2] for name in events_of(admin, acme) if name.startswith("identity.client.")]
    assert verbs == [
        "authorized", "submitted", "sent_back", "submitted", "withdrawn", "submitted", "published", "suspended",
        "published", "revoked",
    ]  # fmt: skip


def test_an_app_nobody_described_and_a_service_account_are_not_reviewed(
    identity: Identity, acme: Any, other: Any, register: Register
) -> None:
    blank = register(acme)
    robot = register(acme, redirect_uris=[], grant_types=["client_credentials"], description="x", homepage_url="y")
    described = register(acme, description="Counts sheep", homepage_url="https://sheep.example")
    for client, company, kind in (
        (blank, acme, FailedPrecondition),
        (robot, acme, FailedPrecondition),
        (described, other, NotFound),
    ):
        with pytest.raises(kind), identity.database.open_work(company.caller()) as work:
            app_review.submit(work, client.row.id)
    with pytest.raises(NotFound):
        AppReview(identity.database).decide(uuid4(), "publish", operator=uuid4())


def test_an_administrator_lets_a_published_app_in_on_its_consent_page(
    browser: Any, acme: Any, other: Any, publish: Publish, admin: Any
) -> None:
    client = publish(other)
    url = authorize_url(browser.log_in(acme).site, client.row.client_id)
    page = browser.http.get(url).text
    assert "Other" in page  # its publisher
    assert "Counts sheep" in page
    chosen = {f"scope-{acme.tenant_id}": ["contacts.read"]}
    tokens = redeem(browser.site, client, answer_of(browser.agree(url, acme, **chosen))["code"]).json()
    assert set(tokens["scope"].split()) == {"contacts.read", "openid", "email", "profile"}
    kept = admin.execute("SELECT scopes FROM app_grant WHERE tenant_id = %s", (acme.tenant_id,)).fetchall()
    assert [set(row[0]) & set(API) for row in kept] == [{"contacts.read"}]
    assert "identity.app_grant.created" in events_of(admin, acme)
    assert "identity.app_grant.created" not in events_of(admin, other)


def test_a_colleague_gets_an_app_only_after_an_administrator_and_only_so_much(
    browser: Any, acme: Any, other: Any, publish: Publish, identity: Identity, admin: Any
) -> None:
    client = publish(other)
    admin.execute("UPDATE membership SET role = 'seller' WHERE user_id = %s", (acme.owner_id,))
    url = authorize_url(browser.log_in(acme).site, client.row.client_id)
    assert browser.http.get(url).status_code == 403
    form = {"csrf_token": browser.csrf_token, "decision": "allow", "tenant_id": str(acme.tenant_id)}
    assert browser.http.post(url, data=form).status_code == 400
    let_in(identity, acme, client, ["contacts.read"])
    tokens = redeem(browser.site, client, answer_of(browser.agree(url, acme))["code"]).json()
    assert "contacts.read" in tokens["scope"].split()
    assert "contacts.write" not in tokens["scope"].split()


def test_shutting_an_app_out_ends_its_refresh_tokens_codes_and_consents_there_and_nowhere_else(
    browser: Any, acme: Any, other: Any, new_company: Any, publish: Publish, identity: Identity, admin: Any
) -> None:
    client, third = publish(other), new_company("Third")
    grants = {company.tenant_id: let_in(identity, company, client) for company in (acme, third)}
    tokens, codes = {}, {}
    for company in (acme, third):
        browser.http.cookies.clear()
        browser.log_in(company)
        tokens[company.tenant_id] = redeem(browser.site, client, new_code(browser, company, client)).json()
        codes[company.tenant_id] = new_code(browser, company, client)
    with identity.database.open_work(acme.caller()) as work:
        app_grants.shut_out(work, grants[acme.tenant_id].id)
    answer = refresh(browser.site, client, tokens[acme.tenant_id]["refresh_token"])
    assert answer.json()["error"] == "invalid_grant"
    assert redeem(browser.site, client, codes[acme.tenant_id]).json()["error"] == "invalid_grant"
    assert refresh(browser.site, client, tokens[third.tenant_id]["refresh_token"]).status_code == 200
    assert redeem(browser.site, client, codes[third.tenant_id]).status_code == 200
    assert {"identity.grant.revoked", "identity.app_grant.revoked"} <= set(events_of(admin, acme))
    assert "identity.grant.revoked" not in events_of(admin, third)
    with pytest.raises(NotFound), identity.database.open_work(acme.caller()) as work:
        app_grants.shut_out(work, grants[acme.tenant_id].id)
    with pytest.raises(NotFound), identity.database.open_work(acme.caller()) as work:
        app_grants.shut_out(work, grants[third.tenant_id].id)


@pytest.mark.parametrize("verdict", ["suspend", "revoke"])
def test_a_stopped_app_gets_no_token_in_any_company(
    browser: Any, acme: Any, other: Any, publish: Publish, identity: Identity, verdict: Any
) -> None:
    client = publish(other)
    let_in(identity, acme, client)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    AppReview(identity.database).decide(client.row.id, verdict, operator=uuid4())
    assert refresh(browser.site, client, tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert browser.http.get(authorize_url(browser.site, client.row.client_id)).status_code == 400
    with pytest.raises(NotFound):
        let_in(identity, acme, client)


def test_unpublished_apps_work_in_their_own_company_only(
    browser: Any, acme: Any, other: Any, register: Register, identity: Identity
) -> None:
    client = register(other)
    with pytest.raises(NotFound):
        let_in(identity, acme, client)
    assert browser.http.get(authorize_url(browser.log_in(acme).site, client.row.client_id)).status_code == 403
    browser.http.cookies.clear()
    browser.log_in(other)
    assert redeem(browser.site, client, new_code(browser, other, client)).status_code == 200


def test_letting_in_gives_no_more_than_the_app_asks_and_the_administrator_has(
    acme: Any, other: Any, publish: Publish, identity: Identity, admin: Any
) -> None:
    client = publish(other)
    refusals: list[tuple[list[str], str, type[FuniaError]]] = [
        (["sales.read"], "owner", InvalidArgument),
        (["contacts.write"], "viewer", PermissionDenied),
    ]
    for scopes, role, kind in refusals:
        with pytest.raises(kind), identity.database.open_work(acme.caller(role)) as work:
            app_grants.let_in(work, client.row.client_id, scopes)
    with pytest.raises(FailedPrecondition), identity.database.open_work(other.caller()) as work:
        app_grants.let_in(work, client.row.client_id, ["contacts.read"])
    count = admin.execute("SELECT count(*) FROM app_grant WHERE client_id = %s", (client.row.client_id,)).fetchone()
    assert count == (0,)


def test_letting_in_for_less_ends_what_was_given_before(
    browser: Any, acme: Any, other: Any, publish: Publish, identity: Identity
) -> None:
    client = publish(other)
    let_in(identity, acme, client)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    let_in(identity, acme, client, ["contacts.read"])
    assert refresh(browser.site, client, tokens["refresh_token"]).json()["error"] == "invalid_grant"
    with identity.database.open_work(acme.caller()) as work:
        listed = app_grants.page(work, limit=10, after=None)
    assert [(app.publisher, list(row.scopes)) for row, app in listed] == [("Other", ["contacts.read"])]
    with identity.database.open_work(other.caller()) as work:
        assert app_grants.page(work, limit=10, after=None) == []


def test_partner_with_a_published_app_registers_clients_by_program(
    site: str, acme: Any, other: Any, publish: Publish, identity: Identity
) -> None:
    with pytest.raises(NotFound), identity.database.open_work(acme.caller()) as work:
        app_grants.new_registration_token(work, lifetime_s=60)
    publish(other)
    with identity.database.open_work(other.caller()) as work:
        token = app_grants.new_registration_token(work, lifetime_s=60).token
    metadata = {
        "client_name": "Made by a program",
        "redirect_uris": ["https://shop.example.com/callback"],
        "scope": "contacts.read openid nonsense",
        "grant_types": ["authorization_code", "refresh_token"],
        "contacts": ["ignored@example.com"],
    }
    headers = {"Authorization": f"Bearer {token}"}
    made = httpx.post(f"{site}/oauth/register", json=metadata, headers=headers)
    assert made.status_code == 201, made.text
    assert made.headers["Cache-Control"] == "no-store"
    assert made.json()["scope"] == "contacts.read openid"
    assert made.json()["client_secret_expires_at"] == 0
    proof = (made.json()["client_id"], made.json()["client_secret"])
    known = httpx.post(f"{site}/oauth/introspect", data={"token": "x"}, auth=proof)
    assert known.json() == {"active": False}
    for changes, error in (
        ({"redirect_uris": ["http://evil.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://evil.example/cb#x"]}, "invalid_redirect_uri"),
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": "https://a.example"}, "invalid_client_metadata"),
        ({"grant_types": ["password"]}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"token_endpoint_auth_method": "client_secret_jwt"}, "invalid_client_metadata"),
        ({"jwks_uri": "http://169.254.169.254/keys"}, "invalid_client_metadata"),
        ({"jwks": {"keys": []}}, "invalid_client_metadata"),
        ({"client_name": ""}, "invalid_client_metadata"),
        ({"client_uri": "javascript:alert(1)"}, "invalid_client_metadata"),
    ):
        answer = httpx.post(f"{site}/oauth/register", json=metadata | changes, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, error), changes
    assert httpx.post(f"{site}/oauth/register", content=b"[1]", headers=headers).status_code == 400


def test_registering_needs_a_token_that_is_good_now(
    site: str, other: Any, publish: Publish, identity: Identity, admin: Any
) -> None:
    publish(other)
    with identity.database.open_work(other.caller()) as work:
        token = app_grants.new_registration_token(work, lifetime_s=60).token
    metadata = {"client_name": "X", "redirect_uris": ["https://shop.example.com/callback"]}

    def register_with(value: str) -> int:
        headers = {"Authorization": f"Bearer {value}"}
        return httpx.post(f"{site}/oauth/register", json=metadata, headers=headers).status_code

    assert httpx.post(f"{site}/oauth/register", json=metadata).status_code == 401
    assert register_with("forged") == 401
    admin.execute("UPDATE membership SET role = 'seller' WHERE user_id = %s", (other.owner_id,))
    assert register_with(token) == 401
    admin.execute("UPDATE membership SET role = 'owner' WHERE user_id = %s", (other.owner_id,))
    assert register_with(token) == 201
    admin.execute("UPDATE registration_token SET expires_at = now() WHERE tenant_id = %s", (other.tenant_id,))
    assert register_with(token) == 401


def test_service_account_sees_what_its_visibility_says(
    site: str, acme: Any, register: Register, identity: Identity
) -> None:
    values = {"redirect_uris": [], "grant_types": ["client_credentials"], "scopes": ["contacts.read"]}
    for visibility in ("own", "all"):
        robot = register(acme, visibility=visibility, **values)
        form = {"grant_type": "client_credentials"}
        # A busy machine may take longer than the five seconds that httpx gives.
        answer = httpx.post(f"{site}/oauth/token", data=form, auth=(robot.row.client_id, robot.secret), timeout=60)
        assert answer.status_code == 200, answer.text
        assert identity.verifier.verify(answer.json()["access_token"]).visibility == visibility
