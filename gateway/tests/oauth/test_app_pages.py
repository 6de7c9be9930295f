"""A partner, an operator and an administrator do their job with an app, in the browser, from draft to shut out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway.console import build
from oauth_flow import CHALLENGE
from playwright.sync_api import Page, sync_playwright

OPERATOR, PASSWORD = "operator@example.com", "correct horse battery"
BACK = "https://sheep.example/callback"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One a module: while it lives, its event loop runs in this thread, and other tests could not run theirs."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium is installed")
    build.build()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def open_as(chromium: Any, site: str) -> Iterator[Open]:
    """Opens a page as the owner of a company."""
    contexts = []

    def open_page(company: Any, path: str, width: int = 1440) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        contexts.append(context)
        page: Page = context.new_page()
        page.goto(f"{site}/log-in?next={path}")
        page.fill("[name=email]", company.email)
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("main button[type=submit].btn-primary")
        # Another test may have given the same person a company too.
        choice = page.locator(f"form[action$='/log-in/company'] button[value='{company.tenant_id}']")
        if choice.count():
            choice.click()
        page.wait_for_url(f"{site}{path}**")
        return page

    yield open_page
    for context in contexts:
        context.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def shoot(page: Page, folder: Path, name: str) -> None:
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        assert fits(page), f"{name} does not fit {width} px"
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_app_is_made_reviewed_let_in_and_shut_out(
    open_as: Open, site: str, acme: Any, other: Any, new_company: Any, tmp_path: Path
) -> None:
    maker = open_as(other, "/settings/developer")
    maker.fill("[name=name]", "Sheep counter")
    maker.check("input[value=browser]", force=True)
    maker.fill("[name=redirect_uris]", BACK)
    maker.fill("[name=description]", "Counts the sheep in your customer list")
    maker.fill("[name=homepage_url]", "https://sheep.example")
    maker.check("[name=scope][value='contacts.read']")
    maker.click("text=Register the app")
    client_id = maker.inner_text(".secret dd code")
    assert client_id.startswith("c-")
    maker.goto(f"{site}/settings/developer")
    shoot(maker, tmp_path, "developer")
    maker.click("text=Ask for the review")
    maker.wait_for_selector("text=In review")

    operator = open_as(new_company("Platform", OPERATOR), "/operator/apps")
    box = operator.locator("section", has_text=client_id)
    assert "Other" in box.inner_text()
    shoot(operator, tmp_path, "operator")
    box.get_by_role("button", name="Send back").click()
    operator.wait_for_selector("[role=alert]")
    operator.locator("section", has_text=client_id).get_by_role("button", name="Publish").click()
    operator.goto(f"{site}/operator/apps?status=published")
    assert client_id in operator.content()

    asked = (
        f"/oauth/authorize?response_type=code&client_id={client_id}&redirect_uri={BACK}&scope=contacts.read%20profile"
        f"&state=s&code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
    boss = open_as(acme, "/settings/connected-apps")
    shoot(boss, tmp_path, "nothing-connected")
    boss.goto(f"{site}{asked}")
    assert boss.is_checked(f"[name='scope-{acme.tenant_id}']")
    shoot(boss, tmp_path, "consent")
    boss.route("https://sheep.example/**", lambda route: route.fulfill(body="back at the app"))
    boss.click("button[value=allow]")
    boss.wait_for_url("https://sheep.example/**")
    assert "code=" in boss.url
    boss.goto(f"{site}/settings/connected-apps")
    assert "Sheep counter" in boss.content()
    shoot(boss, tmp_path, "connected")
    boss.on("dialog", lambda dialog: dialog.accept())
    boss.get_by_role("button", name="Shut out Sheep counter").click()
    confirm = boss.locator("dialog[open] button.btn-danger, dialog[open] button[value=confirm]")
    if confirm.count():
        confirm.first.click()
    boss.wait_for_selector("text=Sheep counter", state="detached")


def test_the_operators_desk_does_not_exist_for_others(browser: Any, acme: Any) -> None:
    browser.log_in(acme)
    for path in ("/operator/apps", "/operator/apps?status=published"):
        assert browser.http.get(f"{browser.site}{path}", headers={"Accept": "text/html"}).status_code == 404
    assert "/operator/" not in browser.http.get(f"{browser.site}/settings/developer").text
    form = {"csrf_token": browser.csrf_token, "verdict": "publish"}
    answer = browser.http.post(f"{browser.site}/operator/apps/{acme.tenant_id}", data=form)
    assert answer.status_code == 404
    assert httpx.get(f"{browser.site}/operator/apps").status_code == 303


def test_the_page_for_devices_takes_a_code(open_as: Open, acme: Any, tmp_path: Path) -> None:
    page = open_as(acme, "/device")
    shoot(page, tmp_path, "device")
    page.fill("[name=user_code]", "BBBB-BBBB")
    page.click("button[type=submit]")
    assert page.is_visible("[role=alert]")
