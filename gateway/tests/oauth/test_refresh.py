"""Refresh tokens: rotation, reuse, absolute age, and what a grant still gives when roles change."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from chassis.testing.databases import TestDatabase
from gateway.identity.secret_values import digest
from oauth_flow import (
    Register,
    all_at_once,
    answer_of,
    authorize_url,
    new_code,
    redeem,
    refresh,
)


def test_refresh_rotates_and_a_used_token_ends_the_family(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    first = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    second = refresh(browser.site, client, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert refresh(browser.site, client, first["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(browser.site, client, second["refresh_token"]).json()["error"] == "invalid_grant"


def test_of_eight_concurrent_refreshes_one_wins_and_the_family_ends(
    browser: Any, acme: Any, register: Register, identity_database: TestDatabase
) -> None:
    client = register(acme)
    token = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()["refresh_token"]
    row = f"refresh_token WHERE token_hash = '\\x{digest(token).hex()}'"
    answers = all_at_once(8, identity_database, row, lambda: refresh(browser.site, client, token))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 7}
    fresh = next(answer for answer in answers if answer.status_code == 200).json()["refresh_token"]
    assert refresh(browser.site, client, fresh).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("table", ["refresh_token", "oauth_grant"])
def test_refresh_ends_by_idleness_and_by_absolute_age(
    browser: Any, acme: Any, register: Register, admin: Any, table: str
) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    column = "for_tenant" if table == "refresh_token" else "tenant_id"
    admin.execute(f"UPDATE {table} SET expires_at = now() WHERE {column} = %s", (acme.tenant_id,))
    assert refresh(browser.site, client, tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_refreshing_never_moves_the_absolute_end(browser: Any, acme: Any, register: Register, admin: Any) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    admin.execute(
        "UPDATE oauth_grant SET expires_at = now() + interval '1 day' WHERE tenant_id = %s", (acme.tenant_id,)
    )
    renewed = refresh(browser.site, client, tokens["refresh_token"]).json()
    asked = "SELECT expires_at <= now() + interval '1 day' FROM refresh_token WHERE token_hash = %s"
    assert admin.execute(asked, (digest(renewed["refresh_token"]),)).fetchone() == (True,)


def test_scope_narrows_on_refresh_and_never_widens(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    browser.log_in(acme)
    tokens = redeem(browser.site, client, new_code(browser, acme, client, scope="contacts.read contacts.write")).json()
    narrow = refresh(browser.site, client, tokens["refresh_token"], scope="contacts.read").json()
    assert narrow["scope"] == "contacts.read"
    wide = refresh(browser.site, client, narrow["refresh_token"], scope="contacts.read email")
    assert wide.json()["error"] == "invalid_scope"
    whole = refresh(browser.site, client, narrow["refresh_token"]).json()
    assert whole["scope"] == "contacts.read contacts.write"
    beyond = authorize_url(browser.site, client.row.client_id, scope="contacts.read identity.admin")
    assert answer_of(browser.http.get(beyond))["error"] == "invalid_scope"


def test_consent_gives_no_more_than_the_persons_role(browser: Any, acme: Any, register: Register, admin: Any) -> None:
    client = register(acme)
    admin.execute("UPDATE membership SET role = 'viewer' WHERE user_id = %s", (acme.owner_id,))
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    assert "contacts.write" not in tokens["scope"].split()
    admin.execute("UPDATE membership SET status = 'suspended' WHERE user_id = %s", (acme.owner_id,))
    assert refresh(browser.site, client, tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_role_taken_away_after_the_consent_narrows_the_next_token(
    browser: Any, acme: Any, register: Register, admin: Any
) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    assert "contacts.write" in tokens["scope"].split()
    admin.execute("UPDATE membership SET role = 'viewer' WHERE user_id = %s", (acme.owner_id,))
    assert "contacts.write" not in refresh(browser.site, client, tokens["refresh_token"]).json()["scope"].split()


def test_scope_taken_from_the_client_after_the_consent_narrows_the_next_token(
    browser: Any, acme: Any, register: Register, admin: Any
) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    assert "contacts.write" in tokens["scope"].split()
    removed = "UPDATE oauth_client SET scopes = array_remove(scopes, 'contacts.write') WHERE tenant_id = %s"
    admin.execute(removed, (acme.tenant_id,))
    assert "contacts.write" not in refresh(browser.site, client, tokens["refresh_token"]).json()["scope"].split()
