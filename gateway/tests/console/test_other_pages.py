"""Imports, home with its live figures, the report, the palette and the settings."""

from __future__ import annotations

import pytest
from console_site import AURORA, EMPTY
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"
NEW = "new@empty.example"
CSV = "First name,Last name,E-mail,Phone,Remark\n" + "".join(
    f"Ivan{i},Петров,{'broken' if i % 10 == 0 else f'ivan{i}@example.com'},0888 12 34 {i:02},x\n" for i in range(40)
)


def test_a_file_is_mapped_checked_imported_and_undone(site, visitor, tmp_path, keep_picture):
    people = site.peer.companies[EMPTY].contacts
    file = tmp_path / "customers of the spring fair, final version (2).csv"
    file.write_text(CSV)
    page = visitor.open(site, "/", who=NEW)
    page.get_by_role("link", name="Import from a file").first.click()
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Upload and go on").click()
    expect(page.get_by_label("Field for E-mail")).to_have_value("emails")
    expect(page.get_by_label("Field for Remark")).to_have_value("")
    keep_picture(page, "import-mapping")
    page.get_by_label("Field for Remark").select_option("description")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="This is what would happen")).to_be_visible(timeout=10000)
    expect(page.get_by_text("36 people will be added.")).to_be_visible()
    expect(page.get_by_text("4 rows have mistakes and do not go in.")).to_be_visible()
    expect(page.get_by_role("table", name="Rows with mistakes")).to_contain_text("not an e-mail address")
    keep_picture(page, "import-checked")
    assert not people
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them to mend").click()
    assert "broken" in download.value.path().read_text()
    page.get_by_role("button", name="Import 36 people").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible(timeout=10000)
    keep_picture(page, "import-done")
    assert len(people) == 36
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="The import is undone")).to_be_visible(timeout=10000)


def test_an_empty_file_is_refused_in_words(site, visitor, tmp_path):
    file = tmp_path / "empty.csv"
    file.write_text("")
    page = visitor.open(site, "/imports/new", who=MARIA)
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Upload and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("The file is empty")
    expect(page.get_by_role("button", name="Upload and go on")).to_be_enabled()


def test_an_import_of_a_second_company_is_not_found(site, visitor, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(CSV)
    page = visitor.open(site, "/imports/new", who=NEW)
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Upload and go on").click()
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()
    other = visitor.open(site, page.url.removeprefix(site.url), who=MARIA)
    expect(other.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def test_the_figures_follow_what_happens_without_a_reload(site, visitor, keep_picture):
    page = visitor.open(site, "/", who=MARIA)
    figure = page.locator("[data-figure=people]")
    before = int(figure.inner_text())
    expect(page.locator(".chart canvas")).to_be_visible()
    keep_picture(page, "home")
    page.evaluate("window.notReloaded = true")
    contacts = site.peer.companies[AURORA].contacts
    extra = next(iter(contacts.values()))
    contacts["extra"] = extra
    site.push()
    expect(figure).to_have_text(str(before + 1))
    assert page.evaluate("window.notReloaded") is True


def test_the_report_has_its_table_and_its_events(shared_site, visitor):
    page = visitor.open(shared_site, "/reports/activity", who=MARIA)
    page.get_by_text("Show the figures as a table").click()
    expect(page.get_by_role("table", name="What has happened?").locator("tbody tr")).to_have_count(30)
    page.get_by_role("button", name="12 months").click()
    expect(page.get_by_role("button", name="12 months")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("table", name="The events behind it").locator("tbody tr").first).to_be_visible()


def test_home_stands_while_the_report_is_away(site, visitor):
    site.peer.broken.add("ReportPeer")
    page = visitor.open(site, "/", who=MARIA)
    expect(page.get_by_text("The report does not answer")).to_be_visible()
    expect(page.get_by_role("region", name="Lately changed")).to_be_visible()


def test_the_palette_finds_records_pages_and_commands_by_keys_alone(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/settings/company", who=MARIA)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Add a person")).to_be_visible()
    page.keyboard.type("hohenzol")
    expect(page.locator("#palette-list [role=option]").first).to_contain_text("Hohenzollern")
    keep_picture(page, "palette")
    page.keyboard.press("Enter")
    expect(page.locator("#record-name")).to_contain_text("Hohenzollern")
    page.keyboard.press("Control+k")
    page.keyboard.type("add a comp")
    expect(page.locator("#palette-list [role=option]").first).to_contain_text("Add a company")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Add a company")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("qqqqq")
    expect(page.get_by_text("Nothing found for “qqqqq”")).to_be_visible()


def test_language_and_look_are_changed_in_the_menu(site, visitor):
    page = visitor.open(site, "/people", who=MARIA)
    page.locator("summary.me").click()
    page.get_by_role("button", name="Български").click()
    expect(page.locator("html")).to_have_attribute("lang", "bg")
    expect(page.get_by_role("heading", level=1)).to_have_text("Хора")
    page.locator("summary.me").click()
    page.get_by_role("button", name="Тъмна").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_company_is_renamed_and_recoloured(site, visitor):
    page = visitor.open(site, "/settings/company", who=MARIA)
    page.get_by_label("Name").fill("Aurora Trading International")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    tenant = site.peer.companies[AURORA].tenant
    assert (tenant.name, tenant.time_zone) == ("Aurora Trading International", "Europe/Berlin")


def test_a_colleague_is_added_and_given_another_role(site, visitor):
    users = site.peer.companies[AURORA].users
    page = visitor.open(site, "/settings/people", who=MARIA)
    page.get_by_text("Add a colleague without a mail").click()
    page.get_by_label("Full name").fill("Petar Iliev")
    page.locator("details").get_by_label("E-mail").fill("petar@aurora.example")
    page.get_by_role("button", name="Add the colleague").click()
    expect(page.get_by_text("Added. They can log in now.")).to_be_visible()
    page.get_by_label("Role of Petar Iliev").select_option("manager")
    expect(page.locator("#toasts")).to_contain_text("Saved")
    assert users[-1].role == "manager"


def test_the_secret_of_an_app_is_shown_once_and_the_app_is_revoked(site, visitor):
    page = visitor.open(site, "/settings/developer", who=MARIA)
    page.get_by_label("Name").fill("Web shop")
    page.get_by_role("button", name="Register the app").click()
    expect(page.get_by_text("Choose at least one thing")).to_be_visible()
    page.get_by_label("contacts.read").check()
    page.get_by_label("Its tokens work only with a key").check()
    page.get_by_role("button", name="Register the app").click()
    expect(page.get_by_text("shown only this once")).to_be_visible()
    [made] = site.peer.companies[AURORA].clients.values()
    assert made.dpop_bound_access_tokens
    secret = page.locator(".secret code").nth(1).inner_text()
    assert len(secret) == 64
    page.goto(f"{site.url}/settings/developer")
    assert secret not in page.content()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Revoke Web shop").click()
    expect(page.get_by_text("The client is revoked")).to_be_visible()
    assert not site.peer.companies[AURORA].clients


def test_a_fault_of_ours_is_a_page_that_says_so(site, visitor, monkeypatch):
    monkeypatch.setattr("gateway.console.views.home.greeting", lambda: 1 / 0)
    page = visitor.open(site, "/", who=MARIA)
    expect(page.get_by_text("The fault is ours")).to_be_visible()
    expect(page.get_by_role("link", name="To the first page")).to_be_visible()
    assert "ZeroDivisionError" not in page.content()
