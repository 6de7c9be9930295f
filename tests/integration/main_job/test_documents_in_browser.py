"""The document library in a real browser: a document gets its file and a newer one, and goes along with a mail."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from at_the_console import sign_up
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RUN = uuid4().hex[:8]
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
    page.get_by_role("button", name="Add the lead").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reader")
    page.get_by_role("link", name="E-mail").click()
    page.get_by_text("Attach documents").click()
    expect(page.get_by_role("checkbox", name="Prices 2027")).to_be_visible()
