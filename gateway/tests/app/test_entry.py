"""Sign-up, log-in and sessions over real HTTP, with the headers and refusals around them."""

from __future__ import annotations

import re
import secrets
from typing import Any

import httpx
import pytest
from gateway.app import PublicApp, create_wsgi_app
from gateway.composition import Identity
from gateway.identity.secret_values import digest
from gateway.settings import GatewaySettings
from gateway.worker import forget_expired

PASSWORD = "correct horse battery"


def form(**changes: str) -> dict[str, str]:
    email = f"new-{secrets.token_hex(6)}@example.com"
    return {"company_name": "New Ltd", "full_name": "Nina New", "email": email, "password": PASSWORD} | changes


def test_sign_up_answers_with_company_and_owner_and_the_log_in_works(site: str) -> None:
    asked = form(locale="ru", country_code="RU")
    answer = httpx.post(f"{site}/v1/sign-up", json=asked, headers={"X-Request-Id": "my-id"})
    assert answer.status_code == 201
    body = answer.json()
    assert body["tenant"] == {**body["tenant"], "name": "New Ltd", "locale": "ru", "currency_code": "RUB"}
    assert body["user"] == {**body["user"], "email": asked["email"], "role": "owner", "status": "active"}
    assert answer.headers["X-Request-Id"] == "my-id"
    assert PASSWORD not in answer.text
    entered = httpx.post(f"{site}/v1/log-in", json={"email": asked["email"], "password": PASSWORD})
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


@pytest.mark.parametrize(
    ("body", "content_type", "status", "reason"),
    [
        (b"{", "application/json", 400, "MALFORMED_JSON"),
        (b"[]", "application/json", 400, "WRONG_TYPE"),
        (b'{"email": 1}', "application/json", 400, "INVALID_REQUEST"),
        (b"email=x", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"a":"' + b"x" * (3 * 1024 * 1024) + b'"}', "application/json", 413, "BODY_TOO_LARGE"),
        (b"", "application/json", 400, "INVALID_REQUEST"),
    ],
)
def test_bad_bodies_are_problems(
    site: str, body: bytes, content_type: str, status: int, reason: str, admin: Any
) -> None:
    before = admin.execute("SELECT count(*) FROM tenant").fetchone()
    answer = httpx.post(f"{site}/v1/sign-up", content=body, headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert admin.execute("SELECT count(*) FROM tenant").fetchone() == before


def test_bad_and_unknown_fields_are_named(site: str) -> None:
    answer = httpx.post(f"{site}/v1/sign-up", json={**form(email="nobody"), "password": "short"})
    assert {one["field"] for one in answer.json()["violations"]} == {"email", "password"}
    answer = httpx.post(f"{site}/v1/sign-up", json={**form(), "plan": "gold"})
    assert answer.json()["violations"][0]["field"] == "plan"


def test_too_many_tries_are_answered_429_with_a_time_to_wait(site: str, acme: Any) -> None:
    wrong = {"email": acme.email, "password": "wrong password"}
    answers = [httpx.post(f"{site}/v1/log-in", json=wrong) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_person_of_two_companies_chooses_and_switches(browser: Any, acme: Any, other: Any, identity: Identity) -> None:
    from gateway.identity.usecases.accounts import SignUp

    second = identity.accounts.sign_up(SignUp("Second", "Olga", acme.email, PASSWORD), address="127.0.0.1").tenant
    asked = {"email": acme.email, "password": PASSWORD}
    listed = browser.http.post(f"{browser.site}/v1/log-in", json=asked)
    assert {one["name"] for one in listed.json()["companies"]} == {"Acme", "Second"}
    assert "Set-Cookie" not in listed.headers
    foreign = browser.http.post(f"{browser.site}/v1/log-in", json={**asked, "tenant_id": str(other.tenant_id)})
    assert foreign.status_code == 403
    browser.http.post(f"{browser.site}/v1/log-in", json={**asked, "tenant_id": str(second.tenant_id)})
    assert browser.http.get(f"{browser.site}/v1/tenant").json()["id"] == str(second.tenant_id)


def test_session_calls_the_api_and_needs_its_csrf_token_to_change_anything(browser: Any, acme: Any) -> None:
    browser.log_in(acme)
    read = browser.http.get(f"{browser.site}/v1/tenant")
    assert read.json()["name"] == "Acme"
    change = {"url": f"{browser.site}/v1/tenant", "json": {"name": "Renamed"}}
    assert browser.http.patch(**change).json()["reason"] == "BAD_CSRF_TOKEN"
    crossed = {"X-CSRF-Token": browser.csrf_token, "Sec-Fetch-Site": "cross-site"}
    assert browser.http.patch(**change, headers=crossed).json()["reason"] == "CROSS_SITE"
    done = browser.http.patch(**change, headers={"X-CSRF-Token": browser.csrf_token})
    assert done.json()["name"] == "Renamed"


def test_log_out_ends_the_session_at_once(browser: Any, acme: Any, admin: Any) -> None:
    cookie = browser.log_in(acme).http.cookies["funia_session"]
    assert browser.http.post(f"{browser.site}/v1/log-out").status_code == 200
    again = httpx.get(f"{browser.site}/v1/tenant", cookies={"funia_session": cookie})
    assert again.status_code == 401
    assert admin.execute("SELECT count(*) FROM session WHERE token_hash = %s", (digest(cookie),)).fetchone() == (0,)


def test_second_log_in_replaces_the_session_of_the_browser(browser: Any, acme: Any) -> None:
    first = browser.log_in(acme).http.cookies["funia_session"]
    second = browser.log_in(acme).http.cookies["funia_session"]
    assert first != second
    assert httpx.get(f"{browser.site}/v1/tenant", cookies={"funia_session": first}).status_code == 401


def test_cookie_is_secure_and_hsts_is_on_where_the_issuer_is_https(
    gateway_settings: GatewaySettings, acme: Any
) -> None:
    app = create_wsgi_app(gateway_settings.model_copy(update={"issuer": "https://crm.example.com"}))
    http = app.flask.test_client()
    answer = http.post("/v1/log-in", json={"email": acme.email, "password": PASSWORD})
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    assert http.get("/.well-known/openid-configuration").json["issuer"] == "https://crm.example.com"  # type: ignore[index]
    app.close()


def test_api_errors_are_problems_and_unknown_pages_are_pages(site: str) -> None:
    missing = httpx.get(f"{site}/v1/nothing", headers={"Accept": "text/html"})
    assert (missing.status_code, missing.json()["reason"]) == (404, "ROUTE_NOT_FOUND")
    wrong_method = httpx.delete(f"{site}/v1/tenant")
    assert (wrong_method.status_code, wrong_method.json()["reason"]) == (405, "METHOD_NOT_ALLOWED")
    assert "GET" in wrong_method.headers["Allow"]
    page = httpx.get(f"{site}/no-such-page", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["Content-Type"].startswith("text/html")


def test_every_answer_carries_the_security_headers(site: str) -> None:
    for path in ("/healthz", "/.well-known/jwks.json", "/log-in", "/v1/nothing", "/oauth/authorize"):
        headers = httpx.get(f"{site}{path}").headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe-inline" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path


def test_metrics_are_not_for_the_public(site: str, public_app: PublicApp) -> None:
    assert httpx.get(f"{site}/metrics").status_code == 200
    assert httpx.get(f"{site}/metrics", headers={"X-Forwarded-For": "8.8.8.8"}).status_code == 404
    far = public_app.flask.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "8.8.8.8"})
    assert far.status_code == 404


def test_log_in_page_of_the_console_sets_a_session_and_shows_a_page(browser: Any, acme: Any) -> None:
    page = browser.http.get(f"{browser.site}/log-in")
    assert page.status_code == 200
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"email": acme.email, "password": PASSWORD, "csrf_token": token, "next": "/settings/company"}
    entered = browser.http.post(f"{browser.site}/log-in", data=sent)
    assert entered.status_code == 303, entered.text
    assert "funia_session" in browser.http.cookies
    wrong = browser.http.post(f"{browser.site}/log-in", data={**sent, "password": "x"})
    assert wrong.status_code in (303, 400, 401)


