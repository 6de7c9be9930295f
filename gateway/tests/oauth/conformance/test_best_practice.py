"""Attacks that RFC 9700 and ASVS 5 name and no other test plays: mix-up, CSRF, open redirects, 307, Referer, CORS."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session
from oauth_flow import REDIRECT, VERIFIER, Register, answer_of, authorize_url, new_code, redeem


def test_every_answer_through_the_browser_names_its_issuer(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    url = authorize_url(browser.log_in(acme).site, client.row.client_id)
    assert answer_of(browser.agree(url, acme, decision="deny"))["iss"] == browser.site
    assert answer_of(browser.agree(url, acme))["iss"] == browser.site
    assert (
        answer_of(browser.http.get(authorize_url(browser.site, client.row.client_id, scope="identity.admin")))["iss"]
        == browser.site
    )


def test_a_client_library_refuses_an_answer_with_a_foreign_state(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    app = OAuth2Session(client.row.client_id, client.secret, redirect_uri=REDIRECT, code_challenge_method="S256")
    url, state = app.create_authorization_url(f"{browser.site}/oauth/authorize", code_verifier=VERIFIER, scope="openid")
    back = browser.log_in(acme).agree(url, acme).headers["Location"]
    assert answer_of(httpx.Response(303, headers={"Location": back}))["state"] == state
    with pytest.raises(Exception, match="mismatching_state"):
        app.fetch_token(
            f"{browser.site}/oauth/token", authorization_response=back, state="another", code_verifier=VERIFIER
        )


def test_a_code_put_into_another_session_of_the_same_client_fails_by_its_verifier(
    browser: Any, acme: Any, other: Any, register: Register
) -> None:
    client = register(acme)
    code = new_code(browser.log_in(acme), acme, client)
    assert redeem(browser.site, client, code, code_verifier="a" * 64).json()["error"] == "invalid_grant"


def test_the_browser_is_sent_on_by_303_and_tells_nobody_where_it_was(
    browser: Any, acme: Any, register: Register
) -> None:
    client = register(acme)
    answer = browser.agree(authorize_url(browser.log_in(acme).site, client.row.client_id), acme)
    assert answer.status_code == 303
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
        "\\\\evil.example", "/\t/evil.example", "%2F%2Fevil.example", "///evil.example", "/\r\n/evil.example",
    ],
)  # fmt: skip
def test_the_log_in_leads_to_no_foreign_site(browser: Any, acme: Any, target: str) -> None:
    browser.log_in(acme)
    where = browser.http.get(f"{browser.site}/log-in", params={"next": target}).headers["Location"]
    assert urlsplit(where).netloc in ("", urlsplit(browser.site).netloc)
    assert where == "/"


def test_an_unknown_client_and_a_foreign_address_never_redirect(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    browser.log_in(acme)
    for changes in ({"client_id": "unknown"}, {"redirect_uri": "https://evil.example/"}, {"redirect_uri": "%00"}):
        answer = browser.http.get(authorize_url(browser.site, **{"client_id": client.row.client_id} | changes))
        assert answer.status_code == 400
        assert "Location" not in answer.headers


def test_a_wrong_request_sends_nobody_on_who_has_not_logged_in(browser: Any, acme: Any, register: Register) -> None:
    wrong = authorize_url(browser.site, register(acme).row.client_id, scope="identity.admin")
    first = browser.http.get(wrong)
    assert first.headers["Location"].startswith("/log-in?")
    assert answer_of(browser.log_in(acme).http.get(wrong))["error"] == "invalid_scope"


def test_a_wrong_request_sends_nobody_on_to_an_app_that_no_company_of_his_knows(
    browser: Any, acme: Any, other: Any, register: Register
) -> None:
    browser.log_in(acme)
    for changes in ({"scope": "identity.admin"}, {"response_type": "token"}, {"code_challenge": None}):
        answer = browser.http.get(authorize_url(browser.site, register(other).row.client_id, **changes))
        assert (answer.status_code, answer.headers.get("Location")) == (400, None), changes


def test_pages_that_ask_for_something_cannot_be_framed(browser: Any, acme: Any, register: Register) -> None:
    asked = authorize_url(browser.site, register(acme).row.client_id)
    html = {"Accept": "text/html"}
    assert_unframed(browser.http.get(f"{browser.site}/log-in", headers=html))
    assert_unframed(browser.http.get(f"{asked}x", headers=html))
    browser.log_in(acme)
    for url in (asked, f"{browser.site}/device", f"{browser.site}/account", f"{browser.site}/oauth/authorize"):
        assert_unframed(browser.http.get(url, headers=html))


def assert_unframed(answer: httpx.Response) -> None:
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], answer.url
    assert answer.headers["X-Frame-Options"] == "DENY", answer.url


def test_an_app_that_may_not_refresh_gets_no_refresh_token(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme, grant_types=["authorization_code"])
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    assert "refresh_token" not in tokens


def test_scripts_of_other_sites_read_only_the_metadata_and_the_keys(site: str) -> None:
    foreign = {"Origin": "https://evil.example"}
    for path in ("/.well-known/oauth-authorization-server", "/.well-known/jwks.json"):
        assert httpx.get(f"{site}{path}", headers=foreign).headers["Access-Control-Allow-Origin"] == "*"
    for path in ("/oauth/authorize", "/oauth/token", "/oauth/par", "/oauth/userinfo", "/device"):
        for answer in (httpx.get(f"{site}{path}", headers=foreign), httpx.options(f"{site}{path}", headers=foreign)):
            assert "Access-Control-Allow-Origin" not in answer.headers


def test_implicit_and_password_grants_do_not_exist(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    metadata = httpx.get(f"{browser.site}/.well-known/openid-configuration").json()
    assert metadata["response_types_supported"] == ["code"]
    assert not {"password", "implicit"} & set(metadata["grant_types_supported"])
    form = {"grant_type": "password", "username": acme.email, "password": "x"}
    answer = httpx.post(f"{browser.site}/oauth/token", data=form, auth=(client.row.client_id, client.secret))
    assert answer.json()["error"] == "unsupported_grant_type"


def test_response_modes_beyond_the_query_are_not_taken(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    metadata = httpx.get(f"{browser.site}/.well-known/openid-configuration").json()
    assert metadata["response_modes_supported"] == ["query"]
    url = authorize_url(browser.log_in(acme).site, client.row.client_id, response_mode="fragment")
    where = browser.agree(url, acme).headers["Location"]
    assert urlsplit(where).fragment == ""
    assert "code" in parse_qs(urlsplit(where).query)


def test_a_client_cannot_take_the_name_of_a_person(site: str, acme: Any, register: Register) -> None:
    robot = register(acme, redirect_uris=[], grant_types=["client_credentials"], scopes=["contacts.read"])
    assert robot.row.client_id.startswith("c-")
    assert robot.row.id != acme.owner_id


def test_parameters_given_twice_are_refused(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    url = authorize_url(browser.log_in(acme).site, client.row.client_id)
    answer = browser.http.get(f"{url}&redirect_uri=https://evil.example/")
    assert answer.status_code in (302, 303, 400)
    assert not answer.headers.get("Location", "").startswith("https://evil.example")
