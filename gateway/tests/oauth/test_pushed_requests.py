"""Pushed authorization requests: taken from the client, read by their reference, answered once."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from chassis.testing.databases import TestDatabase
from gateway.identity.secret_values import digest
from gateway.identity.usecases import clients
from oauth_flow import CHALLENGE, REDIRECT, SCOPES, Register, all_at_once, answer_of, authorize_url, redeem

URN = "urn:ietf:params:oauth:request_uri:"


def push(site: str, client: clients.Registered, **changes: str | None) -> httpx.Response:
    form = {
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": SCOPES,
        "state": "s-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    auth = (client.row.client_id, client.secret) if client.secret else None
    if auth is None:
        form["client_id"] = client.row.client_id
    asked = {name: value for name, value in form.items() if value is not None}
    return httpx.post(f"{site}/oauth/par", data=asked, auth=auth)


def pushed_url(site: str, client: clients.Registered, reference: str, **more: str) -> str:
    return f"{site}/oauth/authorize?{urlencode({'client_id': client.row.client_id, 'request_uri': reference, **more})}"


@pytest.mark.parametrize("is_public", [False, True])
def test_a_pushed_request_gives_a_code(browser: Any, acme: Any, register: Register, is_public: bool) -> None:
    client = register(acme, is_public=is_public, requires_pushed=True)
    pushed = push(browser.site, client)
    assert pushed.status_code == 201, pushed.text
    assert pushed.headers["Cache-Control"] == "no-store"
    assert pushed.json()["expires_in"] == 600
    url = pushed_url(browser.site, client, pushed.json()["request_uri"])
    answer = answer_of(browser.log_in(acme).agree(url, acme))
    assert answer["state"] == "s-1"
    assert answer["iss"] == browser.site
    assert redeem(browser.site, client, answer["code"]).status_code == 200


def test_what_stands_beside_the_reference_is_not_read(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    reference = push(browser.site, client, scope="contacts.read").json()["request_uri"]
    url = pushed_url(
        browser.log_in(acme).site, client, reference, scope="contacts.write", state="forged", redirect_uri="https://x.y"
    )
    answer = answer_of(browser.agree(url, acme))
    assert answer["state"] == "s-1"
    assert redeem(browser.site, client, answer["code"]).json()["scope"] == "contacts.read"


def test_a_bad_request_is_refused_when_it_is_pushed_and_never_redirected(
    browser: Any, acme: Any, other: Any, register: Register
) -> None:
    client, stranger = register(acme), register(other)
    for changes, error in (
        ({"redirect_uri": "https://evil.example/callback"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "identity.admin"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"request_uri": f"{URN}x"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"client_id": stranger.row.client_id}, "invalid_request"),
    ):
        answer = push(browser.site, client, **changes)
        assert answer.status_code == 400, changes
        assert answer.json()["error"] == error, changes
        assert "Location" not in answer.headers
    wrong = httpx.post(f"{browser.site}/oauth/par", data={"response_type": "code"}, auth=(client.row.client_id, "x"))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_a_reference_is_good_for_its_own_client_only(browser: Any, acme: Any, register: Register, admin: Any) -> None:
    mine, thief = register(acme), register(acme)
    reference = push(browser.site, mine).json()["request_uri"]
    browser.log_in(acme)
    for url in (
        pushed_url(browser.site, thief, reference),
        pushed_url(browser.site, mine, f"{URN}unknown"),
        pushed_url(browser.site, mine, "https://evil.example/request.jwt"),
    ):
        answer = browser.http.get(url)
        assert answer.status_code == 400
        assert "Location" not in answer.headers
    assert browser.http.get(pushed_url(browser.site, mine, reference)).status_code == 200
    admin.execute("UPDATE pushed_request SET expires_at = now() WHERE client_id = %s", (mine.row.client_id,))
    assert browser.http.get(pushed_url(browser.site, mine, reference)).status_code == 400


def test_a_client_that_always_pushes_is_refused_without(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme, requires_pushed=True)
    browser.log_in(acme)
    assert browser.http.get(authorize_url(browser.site, client.row.client_id)).status_code == 400


def test_of_six_answers_to_one_pushed_request_one_gives_a_code(
    browser: Any, acme: Any, register: Register, identity_database: TestDatabase, admin: Any
) -> None:
    client = register(acme)
    reference = push(browser.site, client).json()["request_uri"]
    url = pushed_url(browser.log_in(acme).site, client, reference)
    form = {"csrf_token": browser.csrf_token, "decision": "allow", "tenant_id": str(acme.tenant_id)}
    row = f"pushed_request WHERE request_hash = '\\x{digest(reference.removeprefix(URN)).hex()}'"
    answers = all_at_once(6, identity_database, row, lambda: browser.http.post(url, data=form))
    assert Counter(answer.status_code for answer in answers) == {303: 1, 400: 5}
    kept = admin.execute("SELECT count(*) FROM authorization_code WHERE client_id = %s", (client.row.client_id,))
    assert kept.fetchone() == (1,)
    assert browser.http.get(url).status_code == 400
