"""The document library in a real browser: a document gets its file and a newer one, and goes along with a mail."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from at_the_console import add_article, api, sign_up
from harness import wait_for
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RUN = uuid4().hex[:8]
READER = f"reader-{RUN}@buyer.example"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(page: Page, name: str, content: bytes) -> None:
    page.locator("#file").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name="Upload the file").click()


def test_a_document_gets_its_files_and_goes_along_with_a_mail(
    new_page: Callable[[], Page], keep_picture: Callable[[Page, str], None]
) -> None:
    page = new_page()
    sign_up(page, f"Library {RUN}", "Lena Library", f"lena@library-{RUN}.example")
    page.goto("/documents")
    expect(page.get_by_text("No document is here yet")).to_be_visible()
    page.goto("/documents/new")
    page.get_by_label("Name", exact=True).fill("Prices 2027")
    page.get_by_label("Kind").select_option("price_list")
    page.get_by_role("button", name="Add the document").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prices 2027")
    expect(page.get_by_text("No file yet.")).to_be_visible()

    upload(page, "prices.pdf", b"<html><script>alert(1)</script></html>")
    expect(page.get_by_role("alert")).to_contain_text("What is in the file is not what its name says")
    upload(page, "prices.exe", b"MZ\x00\x00")
    expect(page.get_by_role("alert")).to_contain_text("The library takes PDF")
    expect(page.get_by_text("No file yet.")).to_be_visible()
    upload(page, "prices.pdf", PDF)
    expect(page.get_by_text("Version 1")).to_be_visible()
    upload(page, "цены 2027.pdf", PDF + b"% newer\n")
    expect(page.get_by_text("Version 2")).to_be_visible()
    keep_picture(page, "document")
    with page.expect_download() as newest:
        page.get_by_role("link", name="Download").click()
    assert newest.value.suggested_filename == "цены 2027.pdf"
    assert newest.value.path().read_bytes() == PDF + b"% newer\n"
    with page.expect_download() as first:
        page.get_by_role("link", name="prices.pdf").click()
    assert first.value.path().read_bytes() == PDF

    page.goto("/leads/new")
    page.get_by_label("Last name").fill("Reader")
    page.get_by_label("E-mail", exact=True).fill(READER)
    page.get_by_role("button", name="Add the lead").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reader")
    page.get_by_role("link", name="E-mail").click()
    page.get_by_label("Subject").fill(f"Our prices {RUN}")
    page.get_by_label("Text", exact=True).fill("Here they are.")
    page.get_by_text("Attach documents").click()
    page.get_by_role("checkbox", name="Prices 2027").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text(f"Our prices {RUN}").first).to_be_visible()
    reader = new_page()
    mail = reader.locator(".mail-list a", has_text=READER).first

    def has_come() -> bool:
        reader.goto("/local/mail")
        return mail.count() > 0

    wait_for("the mail", has_come)
    mail.click()
    expect(reader.get_by_text("цены 2027.pdf")).to_be_visible()


def test_a_document_goes_to_a_customer_with_a_quote_in_the_version_it_had(
    new_page: Callable[[], Page], keep_picture: Callable[[Page, str], None]
) -> None:
    page = new_page()
    sign_up(page, f"Offers {RUN}", "Olga Offers", f"olga@offers-{RUN}.example")
    page.goto("/documents/new")
    page.get_by_label("Name", exact=True).fill("Terms")
    page.get_by_role("button", name="Add the document").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terms")
    document = page.url
    upload(page, "terms.pdf", PDF)
    expect(page.get_by_text("Version 1")).to_be_visible()
    add_article(page)

    page.goto("/quotes/new")
    page.get_by_label("What it is about").fill(f"Plates {RUN}")
    page.get_by_role("button", name="Add the quote").click()
    page.locator("#line-query").press_sequentially("PLATE")
    page.locator("#line-list [data-option]").first.click()
    expect(page.locator("[data-lines] .card-head strong")).to_have_text("€20.00")
    enclosed = page.locator("[data-documents]")
    expect(enclosed.get_by_text("Nothing goes with it.")).to_be_visible()
    enclosed.get_by_text("Attach documents").click()
    enclosed.get_by_role("checkbox", name="Terms").check()
    enclosed.get_by_role("button", name="Save").click()
    expect(enclosed.get_by_role("link", name="terms.pdf")).to_be_visible()
    keep_picture(page, "quote-with-document")
    address = page.url
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()
    link = page.locator(".copied-link code").inner_text()
    page.goto(document)
    upload(page, "terms.pdf", PDF + b"% newer\n")
    expect(page.get_by_text("Version 2")).to_be_visible()

    customer = new_page()
    customer.goto(link)
    keep_picture(customer, "offer-with-document")
    with customer.expect_download() as taken:
        customer.get_by_role("link", name="Terms").click()
    assert taken.value.path().read_bytes() == PDF
    page.goto(address)
    expect(page.locator("[data-documents]")).to_contain_text("downloaded 1 time")
    page.goto(document)
    expect(page.get_by_role("list", name="Used in")).to_contain_text(f"Plates {RUN}")
    page.get_by_role("list", name="Used in").get_by_role("link").click()
    expect(page).to_have_url(address)


def test_a_stage_offers_the_documents_that_help_and_a_mail_takes_one_along(
    new_page: Callable[[], Page], keep_picture: Callable[[Page, str], None]
) -> None:
    page = new_page()
    sign_up(page, f"Helpful {RUN}", "Hanna Helpful", f"hanna@helpful-{RUN}.example")
    page.goto("/documents/new")
    page.get_by_label("Name", exact=True).fill("Objections")
    page.get_by_role("button", name="Add the document").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Objections")
    document = page.url
    upload(page, "objections.pdf", PDF)
    expect(page.get_by_text("Version 1")).to_be_visible()
    wait_for("sales know the company", lambda: page.request.get("/v1/pipelines").json().get("pipelines"))
    pipeline = page.request.get("/v1/pipelines").json()["pipelines"][0]
    stage = pipeline["stages"][0]
    api(page, "PATCH", f"/v1/stages/{stage['id']}", {"document_ids": [document.rpartition("/")[2]]})
    page.goto(f"/stages/{stage['id']}")
    expect(page.get_by_text("Objections")).to_be_visible()
    keep_picture(page, "stage-with-document")
    person = api(page, "POST", "/v1/contacts", {"family_name": "Asker", "emails": [{"address": READER}]})
    deal = {"name": f"Asks {RUN}", "pipeline_id": pipeline["id"], "contacts": [{"contact_id": person["id"]}]}
    page.goto(f"/deals/{api(page, 'POST', '/v1/deals', deal)['id']}")
    helping = page.get_by_role("list", name="Documents that help here")
    expect(helping).to_contain_text("objections.pdf")
    keep_picture(page, "deal-with-document")
    helping.get_by_role("link", name="Send Objections by e-mail").click()
    expect(page.get_by_role("checkbox", name="Objections")).to_be_checked()
    page.goto(document)
    expect(page.get_by_role("list", name="Used in")).to_contain_text(stage["name"])
