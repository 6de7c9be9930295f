"""What a person has around logging in: a mailbox filled by the gateway's own sender, a browser, and a second one."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.mail import Smtp
from gateway.composition import Identity
from gateway.console import build
from gateway.mail.sender import MailSender
from playwright.sync_api import Browser, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_LINK = re.compile(r"https?://\S+#\S+")


class Mails:
    """Mails of the gateway under test, sent when somebody looks."""

    def __init__(self, identity: Identity, mailbox: Any) -> None:
        self._sender = MailSender(identity.database, identity.post, Smtp(mailbox.url, timeout_s=5), identity.settings)
        self._mailbox = mailbox

    def to(self, address: str) -> list[Any]:
        """What arrived for an address, oldest first."""
        while self._sender.send_due():
            pass
        return list(self._mailbox.to(address))

    def link(self, address: str) -> str:
        """The link of the newest mail."""
        text = self.to(address)[-1].get_body(("plain",)).get_content()
        found = _LINK.search(text)
        assert found is not None, text
        return found[0]

    def secret(self, address: str) -> str:
        """What stands behind the # of that link."""
        return self.link(address).partition("#")[2]


@pytest.fixture
def mails(identity: Identity, mailbox: Any, admin: Any) -> Mails:
    """The mails of this test and of no other."""
    admin.execute("DELETE FROM outgoing_mail")
    return Mails(identity, mailbox)


class Forms:
    """A browser without scripts: opens pages and sends their forms with the token that stands in them."""

    def __init__(self, site: str) -> None:
        self.http = httpx.Client(base_url=site, timeout=30)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def send(self, path: str, *, page: str = "", **fields: str) -> httpx.Response:
        """Sends a form of a page (of the same address where none is named)."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.http.get(page or path).text)
        assert token is not None
        return self.http.post(path, data={"csrf_token": token[1], **fields})

    def log_in(self, email: str, password: str) -> httpx.Response:
        return self.send("/log-in", email=email, password=password)


@pytest.fixture
def forms(site: str) -> Iterator[Callable[[], Forms]]:
    """Makes browsers without scripts."""
    made: list[Forms] = []

    def make() -> Forms:
        made.append(Forms(site))
        return made[-1]

    yield make
    for one in made:
        one.http.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One a module: while it lives, its event loop runs in this thread."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"None of {', '.join(BROWSERS)} is installed")
    build.build()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages of somebody new, and fails where a page broke its own policy or threw."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(url: str, *, width: int = 1440) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def keep_picture() -> Callable[[Page, str], None]:
    """Saves a picture where FUNIA_SCREENSHOTS names a folder, to be looked at."""
    folder = os.environ.get("FUNIA_SCREENSHOTS", "")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", caret="initial", full_page=True)

    return keep
