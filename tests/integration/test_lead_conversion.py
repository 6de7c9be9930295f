"""A lead becomes a contact, a company and a deal in two services; a conversion that broke off goes on where it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from harness import Company, Platform, wait_for


@pytest.fixture(scope="module")
def acme(platform: Platform) -> Company:
    scopes = ("contacts.read", "contacts.write", "sales.read", "sales.write", "sales.admin")
    company = platform.sign_up("Leads", scopes)
    wait_for("the first pipelines", lambda: call(company, "GET", "/v1/pipelines")[1].get("pipelines"))
    return company


def call(company: Company, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
    answer = company.http.request(method, path, json=body, headers=company.bearer())
    return answer.status_code, answer.json()


def qualified(company: Company, **given: Any) -> dict[str, Any]:
    mark = uuid4().hex[:10]
    draft = {"given_name": "Ivo", "family_name": mark, "company_name": f"Acme {mark}", "email": f"{mark}@example.com"}
    _, lead = call(company, "POST", "/v1/leads", {**draft, "source": "trade fair", **given})
    status, lead = call(company, "POST", f"/v1/leads/{lead['id']}:qualify", {})
    assert status == 200, lead
    return dict(lead)


def people_called(company: Company, lead: Mapping[str, Any]) -> list[Any]:
    _, listed = call(company, "GET", f'/v1/contacts?filter=family_name = "{lead["family_name"]}"')
    return list(listed.get("contacts", []))


def test_a_lead_becomes_customer_and_deal_and_the_second_time_nothing(acme: Company) -> None:
    lead = qualified(acme)
    status, done = call(acme, "POST", f"/v1/leads/{lead['id']}:convert", {})
    assert (status, done["status"]) == (200, "converted"), done
    _, contact = call(acme, "GET", f"/v1/contacts/{done['contact_id']}")
    assert contact["emails"][0]["address"] == lead["email"]
    assert [one["account_id"] for one in contact["accounts"]] == [done["account_id"]]
    _, deal = call(acme, "GET", f"/v1/deals/{done['deal_id']}")
    assert (deal["name"], deal["lead_id"], deal["account_id"]) == (lead["company_name"], lead["id"], done["account_id"])
    _, again = call(acme, "POST", f"/v1/leads/{lead['id']}:convert", {})
    assert {key: again[key] for key in ("contact_id", "account_id", "deal_id")} == {
        key: done[key] for key in ("contact_id", "account_id", "deal_id")
    }
    assert len(people_called(acme, lead)) == 1


def test_a_conversion_that_broke_off_goes_on_with_what_it_made(acme: Company) -> None:
    _, pipeline = call(acme, "POST", "/v1/pipelines", {"name": uuid4().hex, "position": 900})
    stage = {"pipeline_id": pipeline["id"], "name": "Behind a gate", "entry_criteria": ["next_step"]}
    assert call(acme, "POST", "/v1/stages", stage)[0] < 300
    lead = qualified(acme)
    status, refusal = call(acme, "POST", f"/v1/leads/{lead['id']}:convert", {"pipeline_id": pipeline["id"]})
    assert (status, refusal["reason"]) == (409, "STAGE_GATE"), refusal
    (person,) = people_called(acme, lead)
    status, done = call(acme, "POST", f"/v1/leads/{lead['id']}:convert", {})
    assert (status, done["contact_id"]) == (200, person["id"]), done
    assert len(people_called(acme, lead)) == 1


def test_a_likely_duplicate_is_told_and_may_be_chosen(acme: Company) -> None:
    first = qualified(acme)
    _, known = call(acme, "POST", f"/v1/leads/{first['id']}:convert", {"no_deal": True})
    twin = qualified(acme, email=first["email"], family_name=first["family_name"], company_name="")
    status, refusal = call(acme, "POST", f"/v1/leads/{twin['id']}:convert", {})
    assert (status, refusal["reason"]) == (409, "DUPLICATE_CONTACT"), refusal
    chosen = {"contact_id": known["contact_id"]}
    status, done = call(acme, "POST", f"/v1/leads/{twin['id']}:convert", chosen)
    assert (status, done["contact_id"]) == (200, known["contact_id"]), done


def test_what_sales_told_comes_back_to_the_timeline_by_a_rebuild(acme: Company, platform: Platform) -> None:
    lead = qualified(acme)
    _, done = call(acme, "POST", f"/v1/leads/{lead['id']}:convert", {})
    about = f"/v1/timeline?subject_id={done['contact_id']}"

    def told() -> list[tuple[str, str]]:
        entries = call(acme, "GET", about)[1].get("entries", [])
        return [(one["type"], one["occurred_at"]) for one in entries]

    wait_for("sales is told", lambda: len({kind for kind, _ in told() if kind.startswith("sales.")}) >= 2)
    before = told()
    with psycopg.connect(platform.admin_url("contacts")) as admin:
        gone = admin.execute(
            "DELETE FROM timeline_entry WHERE tenant_id = %s AND type LIKE 'sales.%%'", [acme.tenant_id]
        ).rowcount
    assert gone > 0
    assert not any(kind.startswith("sales.") for kind, _ in told())
    platform.stack.run("contacts-work", "rebuild")
    after = told()
    # What was told of the lead before it was this person's is found now, too.
    assert set(after) - set(before) <= {one for one in after if one[0].startswith("sales.lead.")}
    assert set(before) <= set(after)
    assert len(set(after)) == len(after)
    platform.stack.run("contacts-work", "rebuild")
    assert told() == after
