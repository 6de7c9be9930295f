"""The consent page: in three languages, remembered, asked again for more, and forged in no way."""

from __future__ import annotations

from typing import Any

import pytest
from oauth_flow import Register, answer_of, authorize_url, new_code, redeem, refresh


@pytest.mark.parametrize(
    ("locale", "question", "word"),
    [
        ("en", "asks for access", "See contacts and companies"),
        ("ru", "просит доступ", "Видеть контакты и компании"),
        ("bg", "иска достъп", "Да вижда контакти и фирми"),
    ],
)
def test_the_page_speaks_the_persons_language(
    browser: Any, acme: Any, register: Register, admin: Any, locale: str, question: str, word: str
) -> None:
    admin.execute("UPDATE membership SET locale = %s WHERE user_id = %s", (locale, acme.owner_id))
    page = browser.log_in(acme).http.get(authorize_url(browser.site, register(acme).row.client_id)).text
    assert question in page
    assert word in page
    assert f'lang="{locale}"' in page
    assert "app.example.com" in page  # where the browser goes after it
    assert "90" in page  # for how many days


def test_a_yes_is_remembered_for_the_same_and_asked_again_for_more(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    less = authorize_url(browser.log_in(acme).site, client.row.client_id, scope="contacts.read")
    more = authorize_url(browser.site, client.row.client_id, scope="contacts.read contacts.write")
    assert redeem(browser.site, client, answer_of(browser.agree(less, acme))["code"]).status_code == 200
    again = answer_of(browser.http.get(less))
    assert redeem(browser.site, client, again["code"]).json()["scope"] == "contacts.read"
    assert "code" in answer_of(browser.http.get(f"{less}&prompt=none"))
    assert browser.http.get(f"{less}&prompt=consent").status_code == 200
    assert browser.http.get(more).status_code == 200
    assert answer_of(browser.http.get(f"{more}&prompt=none"))["error"] == "consent_required"


def test_a_yes_that_ended_is_not_remembered(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme)
    url = authorize_url(browser.log_in(acme).site, client.row.client_id)
    code = answer_of(browser.agree(url, acme))["code"]
    tokens = redeem(browser.site, client, code).json()
    assert browser.http.get(url).status_code == 303
    assert redeem(browser.site, client, code).status_code == 400  # a replay ends the grant
    assert refresh(browser.site, client, tokens["refresh_token"]).status_code == 400
    assert browser.http.get(url).status_code == 200


def test_a_public_client_is_asked_for_every_time(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme, is_public=True)
    url = authorize_url(browser.log_in(acme).site, client.row.client_id)
    assert redeem(browser.site, client, answer_of(browser.agree(url, acme))["code"]).status_code == 200
    assert browser.http.get(url).status_code == 200
    assert answer_of(browser.http.get(f"{url}&prompt=none"))["error"] == "consent_required"


def test_a_yes_of_one_person_and_company_is_nobody_elses(
    browser: Any, acme: Any, other: Any, register: Register
) -> None:
    mine, theirs = register(acme), register(other)
    url = authorize_url(browser.log_in(acme).site, mine.row.client_id)
    assert redeem(browser.site, mine, answer_of(browser.agree(url, acme))["code"]).status_code == 200
    browser.http.cookies.clear()
    browser.log_in(other)
    assert browser.http.get(url).status_code == 403
    assert browser.http.get(authorize_url(browser.site, theirs.row.client_id)).status_code == 200


def test_the_page_cannot_be_framed_and_loads_nothing_foreign(browser: Any, acme: Any, register: Register) -> None:
    answer = browser.log_in(acme).http.get(authorize_url(browser.site, register(acme).row.client_id))
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://app.example.com" in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_person_sees_what_he_allowed_and_takes_it_back_himself(
    browser: Any, acme: Any, other: Any, register: Register, admin: Any
) -> None:
    mine, second = register(acme, name="Sheep counter"), register(acme, name="Goat counter")
    browser.log_in(acme)
    tokens = [redeem(browser.site, one, new_code(browser, acme, one)).json() for one in (mine, second)]
    page = browser.http.get(f"{browser.site}/account").text
    assert page.index("Goat counter") < page.index("Sheep counter")
    assert "See contacts and companies" in page
    headers = {"X-CSRF-Token": browser.csrf_token, "HX-Request": "true"}
    gone = browser.http.post(f"{browser.site}/account/apps/{mine.row.client_id}/take-back", headers=headers)
    assert gone.status_code == 200, gone.text
    assert "Sheep counter" not in browser.http.get(f"{browser.site}/account").text
    assert refresh(browser.site, mine, tokens[0]["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(browser.site, second, tokens[1]["refresh_token"]).status_code == 200
    told = "SELECT detail->>'reason' FROM audit_entry WHERE tenant_id = %s AND action = 'identity.grant.revoked'"
    assert admin.execute(told, (acme.tenant_id,)).fetchall() == [("revoked_by_person",)]
    browser.http.cookies.clear()
    foreign = browser.log_in(other).http.get(f"{browser.site}/account").text
    assert "Goat counter" not in foreign
    assert "You have allowed no app anything here." in foreign


def test_nobody_takes_back_what_another_person_allowed(browser: Any, acme: Any, other: Any, register: Register) -> None:
    client = register(acme)
    tokens = redeem(browser.site, client, new_code(browser.log_in(acme), acme, client)).json()
    browser.http.cookies.clear()
    browser.log_in(other)
    path = f"{browser.site}/account/apps/{client.row.client_id}/take-back"
    assert browser.http.post(path, headers={"X-CSRF-Token": browser.csrf_token}).status_code == 200
    assert refresh(browser.site, client, tokens["refresh_token"]).status_code == 200
    forged = browser.http.post(path)
    assert forged.status_code in (400, 403)