def test_expired_rows_are_forgotten_and_living_ones_kept(identity: Identity, acme: Any, admin: Any) -> None:
    gone = identity.sessions.open(acme.owner_id, acme.tenant_id)
    kept = identity.sessions.open(acme.owner_id, acme.tenant_id)
    admin.execute(
        "UPDATE session SET expires_at = now() - interval '1 s' WHERE token_hash = %s", (digest(gone.secret),)
    )
    assert forget_expired(identity) >= 1
    left = admin.execute("SELECT count(*) FROM session WHERE user_id = %s", (acme.owner_id,)).fetchone()
    assert left == (1,)
    assert identity.sessions.read(kept.secret) is not None


def test_openapi_document_names_every_api_route_there_is(site: str, public_app: PublicApp) -> None:
    document = httpx.get(f"{site}/openapi.json").json()
    assert document["servers"] == [{"url": site}]
    paths = (rule.rule for rule in public_app.flask.url_map.iter_rules() if rule.rule.startswith("/v1/"))
    written = {re.sub("<[a-z_]+>", "{id}", path) for path in paths}
    sessions = {"/v1/log-in", "/v1/log-out"}  # for browsers and scripts of our own; programs use OAuth
    assert written - sessions <= {*document["paths"]}
    scopes = document["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"]["scopes"]
    assert "contacts.export" in scopes
    assert httpx.get(f"{site}/docs").status_code == 200


def test_every_scope_of_the_protos_is_known_and_given_by_the_owner_role(public_app: PublicApp) -> None:
    from gateway.identity.roles import OPERATE, ROLES, SCOPES

    used = {route.access.scope for route in public_app.api.routes} - {""}
    assert used <= {*SCOPES, OPERATE}
    assert ROLES["owner"].scopes == set(SCOPES)
    assert all(role.scopes <= set(SCOPES) for role in ROLES.values())
