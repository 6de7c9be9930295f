"""A seller takes deals through the funnel in a real browser, beside a colleague who looks at the same board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from at_the_console import api, sign_up
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RUN = uuid4().hex[:8]
Open = Callable[[], Page]


@dataclass(frozen=True)
class Shop:
    """A company with an article, a deal of somebody else's, and two browsers on it."""

    seller: Page
    colleague: Page


@pytest.fixture(scope="module")
def shop(new_page: Open) -> Shop:
    """The seller signs up and adds a product with its variant; the colleague is the same person at another browser."""
    seller = new_page()
    sign_up(seller, f"Cups {RUN}", "Sally Seller", f"sally@cups-{RUN}.example")
    seller.goto("/products/new")
    seller.get_by_label("Name", exact=True).fill("Blue cup")
    seller.get_by_role("button", name="Add the product").click()
    expect(seller.get_by_role("heading", level=1)).to_have_text("Blue cup")
    seller.get_by_role("link", name="Add a variant").click()
    form = seller.get_by_role("dialog")
    form.get_by_label("Article number").fill("CUP-1")
    form.get_by_label("Price of one", exact=True).fill("12.50")
    form.get_by_role("button", name="Add the variant").click()
    expect(seller.get_by_role("heading", level=1)).to_contain_text("CUP-1")
    colleague = new_page()
    colleague.context.add_cookies(seller.context.cookies())
    return Shop(seller, colleague)


