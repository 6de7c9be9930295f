"""Single sign-on in the browser: a provider is connected, domains are proven, mistakes are told beside the field."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"


def test_a_provider_is_connected_and_a_domain_proven(site, visitor, keep_picture):
    page = visitor.open(site, "/settings/single-sign-on", who=MARIA)
    expect(page.get_by_text("https://crm.example.com/log-in/sso/callback")).to_be_visible()
    page.get_by_label("Issuer").fill("login.aurora.example")
    page.get_by_label("client_id").fill("funia")
    page.get_by_label("client_secret").fill("s3cret")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("as the provider names itself")).to_be_visible()
    page.get_by_label("Issuer").fill("https://login.aurora.example")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    for domain in ("aurora.example", "a-rather-long-name-of-a-subsidiary.aurora-trading.example"):
        page.get_by_label("Domain", exact=True).fill(domain)
        page.get_by_role("button", name="Add the domain").click()
        expect(page.get_by_text(f"_funia.{domain}", exact=True)).to_be_visible()
    page.get_by_role("button", name="Look for the record aurora.example", exact=True).click()
    expect(page.get_by_text("Proven", exact=True)).to_be_visible()
    page.get_by_role("button", name="Look for the record a-rather").click()
    expect(page.get_by_text("The record is not there yet.")).to_be_visible()
    keep_picture(page, "sso")
    page.set_viewport_size({"width": 390, "height": 1600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep_picture(page, "sso-390")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Take out a-rather").click()
    expect(page.get_by_text("subsidiary")).to_have_count(0)
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("button", name="Connect")).to_be_visible()


def test_the_log_in_page_leads_to_the_companys_log_in(shared_site, visitor, keep_picture):
    page = visitor.open(shared_site, "/log-in?next=/people", width=390)
    page.get_by_role("link", name="Log in with your company").click()
    expect(page.get_by_label("Work e-mail")).to_be_focused()
    keep_picture(page, "sso-log-in-390")
    page.get_by_role("link", name="Log in with a password").click()
    expect(page).to_have_url(f"{shared_site.url}/log-in?next=/people")
