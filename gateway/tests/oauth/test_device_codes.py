"""Device codes: shown by a device, confirmed by a person elsewhere, redeemed once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx
import pytest
from chassis.testing.databases import TestDatabase
from gateway.identity.secret_values import digest
from gateway.identity.usecases import clients
from oauth_flow import Register, all_at_once, refresh

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SCOPE = "contacts.read identity.read"


@pytest.fixture
def television(acme: Any, register: Register) -> clients.Registered:
    """A public client without a browser."""
    return register(
        acme,
        name="Television",
        redirect_uris=[],
        scopes=SCOPE.split(),
        grant_types=[GRANT, "refresh_token"],
        is_public=True,
    )


def begin(site: str, client: clients.Registered, **form: str) -> Any:
    answer = httpx.post(f"{site}/oauth/device", data={"client_id": client.row.client_id, **form})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()


def poll(site: str, client: clients.Registered, device_code: str) -> httpx.Response:
    form = {"grant_type": GRANT, "device_code": device_code, "client_id": client.row.client_id}
    return httpx.post(f"{site}/oauth/token", data=form)


def confirm(browser: Any, code: str, company: Any, **changes: str) -> httpx.Response:
    form = {
        "csrf_token": browser.csrf_token,
        "user_code": code,
        "decision": "allow",
        "tenant_id": str(company.tenant_id),
    } | changes
    return browser.http.post(f"{browser.site}/device", data=form)


def test_device_gets_tokens_of_the_person_who_typed_its_code(
    browser: Any, acme: Any, television: clients.Registered
) -> None:
    pair = begin(browser.site, television, scope=SCOPE)
    assert (pair["verification_uri"], pair["interval"]) == (f"{browser.site}/device", 5)
    assert poll(browser.site, television, pair["device_code"]).json()["error"] == "authorization_pending"
    browser.log_in(acme)
    asked = browser.http.get(pair["verification_uri_complete"])
    assert pair["user_code"] in asked.text
    typed = {"csrf_token": browser.csrf_token, "user_code": pair["user_code"].lower().replace("-", " ")}
    consent = browser.http.post(f"{browser.site}/device", data=typed)
    assert consent.status_code == 200
    assert "Television" in consent.text
    assert confirm(browser, pair["user_code"], acme).status_code == 200
    tokens = poll(browser.site, television, pair["device_code"])
    assert tokens.status_code == 200, tokens.text
    told = httpx.get(f"{browser.site}/v1/tenant", headers={"Authorization": f"Bearer {tokens.json()['access_token']}"})
    assert told.json()["id"] == str(acme.tenant_id)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": tokens.json()["refresh_token"],
        "client_id": television.row.client_id,
    }
    assert httpx.post(f"{browser.site}/oauth/token", data=form).status_code == 200


def test_impatient_device_is_slowed_down_more_each_time(
    browser: Any, television: clients.Registered, admin: Any
) -> None:
    pair = begin(browser.site, television)
    first = poll(browser.site, television, pair["device_code"]).json()["error"]
    errors = [first, *(poll(browser.site, television, pair["device_code"]).json()["error"] for _ in range(2))]
    assert errors == ["authorization_pending", "slow_down", "slow_down"]
    asked = "SELECT interval_s FROM device_code WHERE client_id = %s"
    assert admin.execute(asked, (television.row.client_id,)).fetchone() == (15,)


def test_code_that_ran_out_gives_nothing(browser: Any, acme: Any, television: clients.Registered, admin: Any) -> None:
    pair = begin(browser.site, television)
    admin.execute("UPDATE device_code SET expires_at = now() WHERE client_id = %s", (television.row.client_id,))
    assert poll(browser.site, television, pair["device_code"]).json()["error"] == "expired_token"
    assert confirm(browser.log_in(acme), pair["user_code"], acme).status_code == 404


def test_denied_device_gets_nothing_and_cannot_be_allowed_afterwards(
    browser: Any, acme: Any, television: clients.Registered
) -> None:
    pair = begin(browser.site, television)
    assert confirm(browser.log_in(acme), pair["user_code"], acme, decision="deny").status_code == 200
    assert confirm(browser, pair["user_code"], acme).status_code == 404
    assert poll(browser.site, television, pair["device_code"]).json()["error"] == "access_denied"


def test_of_eight_devices_with_one_code_one_gets_tokens_and_the_copy_ends_them(
    browser: Any, acme: Any, television: clients.Registered, identity_database: TestDatabase
) -> None:
    pair = begin(browser.site, television)
    assert confirm(browser.log_in(acme), pair["user_code"], acme).status_code == 200
    row = f"device_code WHERE code_hash = '\\x{digest(pair['device_code']).hex()}'"
    answers = all_at_once(8, identity_database, row, lambda: poll(browser.site, television, pair["device_code"]))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 7}
    winner = next(answer for answer in answers if answer.status_code == 200).json()
    form = {
        "grant_type": "refresh_token",
        "refresh_token": winner["refresh_token"],
        "client_id": television.row.client_id,
    }
    assert httpx.post(f"{browser.site}/oauth/token", data=form).json()["error"] == "invalid_grant"


def test_code_of_another_client_and_clients_without_the_grant_are_refused(
    browser: Any, acme: Any, register: Register, television: clients.Registered
) -> None:
    pair = begin(browser.site, television)
    thief = register(acme, redirect_uris=[], scopes=SCOPE.split(), grant_types=[GRANT], is_public=True)
    assert poll(browser.site, thief, pair["device_code"]).json()["error"] == "invalid_grant"
    app = register(acme, is_public=True)
    answer = httpx.post(f"{browser.site}/oauth/device", data={"client_id": app.row.client_id})
    assert answer.json()["error"] == "unauthorized_client"
    beyond = {"client_id": television.row.client_id, "scope": "identity.admin"}
    assert httpx.post(f"{browser.site}/oauth/device", data=beyond).json()["error"] == "invalid_scope"


def test_person_of_another_company_cannot_connect_the_device(
    browser: Any, acme: Any, other: Any, television: clients.Registered
) -> None:
    pair = begin(browser.site, television)
    browser.log_in(other)
    assert confirm(browser, pair["user_code"], other).status_code == 403
    assert confirm(browser, pair["user_code"], acme).status_code == 403
    assert poll(browser.site, television, pair["device_code"]).json()["error"] == "authorization_pending"


def test_forged_form_and_a_stranger_decide_nothing(browser: Any, acme: Any, television: clients.Registered) -> None:
    pair = begin(browser.site, television)
    stranger = browser.http.get(f"{browser.site}/device?user_code={pair['user_code']}")
    assert stranger.headers["Location"].startswith("/log-in?next=%2Fdevice%3Fuser_code")
    assert confirm(browser.log_in(acme), pair["user_code"], acme, csrf_token="forged").status_code == 400
    assert poll(browser.site, television, pair["device_code"]).json()["error"] == "authorization_pending"


def test_guessing_codes_ends_after_ten_tries(browser: Any, acme: Any, television: clients.Registered) -> None:
    pair = begin(browser.site, television)
    browser.log_in(acme)
    tried = [confirm(browser, f"BBBB-BBB{letter}", acme).status_code for letter in "BCDFGHJKLMN"]
    assert tried == [404] * 10 + [429]
    assert confirm(browser, pair["user_code"], acme).status_code == 429


def test_confidential_client_proves_itself_at_the_device_endpoint(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme, redirect_uris=[], scopes=SCOPE.split(), grant_types=[GRANT, "refresh_token"])
    unproven = httpx.post(f"{browser.site}/oauth/device", data={"client_id": client.row.client_id})
    assert unproven.json()["error"] == "invalid_client"
    auth = (client.row.client_id, client.secret)
    pair = httpx.post(f"{browser.site}/oauth/device", data={"scope": SCOPE}, auth=auth).json()
    confirm(browser.log_in(acme), pair["user_code"], acme)
    form = {"grant_type": GRANT, "device_code": pair["device_code"]}
    tokens = httpx.post(f"{browser.site}/oauth/token", data=form, auth=auth).json()
    assert refresh(browser.site, client, tokens["refresh_token"]).status_code == 200