def add_deal(page: Page, name: str, amount: str = "") -> str:
    """The address of a new deal in the first stage."""
    page.goto("/deals/new")
    page.get_by_label("What it is about").fill(name)
    if amount:
        page.get_by_label("Amount", exact=True).fill(amount)
    page.get_by_role("button", name="Add the deal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def column(page: Page, title: str) -> Locator:
    return page.locator(".stage-column", has=page.get_by_role("heading", name=title, exact=True))


def card(where: Page | Locator, name: str) -> Locator:
    return where.locator("[data-card]", has_text=name)


def test_a_deal_without_its_evidence_goes_back_and_says_what_is_missing(shop: Shop) -> None:
    name = f"Gated {RUN}"
    add_deal(shop.seller, name, "900")
    shop.seller.goto("/deals/board")
    card(column(shop.seller, "Prospecting"), name).drag_to(
        column(shop.seller, "Decision makers").locator(".stage-cards")
    )
    dialog = shop.seller.get_by_role("dialog")
    expect(dialog.get_by_text("Name the company that would buy.")).to_be_visible()
    shop.seller.keyboard.press("Escape")
    expect(card(column(shop.seller, "Prospecting"), name)).to_be_visible()
    expect(card(column(shop.seller, "Decision makers"), name)).to_have_count(0)


def test_a_move_shows_on_the_board_of_a_colleague(shop: Shop) -> None:
    name = f"Watched {RUN}"
    address = add_deal(shop.seller, name, "1200")
    company = f"Harbour {RUN}"
    shop.seller.goto("/companies/new")
    shop.seller.get_by_label("Company name").fill(company)
    shop.seller.get_by_role("button", name="Add the company").click()
    expect(shop.seller.get_by_role("heading", level=1)).to_have_text(company)
    shop.seller.goto("/people/new")
    shop.seller.get_by_label("Last name").fill(f"Decider{RUN}")
    shop.seller.get_by_role("button", name="Add the person").click()
    expect(shop.seller.get_by_role("heading", level=1)).to_have_text(f"Decider{RUN}")
    shop.seller.goto(address)
    chosen(shop.seller, shop.seller.locator("#fact-account_id"), company)
    expect(shop.seller.locator("#fact-account_id-form.is-saved")).to_be_visible()
    shop.seller.reload()
    expect(shop.seller.locator(".record-related").get_by_text(company)).to_be_visible()
    shop.seller.locator("summary", has_text="Add a person").click()
    chosen(shop.seller, shop.seller.locator("#person-query"), f"Decider{RUN}")
    shop.seller.get_by_role("button", name="Add the person").click()
    expect(shop.seller.locator(".related-list").get_by_text("Decides")).to_be_visible()

    for page in (shop.seller, shop.colleague):
        page.goto("/deals/board")
        expect(card(column(page, "Prospecting"), name)).to_be_visible()
    source = card(column(shop.seller, "Prospecting"), name)
    source.drag_to(column(shop.seller, "Decision makers").locator(".stage-cards"))
    expect(card(column(shop.colleague, "Decision makers"), name)).to_be_visible()
    expect(column(shop.colleague, "Decision makers").locator(".stage-count")).to_have_text("1")
    expect(card(column(shop.seller, "Decision makers"), name)).to_be_visible()


def chosen(page: Page, field: Locator, text: str) -> None:
    """Types and takes what the picker finds; search follows a write by a moment."""
    option = page.locator(".picker-list.is-open [data-option]", has_text=text)
    for _ in range(20):
        field.fill("")
        field.press_sequentially(text[:12])
        try:
            option.first.click(timeout=1500)
        except PlaywrightTimeout:
            continue
        return
    raise AssertionError(f"the picker does not find {text}")


def test_lines_are_priced_and_the_amount_follows_them(shop: Shop) -> None:
    add_deal(shop.seller, f"Cups for all {RUN}")
    field = shop.seller.locator("#line-query")
    field.press_sequentially("Blue")
    shop.seller.locator("#line-list [data-option]").first.click()
    quantity = shop.seller.locator("input[name=quantity]")
    expect(quantity).to_have_value("1")
    quantity.fill("4")
    quantity.press("Tab")
    expect(shop.seller.locator("[data-lines] .card-head strong")).to_have_text("€50.00")
    discount = shop.seller.locator("input[name=discount]")
    discount.fill("10")
    discount.press("Tab")
    expect(shop.seller.locator("[data-lines] .card-head strong")).to_have_text("€45.00")
    shop.seller.reload()
    expect(shop.seller.locator("#fact-amount")).to_have_value("45")
    shop.seller.locator("input[name=discount]").fill("a lot")
    shop.seller.locator("input[name=discount]").press("Tab")
    expect(shop.seller.get_by_text("Write a number, such as 12.5.")).to_be_visible()


def test_a_lost_deal_says_why_and_is_opened_again_with_a_reason(shop: Shop) -> None:
    name = f"Too dear {RUN}"
    add_deal(shop.seller, name, "3000")
    shop.seller.get_by_role("button", name="Closed lost").click()
    dialog = shop.seller.get_by_role("dialog")
    dialog.get_by_role("button", name="Move the deal").click()
    expect(dialog.locator(".mistake, .note-warning").first).to_be_visible()
    dialog.locator("#lost-reason").select_option(index=1)
    dialog.locator("#lost-note").fill("They had half of it to spend.")
    dialog.get_by_role("button", name="Move the deal").click()
    expect(shop.seller.locator(".stage-step.is-current")).to_have_text("Closed lost")
    expect(shop.seller.get_by_text("They had half of it to spend.")).to_be_visible()
    shop.seller.get_by_role("button", name="Prospecting").click()
    dialog = shop.seller.get_by_role("dialog")
    dialog.get_by_label("This deal is closed. Why does it go on?").fill("New budget")
    dialog.get_by_role("button", name="Move the deal").click()
    expect(shop.seller.locator(".stage-step.is-current")).to_have_text("Prospecting")
    expect(shop.seller.locator(".steps-taken")).to_contain_text("New budget")


def test_the_forecast_adds_up_what_is_open(shop: Shop) -> None:
    name = f"Foreseen {RUN}"
    add_deal(shop.seller, name, "500")
    shop.seller.goto("/deals/forecast")
    expect(shop.seller.get_by_role("heading", name="What will we sell?")).to_be_visible()
    expect(shop.seller.locator("tbody tr").first.locator("td").first).to_be_visible()
    shop.seller.get_by_role("link", name="Sally Seller").click()
    expect(shop.seller.locator("tbody tr[data-row]", has_text=name)).to_be_visible()


def do(page: Page, label: str, **asked: str) -> None:
    """Presses the button of an act, fills in what its dialog asks, and does it."""
    page.get_by_role("button", name=label, exact=True).click()
    dialog = page.get_by_role("dialog")
    for name, value in asked.items():
        field = dialog.locator(f"#act-{name}")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    dialog.get_by_role("button", name=label, exact=True).click()


def test_a_quote_becomes_an_order_an_invoice_and_money(shop: Shop) -> None:
    page = shop.seller
    state = page.locator(".selling-state .stage")
    page.goto("/quotes/new")
    page.get_by_label("What it is about").fill(f"Cups {RUN}")
    page.get_by_role("button", name="Add the quote").click()
    page.locator("#line-query").press_sequentially("CUP")
    page.locator("#line-list [data-option]").first.click()
    expect(page.locator("[data-lines] .card-head strong")).to_have_text("€12.50")
    do(page, "Send")
    link = page.locator(".copied-link code").inner_text()
    page.get_by_role("link", name="Done").click()
    expect(state).to_have_text("Sent")

    customer = shop.colleague
    customer.goto(link)
    expect(customer.get_by_text("€12.50").first).to_be_visible()
    customer.locator("input[name=name]").fill("Carla Customer")
    customer.locator("button[type=submit]").first.click()
    expect(customer.locator("input[name=name]")).to_have_count(0)

    page.reload()
    expect(state).to_have_text("Accepted")
    do(page, "Make an order")
    expect(state).to_have_text("Draft")
    do(page, "Confirm")
    expect(state).to_have_text("Confirmed")
    do(page, "Hand everything over", tracking_code="BG-1")
    expect(state).to_have_text("Handed over")
    do(page, "Make an invoice")
    expect(state).to_have_text("Draft")
    do(page, "Issue")
    expect(state).to_have_text("Issued")
    do(page, "Record a payment", method="transfer")
    expect(state).to_have_text("Paid")
    money = page.locator("#money")
    money.locator("summary", has_text="Give money back").click()
    money.get_by_label("Amount").fill("2.50")
    money.get_by_role("button", name="Give money back").click()
    expect(money.get_by_text("−€2.50")).to_be_visible()

    page.locator(".selling-state").get_by_role("link", name="Order").click()
    expect(state).to_have_text("Completed")
    money.locator("summary", has_text="Take goods back").click()
    money.get_by_placeholder("0").fill("2")
    money.get_by_role("button", name="Take goods back").click()
    expect(money.get_by_role("alert")).to_be_visible()
    money.locator("summary", has_text="Take goods back").click()
    money.get_by_placeholder("0").fill("1")
    money.get_by_role("button", name="Take goods back").click()
    for step in ("Agree to it", "It has arrived", "All is well"):
        money.get_by_role("button", name=step).click()
    expect(money.get_by_text("Looked over")).to_be_visible()
    expect(state).to_have_text("Returned")


def test_the_day_is_planned_and_ticked_off(shop: Shop) -> None:
    address = add_deal(shop.seller, f"Planned {RUN}")
    shop.seller.get_by_role("link", name="Plan an activity").click()
    form = shop.seller.get_by_role("dialog")
    form.get_by_label("Kind").select_option(label="Call")
    form.get_by_label("What it is about").fill(f"Ring them {RUN}")
    form.get_by_role("button", name="Plan it").click()
    # A call has its moment; what was written stays.
    expect(form.locator(".field", has_text="When").get_by_text("This cannot be empty.")).to_be_visible()
    form.get_by_label("When", exact=True).fill("2020-01-31T10:30")
    form.get_by_role("button", name="Plan it").click()
    expect(shop.seller.get_by_role("heading", level=1)).to_have_text(f"Ring them {RUN}")
    shop.seller.goto("/my-day")
    late = shop.seller.get_by_role("region", name="Late").or_(shop.seller.locator("section", has_text="Late"))
    expect(late.first.get_by_text(f"Planned {RUN}")).to_be_visible()
    shop.seller.get_by_label("What it is about").fill(f"Write to them {RUN}")
    shop.seller.get_by_role("button", name="Plan it").click()
    undated = shop.seller.locator(".todo-item", has_text=f"Write to them {RUN}")
    expect(undated).to_be_visible()
    shop.seller.get_by_role("button", name=f"Done: Ring them {RUN}").click()
    expect(shop.seller.locator(".todo-item", has_text=f"Ring them {RUN}")).to_have_count(0)
    expect(undated).to_be_visible()
    shop.seller.goto(address)
    expect(shop.seller.locator(".record-timeline").get_by_text("Took place")).to_be_visible()


def test_a_goal_shows_how_far_it_is(shop: Shop) -> None:
    month = f"{datetime.now(UTC):%Y-%m}-01"
    shop.seller.goto("/goals/new")
    shop.seller.get_by_label("What counts").select_option(label="Activities done")
    shop.seller.get_by_label("Goal", exact=True).fill("4")
    shop.seller.get_by_label("For a").select_option(label="Month")
    shop.seller.get_by_label("Beginning on").fill(month)
    shop.seller.get_by_role("button", name="Set the goal").click()
    expect(shop.seller.get_by_role("heading", level=1)).to_have_text("Activities done")
    shop.seller.goto("/goal-progress")
    row = shop.seller.locator(".goals > li", has_text="Activities done")
    expect(row.get_by_text("25 %")).to_be_visible()
    expect(row.get_by_text("Everybody")).to_be_visible()


def test_a_rule_gives_a_new_lead_to_somebody(shop: Shop) -> None:
    shop.seller.goto("/lead-rules/new")
    shop.seller.get_by_label("Name", exact=True).fill(f"Fair {RUN}")
    shop.seller.get_by_label("Yes, give out leads by it").check()
    shop.seller.get_by_label("Only leads that fit").fill('source = "fair"')
    shop.seller.get_by_label("Given to").select_option(label="One after the other")
    shop.seller.get_by_label("Sally Seller").check()
    shop.seller.get_by_role("button", name="Add the rule").click()
    expect(shop.seller.get_by_role("heading", level=1)).to_have_text(f"Fair {RUN}")
    shop.seller.goto("/leads/new")
    shop.seller.get_by_label("Company name").fill(f"From the fair {RUN}")
    shop.seller.get_by_label("Source").fill("fair")
    shop.seller.get_by_role("button", name="Add the lead").click()
    expect(shop.seller.locator(".selling-state").get_by_text("Given to somebody")).to_be_visible()


def test_a_report_is_sent_regularly_and_once_more_now(shop: Shop) -> None:
    page = shop.seller
    page.goto("/reports/sales/pipeline?by=stage")
    page.get_by_role("link", name="Send regularly").click()
    page.get_by_label("What it is called").fill(f"Open deals {RUN}")
    page.get_by_label("How often").select_option(label="Every day")
    page.get_by_role("button", name="Send it regularly").click()
    row = page.get_by_role("listitem").filter(has_text=f"Open deals {RUN}")
    expect(row).to_contain_text("Next time:")
    row.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("goes out within a minute")).to_be_visible()
    # The list tells of the run that was asked for, and of its end once there is one.
    for _ in range(60):
        expect(row).to_contain_text("Last time:")
        if "Last time: Sent" in row.inner_text():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(row).to_contain_text("Last time: Sent")


