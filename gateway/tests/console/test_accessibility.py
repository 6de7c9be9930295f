"""Every page passes axe-core in both themes, overflows at no width, and holds words as long as German ones."""

from __future__ import annotations

import os

import pytest
from console_site import AURORA, EMPTY, SECOND
from page_rules import OF_THE_THEME, overflowing, painted, violations

pytestmark = pytest.mark.browser
MARIA = "maria@aurora.example"
PICTURED = bool(os.environ.get("FUNIA_SCREENSHOTS"))
WIDTHS = (1440, 820, 390, 360) if PICTURED else (820, 360)
LOCALES = ("xl", "ru", "bg") if PICTURED else ("xl",)
"""Texts of "xl" are longer than those of any language; the others are for whoever looks at the pictures."""
PAGES = {
    "log-in": "/log-in",
    "sign-up": "/sign-up",
    "home": "/",
    "people": "/people",
    "people-nobody": "/people?q=qqqq",
    "people-mistake": "/people?q=colour = 1",
    "people-bin": "/people?bin=1",
    "companies": "/companies",
    "person": "/people/{person}",
    "company": "/companies/{company}",
    "person-new": "/people/new",
    "imports": "/imports",
    "import-new": "/imports/new",
    "activity": "/reports/activity",
    "analysis-movement": "/analysis/movement",
    "analysis-retention": "/analysis/retention",
    "analysis-baskets": "/analysis/baskets",
    "analysis-dashboards": "/analysis/dashboards",
    "analysis-bridge": "/analysis/bridge",
    "analysis-elasticity": "/analysis/elasticity",
    "analysis-forecast": "/analysis/forecast",
    "analysis-leakage": "/analysis/leakage",
    "settings-company": "/settings/company",
    "settings-people": "/settings/people",
    "settings-roles": "/settings/roles",
    "settings-role": "/settings/roles/new",
    "settings-teams": "/settings/teams",
    "settings-clients": "/settings/developer",
    "not-found": "/nowhere",
    "broken": "/boom",
}


def address(site, name):
    company = site.peer.companies[AURORA]
    person, account = list(company.contacts)[3], list(company.accounts)[9]
    return PAGES[name].format(person=person, company=account)


def who_for(name):
    return "" if name in {"log-in", "sign-up"} else MARIA


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_a_rule_of_axe_or_is_wider_than_the_window(shared_site, visitor, keep_picture, name):
    page = visitor.open(shared_site, address(shared_site, name), who=who_for(name), theme="light")
    painted(page)
    keep_picture(page, f"{name}-1440-light")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    keep_picture(page, f"{name}-1440-dark")
    assert violations(page, OF_THE_THEME) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
        painted(page)
        keep_picture(page, f"{name}-{width}")
        assert overflowing(page) == [], width
    page.set_viewport_size({"width": 390, "height": 844})
    for locale in LOCALES:
        visitor.speak(shared_site, page, who_for(name), locale)
        painted(page)
        assert page.locator("html").get_attribute("lang") == ("de" if locale == "xl" else locale)
        keep_picture(page, f"{name}-390-{locale}")
        assert overflowing(page) == [], locale


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_over_a_page_breaks_no_rule_of_axe(shared_site, visitor, theme):
    page = visitor.open(shared_site, "/people", who=MARIA, theme=theme)
    page.locator("summary.me").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("#panel .fact").first.wait_for()
    painted(page)
    assert violations(page) == []
    page.keyboard.press("Control+k")
    page.keyboard.type("iv")
    page.locator("#palette-list [role=option]").nth(3).wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("a[data-opens]").last.click()
    page.get_by_role("dialog", name="Add a person").wait_for()
    assert violations(page) == []


def test_the_accent_of_a_company_stays_readable(shared_site, visitor):
    """Yellow on white would not be; the console darkens it."""
    identity = shared_site.identity
    page = visitor.open(shared_site, "/log-in")
    cookie = identity.start(MARIA, SECOND).cookie
    page.context.add_cookies([{"name": "funia_session", "value": cookie, "url": shared_site.url}])
    page.goto(f"{shared_site.url}/people")
    assert violations(page) == []


def test_an_empty_company_has_pages_that_break_no_rule(shared_site, visitor, keep_picture):
    assert not shared_site.peer.companies[EMPTY].accounts
    page = visitor.open(shared_site, "/", who="new@empty.example")
    for path in ("/", "/people", "/companies", "/imports"):
        page.goto(shared_site.url + path)
        keep_picture(page, f"empty-{path.strip('/') or 'home'}")
        assert violations(page) == []
