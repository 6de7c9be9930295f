"""Erasing one person in the console: what goes is said, and nothing goes by a slip."""

from __future__ import annotations

import pytest
from console_site import AURORA
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"


def test_a_person_is_erased_after_what_is_held_was_looked_at_and_let_back_with_a_reason(site, visitor, keep_picture):
    company = site.peer.companies[AURORA]
    person = list(company.contacts.values())[7]
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    page.locator("summary", has_text="More actions").click()
    page.get_by_role("button", name="Erase for good").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=f"Erase {person.display_name} for good")).to_be_visible()
    expect(dialog.get_by_role("listitem").first).to_have_text("The person, with everybody merged into it: 1")
    keep_picture(page, "erase-person")
    page.set_viewport_size({"width": 390, "height": 844})
    keep_picture(page, "erase-person-phone")
    with page.expect_download() as started:
        dialog.get_by_role("link", name="Everything held about the person").click()
    assert person.display_name in started.value.path().read_text()
    dialog.get_by_role("button", name="Erase for good").click()
    assert person.id in company.contacts, "the box was not ticked"
    dialog.get_by_label("I am sure").check()
    dialog.get_by_role("button", name="Erase for good").click()
    page.wait_for_url("**/people")
    assert person.id not in company.contacts
    page.goto(f"{site.url}/settings/erased-people")
    expect(page.get_by_text("known again by 2 addresses, numbers or ids")).to_be_visible()
    page.get_by_text("Let the person come back").first.click()
    page.get_by_label("Why, without saying who it is").fill("Signed up again")
    keep_picture(page, "erased-people-phone")
    page.get_by_role("button", name="Let the person come back").click()
    expect(page.get_by_text("Saved. The person may come back.")).to_be_visible()
    expect(page.get_by_text("Signed up again")).to_be_visible()
    assert company.erasures[0].lift_reason == "Signed up again"
    page.set_viewport_size({"width": 1280, "height": 800})
    keep_picture(page, "erased-people")


def test_the_name_of_a_colleague_who_was_removed_is_replaced(site, visitor, keep_picture):
    company = site.peer.companies[AURORA]
    user = company.users[-1]
    user.status = "deactivated"
    name = user.full_name
    page = visitor.open(site, "/settings/people", who=MARIA)
    keep_picture(page, "former-colleague")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=f"Replace the name {name}").click()
    expect(page.get_by_text("The name is replaced. What they did stays.")).to_be_visible()
    expect(page.get_by_role("row", name="Former colleague 1")).to_be_visible()
    expect(page.get_by_role("row", name="Former colleague 1")).not_to_contain_text("former.invalid")
    page.set_viewport_size({"width": 390, "height": 844})
    keep_picture(page, "former-colleague-phone")
