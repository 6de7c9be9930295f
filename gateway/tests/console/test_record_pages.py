"""Pages of a person and a company: edits in place, conflicts, the timeline, links, merging, new records."""

from __future__ import annotations

import pytest
from console_site import AURORA
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"


@pytest.fixture
def company(site):
    return site.peer.companies[AURORA]


@pytest.fixture
def person(company):
    """Somebody at the stage of an opportunity, with a phone and a company."""
    return list(company.contacts.values())[4]


def test_a_field_is_saved_when_it_is_left(site, visitor, person):
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    page.get_by_label("Last name").fill("Todorova-Iliev")
    page.keyboard.press("Tab")
    expect(page.locator("#fact-family_name-form")).to_have_class("fact is-saved")
    expect(page.locator("#record-name")).to_have_text(f"{person.given_name} Todorova-Iliev")
    assert person.family_name == "Todorova-Iliev"


def test_a_mistake_is_said_beside_the_field_and_nothing_is_written(site, visitor, person):
    before = person.etag
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    page.get_by_label("Score").fill("a lot")
    page.keyboard.press("Tab")
    expect(page.locator("#fact-score-form")).to_contain_text("whole number")
    page.get_by_label("E-mail addresses 1").fill("no address")
    page.keyboard.press("Tab")
    expect(page.locator("#fact-emails-form")).to_contain_text("not an e-mail address")
    assert person.etag == before


def test_two_people_edit_different_fields_and_neither_is_stopped(site, visitor, person):
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    person.source, person.etag = "trade fair, hall 3", "7"
    page.get_by_label("Job title").fill("Buyer")
    page.keyboard.press("Tab")
    expect(page.locator("#fact-job_title-form")).to_have_class("fact is-saved")
    assert (person.job_title, person.source) == ("Buyer", "trade fair, hall 3")


def test_a_conflict_says_who_changed_what_and_lets_the_person_decide(site, visitor, company, person, keep_picture):
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    change = company.timeline[person.id][1]
    change.actor_id, change.type = company.users[1].id, "contacts.contact.updated"
    change.changed_fields[:] = ["job_title"]
    person.job_title, person.etag = "Director", "7"
    page.get_by_label("Job title").fill("Buyer")
    page.keyboard.press("Tab")
    conflict = page.locator("#fact-job_title-form .conflict")
    expect(conflict).to_contain_text("Иван Соколов changed this to “Director”")
    expect(conflict).to_contain_text("You wrote “Buyer”")
    keep_picture(page, "conflict")
    assert person.job_title == "Director"
    conflict.get_by_role("button", name="Keep theirs").click()
    expect(page.get_by_label("Job title")).to_have_value("Director")
    person.job_title, person.etag = "Chair", "8"
    page.get_by_label("Job title").fill("Buyer")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Use mine").click()
    expect(page.locator("#fact-job_title-form")).to_have_class("fact is-saved")
    assert person.job_title == "Buyer"


def test_a_stage_goes_back_only_with_a_reason(site, visitor, person):
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    page.get_by_label("Stage").select_option("lead")
    page.get_by_label("The stage goes back. Why?").fill("The budget is gone")
    page.get_by_role("button", name="Change the stage").click()
    expect(page.locator("#fact-lifecycle_stage-form")).to_have_class("fact is-saved")
    assert person.lifecycle_stage == "lead"


def test_an_e_mail_is_added_and_made_the_first(site, visitor, person):
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    count = len(person.emails)
    page.get_by_label(f"E-mail addresses {count + 1}").fill("second@example.com")
    page.keyboard.press("Tab")
    expect(page.locator("#fact-emails-form")).to_have_class("fact fact-wide is-saved")
    page.locator("#fact-emails-form .primary-star").nth(count).click()
    expect(page.locator("#fact-emails-form .primary-star input").nth(count)).to_be_checked()
    page.wait_for_timeout(300)
    assert [email.primary for email in person.emails] == [False] * count + [True]
    assert person.emails[count].address == "second@example.com"


def test_notes_and_tasks_come_to_the_top_of_the_timeline(site, visitor, company, person):
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    page.get_by_label("Text").fill("Wants to see <b>the catalogue</b>")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".event").first).to_contain_text("wrote a note")
    expect(page.locator(".event").first).to_contain_text("<b>the catalogue</b>")
    expect(page.get_by_label("Text")).to_have_value("")
    page.get_by_text("Task", exact=True).click()
    page.get_by_label("Title", exact=True).fill("Send it")
    page.get_by_label("When").fill("2030-05-01T10:30")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".event").first).to_contain_text("1 May 2030, 10:30")
    page.locator(".event").first.get_by_role("button", name="Mark as done").click()
    expect(page.locator(".event").first).to_contain_text("Done")
    page.get_by_role("button", name="Stage", exact=True).click()
    expect(page.locator(".event")).to_have_count(1)
    expect(page.locator(".event")).to_contain_text("from Lead to Opportunity")
    assert company.timeline[person.id][0].activity.due_at.ToJsonString() == "2030-05-01T07:30:00Z"


