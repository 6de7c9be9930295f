"""The console's webhook pages over the real identity service."""

from __future__ import annotations

import re
from typing import Any

import httpx

FORM = {"url": "https://hooks.example.com/funia", "description": "Web shop", "event_types": "contacts.*\nidentity.*"}


def post(browser: Any, path: str, **fields: str) -> httpx.Response:
    form = {"csrf_token": browser.csrf_token, **fields}
    answer: httpx.Response = browser.http.post(f"{browser.site}{path}", data=form, follow_redirects=True)
    return answer


def made(browser: Any) -> tuple[str, str]:
    """Path of a new endpoint, and the page that shows its secret."""
    page = post(browser, "/settings/webhooks", **FORM)
    assert page.status_code == 200, page.text
    found = re.search(r"/settings/webhooks/[0-9a-f-]{36}", page.text)
    assert found
    return found[0], page.text


def test_an_administrator_makes_an_endpoint_and_sees_its_secret_once(browser: Any, acme: Any) -> None:
    browser.log_in(acme)
    empty = browser.http.get(f"{browser.site}/settings/webhooks")
    assert "No webhook yet" in empty.text
    path, page = made(browser)
    assert "whsec_" in page
    again = browser.http.get(f"{browser.site}{path}").text
    assert "whsec_" not in again
    assert "whpk_" in again
    assert "Web shop" in browser.http.get(f"{browser.site}/settings/webhooks").text


def test_a_test_event_shows_in_the_log_and_is_sent_again(browser: Any, acme: Any) -> None:
    browser.log_in(acme)
    path, _ = made(browser)
    page = post(browser, f"{path}/test")
    assert "identity.webhook_endpoint.tested" in page.text
    replay = re.search(r"/settings/webhooks/deliveries/[0-9a-f-]{36}/replay", page.text)
    assert replay
    assert post(browser, replay[0]).status_code == 200
    assert "Nothing was sent yet" in browser.http.get(f"{browser.site}{path}?status=dead").text


def test_bad_input_is_said_beside_its_field(browser: Any, acme: Any) -> None:
    browser.log_in(acme)
    for field, wrong in (("url", "http://example.com/"), ("event_types", "everything"), ("event_types", "")):
        page = post(browser, "/settings/webhooks", **{**FORM, field: wrong})
        assert page.status_code == 400
        assert f'id="f-{field}-mistake"' in page.text, (field, wrong)
    assert "No webhook yet" in browser.http.get(f"{browser.site}/settings/webhooks").text


def test_an_endpoint_is_disabled_enabled_given_new_keys_and_removed(browser: Any, acme: Any, other: Any) -> None:
    browser.log_in(acme)
    path, _ = made(browser)
    assert "New events are not kept" in post(browser, f"{path}/enable", disabled="1").text
    assert "New events are not kept" not in post(browser, f"{path}/enable").text
    assert "whsec_" in post(browser, f"{path}/rotate").text
    browser.log_in(other)
    assert post(browser, f"{path}/remove").status_code == 404
    browser.log_in(acme)
    assert "The endpoint is removed" in post(browser, f"{path}/remove").text
