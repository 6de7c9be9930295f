"""The authorization code flow with foreign client libraries over real HTTP, and what must be refused in it."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import requests_oauthlib
from authlib.integrations.requests_client import OAuth2Session
from chassis.testing.databases import TestDatabase
from chassis.tokens import JwksKeys, TokenVerifier
from gateway.identity.secret_values import digest
from joserfc import jwt
from joserfc.jwk import KeySet
from oauth_flow import (
    REDIRECT,
    SCOPES,
    VERIFIER,
    Register,
    all_at_once,
    answer_of,
    authorize_url,
    introspect,
    new_code,
    redeem,
    refresh,
)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_client_library_runs_the_whole_flow(browser: Any, acme: Any, register: Register, method: str) -> None:
    client = register(acme)
    app = OAuth2Session(
        client.row.client_id,
        client.secret,
        redirect_uri=REDIRECT,
        scope=SCOPES,
        code_challenge_method="S256",
        token_endpoint_auth_method=method,
    )
    meta = httpx.get(f"{browser.site}/.well-known/oauth-authorization-server").json()
    url, state = app.create_authorization_url(meta["authorization_endpoint"], code_verifier=VERIFIER, nonce="n-1")
    sent_back = browser.log_in(acme).agree(url, acme).headers["Location"]
    assert answer_of(httpx.Response(303, headers={"Location": sent_back}))["iss"] == meta["issuer"]
    token = app.fetch_token(
        meta["token_endpoint"], authorization_response=sent_back, state=state, code_verifier=VERIFIER
    )
    keys = JwksKeys(meta["jwks_uri"], refresh_s=60)
    caller = TokenVerifier(keys, issuer=meta["issuer"]).verify(token["access_token"])
    assert (caller.tenant_id, caller.actor_id, caller.client_id) == (acme.tenant_id, acme.owner_id, app.client_id)
    assert caller.scopes == set(SCOPES.split())
    key_set = KeySet.import_key_set(httpx.get(meta["jwks_uri"]).json())
    claims = jwt.decode(token["id_token"], key_set, algorithms=["ES256"]).claims
    assert (claims["nonce"], claims["aud"], claims["email"]) == ("n-1", app.client_id, acme.email)
    renewed = app.refresh_token(meta["token_endpoint"], refresh_token=token["refresh_token"])
    assert renewed["refresh_token"] != token["refresh_token"]
    told = httpx.get(meta["userinfo_endpoint"], headers={"Authorization": f"Bearer {renewed['access_token']}"}).json()
    assert told == {**told, "sub": str(acme.owner_id), "email": acme.email, "name": "Olga Owner"}
    used = httpx.get(f"{browser.site}/v1/tenant", headers={"Authorization": f"Bearer {renewed['access_token']}"})
    assert used.status_code == 403  # the consent did not include identity.read


def test_a_second_foreign_library_runs_the_flow_and_refreshes(
    browser: Any, acme: Any, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # our test server speaks plain HTTP on loopback
    client = register(acme)
    app = requests_oauthlib.OAuth2Session(
        client.row.client_id, redirect_uri=REDIRECT, scope=SCOPES.split(), pkce="S256"
    )
    url, state = app.authorization_url(f"{browser.site}/oauth/authorize")
    sent_back = browser.log_in(acme).agree(url, acme).headers["Location"]
    assert f"state={state}" in sent_back
    app.fetch_token(f"{browser.site}/oauth/token", authorization_response=sent_back, client_secret=client.secret)
    assert app.get(f"{browser.site}/oauth/userinfo").json()["email"] == acme.email
    proof = {"client_id": client.row.client_id, "client_secret": client.secret}
    former = app.token["refresh_token"]
    assert app.refresh_token(f"{browser.site}/oauth/token", **proof)["refresh_token"] != former


def test_stranger_is_sent_to_the_log_in_and_back(browser: Any, acme: Any, register: Register) -> None:
    url = authorize_url(browser.site, register(acme).row.client_id)
    answer = browser.http.get(url)
    assert answer.status_code == 303
    target = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
    assert f"{browser.site}{target}".startswith(f"{url}&asked_at=")


def test_public_client_needs_no_secret_but_its_verifier(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme, is_public=True)
    code = new_code(browser.log_in(acme), acme, client)
    assert redeem(browser.site, client, code, code_verifier=None).json()["error"] == "invalid_request"
    assert redeem(browser.site, client, code, code_verifier="x" * 43).json()["error"] == "invalid_grant"
    assert redeem(browser.site, client, code).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
    ],
)
def test_missing_and_plain_pkce_are_refused_for_confidential_clients_too(
    browser: Any, acme: Any, register: Register, changes: dict[str, str | None]
) -> None:
    url = authorize_url(browser.log_in(acme).site, register(acme).row.client_id, **changes)
    answer = answer_of(browser.http.get(url))
    assert (answer["error"], answer["state"], answer["iss"]) == ("invalid_request", "s-1", browser.site)


def test_unregistered_redirect_never_gets_the_browser(browser: Any, acme: Any, register: Register) -> None:
    browser.log_in(acme)
    client = register(acme)
    for address in ("https://evil.example/callback", f"{REDIRECT}/more", f"{REDIRECT}?x=1", "https://app.example.com"):
        answer = browser.http.get(authorize_url(browser.site, client.row.client_id, redirect_uri=address))
        assert answer.status_code == 400
        assert "Location" not in answer.headers
    assert browser.http.get(authorize_url(browser.site, "no-such-client")).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_loopback_redirect_may_have_any_port_but_no_other_path(
    browser: Any, acme: Any, register: Register, host: str
) -> None:
    client = register(acme, redirect_uris=[f"http://{host}/callback"], is_public=True)
    address = f"http://{host}:51234/callback"
    code = new_code(browser.log_in(acme), acme, client, redirect_uri=address)
    assert redeem(browser.site, client, code, redirect_uri=address).status_code == 200
    other_path = authorize_url(browser.site, client.row.client_id, redirect_uri=f"http://{host}:51234/other")
    assert browser.http.get(other_path).status_code == 400


def test_redirect_uri_at_the_token_endpoint_may_be_left_out_but_not_be_wrong(
    browser: Any, acme: Any, register: Register
) -> None:
    client = register(acme)
    browser.log_in(acme)
    code = new_code(browser, acme, client)
    assert redeem(browser.site, client, code, redirect_uri="https://evil.example").json()["error"] == "invalid_grant"
    assert redeem(browser.site, client, code, redirect_uri=None).status_code == 200
    default = new_code(browser, acme, client, redirect_uri=None)
    assert redeem(browser.site, client, default, redirect_uri=None).status_code == 200


def test_of_eight_concurrent_redemptions_one_wins_and_the_replay_revokes_the_grant(
    browser: Any, acme: Any, register: Register, admin: Any, identity_database: TestDatabase
) -> None:
    client = register(acme)
    code = new_code(browser.log_in(acme), acme, client)
    row = f"authorization_code WHERE code_hash = '\\x{digest(code).hex()}'"
    answers = all_at_once(8, identity_database, row, lambda: redeem(browser.site, client, code))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 7}
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    winner = next(answer for answer in answers if answer.status_code == 200).json()
    assert refresh(browser.site, client, winner["refresh_token"]).json()["error"] == "invalid_grant"
    asked = "SELECT revoked_for FROM oauth_grant WHERE client_id = %s"
    assert admin.execute(asked, (client.row.client_id,)).fetchall() == [("code_replay",)]


def test_late_replay_of_a_code_revokes_the_grant(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    code = new_code(browser.log_in(acme), acme, client)
    tokens = redeem(browser.site, client, code).json()
    assert redeem(browser.site, client, code).json()["error"] == "invalid_grant"
    assert refresh(browser.site, client, tokens["refresh_token"]).json()["error"] == "invalid_grant"
    told = introspect(browser.site, client, tokens["access_token"])
    assert told == {"active": False}


def test_code_of_another_client_is_refused_and_stays_good_for_its_own(
    browser: Any, acme: Any, register: Register
) -> None:
    mine, thief = register(acme), register(acme)
    code = new_code(browser.log_in(acme), acme, mine)
    assert redeem(browser.site, thief, code).json()["error"] == "invalid_grant"
    assert redeem(browser.site, mine, code).status_code == 200


def test_old_code_is_refused(browser: Any, acme: Any, register: Register, admin: Any) -> None:
    client = register(acme)
    code = new_code(browser.log_in(acme), acme, client)
    admin.execute("UPDATE authorization_code SET expires_at = now() WHERE code_hash = %s", (digest(code),))
    assert redeem(browser.site, client, code).json()["error"] == "invalid_grant"


def test_client_of_another_company_gets_no_consent(browser: Any, acme: Any, other: Any, register: Register) -> None:
    client = register(other)
    browser.log_in(acme)
    url = authorize_url(browser.site, client.row.client_id)
    assert browser.http.get(url).status_code == 403
    form = {"csrf_token": browser.csrf_token, "decision": "allow", "tenant_id": str(other.tenant_id)}
    assert browser.http.post(url, data=form).status_code == 400
    form["tenant_id"] = str(acme.tenant_id)
    assert browser.http.post(url, data=form).status_code == 400


def test_denial_and_forged_forms_give_no_code(browser: Any, acme: Any, register: Register, admin: Any) -> None:
    client = register(acme)
    url = authorize_url(browser.log_in(acme).site, client.row.client_id)
    denied = answer_of(browser.agree(url, acme, decision="deny"))
    assert (denied["error"], denied["iss"], denied["state"]) == ("access_denied", browser.site, "s-1")
    forged = browser.http.post(url, data={"decision": "allow", "tenant_id": str(acme.tenant_id)})
    assert forged.status_code == 400
    assert forged.json()["reason"] == "BAD_CSRF_TOKEN"
    kept = admin.execute("SELECT count(*) FROM authorization_code WHERE client_id = %s", (client.row.client_id,))
    assert kept.fetchone() == (0,)


def test_consent_page_runs_no_script_and_escapes_the_clients_name(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme, name="<script>alert(1)</script>")
    page = browser.log_in(acme).http.get(authorize_url(browser.site, client.row.client_id))
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "See your e-mail address" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
    assert "form-action 'self' https://app.example.com" in policy


def test_prompt_none_never_shows_a_page(browser: Any, acme: Any, register: Register) -> None:
    url = authorize_url(browser.site, register(acme).row.client_id, prompt="none")
    assert answer_of(browser.http.get(url))["error"] == "login_required"
    assert answer_of(browser.log_in(acme).http.get(url))["error"] == "consent_required"


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "1"}])
def test_prompt_login_and_max_age_ask_an_old_session_for_the_password_once_more(
    browser: Any, acme: Any, register: Register, admin: Any, asked: dict[str, str]
) -> None:
    url = authorize_url(browser.site, register(acme).row.client_id, **asked)
    browser.log_in(acme)
    admin.execute("UPDATE session SET authenticated_at = now() - interval '1 h' WHERE user_id = %s", (acme.owner_id,))
    answer = browser.http.get(url)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
    assert browser.http.get(f"{browser.site}{back}").headers["Location"].startswith("/log-in?")  # the session ended
    browser.log_in(acme)
    assert browser.http.get(f"{browser.site}{back}").status_code == 200


def test_database_holds_no_code_token_secret_or_session_in_clear(
    browser: Any, acme: Any, register: Register, admin: Any
) -> None:
    client = register(acme)
    browser.log_in(acme)
    code = new_code(browser, acme, client)
    tokens = redeem(browser.site, client, code).json()
    values = [
        code,
        client.secret,
        tokens["refresh_token"],
        tokens["access_token"],
        browser.http.cookies["funia_session"],
    ]
    tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        for (row,) in admin.execute(f"SELECT t::text FROM {table} t").fetchall():
            for value in values:
                assert value not in row, table
                assert value.encode().hex() not in row, table
    kept = admin.execute("SELECT count(*) FROM refresh_token WHERE token_hash = %s", (digest(values[2]),)).fetchone()
    assert kept == (1,)


def test_command_line_client_serves_people_of_every_company(browser: Any, acme: Any, other: Any) -> None:
    for company in (acme, other):
        browser.http.cookies.clear()
        url = authorize_url(
            browser.log_in(company).site,
            "funia-cli",
            redirect_uri="http://127.0.0.1:40000/callback",
            scope="identity.read",
        )
        code = answer_of(browser.agree(url, company))["code"]
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "client_id": "funia-cli"}
        token = httpx.post(f"{browser.site}/oauth/token", data=form).json()["access_token"]
        told = httpx.get(f"{browser.site}/v1/tenant", headers={"Authorization": f"Bearer {token}"})
        assert told.json()["id"] == str(company.tenant_id)
