"""The pages around logging in pass axe-core in both themes and overflow at no width, with words of German length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gateway.composition import Identity
from gateway.console.build import FRONTEND

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
STRANGERS = ("/log-in", "/forgotten-password", "/reset-password", "/confirm-email", "/change-email", "/invitation")
PEOPLE = ("/account", "/account/app", "/account/prove", "/settings/people", "/settings/company", "/settings/plan")


def violations(page: Any) -> list[Any]:
    page.evaluate(Path(FRONTEND / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:4]) for one in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_rule_or_overflows(
    site: str, new_company: Any, identity: Identity, open_page: Any, theme: str, keep_picture: Any
) -> None:
    company = new_company("Gesellschaft für internationale Handelsbeziehungen mbH", confirmed=False)
    identity.companies.give_plan(company.tenant_id, "free", {"seats": 1})
    cookie = identity.sessions.open(company.owner_id, company.tenant_id).secret
    page = open_page(f"{site}/log-in")
    page.emulate_media(color_scheme=theme)
    page.context.add_cookies([{"name": "funia_locale", "value": "xl", "url": site}])
    wrong: dict[str, Any] = {}
    for path in (*STRANGERS, *PEOPLE):
        if path == PEOPLE[0]:
            page.context.add_cookies([{"name": "funia_session", "value": cookie, "url": site}])
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(f"{site}{path}")
            keep_picture(page, f"long{path.replace('/', '-')}-{width}-{theme}")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wrong[f"{path} at {width}"] = "overflows"
        found = violations(page)
        if found:
            wrong[path] = found
    assert wrong == {}
