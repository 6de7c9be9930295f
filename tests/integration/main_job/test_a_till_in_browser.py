"""A till in a real browser sells on while the network is cut and the browser killed, and sends each sale once; and what
clerks do at it all day: leave for discounts, parked baskets, points, gift cards and coupons, cash and reports."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from at_the_console import PASSWORD, log_in, open_mail, sign_up
from cable import Cable, cable_to
from chromium import FLAGS, PATIENCE_MS, chromium_path
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RUN = uuid4().hex[:8]
EMAIL = f"tina@till-{RUN}.example"
CLERK = f"carl@till-{RUN}.example"
SALES = 5
POINTS = 3 * 119 + 2 * 150
"""Ten points a euro, rounded down once a line: of 11.99 and of 15.00."""
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
    """A company with two articles, gift cards and a register, whose id it answers."""
    sign_up(page, f"Till {RUN}", "Tina Till", EMAIL)
    # A rate of our own: the company's first one may come before or after.
    made = ask(page, "POST", "/v1/tax-rates", {"code": "vat", "name": "VAT", "rate_basis_points": 2_000})
    assert made["rate_basis_points"] == 2_000
    for name, sku, price in (("Red cup", "CUP-R", 9_990_000), ("Blue cup", "CUP-B", 12_500_000)):
        product = ask(page, "POST", "/v1/products", {"name": name, "tax_code": "vat"})
        unit = {"currency_code": "EUR", "amount_micros": price}
        ask(page, "POST", "/v1/product-variants", {"product_id": product["id"], "sku": sku, "price": unit})
    card = ask(page, "POST", "/v1/products", {"name": "Voucher", "kind": "gift_card", "tax_code": "vat"})
    ask(page, "POST", "/v1/product-variants", {"product_id": card["id"], "sku": "GIFT"})
    store = {"name": "High street", "code": "HIGH", "currency_code": "EUR", "time_zone": "Europe/Sofia"}
    store_id = ask(page, "POST", "/v1/stores", store)["id"]
    register_id: str = ask(page, "POST", "/v1/registers", {"store_id": store_id, "name": "Till 1"})["id"]
    return register_id


def enrol(page: Page) -> dict[str, Any]:
    """A member of a programme of ten points a euro, each worth a cent, and a second one who buys nothing."""
    ask(page, "PATCH", "/v1/loyalty-program", {"active": True, "earn_milli": 10_000, "point_value_minor": 1})
    ask(page, "POST", "/v1/loyalty-members", {"name": "Nina Nobody", "phone": "+359888000111"})
    ask(page, "POST", "/v1/discount-policies", {"name": "Clerks", "max_discount_basis_points": 500})
    ask(page, "POST", "/v1/coupons", {"code": "TEN", "name": "Ten", "discount_basis_points": 1_000, "max_uses": 1})
    made: dict[str, Any] = ask(page, "POST", "/v1/loyalty-members", {"name": "Mia Member", "phone": "+359888123456"})
    return made


def show_card(page: Page, number: str, name: str) -> None:
    """Types or scans what the customer shows."""
    page.locator("#till-customer").click()
    page.locator("#till-customer-number").fill(number)
    page.locator("#till-dialog[data-name=customer] button[type=submit]").click()
    expect(page.locator("#till-customer-name")).to_have_text(name, timeout=PATIENCE_MS)


def open_session(page: Page, register_id: str) -> None:
    page.goto("/till")
    page.locator(f"[data-register='{register_id}']").click()
    page.locator("#till-session[data-state=none]").click()
    page.locator("#till-float").fill("100")
    page.locator("#till-dialog[data-name=session] button[type=submit]").click()
    expect(page.locator("#till-session")).to_have_attribute("data-state", "open", timeout=PATIENCE_MS)
    expect(page.locator(".till-tile")).to_have_count(3, timeout=PATIENCE_MS)
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
    member = enrol(page)
    card = member["card_number"]
    open_session(page, register_id)
    cable.cut()
    for number in range(SALES):
        show_card(page, card, card)
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
    members = ask(page, "GET", "/v1/loyalty-members")["loyalty_members"]
    assert {one["name"]: one["available_points"] for one in members} == {"Mia Member": POINTS, "Nina Nobody": 0}
    postings = ask(page, "GET", f"/v1/loyalty-members/{member['id']}/postings")["postings"]
    assert sorted(one["order_id"] for one in postings) == sorted(one["id"] for one in orders)


def take_over(page: Page, tablet: Tablet) -> None:
    """Carl, who may give no discounts, takes up his invitation on the same tablet."""
    page.goto("/settings/people")
    page.locator("#i-email").fill(CLERK)
    page.locator("#i-role").select_option("clerk")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible(timeout=PATIENCE_MS)
    assert tablet.context is not None
    tablet.context.clear_cookies()
    open_mail(page, CLERK)
    page.get_by_label("Your name").fill("Carl Clerk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Carl", timeout=PATIENCE_MS)
    page.goto("/till")
    link(page, "online", 0)


def pays(page: Page, *methods: str) -> None:
    """Pays in these ways, each as much as it can, and finishes."""
    page.locator("#till-pay").click()
    for method in methods:
        page.locator(f"[data-method={method}]").click()
    expect(page.locator("#till-finish")).to_be_enabled(timeout=PATIENCE_MS)
    page.locator("#till-finish").click()
    expect(page.locator("#till-receipt")).to_be_visible(timeout=PATIENCE_MS)


def issue(page: Page, minor: int) -> dict[str, Any]:
    """A gift card with its code."""
    given = {"id": str(uuid4()), "amount": {"currency_code": "EUR", "amount_minor": minor}, "reason": "Sorry"}
    made: dict[str, Any] = ask(page, "POST", "/v1/gift-cards", given)
    return made


def pays_with_held(page: Page, code: str) -> None:
    """Takes all points of the member, then a gift card, then cash for the rest; finishing is left to the caller."""
    page.locator("#till-pay").click()
    says(page, "#till-balance", f"{POINTS} points")
    page.locator("[data-method=points]").click()
    says(page, ".till-tenders", "Points €6.57")
    page.locator("[data-method=gift_card]").click()
    page.locator("#till-gift-code").fill(code)
    page.locator("[data-method=gift_card]").click()
    says(page, ".till-tenders", "Gift card €5.00")
    page.locator("[data-method=cash]").click()


def says(page: Page, part: str, *texts: str) -> None:
    for text in texts:
        expect(page.locator(part)).to_contain_text(text, timeout=PATIENCE_MS)


def test_a_clerks_day_goes_from_leave_for_a_discount_to_the_z_report(tablet: Tablet, cable: Cable) -> None:
    assert tablet.context is not None
    page = tablet.context.pages[-1]
    lost, voucher = (issue(page, 500) for _ in range(2))
    take_over(page, tablet)
    # Points of the member, then a gift card that is blocked before it pays: the sale is not made, and nothing is lost.
    show_card(page, "+359 888 123456", "Mia Member")
    page.locator("[data-sku=CUP-B]").click()
    pays_with_held(page, lost["code"])
    ask(page, "POST", f"/v1/gift-cards/{lost['gift_card']['id']}:block", {})
    page.locator("#till-finish").click()
    says(page, "#toasts", "The sale was not made")
    expect(page.locator("#till-dialog")).to_be_hidden(timeout=PATIENCE_MS)
    says(page, "#till-lines", "Blue cup")
    # The same basket with another card; the receipt says what became of the points.
    pays_with_held(page, voucher["code"])
    page.locator("#till-finish").click()
    earned = 843 * 10 // 100
    says(page, "#till-receipt", "Points earned", "Points spent", f"Points left{earned}")
    page.locator("#till-next").click()
    # One basket waits while another is sold with a coupon and a discount that Tina gives leave for.
    page.locator("[data-sku=CUP-R]").click()
    page.locator("#till-park").click()
    page.locator("[data-sku=CUP-B]").click()
    page.locator("#till-off").click()
    page.locator("#till-coupon").fill("ten")
    page.get_by_role("button", name="Take the coupon").click()
    says(page, "#till-sums", "Coupon TEN")
    page.locator("#till-off").click()
    page.locator("#till-discount").fill("20")
    page.locator("#till-dialog[data-name=discount] button[type=submit]").first.click()
    says(page, "#till-sums", "somebody must agree")
    page.locator("#till-pay").click()
    leave = page.locator("#till-dialog[data-name=leave]")
    leave.get_by_label("E-mail").fill(EMAIL)
    leave.get_by_label("Password").fill(PASSWORD)
    leave.get_by_role("button", name="Agree").click()
    page.locator("[data-method=card]").click()
    page.locator("#till-finish").click()
    says(page, "#till-receipt", "€10.80")
    page.locator("#till-next").click()
    page.locator("#till-park").click()
    page.locator("#till-dialog[data-name=parked] .till-wide", has_text="Red cup").click()
    pays(page, "cash")
    page.locator("#till-next").click()
    # Without a network neither points nor gift cards are taken, and it is said what to do.
    page.locator("[data-sku=CUP-R]").click()
    cable.cut()
    page.locator("#till-pay").click()
    page.locator("[data-method=points]").click()
    says(page, "#till-dialog", "Points and gift cards need the network.")
    page.locator("[data-method=cash]").click()
    page.locator("#till-finish").click()
    page.locator("#till-next").click()
    sells_a_card(page, "20")
    cable.mend()
    page.reload()
    link(page, "online", 0)
    pays_with_the_card_that_was_sold(page)
    closes(page)


def sells_a_card(page: Page, amount: str) -> None:
    """A gift card without a network: its code follows."""
    page.locator("[data-sku=GIFT]").click()
    page.locator("#till-face").fill(amount)
    page.locator("#till-dialog[data-name=face] button[type=submit]").click()
    pays(page, "cash")
    says(page, "#till-receipt", "The code of the gift card follows")
    page.locator("#till-next").click()


def pays_with_the_card_that_was_sold(page: Page) -> None:
    """Its code is shown once the queue is empty, and pays the next sale."""
    page.locator("#till-cards-show").click()
    code = page.locator(".till-code").inner_text()
    expect(page.locator("#till-cards")).to_be_hidden(timeout=PATIENCE_MS)
    page.locator("#till-next").click()
    (made,) = (one for one in ask(page, "GET", "/v1/gift-cards")["gift_cards"] if one.get("order_id"))
    assert (made["last_digits"], made["balance_amount"]["amount_minor"]) == (code[-4:], 2_000)
    page.locator("[data-sku=CUP-R]").click()
    page.locator("#till-pay").click()
    page.locator("[data-method=gift_card]").click()
    page.locator("#till-gift-code").fill(code)
    page.locator("[data-method=gift_card]").click()
    page.locator("#till-finish").click()
    says(page, "#till-receipt", f"Left on gift card …{code[-4:]}€8.01")
    page.locator("#till-next").click()


def closes(page: Page) -> None:
    """Cash in and out, the X report, the count and the Z report."""
    opened = page.locator("#till-session[data-state=open]")
    opened.click()
    for button, amount in (("Cash in", "50"), ("Cash out", "20.50")):
        page.get_by_role("button", name=button).click()
        page.locator("#till-dialog[data-name=cash] [inputmode=decimal]").fill(amount)
        page.get_by_label("Why?").fill("Change")
        page.locator("#till-dialog[data-name=cash] button[type=submit]").click()
    says(page, "#till-dialog", "Cash in€50.00", "Cash out-€20.50", f"Sales ({SALES + 6})")
    cash = 10_000 + 3 * 1_199 + 2 * 1_500 + 343 + 1_199 + 1_199 + 2_000 + 5_000 - 2_050
    says(page, "#till-dialog", f"Cash that should be there€{cash / 100:.2f}", "Points (1)€6.57", "Gift card (2)€16.99")
    page.locator("#till-close-session").click()
    page.locator("#till-counted").fill(f"{cash / 100 - 1:.2f}")
    page.locator("#till-dialog[data-name=count] button[type=submit]").click()
    says(page, "#till-dialog[data-name=z]", "Z report 1", "Difference-€1.00")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#till-session")).to_have_attribute("data-state", "none", timeout=PATIENCE_MS)