def test_a_person_is_put_into_a_company_and_taken_out(site, visitor, company, person):
    person.ClearField("accounts")
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    page.get_by_text("Link a company").click()
    page.get_by_label("Company", exact=True).press_sequentially("initech")
    page.get_by_role("option", name="Initech").first.click()
    page.get_by_label("Role").fill("Buyer")
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.locator("#related")).to_contain_text("Buyer")
    assert [link.account_name for link in person.accounts] == ["Initech"]
    page.get_by_role("button", name="Take Initech out").click()
    expect(page.locator("#related")).to_contain_text("No company yet")
    assert len(person.accounts) == 0


def test_a_likely_duplicate_is_shown_before_it_is_made(site, visitor, company, person, keep_picture):
    page = visitor.open(site, "/people", who=MARIA)
    before = len(company.contacts)
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Add a person")
    dialog.get_by_label("First name").fill("Marta")
    dialog.get_by_label("E-mail").fill(person.emails[0].address)
    dialog.get_by_role("combobox", name="Company").press_sequentially("nordwind")
    dialog.get_by_role("option", name="Nordwind GmbH").first.click()
    dialog.get_by_role("button", name="Add the person").click()
    expect(dialog.get_by_role("alert")).to_contain_text(person.display_name)
    expect(dialog.get_by_role("alert")).to_contain_text("same e-mail")
    keep_picture(page, "duplicate")
    assert len(company.contacts) == before
    dialog.get_by_role("button", name="Add all the same").click()
    expect(page.locator("#record-name")).to_have_text("Marta")
    assert len(company.contacts) == before + 1
    assert next(iter(company.contacts.values())).accounts[0].account_name == "Nordwind GmbH"


def test_two_people_are_merged_field_by_field(site, visitor, company, person, keep_picture):
    kept, other = person, list(company.contacts.values())[6]
    page = visitor.open(site, f"/people/{kept.id}", who=MARIA)
    page.locator(".record-head .menu > summary").click()
    page.get_by_role("button", name="Merge with another person").click()
    dialog = page.get_by_role("dialog", name="Merge two people")
    dialog.get_by_label("The other one").press_sequentially(other.emails[0].address)
    dialog.get_by_role("option", name=other.display_name).first.click()
    expect(dialog.locator(".merge-grid")).to_be_visible()
    keep_picture(page, "merge")
    stays, taken = kept.family_name, other.given_name
    dialog.locator("[name=choice_given_name][value=other]").check()
    dialog.get_by_role("button", name="Merge", exact=True).click()
    expect(page.locator("#record-name")).to_have_text(f"{taken} {stays}")
    assert other.merged_into_id == kept.id


def test_a_record_in_the_bin_says_so_and_comes_back(site, visitor, person):
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    page.locator(".record-head .menu > summary").click()
    page.get_by_role("button", name="Move to the bin").click()
    expect(page).to_have_url(f"{site.url}/people")
    expect(page.locator("#toasts")).to_contain_text(f"{person.display_name} is in the bin")
    page.goto(f"{site.url}/people/{person.id}")
    expect(page.get_by_text("This is in the bin since")).to_be_visible()
    expect(page.locator("#composer")).to_have_count(0)
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("This is in the bin since")).to_have_count(0)
    assert not person.deleted_at.seconds


def test_a_page_stands_while_a_part_of_it_is_away(site, visitor, person):
    site.peer.broken.add("ActivityPeer")
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    expect(page.locator("#record-name")).to_have_text(person.display_name)
    expect(page.locator("#timeline")).to_contain_text("does not answer")
    site.peer.broken.add("ContactPeer")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("A part of Funia is away")


def test_a_company_shows_its_people_and_takes_an_edit(site, visitor, company):
    account = list(company.accounts.values())[1]
    page = visitor.open(site, f"/companies/{account.id}", who=MARIA)
    expect(page.locator("#related li").first).to_be_visible()
    page.get_by_label("Revenue a year").fill("1250000.50")
    page.keyboard.press("Tab")
    expect(page.locator("#fact-annual_revenue-form")).to_have_class("fact is-saved")
    assert account.annual_revenue.amount_minor == 125000050


def test_the_timeline_names_the_company_that_a_person_was_linked_to(site, visitor, person):
    page = visitor.open(site, f"/people/{person.id}", who=MARIA)
    expect(page.locator("#timeline")).to_contain_text("linked this person to Hanse Trading")


def test_a_form_on_a_page_of_its_own_keeps_its_heading_when_it_is_refused(shared_site, visitor):
    page = visitor.open(shared_site, "/people/new", who=MARIA)
    page.get_by_label("E-mail", exact=True).fill("no address")
    page.get_by_role("button", name="Add the person").click()
    expect(page.locator(".is-wrong, .note-danger").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a person")
