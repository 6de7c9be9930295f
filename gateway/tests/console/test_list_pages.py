"""Lists of people and companies: panel, keys, endless scroll, filters, columns, bin and undo."""

from __future__ import annotations

import pytest
from console_site import AURORA, EMPTY
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"


def test_a_list_goes_on_as_one_scrolls_until_its_end(shared_site, visitor):
    page = visitor.open(shared_site, "/people", who=MARIA)
    expect(page.locator("tr[data-row]")).to_have_count(50)
    for _ in range(12):
        page.mouse.wheel(0, 20000)
        page.wait_for_timeout(150)
    expect(page.locator("tr[data-row]")).to_have_count(260)
    expect(page.locator(".more-rows")).to_have_count(0)


def test_the_keys_move_open_edit_and_select(site, visitor, keep_picture):
    page = visitor.open(site, "/people", who=MARIA)
    rows = page.locator("tr[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_class("is-current")
    page.keyboard.press("x")
    expect(page.get_by_role("region", name="Selected records")).to_contain_text("1 selected")
    page.keyboard.press("x")
    expect(page.locator("#mass")).to_be_hidden()
    page.keyboard.press("e")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_label("First name")).to_be_focused()
    keep_picture(page, "panel")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#record-name")).to_be_visible()
    expect(page).to_have_url(f"{site.url}/people/{list(site.peer.companies[AURORA].contacts)[1]}")


def test_a_click_opens_the_panel_and_an_edit_in_it_is_saved(site, visitor):
    page = visitor.open(site, "/people", who=MARIA)
    page.locator("tr[data-row]").nth(2).locator("td.cell-text").first.click()
    panel = page.get_by_role("complementary", name="Details")
    panel.get_by_label("Job title").fill("Chief of staff")
    panel.get_by_label("Job title").press("Enter")
    expect(panel.locator("#fact-job_title-form")).to_have_class("fact is-saved")
    assert list(site.peer.companies[AURORA].contacts.values())[2].job_title == "Chief of staff"


def test_the_bin_is_one_click_away_and_undo_brings_back(site, visitor):
    page = visitor.open(site, "/people", who=MARIA)
    names = page.locator("tr[data-row] .cell-name a").all_inner_texts()[:2]
    for index in (0, 1):
        page.locator("[data-pick]").nth(index).check()
    page.get_by_role("button", name="Move to the bin").click()
    expect(page.get_by_role("status")).to_contain_text("2 records are in the bin")
    expect(page.get_by_role("link", name=names[0], exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name=names[0], exact=True)).to_be_visible()
    assert not any(c.deleted_at.seconds for c in site.peer.companies[AURORA].contacts.values())


def test_words_search_and_signs_filter(shared_site, visitor):
    page = visitor.open(shared_site, "/people", who=MARIA)
    page.keyboard.press("/")
    page.keyboard.type("hohenzollern")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.goto(f'{shared_site.url}/people?q=lifecycle_stage = "churned"')
    stages = page.locator("td.cell-stage").all_inner_texts()
    assert stages
    assert set(stages) == {"Churned"}
    page.goto(f"{shared_site.url}/people?q=colour = 1")
    expect(page.locator("#q-mistake")).to_contain_text("position 1")
    expect(page.locator("#q")).to_have_attribute("aria-invalid", "true")


def test_the_builder_writes_the_filter_language(shared_site, visitor):
    page = visitor.open(shared_site, "/people", who=MARIA)
    page.locator("[data-builder] > summary").click()
    page.get_by_label("Field", exact=True).select_option("lifecycle_stage")
    page.locator("[data-builder]").get_by_label("Stage", exact=True).select_option("customer")
    page.get_by_role("button", name="Add the condition").click()
    expect(page.locator("#q")).to_have_value('lifecycle_stage = "customer"')
    page.locator("[data-builder] > summary").click()
    page.get_by_label("Field", exact=True).select_option("score")
    page.get_by_label("Condition").select_option(">=")
    page.get_by_label("Value", exact=True).first.fill("50")
    page.get_by_role("button", name="Add the condition").click()
    expect(page.locator("#q")).to_have_value('lifecycle_stage = "customer" AND score >= 50')
    expect(page.locator("td.cell-stage").first).to_have_text("Customer")


def test_a_view_is_saved_as_a_tab_and_removed(shared_site, visitor):
    page = visitor.open(shared_site, '/people?q=lifecycle_stage = "lead"', who=MARIA)
    page.on("dialog", lambda dialog: dialog.accept("Hot leads"))
    page.get_by_role("button", name="Save this view").click()
    page.goto(f"{shared_site.url}/people")
    page.get_by_role("link", name="Hot leads").click()
    expect(page.locator("#q")).to_have_value('lifecycle_stage = "lead"')
    page.get_by_role("button", name="Remove this view: Hot leads").click()
    expect(page.get_by_role("link", name="Hot leads")).to_have_count(0)


def test_columns_are_chosen_ordered_and_kept(shared_site, visitor):
    page = visitor.open(shared_site, "/people", who=MARIA)
    page.locator("details:has([data-columns]) > summary").click()
    page.get_by_label("Company", exact=True).uncheck()
    page.get_by_label("Score", exact=True).check()
    page.get_by_role("button", name="Move Stage up").click()
    page.get_by_role("button", name="Move Stage up").click()
    page.get_by_role("button", name="Show these columns").click()
    page.goto(f"{shared_site.url}/people")
    headings = [text.strip() for text in page.locator("thead th").all_inner_texts()][1:]
    assert headings == ["Full name", "Stage", "Job title", "E-mail", "Owner", "Last change", "Score"]


def test_the_order_is_chosen_by_the_heading(shared_site, visitor):
    page = visitor.open(shared_site, "/companies", who=MARIA)
    page.get_by_role("link", name="Company name", exact=True).click()
    expect(page.locator("th.cell-name")).to_have_attribute("aria-sort", "ascending")
    names = page.locator("tr[data-row] .cell-name a").all_inner_texts()
    assert names == sorted(names)


def test_an_empty_company_is_shown_the_first_step(shared_site, visitor):
    page = visitor.open(shared_site, "/people", who="new@empty.example")
    expect(page.get_by_role("heading", name="Nobody is here yet")).to_be_visible()
    expect(page.get_by_role("link", name="Import from a file").first).to_be_visible()
    assert not shared_site.peer.companies[EMPTY].contacts


def test_a_second_company_reaches_no_record_of_the_first(shared_site, visitor):
    stranger = next(iter(shared_site.peer.companies[AURORA].contacts))
    page = visitor.open(shared_site, f"/people/{stranger}", who="new@empty.example")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
