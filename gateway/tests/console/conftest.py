"""Fixtures of the console's tests: the running site over its peer, and a browser where there is one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from console_site import AURORA, EMPTY, Site
from gateway.console import build

# A machine busy with other tests paints late; a page that is right is not made wrong by that.
expect.set_options(timeout=20_000)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
TENANT_OF = {"maria@aurora.example": AURORA, "ivan@aurora.example": AURORA, "new@empty.example": EMPTY}


@pytest.fixture(scope="session")
def site_factory() -> Iterator[Callable[[], Site]]:
    build.build()
    started: list[Site] = []

    def start() -> Site:
        started.append(Site())
        return started[-1]

    yield start
    for running in started:
        running.stop()


@pytest.fixture(scope="session")
def shared_site(site_factory: Callable[[], Site]) -> Site:
    """For tests that change nothing."""
    return site_factory()


@pytest.fixture
def site(site_factory: Callable[[], Site]) -> Site:
    """For tests that write."""
    return site_factory()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module: while it lives, its event loop runs in this thread, and other tests could not run theirs."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"None of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()


class Visitor:
    """Opens pages as somebody, and remembers what the browser complained about."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []
        self.contexts: list[Any] = []

    def open(
        self, site: Site, path: str = "/", *, who: str = "", width: int = 1440, theme: str = "light", locale: str = ""
    ) -> Page:
        height = 844 if width < 500 else 900
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce", locale="en-GB"
        )  # type: ignore[arg-type]
        self.contexts.append(context)
        if who:
            cookie = site.identity.start(who, TENANT_OF[who], locale="" if locale == "xl" else locale).cookie
            context.add_cookies([{"name": "funia_session", "value": cookie, "url": site.url}])
        if locale:
            context.add_cookies([{"name": "funia_locale", "value": locale, "url": site.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.goto(site.url + path)
        return page

    def speak(self, site: Site, page: Page, who: str, locale: str) -> None:
        """Loads the page anew in another language; that of the person gives way to the cookie for "xl"."""
        cookies = [{"name": "funia_locale", "value": locale, "url": site.url}]
        if who:
            session = site.identity.start(who, TENANT_OF[who], locale="" if locale == "xl" else locale)
            cookies.append({"name": "funia_session", "value": session.cookie, "url": site.url})
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.reload()

    def hear(self, message: Any) -> None:
        # The browser names every 4xx answer; those are the tests' own doing.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Fails the test where a page threw, or asked for something that its policy forbids."""
    made = Visitor(browser)
    yield made
    for context in made.contexts:
        context.close()
    assert made.complaints == []


@pytest.fixture
def keep_picture() -> Callable[[Page, str], None]:
    """Saves a picture where FUNIA_SCREENSHOTS names a folder, to be looked at."""
    folder = os.environ.get("FUNIA_SCREENSHOTS", "")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", caret="initial")

    return keep
