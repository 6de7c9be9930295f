"""The audit log in the browser: narrowed, read on, exported and proven."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA, IVAN, NEW = "maria@aurora.example", "ivan@aurora.example", "new@empty.example"


def test_the_log_is_narrowed_read_to_its_end_and_exported(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/settings/audit-log", who=MARIA)
    rows = page.get_by_role("table", name="Audit log").locator("tbody tr:not(.more-rows)")
    expect(rows.first).to_contain_text("Logged in")
    expect(rows.first).to_contain_text("203.0.113.7")
    expect(page.get_by_text("Single sign-on connected").first).to_be_attached()
    keep_picture(page, "audit-log")
    page.locator("tr.more-rows").scroll_into_view_if_needed()
    expect(rows).to_have_count(70)
    page.get_by_label("What", exact=True).select_option("Log-ins")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(rows).to_have_count(24)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    assert download.value.path().read_text() == "action\nidentity.log_in\n"
    page.get_by_role("link", name="Show everything").click()
    expect(rows).to_have_count(50)


def test_the_log_is_proven_part_by_part_and_a_kept_checkpoint_finds_a_cut(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/settings/audit-log", who=MARIA)
    page.get_by_role("button", name="Prove the log").click()
    expect(page.get_by_text("The log is whole: all 70 entries are as they were written.")).to_be_visible()
    keep_picture(page, "audit-proven")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download a signed checkpoint").click()
    assert download.value.path().read_text() == "signed.statement.here\n"
    page.get_by_label("A checkpoint you have kept").fill("signed.statement.here")
    page.get_by_role("button", name="Prove the log").click()
    expect(page.get_by_text("The log was changed at entry 41.")).to_be_visible()
    keep_picture(page, "audit-fault")


def test_on_a_phone_nothing_overflows_and_an_empty_log_says_so(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/settings/audit-log", who=MARIA, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep_picture(page, "audit-log-390")
    empty = visitor.open(shared_site, "/settings/audit-log", who=NEW, width=390, locale="ru")
    expect(empty.get_by_role("heading", name="Ничего не найдено")).to_be_visible()
    keep_picture(empty, "audit-log-empty-390-ru")


def test_who_may_not_audit_sees_neither_page_nor_link(shared_site, visitor):
    page = visitor.open(shared_site, "/", who=IVAN)
    expect(page.get_by_role("link", name="Audit log")).to_have_count(0)
    assert page.goto(f"{shared_site.url}/settings/audit-log").status == 403
