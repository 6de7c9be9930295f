"""What the OpenID "Basic OP" certification plan asks of the server, module by module, where no other test does."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from oauth_flow import REDIRECT, SCOPES, Register, answer_of, authorize_url, new_code, redeem, refresh


def claims_of(site: str, id_token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(httpx.get(f"{site}/.well-known/jwks.json").json())
    return dict(jwt.decode(id_token, keys, algorithms=["ES256"]).claims)


def test_id_token_names_issuer_audience_person_and_times(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client, nonce="n-7")).json()
    claims = claims_of(browser.site, tokens["id_token"])
    assert claims["iss"] == browser.site
    assert claims["aud"] == client.row.client_id
    assert claims["sub"] == str(acme.owner_id)
    assert claims["nonce"] == "n-7"
    assert claims["iat"] <= time.time() < claims["exp"]
    assert claims["auth_time"] <= claims["iat"]
    assert claims["amr"] == ["pwd"]
    renewed = refresh(browser.site, client, tokens["refresh_token"]).json()
    assert claims_of(browser.site, renewed["id_token"])["amr"] == ["pwd"]


def test_without_nonce_the_id_token_has_none(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    assert "nonce" not in claims_of(browser.site, tokens["id_token"])


def test_without_openid_there_is_no_id_token_and_no_userinfo(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client, scope="contacts.read")).json()
    assert "id_token" not in tokens
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert httpx.get(f"{browser.site}/oauth/userinfo", headers=headers).status_code == 403


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_userinfo_answers_get_and_post_with_the_token_in_the_header(
    browser: Any, acme: Any, register: Register, method: str
) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    told = httpx.request(method, f"{browser.site}/oauth/userinfo", headers=headers).json()
    assert (told["sub"], told["email"]) == (str(acme.owner_id), acme.email)
    assert httpx.request(method, f"{browser.site}/oauth/userinfo").status_code == 401


@pytest.mark.parametrize(
    ("scope", "there", "absent"),
    [("openid profile", {"name", "locale"}, {"email"}), ("openid email", {"email"}, {"name"})],
)
def test_scopes_decide_which_claims_are_told(
    browser: Any, acme: Any, register: Register, scope: str, there: set[str], absent: set[str]
) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client, scope=scope)).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    for claims in (
        claims_of(browser.site, tokens["id_token"]),
        httpx.get(f"{browser.site}/oauth/userinfo", headers=headers).json(),
    ):
        assert there <= set(claims)
        assert not absent & set(claims)


@pytest.mark.parametrize(
    "extra",
    [
        {"display": "page"},
        {"display": "popup"},
        {"unknown": "parameter"},
        {"login_hint": "somebody@example.com"},
        {"ui_locales": "bg"},
        {"claims_locales": "se"},
        {"acr_values": "1 2"},
        {"max_age": "10000"},
        {"id_token_hint": "eyJhbGciOiJub25lIn0.e30."},
        {"scope": " ".join(reversed(SCOPES.split()))},
    ],
)
def test_parameters_that_change_nothing_hinder_nothing(
    browser: Any, acme: Any, register: Register, extra: dict[str, str]
) -> None:
    client = register(acme)
    code = new_code(browser.log_in(acme), acme, client, **extra)
    assert redeem(browser.site, client, code).status_code == 200


def test_a_request_sent_as_a_form_is_answered_too(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    url = urlsplit(authorize_url(browser.log_in(acme).site, client.row.client_id))
    sent = browser.http.post(f"{browser.site}{url.path}", data=dict(parse_qsl(url.query)))
    assert sent.status_code == 303
    answer = answer_of(browser.agree(f"{browser.site}{sent.headers['Location']}", acme))
    assert redeem(browser.site, client, answer["code"]).status_code == 200


def test_a_missing_and_an_unknown_response_type_are_refused_without_a_code(
    browser: Any, acme: Any, register: Register
) -> None:
    client = register(acme)
    browser.log_in(acme)
    for kind in (None, "token", "id_token", "code token", "code id_token"):
        answer = answer_of(browser.http.get(authorize_url(browser.site, client.row.client_id, response_type=kind)))
        assert answer["error"] in ("unsupported_response_type", "invalid_request"), kind
        assert answer["iss"] == browser.site


def test_a_request_object_is_refused_as_unsupported(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    url = authorize_url(browser.log_in(acme).site, client.row.client_id, request="eyJhbGciOiJub25lIn0.e30.")
    answer = answer_of(browser.http.get(url))
    assert (answer["error"], answer["state"]) == ("request_not_supported", "s-1")
    foreign = authorize_url(
        browser.site, client.row.client_id, request="x", redirect_uri="https://evil.example/callback"
    )
    assert browser.http.get(foreign).status_code == 400


def test_max_age_tells_when_the_person_logged_in(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    before = int(time.time())
    code = new_code(browser.log_in(acme), acme, client, max_age="10000")
    claims = claims_of(browser.site, redeem(browser.site, client, code).json()["id_token"])
    assert before - 1 <= claims["auth_time"] <= time.time()


def test_a_code_that_comes_back_thirty_seconds_later_ends_what_it_gave(
    browser: Any, acme: Any, register: Register, admin: Any
) -> None:
    client = register(acme)
    code = new_code(browser.log_in(acme), acme, client)
    tokens = redeem(browser.site, client, code).json()
    admin.execute(
        "UPDATE authorization_code SET consumed_at = consumed_at - interval '30 s' WHERE client_id = %s",
        (client.row.client_id,),
    )
    assert redeem(browser.site, client, code).json()["error"] == "invalid_grant"
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answer = httpx.post(f"{browser.site}/oauth/token", data=form, auth=(client.row.client_id, client.secret))
    assert answer.json()["error"] == "invalid_grant"


def test_the_answer_goes_nowhere_but_to_the_registered_address(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    url = authorize_url(browser.log_in(acme).site, client.row.client_id)
    for decision in ("allow", "deny"):
        where = browser.agree(f"{url}&prompt=consent", acme, decision=decision).headers["Location"]
        assert where.startswith(f"{REDIRECT}?")
