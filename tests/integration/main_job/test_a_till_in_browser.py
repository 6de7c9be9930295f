"""A till in a real browser sells on while the network is cut and the browser killed, and sends each sale once."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from at_the_console import log_in, sign_up
from cable import Cable, cable_to
from chromium import FLAGS, PATIENCE_MS, chromium_path
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RUN = uuid4().hex[:8]
EMAIL = f"tina@till-{RUN}.example"
SALES = 5
FETCH = """async ([method, path, body]) => {
  const { csrf_token } = await (await fetch("/till/session")).json();
  const answer = await fetch(path, {
    method,
    headers: { "X-CSRF-Token": csrf_token, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  return answer.json();
}"""


class Tablet:
    """A tablet with a browser that can be killed; its disk stays."""

    def __init__(self, playwright: Playwright, disk: Path, url: str) -> None:
        self._playwright, self._disk, self._url = playwright, disk, url
        self.context: BrowserContext | None = None

    def start(self) -> Page:
        self.context = self._playwright.chromium.launch_persistent_context(
            self._disk,
            executable_path=chromium_path(),
            args=FLAGS,
            base_url=self._url,
            viewport={"width": 1180, "height": 820},
            locale="en-GB",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        return self.context.new_page()

    def kill(self) -> None:
        """As if the battery had gone: no page hears of it."""
        held = (self._disk / "SingletonLock").readlink().name
        os.kill(int(held.rpartition("-")[2]), signal.SIGKILL)
        assert self.context is not None
        with contextlib.suppress(Exception):
            self.context.close()

    def stop(self) -> None:
        with contextlib.suppress(Exception):
            if self.context is not None:
                self.context.close()


@pytest.fixture(scope="module")
def cable(platform_url: str) -> Iterator[Cable]:
    with cable_to(platform_url) as whole:
        yield whole


@pytest.fixture(scope="module")
def tablet(cable: Cable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tablet]:
    with sync_playwright() as playwright:
        made = Tablet(playwright, tmp_path_factory.mktemp("tablet"), cable.url)
        yield made
        made.stop()


def ask(page: Page, method: str, path: str, body: Any = None) -> Any:
    """Calls the public API under the session of the page."""
    return page.evaluate(FETCH, [method, path, body])


def open_shop(page: Page) -> str:
    """A company with two articles and a register, whose id it answers."""
    sign_up(page, f"Till {RUN}", "Tina Till", EMAIL)
    # A rate of our own: the company's first one may come before or after.
    made = ask(page, "POST", "/v1/tax-rates", {"code": "vat", "name": "VAT", "rate_basis_points": 2_000})
    assert made["rate_basis_points"] == 2_000
    for name, sku, price in (("Red cup", "CUP-R", 9_990_000), ("Blue cup", "CUP-B", 12_500_000)):
        product = ask(page, "POST", "/v1/products", {"name": name, "tax_code": "vat"})
        unit = {"currency_code": "EUR", "amount_micros": price}
        ask(page, "POST", "/v1/product-variants", {"product_id": product["id"], "sku": sku, "price": unit})
    store = {"name": "High street", "code": "HIGH", "currency_code": "EUR", "time_zone": "Europe/Sofia"}
    store_id = ask(page, "POST", "/v1/stores", store)["id"]
    register_id: str = ask(page, "POST", "/v1/registers", {"store_id": store_id, "name": "Till 1"})["id"]
    return register_id


def open_session(page: Page, register_id: str) -> None:
    page.goto("/till")
    page.locator(f"[data-register='{register_id}']").click()
    page.locator("#till-session[data-state=none]").click()
    page.locator("#till-float").fill("100")
    page.locator("#till-dialog[data-name=session] button[type=submit]").click()
    expect(page.locator("#till-session")).to_have_attribute("data-state", "open", timeout=PATIENCE_MS)
    expect(page.locator(".till-tile")).to_have_count(2, timeout=PATIENCE_MS)
    # The worker holds the page from here on: it opens without a network.
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.keys().then((names) => names.some((one) => one.startsWith('funia-till-')))")


def sell(page: Page, sku: str, *, hasty: bool = False) -> None:
    page.locator(f"[data-sku={sku}]").click()
    page.locator("#till-pay").click()
    page.locator("[data-method=cash]").click()
    finish = page.locator("#till-finish")
    if hasty:
        finish.dblclick()
    else:
        finish.click()
    page.locator("#till-next").click()
    expect(page.locator("#till-dialog")).to_be_hidden(timeout=PATIENCE_MS)


def link(page: Page, state: str, waiting: int) -> None:
    shown = page.locator("#till-link")
    expect(shown).to_have_attribute("data-state", state, timeout=PATIENCE_MS)
    expect(shown).to_have_attribute("data-waiting", str(waiting), timeout=PATIENCE_MS)


def test_five_sales_without_a_network_and_a_killed_browser_make_five_orders(tablet: Tablet, cable: Cable) -> None:
    page = tablet.start()
    register_id = open_shop(page)
    open_session(page, register_id)
    cable.cut()
    for number in range(SALES):
        sell(page, "CUP-B" if number % 2 else "CUP-R", hasty=number == 2)
    link(page, "offline", SALES)
    tablet.kill()
    page = tablet.start()
    page.goto("/till")
    link(page, "offline", SALES)
    assert tablet.context is not None
    tablet.context.clear_cookies()
    cable.mend()
    page.reload()
    link(page, "signed-out", SALES)
    page.locator("#till-sign-in a").click()
    log_in(page, EMAIL)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tina", timeout=PATIENCE_MS)
    page.goto("/till")
    link(page, "online", 0)
    orders = ask(page, "GET", "/v1/orders?filter=" + 'channel%20%3D%20"pos"')["orders"]
    assert sorted(one["gross_amount"]["amount_minor"] for one in orders) == [1_199, 1_199, 1_199, 1_500, 1_500]
    assert {(one["status"], one["payment_status"]) for one in orders} == {("completed", "paid")}
    receipts = ask(page, "GET", f"/v1/registers/{register_id}/till-receipts")["receipts"]
    assert [one["number"] for one in receipts] == [f"HIGH-1-{number:06}" for number in range(SALES, 0, -1)]
    assert [one["flags"] for one in receipts] == [[]] * SALES
    report = ask(page, "GET", f"/v1/pos-sessions/{receipts[0]['session_id']}/x-report")
    assert (report["sale_count"], report["expected_cash_minor"]) == (SALES, 10_000 + 3 * 1_199 + 2 * 1_500)
