"""A seller's quote goes beyond the limit, waits, and is sent once the manager agrees by the link in his mail."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from at_the_console import PASSWORD, add_article, open_mail, sign_up
from harness import wait_for
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RUN = uuid4().hex[:8]
MANAGER, SELLER = f"mona@plates-{RUN}.example", f"sam@plates-{RUN}.example"


def invited(new_page: Callable[[], Page], manager: Page) -> Page:
    """The page of a seller who took up the manager's invitation."""
    manager.goto("/settings/people")
    manager.locator("#i-email").fill(SELLER)
    manager.locator("#i-role").select_option("seller")
    manager.get_by_role("button", name="Send the invitation").click()
    expect(manager.get_by_text("The invitation is on its way.")).to_be_visible()
    page = new_page()
    open_mail(page, SELLER)
    page.get_by_label("Your name").fill("Sam Seller")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sam")
    return page


def test_a_quote_over_the_limit_is_sent_once_the_manager_agrees_by_mail(new_page: Callable[[], Page]) -> None:
    manager = new_page()
    sign_up(manager, f"Plates {RUN}", "Mona Manager", MANAGER)
    add_article(manager)
    manager.goto("/settings/approvals")
    manager.get_by_label("What it is for").fill("Deep discounts")
    manager.get_by_label("Operation", exact=True).select_option("sales.quote.send")
    manager.get_by_label("Only where").fill("discount_basis_points > 2000")
    manager.locator("#f-approver-1").select_option("role:owner")
    manager.get_by_role("button", name="Add the rule").click()
    expect(manager.get_by_role("list", name="Approval rules")).to_contain_text("Deep discounts")

    seller = invited(new_page, manager)
    state = seller.locator(".selling-state .stage")
    seller.goto("/quotes/new")
    seller.get_by_label("What it is about").fill(f"Plates {RUN}")
    seller.get_by_role("button", name="Add the quote").click()
    seller.locator("#line-query").press_sequentially("PLATE")
    seller.locator("#line-list [data-option]").first.click()
    total = seller.locator("[data-lines] .card-head strong")
    expect(total).to_have_text("€20.00")
    discount = seller.locator("input[name=discount]")
    discount.fill("30")
    discount.press("Tab")
    expect(total).to_have_text("€14.00")
    address = seller.url
    seller.get_by_role("button", name="Send", exact=True).click()
    seller.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()
    expect(seller.get_by_text("waits for approval").first).to_be_visible()
    seller.goto(address)
    expect(state).to_have_text("Draft")
    expect(seller.get_by_text("“Send a quote” waits for approval.")).to_be_visible()

    open_mail(manager, MANAGER)
    expect(manager.get_by_role("heading", level=1)).to_have_text("Send a quote")
    facts = manager.locator(".facts-list").first
    expect(facts).to_contain_text("30 %")
    expect(facts).to_contain_text("€14")
    manager.get_by_role("button", name="Approve", exact=True).click()
    expect(manager.get_by_role("list").filter(has_text="Approved: Mona Manager")).to_be_visible()

    def is_sent() -> bool:
        seller.goto(address)
        return state.inner_text() == "Sent"

    wait_for("the quote is sent", is_sent)
    expect(seller.get_by_text("waits for approval")).to_have_count(0)
    seller.goto("/approvals?view=mine")
    expect(seller.get_by_role("listitem").filter(has_text="Send a quote")).to_contain_text("Approved and done")
