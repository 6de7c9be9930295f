"""Custom fields: defined in the settings, filled in on the record, shown in the list."""

from __future__ import annotations

import pytest
from console_site import AURORA, SECOND
from google.protobuf.json_format import MessageToDict
from playwright.sync_api import Route, expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"
PAGE = "/settings/custom-fields"


def define(page, label, key, kind="Text", options="", **checks):
    page.get_by_label("Name", exact=True).fill(label)
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_label("Type", exact=True).select_option(label=kind)
    if options:
        page.get_by_label("Options, one a line").fill(options)
    for words in checks.values():
        page.get_by_label(words).check()
    page.get_by_role("button", name="Add the field").click()


def test_a_field_is_defined_filled_in_and_shown_in_the_list(site, visitor, keep_picture):
    company = site.peer.companies[AURORA]
    page = visitor.open(site, PAGE, who=MARIA)
    expect(page.get_by_role("heading", name="No field of your own yet")).to_be_visible()
    keep_picture(page, "custom-fields-empty")
    define(page, "Name of the vessel", "vessel", search="Search finds records by it")
    expect(page.locator(".note-success")).to_contain_text("Saved")
    define(page, "Class of membership", "membership", "One of a list", "Gold\nSilver")
    define(page, "Interests", "interests", "Several of a list", "Sailing\nRowing\nDiving")
    define(page, "Contract ends", "contract_end", "Date")
    define(page, "Berth fee", "fee", "Amount of money")
    define(page, "Length in metres", "length", "Number")
    define(page, "Has a crew", "crew", "Yes or no")
    expect(page.get_by_role("row", name="Class of membership")).to_contain_text("custom.membership")
    keep_picture(page, "custom-fields")
    assert [one.key for one in company.custom_fields.values()][:2] == ["vessel", "membership"]
    assert not site.peer.companies[SECOND].custom_fields

    contact = next(iter(company.contacts.values()))
    page.goto(f"{site.url}/people/{contact.id}")
    page.get_by_label("Name of the vessel").fill("Aurora")
    page.get_by_label("Class of membership").select_option("Gold")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/fields/custom.interests", hold, times=1)
    with page.expect_request("**/fields/custom.interests"):
        page.get_by_label("Rowing").check()
    # A second choice while the first is being saved is kept, and goes out after it.
    page.get_by_label("Diving").check()
    with page.expect_response(lambda answer: "Diving" in (answer.request.post_data or "")) as saved:
        held[0].continue_()
    assert saved.value.ok
    page.get_by_label("Contract ends").fill("2027-05-31")
    page.get_by_label("Berth fee", exact=True).fill("1250.50")
    page.get_by_label("Length in metres").fill("12.5")
    page.get_by_label("Has a crew").select_option("true")
    page.get_by_label("Has a crew").press("Tab")
    # Each field is saved by itself, and the last one written need not be the last one kept.
    expect(page.locator("[data-fact].is-saved")).to_have_count(7)
    assert MessageToDict(contact.custom) == {
        "vessel": "Aurora",
        "membership": "Gold",
        "interests": ["Rowing", "Diving"],
        "contract_end": "2027-05-31",
        "fee": {"currency_code": "EUR", "amount_minor": 125050},
        "length": 12.5,
        "crew": True,
    }
    page.reload()
    expect(page.get_by_label("Name of the vessel")).to_have_value("Aurora")
    page.get_by_label("Name of the vessel").scroll_into_view_if_needed()
    keep_picture(page, "custom-fields-on-a-record")

    page.goto(f"{site.url}/people")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Name of the vessel", exact=True).check()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name="Name of the vessel")).to_be_visible()
    keep_picture(page, "custom-fields-in-the-list")


def test_a_wrong_definition_is_refused_beside_its_field_and_archived_ones_come_back(site, visitor):
    page = visitor.open(site, PAGE, who=MARIA)
    define(page, "Membership", "membership", "One of a list")
    expect(page.locator("#f-options-mistake")).to_be_visible()
    page.get_by_label("Options, one a line").fill("Gold")
    page.get_by_role("button", name="Add the field").click()
    page.get_by_role("link", name="Membership").click()
    page.get_by_label("Options, one a line").fill("Gold\nSilver")
    page.get_by_role("button", name="Save").click()
    (field,) = site.peer.companies[AURORA].custom_fields.values()
    assert list(field.options) == ["Gold", "Silver"]
    page.get_by_role("button", name="Archive Membership").click()
    expect(page.get_by_text("Archived", exact=True)).to_be_visible()
    page.get_by_role("button", name="Bring back Membership").click()
    expect(page.get_by_text("Archived", exact=True)).to_be_hidden()


@pytest.mark.parametrize("locale", ["ru", "bg"])
def test_the_page_fits_a_phone(site, visitor, keep_picture, locale):
    page = visitor.open(site, PAGE, who=MARIA, width=390, locale=locale)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep_picture(page, f"custom-fields-phone-{locale}")
