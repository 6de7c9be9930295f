"""The front office in a real browser: what goes with a line is offered and taken, in a quote and at a till, and the
pages of sales keep the rules of accessibility and their place at every width."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from at_the_console import add_article, api, sign_up
from harness import wait_for
from page_rules import OF_THE_THEME, overflowing, painted, violations
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RUN = uuid4().hex[:8]
PAIRED, OTHERS = 4, 6
WIDTHS = (820, 390)
LISTS = (
    "leads", "needs", "quotes", "orders", "invoices", "stores", "products", "price-books", "coupons", "gift-cards",
    "documents", "my-day", "stock", "reports/sales/pipeline", "settings/approvals",
)  # fmt: skip


@dataclass(frozen=True)
class Office:
    """A company that has sold before: its owner's page, and ids of what it has by name."""

    page: Page
    ids: Mapping[str, str]


@pytest.fixture(scope="module")
def office(new_page: Callable[[], Page]) -> Office:
    page = new_page()
    sign_up(page, f"Office {RUN}", "Olga Office", f"olga@office-{RUN}.example")
    articles = (("Tea pot", "POT-1"), ("Tea cosy", "COSY-1"), ("Lamp", "LAMP-1"))
    ids = {sku: add_article(page, name, sku) for name, sku in articles}
    for skus in [("POT-1", "COSY-1")] * PAIRED + [("LAMP-1",)] * OTHERS:
        lines = [{"product_variant_id": ids[sku], "quantity_milli": "1000"} for sku in skus]
        ids["orders"] = api(page, "POST", "/v1/orders:place", {"order": {"currency_code": "EUR", "lines": lines}})["id"]
    pipeline = page.request.get("/v1/pipelines").json()["pipelines"][0]
    deal = {"name": f"Office deal {RUN}", "pipeline_id": pipeline["id"], "amount": {"currency_code": "EUR"}}
    ids["deals"] = api(page, "POST", "/v1/deals", deal)["id"]
    ids["leads"] = api(page, "POST", "/v1/leads", {"family_name": f"Lead {RUN}"})["id"]
    return Office(page, ids)


def test_what_goes_with_a_line_is_offered_and_becomes_a_line_with_one_press(office: Office) -> None:
    page = office.page
    page.goto("/quotes/new")
    page.get_by_label("What it is about").fill(f"Tea {RUN}")
    page.get_by_role("button", name="Add the quote").click()
    page.locator("#line-query").press_sequentially("POT-1")
    page.locator("#line-list [data-option]").first.click()
    offered = page.get_by_role("group", name="Goes with it")
    expect(offered.get_by_role("button")).to_have_count(1)
    expect(offered).to_contain_text("Tea cosy")
    expect(offered).to_contain_text("100 %")
    offered.get_by_role("button").click()
    lines = page.locator("[data-lines]")
    expect(lines.locator(".card-head strong")).to_have_text("€40.00")
    expect(lines.get_by_role("row").filter(has_text="Tea cosy")).to_have_count(1)
    expect(offered).to_have_count(0)
    quote = page.request.get(f"/v1/quotes/{page.url.rpartition('/')[2]}").json()
    assert [bool(line.get("suggestion_id")) for line in quote["lines"]] == [False, True]


def test_the_till_offers_what_goes_with_the_basket_and_the_sale_says_it_was_taken(office: Office) -> None:
    page = office.page
    shop = {"name": "High street", "code": "HIGH", "currency_code": "EUR", "time_zone": "Europe/Sofia"}
    store_id = api(page, "POST", "/v1/stores", shop)["id"]
    register_id = api(page, "POST", "/v1/registers", {"store_id": store_id, "name": "Till 1"})["id"]
    page.goto("/till")
    page.locator(f"[data-register='{register_id}']").click()
    page.locator("#till-session[data-state=none]").click()
    page.locator("#till-float").fill("100")
    page.locator("#till-dialog[data-name=session] button[type=submit]").click()
    page.locator("[data-sku=POT-1]").click()
    offered = page.locator("#till-suggestions button")
    expect(offered).to_have_count(1)
    expect(offered).to_contain_text("Tea cosy")
    offered.click()
    expect(offered).to_have_count(0)
    page.locator("#till-pay").click()
    page.locator("[data-method=cash]").click()
    page.locator("#till-finish").click()
    page.locator("#till-next").click()
    expect(page.locator("#till-link")).to_have_attribute("data-waiting", "0")

    def sold() -> Any:
        orders = page.request.get("/v1/orders", params={"filter": 'channel = "pos"'}).json().get("orders")
        return orders and page.request.get(f"/v1/orders/{orders[0]['id']}").json()["lines"]

    wait_for("the sale has arrived", lambda: bool(sold()))
    assert [bool(line.get("suggestion_id")) for line in sold()] == [False, True]


def test_pages_of_sales_break_no_rule_of_axe_and_are_as_wide_as_the_window(
    office: Office, keep_picture: Callable[[Page, str], None]
) -> None:
    page = office.page
    paths = ["deals/board", "deals/forecast", "deals", *LISTS]
    paths += [f"{kind}/{office.ids[kind]}" for kind in ("deals", "leads", "orders")]
    broken: dict[str, Any] = {}
    for path in paths:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": 1440, "height": 900})
        answer = page.goto(f"/{path}", wait_until="networkidle")
        assert answer is not None
        assert answer.ok, path
        found: list[Any] = [*violations(page)]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += violations(page, OF_THE_THEME)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            painted(page)
            found += [(width, one) for one in overflowing(page)]
        if found:
            broken[path] = found
            keep_picture(page, path.replace("/", "-"))
    assert not broken
