"""The pages of analysis: their figures, their plots, and the way from a figure to its records."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"
NEW = "new@empty.example"


def test_each_page_of_analysis_shows_its_figures(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/analysis", who=MARIA)
    expect(page.get_by_role("table", name="What we sold").locator("tbody tr")).to_have_count(3)
    expect(page.locator(".analysis-tiles").first).to_contain_text("€93.80")
    keep_picture(page, "analysis")
    page.get_by_role("navigation", name="Analysis").get_by_role("link", name="Customers").click()
    groups = page.get_by_role("table", name="How recently, how often and for how much they buy")
    expect(groups.get_by_role("row", name="Champions")).to_contain_text("40\u00a0%")
    keep_picture(page, "analysis-customers")
    page.get_by_role("link", name="Who comes back").click()
    cohorts = page.get_by_role("table", name="Customers by the month of their first order")
    expect(cohorts.get_by_role("row", name="January 2026")).to_contain_text("22.5\u00a0%")
    keep_picture(page, "analysis-retention")
    page.get_by_role("navigation", name="Analysis").get_by_role("link", name="Sales").click()
    funnel = page.get_by_role("table", name="How far deals get that began in this time")
    expect(funnel.get_by_role("row", name="Proposal")).to_contain_text("61.1\u00a0%")
    keep_picture(page, "analysis-funnel")
    page.get_by_role("navigation", name="Analysis").get_by_role("link", name="Prices").click()
    fall = page.get_by_role("table", name="From the list price to what was paid, in EUR")
    expect(fall.get_by_role("row", name="Without tax")).to_contain_text("80\u00a0%")
    keep_picture(page, "analysis-prices")


def test_what_is_bought_together_is_answered_filtered_kept_as_a_file_and_opened(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/analysis/baskets", who=MARIA)
    answer = "Who buys Bread of the house, sliced, 500 g buys Butter, too, in 50\u00a0% of the orders: 4.25 times"
    expect(page.locator("header .context")).to_contain_text(answer)
    table = page.get_by_role("table", name="What is bought together?")
    expect(table.locator("tbody tr")).to_have_count(2)
    keep_picture(page, "analysis-baskets")
    with page.expect_download() as kept:
        page.get_by_role("link", name="CSV").click()
    assert '"Butter, Coffee"' in kept.value.path().read_text("utf-8-sig")
    page.get_by_label("Times as often, at least").first.select_option("3")
    expect(table.locator("tbody tr")).to_have_count(1)
    table.get_by_role("link", name="40").click()
    expect(page.get_by_role("table", name="Orders that hold these products")).to_be_visible()


def test_why_sales_changed_adds_up_and_what_was_given_away_opens_its_orders(shared_site, visitor):
    page = visitor.open(shared_site, "/analysis/bridge", who=MARIA)
    expect(page.get_by_text("Sales changed by -€12.35")).to_be_visible()
    steps = page.get_by_role("table", name="Why did sales change?")
    expect(steps.get_by_role("row", name="Volume")).to_contain_text("-€200.00")
    page.get_by_role("link", name="Discount leakage").click()
    page.get_by_label("Allowed discount").select_option("100")
    table = page.get_by_role("table", name="Who gives away too much?")
    expect(table.locator("tfoot")).to_contain_text("€123.45")
    table.locator("tbody").get_by_role("link", name="€123.45").click()
    expect(page.get_by_role("table", name="Orders with more taken off")).to_contain_text("25\u00a0%")


def test_a_group_opens_its_customers_and_they_open_themselves(shared_site, visitor):
    page = visitor.open(shared_site, "/analysis/customers", who=MARIA)
    page.get_by_role("table").get_by_role("link", name="40").click()
    rows = page.get_by_role("table", name="Champions").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("554")
    rows.first.get_by_role("link").click()
    page.wait_for_url("**/people/*")


def test_who_moved_between_groups_is_shown_opened_and_kept_as_a_file(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/analysis/movement?first=2026-01-01&last=2026-03-31", who=MARIA)
    expect(page.get_by_text("to a better group 9, to a worse one 22, new 20.")).to_be_visible()
    page.get_by_label("Groups measured by").select_option("first")
    expect(page.get_by_text("only own orders and time move a customer")).to_be_visible()
    table = page.get_by_role("table", name="From which group to which?")
    expect(table.get_by_role("row", name="At risk 9 16 25")).to_be_visible()
    expect(table.locator("tfoot")).to_contain_text("100")
    keep_picture(page, "analysis-movement")
    with page.expect_download() as kept:
        page.get_by_role("link", name="CSV").click()
    assert "Had not bought yet,1,19,,,20" in kept.value.path().read_text("utf-8-sig")
    table.get_by_role("row", name="At risk 9 16 25").get_by_role("link", name="9", exact=True).click()
    rows = page.get_by_role("table", name="At risk → Champions").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("€86.42")
    assert "cuts=first" in page.url


def test_what_another_price_would_do_is_told_with_its_limits(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/analysis/elasticity", who=MARIA)
    said = "One per cent more in price goes with 1.8\u00a0% fewer sold (1.4\u00a0% to 2.2\u00a0%)."
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text("It was sold at few different prices.")).to_be_visible()
    table = page.get_by_role("table", name="What would another price do?")
    changes = [f"{change}\u00a0%" for change in ("−20", "−15", "−10", "−5", "+5", "+10", "+15", "+20")]
    expect(table.locator("tbody th")).to_have_text(
        [*changes[:4], "Today's price", *changes[4:-1], "+20\u00a0%, never seen yet"]
    )
    expect(table.get_by_role("row").filter(has_text="Today's price")).to_contain_text("€4,000.00")
    keep_picture(page, "analysis-elasticity")
    with page.expect_download() as kept:
        page.get_by_role("link", name="CSV").click()
    assert "10.00,400,4000.00,4000.00,4000.00,900.00" in kept.value.path().read_text("utf-8-sig")
    page.get_by_label("Step").select_option("month")
    expect(page.get_by_text("It was sold in too few weeks to tell the price from chance.")).to_be_visible()


def test_what_may_come_is_shown_with_its_limits_and_what_came_where_it_is_known(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/analysis/forecast", who=MARIA)
    said = "March 2026: €1,140 expected; with 80\u00a0% certainty between €1,040 and €1,240."
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text("the time of the year is left out").first).to_be_visible()
    tested = page.get_by_role("table", name="How well would it have done?")
    chosen = tested.get_by_role("row").filter(has_text="(chosen)").first
    expect(chosen).to_contain_text("0.61")
    expect(chosen).to_contain_text("12\u00a0%")
    expect(page.get_by_label("Period")).to_have_count(0)
    keep_picture(page, "analysis-forecast")
    page.get_by_label("How sure").select_option("950")
    expect(page.get_by_text("with 95\u00a0% certainty").first).to_be_visible()
    page.get_by_label("As it was seen").select_option("6")
    expect(page.get_by_text("Of 3 outcomes that are known now, 2 lie within the limits.").first).to_be_visible()
    with page.expect_download() as kept:
        page.get_by_role("link", name="CSV").click()
    assert "May 2026,1160,1060,1260,1360" in kept.value.path().read_text("utf-8-sig")
    page.get_by_role("table", name="Revenue").get_by_role("link", name="€1,360").click()
    page.wait_for_url("**/analysis/records?**dimension=month&key=2026-05**")


def test_who_does_not_see_all_records_reads_why_there_is_no_forecast(site, visitor):
    site.peer.partial_sight = True
    page = visitor.open(site, "/analysis/forecast", who=MARIA)
    expect(page.get_by_role("alert")).to_contain_text("about the whole company, for roles that see all records")
    expect(page.get_by_label("Step")).to_have_count(0)
    page.get_by_role("link", name="Prices").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Price waterfall")


def test_a_forecast_without_history_says_what_is_missing(shared_site, visitor):
    page = visitor.open(shared_site, "/analysis/forecast", who=NEW)
    expect(page.get_by_text("There is too little history")).to_be_visible()


def test_a_figure_opens_its_records_and_tells_where_none_may_be_seen(shared_site, visitor):
    page = visitor.open(shared_site, "/analysis", who=MARIA)
    page.get_by_role("table", name="What we sold").get_by_role("link").first.click()
    records = page.get_by_role("table", name="Records behind the figure")
    expect(records.locator("tbody tr")).to_have_text(["Not to be seen"])


def test_a_company_that_sold_nothing_reads_why_there_are_no_figures(shared_site, visitor):
    page = visitor.open(shared_site, "/analysis/retention", who=NEW)
    expect(page.get_by_text("Figures appear as soon as something was sold.").first).to_be_visible()
    page.get_by_role("link", name="At a glance").click()
    expect(page.get_by_role("heading", name="Nothing to count").first).to_be_visible()


def test_what_a_page_shows_is_taken_along_as_a_file(shared_site, visitor):
    page = visitor.open(shared_site, "/analysis/customers?period=last_year&endpoint=x&form=y", who=MARIA)
    for label, begins in (("CSV", b"\xef\xbb\xbfGroup,Customers,Share of"), ("Excel", b"PK"), ("PDF", b"%PDF-")):
        with page.expect_download() as taken:
            page.get_by_role("link", name=label, exact=True).click()
        assert taken.value.suggested_filename.startswith("groups-of-customers-")
        assert taken.value.path().read_bytes().startswith(begins)
