"""A browser where there is one, and the address of the platform under test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000


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
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install chromium to run the browser tests")
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
