"""What people do at the console before their own work begins: sign up, log in, and open what is in their mail."""

from __future__ import annotations

from typing import Any

from harness import wait_for
from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery"
PATIENCE_MS = 30_000


def sign_up(page: Page, company: str, name: str, email: str) -> None:
    """Makes a company; its first person is logged in."""
    page.goto("/sign-up")
    page.get_by_label("Company").fill(company)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the company").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.split(maxsplit=1)[0], timeout=PATIENCE_MS)


def log_in(page: Page, email: str) -> None:
    """Sends the form; the caller looks at what comes of it."""
    page.goto("/log-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def open_mail(page: Page, email: str) -> None:
    """Follows the link of the newest mail to the address, once it is there."""
    mail = page.locator(".mail-list a", has_text=email).first

    def has_come() -> bool:
        page.goto("/local/mail")
        return mail.count() > 0

    wait_for(f"a mail to {email}", has_come)
    mail.click()
    page.locator(".mail-text a").first.click()


def api(page: Page, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A call of the public API in the session of the page."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    answer = page.request.fetch(path, method=method, data=body, headers={"X-CSRF-Token": token})
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def add_article(page: Page, name: str = "Deep plate", sku: str = "PLATE-1") -> str:
    """A product with a variant, whose id it answers."""
    # A new company gets its first tax rates with the event of its sign-up.
    wait_for("sales know the company", lambda: page.request.get("/v1/tax-rates").json().get("tax_rates"))
    product = api(page, "POST", "/v1/products", {"name": name})
    price = {"currency_code": "EUR", "amount_micros": 20_000_000}
    variant = {"product_id": product["id"], "sku": sku, "price": price}
    return str(api(page, "POST", "/v1/product-variants", variant)["id"])
