"""A browser where there is one, and the address of the platform under test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chassis.testing.provider import foreign_provider
from chromium import FLAGS, PATIENCE_MS, chromium_path
from local_stack.ports import free_port
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright


@pytest.fixture(scope="session")
def platform_url(request: pytest.FixtureRequest) -> str:
    """Address of the platform under test: FUNIA_TEST_URL where set, else the stack of the session."""
    given = os.environ.get("FUNIA_TEST_URL")
    url: str = given or request.getfixturevalue("platform").stack.url
    return url.rstrip("/")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data with published results; skips where it is absent."""
    folder = Path(os.environ.get("FUNIA_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data here: {folder.name} is not beside the checkout; set FUNIA_SHARED_DATA")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips where there is none.

    One a module: while it lives, its event loop runs in this thread, and other tests could not run theirs.
    """
    path = chromium_path()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, platform_url: str) -> Iterator[Callable[..., Page]]:
    """Opens pages of the console, each in a browser profile of its own."""
    contexts: list[BrowserContext] = []

    def make(*, width: int = 1440, height: int = 900, locale: str = "en-GB") -> Page:
        context = browser.new_context(
            base_url=platform_url, viewport={"width": width, "height": height}, locale=locale, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def new_page(browser: Browser, platform_url: str) -> Iterator[Callable[[], Page]]:
    """Opens the console for somebody new, for as long as the module's tests go on."""
    contexts: list[BrowserContext] = []

    def make() -> Page:
        context = browser.new_context(base_url=platform_url, locale="en-GB", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def foreign_issuer() -> Iterator[str]:
    """An OpenID provider that others wrote."""
    with foreign_provider(free_port()) as issuer:
        yield issuer


@pytest.fixture
def keep_picture() -> Callable[[Page, str], None]:
    """Keeps a screenshot where FUNIA_SCREENSHOTS names a folder."""
    folder = os.environ.get("FUNIA_SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep
