"""Dashboards: begun with the usual figures, put together tile by tile, deleted and brought back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"


def test_a_dashboard_is_begun_changed_and_taken_along(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/analysis/dashboards", who=MARIA)
    expect(page.get_by_role("heading", name="No dashboard yet")).to_be_visible()
    page.get_by_label("Name").fill("How we are doing")
    page.get_by_role("button", name="Create the dashboard").click()
    page.wait_for_url("**/analysis/dashboards/*-*")
    sales = page.get_by_role("region", name="Sales", exact=True).first
    expect(sales).to_contain_text("€1,500")
    expect(sales).to_contain_text("+25")
    expect(sales).to_contain_text("€1,200 from")
    expect(page.get_by_role("region")).to_have_count(8)
    keep_picture(page, "dashboard")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Excel", exact=True).click()
    assert taken.value.suggested_filename.startswith("how-we-are-doing-")
    sales.get_by_role("link", name="€1,500").first.click()
    expect(page.get_by_role("table", name="Records behind the figure")).to_be_visible()
    page.go_back()

    page.get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Move Orders up").click()
    expect(page.get_by_role("listitem").filter(has_text="Number").first).to_contain_text("Orders")
    page.get_by_role("button", name="Take Average order away").click()
    expect(page.get_by_role("button", name="Take Average order away")).to_have_count(0)
    page.get_by_label("Figure").select_option("won_deals")
    page.get_by_label("Shown as").select_option("bars")
    page.get_by_label("By", exact=True).select_option("month")
    page.get_by_label("Title").fill("Won by month")
    page.get_by_role("button", name="Add the tile").click()
    expect(page.get_by_role("button", name="Take Won by month away")).to_be_visible()
    page.get_by_role("link", name="Show it").click()
    expect(page.get_by_role("region", name="Won by month")).to_be_visible()

    page.get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The dashboard is deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