def test_stock_is_corrected_an_order_is_paid_with_a_gift_card_and_leaves_the_unpaid_ones(shop: Shop) -> None:
    page = shop.seller
    page.goto("/variants")
    variant = page.request.get("/v1/product-variants").json()["product_variants"][0]
    api(page, "PATCH", f"/v1/products/{variant['product_id']}", {"track_stock": True})
    page.goto("/stock")
    article = page.locator(f"#stock-{variant['id']}")
    article.get_by_text("Correct").first.click()
    article.get_by_label("Came in, or went out with a minus").fill("many")
    article.get_by_role("button", name="Correct").click()
    expect(article.get_by_role("alert")).to_contain_text("Write a number")
    article.get_by_label("Came in, or went out with a minus").fill("7")
    article.get_by_role("button", name="Correct").click()
    expect(article.get_by_text("Storehouse 7")).to_be_visible()
    # Seven are plenty for the company; of this product they are little.
    expect(article.get_by_text("Little left")).to_have_count(0)
    api(page, "PATCH", f"/v1/products/{variant['product_id']}", {"low_stock_milli": 7_000})
    page.reload()
    expect(article.get_by_text("Little left")).to_be_visible()
    api(page, "PATCH", f"/v1/products/{variant['product_id']}", {"low_stock_milli": 0})

    line = {"product_variant_id": variant["id"], "quantity_milli": 2_000}
    price = variant["price"]["currency_code"]
    order = api(page, "POST", "/v1/orders:place", {"order": {"lines": [line], "currency_code": price}})
    worth = {"currency_code": price, "amount_minor": 10_000}
    card = api(page, "POST", "/v1/gift-cards", {"id": str(uuid4()), "amount": worth, "reason": "A present"})
    page.goto("/orders")
    page.get_by_role("link", name="Unpaid").click()
    page.get_by_role("link", name=order["number"]).first.click()
    page.goto(f"/orders/{order['id']}")
    page.get_by_text("Pay with a gift card").first.click()
    page.get_by_label("Code of the card").fill("NO-SUCH-CARD")
    page.get_by_role("button", name="Pay with a gift card").click()
    expect(page.locator("#money").get_by_role("alert")).to_be_visible()
    page.get_by_text("Pay with a gift card").first.click()
    page.get_by_label("Code of the card").fill(card["code"])
    page.get_by_role("button", name="Pay with a gift card").click()
    expect(page.locator("#money .money-list")).to_contain_text("Gift card")
    expect(page.get_by_text("Pay with points")).to_have_count(0)
    page.goto("/orders")
    page.get_by_role("link", name="Unpaid").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")
    expect(page.get_by_role("link", name=order["number"])).to_have_count(0)


def test_a_company_gets_a_credit_limit_on_its_page_and_loses_it_again(shop: Shop) -> None:
    page = shop.seller
    page.goto("/companies")
    company = api(page, "POST", "/v1/accounts", {"name": f"Roastery {RUN}"})
    page.goto(f"/companies/{company['id']}")
    page.get_by_text("Change the limit").click()
    page.get_by_label("May owe at most").fill("a lot")
    page.locator(".money-form").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Write an amount, such as 12500.")).to_be_visible()
    page.get_by_label("May owe at most").fill("2500")
    page.get_by_label("Currency").last.fill("EUR")
    page.locator(".money-form").get_by_role("button", name="Save").click()
    expect(page.get_by_text("€2,500")).to_be_visible()
    page.get_by_text("Change the limit").click()
    page.get_by_label("May owe at most").fill("")
    page.locator(".money-form").get_by_role("button", name="Save").click()
    expect(page.get_by_text("No limit: this company may owe any amount.")).to_be_visible()
