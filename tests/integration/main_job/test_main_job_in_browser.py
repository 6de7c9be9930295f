"""The main job in a real browser: a company signs up, imports its customers, finds them, edits one and sees it counted.

A second company signs up beside it and sees nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from at_the_console import sign_up
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PATIENCE_MS = 30_000
RUN = uuid4().hex[:8]
MARIA = f"maria-{RUN}@main-job.example"
MESSY = """Имя;Фамилия;E-mail;Phone number;Company;Job title
Jon;Smith;JON.SMITH@acme.example;+1 (415) 555-2671;Acme Corporation;Head of buying
Анна;Иванова;anna@betatech.example;+359 2 987 6543;Betatech;Директор
;;not-an-address;+44 20 7946 0018;;
Maria;Garcia;maria@bioholding.example;+34 912 345 678;Bioholding;"Buyer; second
shift"
Peter;Novak;;12;;
Jon;Smith;jon.smith@acme.example;;Acme Corporation;Head of purchasing
"""


ORDERS = """number,sku,product,quantity,date,price,customer,sales agent
1,A,Apple,2,2026-01-05,10,7,Sally Seller
2,B,Bear,1,2026-01-06,5,8,Moses Frase
C3,A,Apple,-1,2026-01-07,10,7,
"""


def import_file(page: Page, kind: str, file: Any, keep: Callable[[Page, str], None], name: str) -> None:
    page.goto("/imports/new")
    page.locator("#content").get_by_text(kind, exact=True).click()
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Upload and go on").click()
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible(timeout=PATIENCE_MS)
    keep(page, f"{name}-mapping")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="This is what would happen")).to_be_visible(timeout=PATIENCE_MS)
    keep(page, f"{name}-check")
    page.locator(".wizard-foot button.btn-primary").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible(timeout=PATIENCE_MS)
    keep(page, f"{name}-done")


def status_of(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer is not None
    return answer.status


def find(page: Page, query: str) -> None:
    page.keyboard.press("Control+k")
    page.locator("[role=dialog] input, dialog input").first.fill(query)


def test_a_company_imports_finds_edits_and_sees_it_counted(
    open_page: Callable[..., Page], shared_data: Path, keep_picture: Callable[[Page, str], None]
) -> None:
    page = open_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    sign_up(page, "Main Job Ltd", "Maria Petrova", MARIA)
    keep_picture(page, "first-steps")

    import_file(page, "Companies", shared_data / "crm_opportunities" / "accounts.csv", keep_picture, "companies")
    expect(page.locator(".outcome")).to_contain_text("85")
    messy = {"name": "messy contacts.csv", "mimeType": "text/csv", "buffer": MESSY.encode("utf-16")}
    import_file(page, "People", messy, keep_picture, "people")
    expect(page.get_by_role("region", name="Rows with mistakes")).to_be_visible()

    page.goto("/people")
    expect(page.locator("tbody tr[data-row]")).to_have_count(3)
    keep_picture(page, "people")
    found = page.get_by_role("option", name=re.compile("Jon Smith")).first
    for _ in range(20):
        find(page, "jon smth")
        try:
            expect(found).to_be_visible(timeout=1_500)
            break
        except AssertionError:
            page.keyboard.press("Escape")
    keep_picture(page, "palette")
    found.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jon Smith")
    record = page.url
    assert "/people/" in record
    expect(page.get_by_role("region", name="Related")).to_contain_text("Acme Corporation")

    facts = page.get_by_role("region", name="Facts")
    job_title = facts.get_by_label("Job title")
    expect(job_title).to_have_value("Head of purchasing")
    job_title.fill("Chief buyer")
    job_title.press("Enter")
    expect(facts.locator(".is-saved")).to_have_count(1)
    expect(facts.get_by_label("Job title")).to_have_value("Chief buyer")
    timeline = page.get_by_role("region", name="Timeline")
    for _ in range(10):
        page.reload()
        if "ob title" in timeline.inner_text():
            break
        page.wait_for_timeout(500)
    expect(timeline).to_contain_text(re.compile("job title", re.IGNORECASE))
    keep_picture(page, "record")
    page.goto("/")
    figures = page.get_by_role("heading", name="What has happened?").locator("xpath=ancestor::section[1]")
    expect(figures).to_contain_text("People added")
    for _ in range(10):
        if re.search(r"Companies added\s*85", page.locator("main").inner_text()):
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("main")).to_contain_text(re.compile(r"Companies added\s*85"))
    keep_picture(page, "home")
    assert problems == []

    other = open_page()
    sign_up(other, "Second Company", "Ivan Kolev", f"ivan-{RUN}@second.example")
    other.goto("/people")
    expect(other.get_by_text("Nobody is here yet")).to_be_visible()
    assert status_of(page, record) == 200
    assert status_of(other, record) == 404
    other.goto("/people")
    with other.expect_response(lambda answer: "/palette" in answer.url and "jon" in answer.url) as answered:
        find(other, "jon smith")
    assert answered.value.ok
    expect(other.get_by_role("option", name=re.compile("Jon Smith"))).to_have_count(0)

    phone = open_page(width=390, height=844)
    phone.goto("/log-in")
    phone.get_by_label("E-mail").fill(MARIA)
    phone.get_by_label("Password").fill("correct horse battery")
    phone.get_by_role("button", name="Log in").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Maria")
    keep_picture(phone, "phone-home")
    phone.goto("/people")
    expect(phone.locator("tbody tr[data-row]")).to_have_count(3)
    keep_picture(phone, "phone-people")
    phone.get_by_role("link", name="Jon Smith").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Jon Smith")
    keep_picture(phone, "phone-record")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_file_of_orders_goes_in_and_is_undone(
    open_page: Callable[..., Page], keep_picture: Callable[[Page, str], None]
) -> None:
    page = open_page()
    sign_up(page, "Undone Ltd", "Sally Seller", f"sally-{RUN}@undone.example")
    orders = {"name": "shop.csv", "mimeType": "text/csv", "buffer": ORDERS.encode()}
    page.goto("/imports/new?kind=order")
    page.set_input_files("#file", orders)
    page.get_by_role("button", name="Upload and go on").click()
    page.get_by_role("button", name="Check the file").click()
    mine = page.get_by_label("What Sally Seller stands for")
    expect(mine.locator("option:checked")).to_have_text("Sally Seller", timeout=PATIENCE_MS)
    stranger = page.get_by_label("What Moses Frase stands for")
    expect(stranger.locator("option:checked")).to_contain_text("keep the name in the note")
    keep_picture(page, "orders-sellers")
    page.get_by_role("button", name="Import them").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible(timeout=PATIENCE_MS)
    job = page.url
    page.goto("/orders")
    expect(page.locator("tbody tr[data-row]")).to_have_count(2)
    page.goto(job)
    page.get_by_role("link", name="Undo the import").click()
    expect(page.get_by_role("region", name="This is what will happen")).to_contain_text("are canceled")
    keep_picture(page, "orders-undo")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="The import is undone")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".outcome")).to_contain_text("5 records were taken back.")
    page.goto("/orders")
    expect(page.locator("tbody tr[data-row]")).to_have_count(0)
