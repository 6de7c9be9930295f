"""Sharing rules and records shared by hand, in the console."""

from __future__ import annotations

import pytest
from console_site import AURORA
from funia.identity.v1.team_pb2 import Team
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"


def test_a_rule_is_made_changed_and_deleted(site, visitor, keep_picture):
    company = site.peer.companies[AURORA]
    company.teams["north"] = Team(id="0192aaaa-0000-7000-8000-000000000001", name="North")
    page = visitor.open(site, "/settings/sharing", who=MARIA)
    expect(page.get_by_role("heading", name="No sharing rule yet")).to_be_visible()
    page.get_by_label("What it is for").fill("Holiday cover")
    page.get_by_label("Records of").select_option(label="North")
    page.get_by_label("Are shown to").select_option(label="Manager")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_text("It takes effect within ten seconds")).to_be_visible()
    [rule] = company.rules.values()
    assert (rule.source_kind, rule.grantee_kind, rule.grantee_id, rule.level) == ("team", "role", "manager", "read")
    page.get_by_label("What it is for").fill("Again")
    page.get_by_label("Records of").select_option(label="North")
    page.get_by_label("Are shown to").select_option(label="Manager")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a rule between these two already")
    keep_picture(page, "sharing-rules")
    page.set_viewport_size({"width": 390, "height": 844})
    keep_picture(page, "sharing-rules-phone")
    page.get_by_label("What the rule “Holiday cover” allows").select_option(label="to change")
    expect(page.locator("#toasts")).to_contain_text("Saved")
    assert rule.level == "write"
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete Holiday cover").click()
    expect(page.get_by_role("heading", name="No sharing rule yet")).to_be_visible()
    assert company.rules == {}
    del company.teams["north"]


def test_a_record_is_shared_with_a_colleague_and_that_is_ended(site, visitor, keep_picture):
    company = site.peer.companies[AURORA]
    person = list(company.contacts.values())[4]
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    page.locator("summary", has_text="Shared with").click()
    expect(page.get_by_text("Shared with nobody by hand.")).to_be_visible()
    page.get_by_label("Share with", exact=True).select_option(label="Emily Carter-Worthington")
    page.get_by_label("What they may do").select_option(label="to change")
    page.get_by_label("Until the end of this day").fill("2031-05-04")
    page.get_by_role("button", name="Share", exact=True).click()
    shared = page.get_by_role("list", name="Shared with")
    expect(shared).to_contain_text("Emily Carter-Worthington")
    [share] = company.shares.values()
    assert (share.grantee_kind, share.grantee_id, share.level) == ("user", company.users[2].id, "write")
    assert share.until.ToJsonString().startswith("2031-05-0")
    keep_picture(page, "record-shared")
    page.set_viewport_size({"width": 390, "height": 844})
    shared.scroll_into_view_if_needed()
    keep_picture(page, "record-shared-phone")
    page.get_by_role("button", name="End Emily Carter-Worthington").click()
    expect(page.get_by_text("Shared with nobody by hand.")).to_be_visible()
    assert company.shares == {}
