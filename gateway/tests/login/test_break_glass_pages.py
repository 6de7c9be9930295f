"""Break-glass in the console: the reason, the proof, the banner while it lasts, its end, and the mail to the others."""

from __future__ import annotations

import re
import secrets
from typing import Any

from gateway.composition import Identity
from gateway.identity.usecases import people
from playwright.sync_api import expect

PASSWORD = "correct horse battery"
REASON = "The colleague who owns it is ill"
PAGE = "/settings/break-glass"


def second_owner(identity: Identity, company: Any) -> str:
    email = f"second-{secrets.token_hex(6)}@example.com"
    with identity.database.open_work(company.caller()) as work:
        people.add_user(work, people.NewUser(email, "Olaf Other", "owner", PASSWORD, "bg"), identity.passwords)
    return email


def test_an_owner_opens_sees_the_banner_and_ends_it(
    acme: Any, other: Any, identity: Identity, forms: Any, mails: Any
) -> None:
    second = second_owner(identity, acme)
    owner = forms()
    owner.log_in(acme.email, PASSWORD)
    assert "see every record as it is" in owner.get(PAGE).text
    company = owner.get("/settings/company").text
    etag = re.search(r'name="etag" value="([^"]+)"', company)[1]  # type: ignore[index]
    fields = {"name": "Acme", "country_code": "BG", "locale": "en", "etag": etag, "owner_visibility": "own"}
    assert owner.send("/settings/company", **fields).status_code == 303
    assert owner.send(PAGE, reason="So", minutes="15").status_code == 400
    asked = owner.send(PAGE, reason=REASON, minutes="15")
    assert "Is it you?" in asked.text
    proof = {"step": "prove", "reason": REASON, "minutes": "15"}
    wrong = owner.send(PAGE, password="wrong horse", **proof)
    assert (wrong.status_code, "by break-glass until" in owner.get("/").text) == (401, False)
    assert owner.send(PAGE, password=PASSWORD, **proof).status_code == 303
    page = owner.get("/").text
    assert "You see all records by break-glass until" in page
    assert REASON in page
    (mail,) = mails.to(second)
    assert "Acme" in mail["Subject"]
    assert REASON in mail.get_body(("plain",)).get_content()
    assert not mails.to(other.email)
    end = re.search(rf'action="({PAGE}/[^"]+/end)"', page)[1]  # type: ignore[index]
    done = owner.send(end, page="/")
    assert done.status_code == 303
    shown = owner.get(done.headers["Location"]).text
    assert "by hand" in shown
    assert "by break-glass until" not in shown
    stranger = forms()
    stranger.log_in(other.email, PASSWORD)
    assert stranger.get(done.headers["Location"]).status_code == 404


def test_its_pages_hold_together(acme: Any, identity: Identity, open_page: Any, site: str, keep_picture: Any) -> None:
    with identity.database.open_work(acme.caller()) as work:
        people.change_tenant(work, {"owner_visibility": "own"}, etag="")
    page = open_page(f"{site}/log-in")
    page.get_by_label("E-mail").fill(acme.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    for width, name in ((1440, "wide"), (390, "phone")):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site}{PAGE}")
        expect(page.get_by_role("heading", name="Break-glass")).to_be_visible()
        keep_picture(page, f"break-glass-form-{name}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Password").fill(PASSWORD)
    keep_picture(page, "break-glass-proof")
    page.get_by_role("button", name="Go on").click()
    for width, name in ((390, "phone"), (1440, "wide")):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_role("region", name="Break-glass")).to_contain_text(REASON)
        keep_picture(page, f"break-glass-open-{name}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="Olga Owner").click()
    keep_picture(page, "break-glass-one")
    page.get_by_role("region", name="Break-glass").get_by_role("button", name="End now").click()
    expect(page.get_by_text("by hand")).to_be_visible()
    expect(page.get_by_role("region", name="Break-glass")).to_have_count(0)
