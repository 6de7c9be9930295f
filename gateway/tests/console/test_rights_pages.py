"""Roles and teams in the console: made, changed, deleted, and refused in words."""

from __future__ import annotations

import pytest
from console_site import AURORA
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"


def test_a_role_is_made_changed_given_and_deleted_with_a_replacement(site, visitor, keep_picture):
    company = site.peer.companies[AURORA]
    page = visitor.open(site, "/settings/roles", who=MARIA)
    keep_picture(page, "roles")
    page.get_by_role("link", name="New role").click()
    page.get_by_label("Name of the role").fill("Region lead")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Choose at least one thing that the role allows.")).to_be_visible()
    page.get_by_label("See contacts and companies").check()
    page.get_by_label("Records of their team").check()
    keep_picture(page, "role-new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It takes effect within ten seconds")).to_be_visible()
    made = company.roles["region_lead"]
    assert (made.title, made.visibility, list(made.scopes)) == ("Region lead", "team", ["contacts.read"])
    company.users[1].role = "region_lead"
    page.get_by_role("link", name="Region lead").click()
    page.get_by_label("Records of the whole company").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("table", name="Roles")).to_contain_text("Whole company")
    assert made.visibility == "all"
    page.get_by_role("link", name="Region lead").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete the role").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the role that they get in its place")
    page.get_by_label("Its people get").select_option("manager")
    page.get_by_role("button", name="Delete the role").click()
    expect(page.get_by_role("table", name="Roles")).not_to_contain_text("Region lead")
    assert (company.users[1].role, "region_lead" in company.roles) == ("manager", False)


def test_a_role_hides_and_locks_fields(site, visitor, keep_picture):
    company = site.peer.companies[AURORA]
    page = visitor.open(site, "/settings/roles/new", who=MARIA)
    page.get_by_label("Name of the role").fill("Desk clerk")
    page.get_by_label("See contacts and companies").check()
    page.locator("summary", has_text="People").click()
    page.locator("[id='right-contact.score']").select_option("hidden")
    page.locator("[id='right-contact.owner_id']").select_option(label="Only sees")
    keep_picture(page, "role-fields")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It takes effect within ten seconds")).to_be_visible()
    made = company.roles["desk_clerk"]
    assert (list(made.hidden_fields), list(made.read_only_fields)) == (["contact.score"], ["contact.owner_id"])
    page.get_by_role("link", name="Desk clerk").click()
    expect(page.locator("[id='right-contact.score']")).to_have_value("hidden")
    del company.roles["desk_clerk"]


def test_teams_are_made_nested_joined_and_deleted(site, visitor, keep_picture):
    company = site.peer.companies[AURORA]
    page = visitor.open(site, "/settings/teams", who=MARIA)
    expect(page.get_by_role("heading", name="No team yet")).to_be_visible()
    for name, above in (("Europe", ""), ("Sofia", "Europe")):
        page.get_by_label("Name of the team").fill(name)
        if above:
            page.get_by_label("Below").select_option(label=above)
            page.get_by_label("Lead").select_option(label="Maria Petrova")
        page.get_by_role("button", name="Add the team").click()
        expect(page.get_by_role("link", name=name)).to_be_visible()
    europe, sofia = company.teams.values()
    assert (sofia.parent_id, sofia.lead_id) == (europe.id, company.users[0].id)
    keep_picture(page, "teams")
    page.get_by_label("Name of the team").fill("Sofia")
    page.get_by_role("button", name="Add the team").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a team of this name")
    page.goto(f"{site.url}/settings/people")
    page.get_by_label("Team of Emily Carter-Worthington").select_option(sofia.id)
    expect(page.locator("#toasts")).to_contain_text("Saved")
    assert company.users[2].team_id == sofia.id
    keep_picture(page, "people-with-teams")
    page.goto(f"{site.url}/settings/teams")
    page.get_by_role("link", name="Sofia").click()
    page.get_by_label("Name of the team").fill("Sofia and Plovdiv")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Sofia and Plovdiv")).to_be_visible()
    page.get_by_role("link", name="Sofia and Plovdiv").click()
    keep_picture(page, "team")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete the team").click()
    expect(page.get_by_role("table", name="Teams")).not_to_contain_text("Sofia")
    assert company.users[2].team_id == europe.id
