"""Signing up, logging in, changing the company, and who is turned away."""

from __future__ import annotations

import pytest
from console_site import AURORA, PASSWORD
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_company_signs_up_and_sees_its_first_steps(site, visitor, keep_picture):
    page = visitor.open(site, "/sign-up")
    keep_picture(page, "sign-up")
    page.get_by_label("Company").fill("Nova Foods")
    page.get_by_label("Your name").fill("Elena Dimitrova")
    page.get_by_label("Work e-mail").fill("elena@nova.example")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Create the company").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Elena")
    expect(page.get_by_role("region", name="First steps")).to_contain_text("Bring your customers")
    assert site.peer.companies[AURORA].tenant.name == "Aurora Trading"
    assert len(site.peer.companies[AURORA].contacts) == 260


def test_a_short_password_is_refused_beside_its_field_and_nothing_is_made(site, visitor):
    page = visitor.open(site, "/sign-up")
    page.get_by_label("Company").fill("Nova Foods")
    page.get_by_label("Your name").fill("Elena")
    page.get_by_label("Work e-mail").fill("elena@nova.example")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create the company").click()
    expect(page.locator("#f-password-mistake")).to_contain_text("at least 10")
    expect(page.get_by_label("Company")).to_have_value("Nova Foods")
    assert "elena@nova.example" not in site.identity.people


def test_a_person_of_two_companies_chooses_one_and_changes_to_the_other(site, visitor):
    page = visitor.open(site, "/people")
    expect(page).to_have_url(f"{site.url}/log-in?next=%2Fpeople")
    page.get_by_label("E-mail").fill("maria@aurora.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Aurora Trading").click()
    expect(page).to_have_url(f"{site.url}/people")
    page.locator("summary.me").click()
    page.get_by_role("button", name="Gesellschaft").click()
    expect(page.locator(".brand-name")).to_contain_text("Gesellschaft")
    page.locator("summary.me").click()
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{site.url}/log-in")
    page.goto(f"{site.url}/people")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_the_log_in_never_leads_to_another_site(shared_site):
    client = shared_site.app.test_client()
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        page = client.get("/log-in", query_string={"next": target}).get_data(as_text=True)
        assert 'name="next" value="/"' in page


@pytest.mark.parametrize("path", ["/log-in", "/sign-up", "/log-out", "/preferences/language"])
def test_a_form_without_its_token_is_refused(shared_site, path):
    assert shared_site.app.test_client().post(path, data={"email": "x"}).status_code == 400


def test_a_form_of_another_site_is_refused_although_it_has_the_token(shared_site):
    client = shared_site.app.test_client()
    cookie = shared_site.identity.start("maria@aurora.example", AURORA).cookie
    token = shared_site.identity.sessions[cookie].csrf_token
    client.set_cookie("funia_session", cookie)
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/log-out", data={"csrf_token": token}, headers=headers).status_code == 403
    assert cookie in shared_site.identity.sessions


def test_every_page_carries_a_policy_without_inline_code(shared_site):
    client = shared_site.app.test_client()
    client.set_cookie("funia_session", shared_site.identity.start("maria@aurora.example", AURORA).cookie)
    for path in ("/", "/people", "/log-in", "/nowhere", "/imports/new", "/settings/developer"):
        response = client.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        page = response.get_data(as_text=True)
        assert " style=" not in page
        assert "onclick" not in page


def test_the_cookie_of_the_session_is_kept_from_scripts_and_other_sites(shared_site):
    client = shared_site.app.test_client()
    client.get("/log-in")
    token = client.get_cookie("funia_entry").value
    form = {"email": "ivan@aurora.example", "password": PASSWORD, "csrf_token": token}
    answer = client.post("/log-in", data=form)
    assert answer.status_code == 303
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("funia_session"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_seller_sees_only_what_the_role_allows(shared_site, visitor):
    page = visitor.open(shared_site, "/", who="ivan@aurora.example")
    names = page.get_by_role("navigation", name="Main", exact=True).get_by_role("link").all_inner_texts()
    assert [name.strip() for name in names if name.strip()][1:] == ["Home", "People", "Companies"]
    page.goto(f"{shared_site.url}/settings/developer")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is not for your role")
