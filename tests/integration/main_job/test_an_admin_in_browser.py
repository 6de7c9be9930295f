"""An administrator runs a company in a real browser: people, rights, log-ins, apps, the audit log, and the end.

The mails, the directory's client and the provider of log-ins are real and written by others; only the DNS record that
proves a domain, the partner's own site and the operator's verdict on an app are given by the test.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import httpx
import httpx2
import psycopg
import pytest
from at_the_console import PASSWORD, log_in, open_mail, sign_up
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from gateway.identity.roles import SCOPES
from harness import Platform, wait_for
from partners import BACK, Partner
from playwright.sync_api import Page, expect
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
BITES_WITHIN_S = 10.0
RUN = uuid4().hex[:8]
DOMAIN = f"acme-{RUN}.example"
ACTS = {
    "identity.tenant.created", "identity.team.created", "identity.role.created", "identity.user.invited",
    "identity.user.activated",
}  # fmt: skip
Open = Callable[[], Page]


def address_of(name: str) -> str:
    return f"{name.lower()}@{DOMAIN}"


@dataclass(frozen=True)
class Office:
    """A company with its administrator and two colleagues of one team, each at a browser."""

    ada: Page
    ben: Page
    eva: Page


@pytest.fixture(scope="module")
def office(new_page: Open) -> Office:
    """Ada signs up, makes a team and a role that keeps phones from people, and invites Ben and Eva to them."""
    ada = new_page()
    sign_up(ada, f"Acme {RUN}", "Ada Admin", address_of("Ada"))
    ada.goto("/settings/teams")
    ada.get_by_label("Name of the team").fill("East")
    ada.get_by_role("button", name="Add the team").click()
    expect(ada.get_by_role("link", name="East")).to_be_visible()
    ada.goto("/settings/roles/new")
    ada.get_by_label("Name of the role").fill("Scout")
    ada.get_by_label("Records of their team and the teams below it").check()
    ada.get_by_label("See contacts and companies", exact=True).check()
    ada.get_by_label("Create and change contacts and companies", exact=True).check()
    ada.locator("summary", has_text="People").click()
    ada.locator("[name='right:contact.phones']").select_option("hidden")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("It takes effect within ten seconds")).to_be_visible()
    return Office(ada, invited(new_page, ada, "Ben"), invited(new_page, ada, "Eva"))


def invited(new_page: Open, ada: Page, name: str) -> Page:
    """The page of a colleague who took up the invitation to the role and team of scouts."""
    ada.goto("/settings/people")
    ada.locator("#i-email").fill(address_of(name))
    ada.locator("#i-role").select_option("scout")
    ada.locator("#i-team").select_option(label="East")
    ada.get_by_role("button", name="Send the invitation").click()
    expect(ada.get_by_text("The invitation is on its way.")).to_be_visible()
    page = new_page()
    open_mail(page, address_of(name))
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    return page


def add_person(page: Page, given: str, family: str, phone: str = "") -> None:
    page.goto("/people/new")
    page.get_by_label("First name").fill(given)
    page.get_by_label("Last name").fill(family)
    if phone:
        page.get_by_label("Phone").fill(phone)
    page.get_by_role("button", name="Add the person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{given} {family}")


def people_of(page: Page) -> list[str]:
    page.goto("/people")
    return sorted(page.locator("tbody tr[data-row] .cell-name").all_inner_texts())


def is_out(page: Page) -> bool:
    page.goto("/account")
    return urlsplit(page.url).path == "/log-in"


def test_a_role_shows_the_team_s_records_without_the_fields_it_hides(office: Office) -> None:
    add_person(office.ada, "Karl", "Chosen", "+49 30 901820")
    add_person(office.ben, "Nina", "Teamwork")
    nina = office.ben.url
    assert len(people_of(office.ada)) == 2
    (seen,) = people_of(office.eva)
    assert "Nina Teamwork" in seen
    office.ada.goto(nina)
    expect(office.ada.locator("[name=phones_value]")).not_to_have_count(0)
    office.eva.goto(nina)
    expect(office.eva.get_by_role("region", name="Facts")).to_contain_text("Job title")
    expect(office.eva.locator("[name=phones_value]")).to_have_count(0)
    office.ada.get_by_text("Who can see this?").click()
    office.ada.get_by_label("Why can this colleague see it, or not?").select_option(label="Eva")
    expect(office.ada.locator("#access-one")).to_contain_text("Eva sees and changes this.")
    expect(office.ada.locator("#access-one")).to_contain_text("East")


def test_a_suspended_and_a_removed_colleague_are_out_within_ten_seconds(office: Office, new_page: Open) -> None:
    gus, ida = (invited(new_page, office.ada, name) for name in ("Gus", "Ida"))
    office.ada.goto("/settings/people")
    office.ada.get_by_label("State of Gus").select_option("suspended")
    expect(office.ada.locator("#toasts")).to_contain_text("Saved")
    wait_for("Gus is out", lambda: is_out(gus), timeout_s=BITES_WITHIN_S)
    log_in(gus, address_of("Gus"))
    expect(gus.get_by_role("alert")).to_contain_text("Your company has suspended your access")
    office.ada.get_by_role("button", name="Remove Ida").click()
    expect(office.ada.get_by_role("row", name="Ida")).to_have_count(0)
    wait_for("Ida is out", lambda: is_out(ida), timeout_s=BITES_WITHIN_S)
    assert not is_out(office.eva)
    office.ada.get_by_label("State of Gus").select_option("active")
    log_in(gus, address_of("Gus"))
    expect(gus.get_by_role("heading", level=1)).to_contain_text("Gus")


def test_people_come_by_the_company_s_own_provider(
    office: Office, new_page: Open, platform: Platform, foreign_issuer: str
) -> None:
    office.ada.goto("/settings/single-sign-on")
    office.ada.get_by_label("Issuer").fill(foreign_issuer)
    office.ada.get_by_label("client_id").fill("funia")
    office.ada.get_by_label("client_secret").fill("s3cret")
    office.ada.get_by_role("button", name="Connect").click()
    expect(office.ada.get_by_text("Saved.")).to_be_visible()
    office.ada.get_by_label("Domain", exact=True).fill(DOMAIN)
    office.ada.get_by_role("button", name="Add the domain").click()
    expect(office.ada.get_by_text("Not proven yet")).to_be_visible()
    with psycopg.connect(platform.admin_url("identity")) as admin:
        # What the look for the DNS record would do: the domain is nobody's, so it has none.
        admin.execute("UPDATE sso_domain SET verified_at = now() WHERE domain = %s", [DOMAIN])
    claims = {"email": address_of("sam"), "email_verified": True, "name": "Sam Single"}
    httpx.put(f"{foreign_issuer}/users/sam", json=claims).raise_for_status()
    sam = new_page()
    sam.goto("/log-in/sso?next=/account")
    sam.get_by_label("Work e-mail").fill(address_of("sam"))
    sam.get_by_role("button", name="Go on").click()
    sam.locator("input[name=sub]").fill("sam")
    sam.get_by_role("button", name="Authorize").click()
    expect(sam.get_by_label("Your name")).to_have_value("Sam Single")


def test_the_company_s_directory_makes_and_suspends_people(office: Office, platform_url: str) -> None:
    office.ada.goto("/settings/provisioning")
    office.ada.get_by_role("button", name="Make a token").click()
    token = office.ada.locator(".secret code", has_text="funia_scim_").inner_text()
    with httpx2.Client(base_url=f"{platform_url}/scim/v2", headers={"Authorization": f"Bearer {token}"}) as http:
        directory = SyncSCIMClient(http)
        directory.discover()
        user, group = directory.get_resource_model("User"), directory.get_resource_model("Group")
        sent = [
            directory.create(
                user.model_validate(
                    {
                        "userName": address_of(name),
                        "displayName": f"{name} Field",
                        "active": True,
                        "emails": [{"value": address_of(name)}],
                    }
                )
            )
            for name in ("Una", "Vera")
        ]
        crew = {"displayName": "Field crew", "members": [{"value": one.id} for one in sent]}
        directory.create(group.model_validate(crew))
        office.ada.goto("/settings/provisioning")
        office.ada.get_by_label("Role of Field crew").select_option("scout")
        expect(office.ada.locator("#toasts")).to_contain_text("Saved")
        office.ada.goto("/settings/people")
        expect(office.ada.get_by_label("Role of Vera Field")).to_have_value("scout")
        off = PatchOp[user](operations=[PatchOperation(op="replace", path="active", value=False)])
        directory.modify(user, sent[0].id, off)
        office.ada.reload()
        expect(office.ada.get_by_label("State of Una Field")).to_have_value("suspended")
        expect(office.ada.get_by_label("State of Vera Field")).to_have_value("active")


def test_an_app_of_a_partner_is_let_in_for_a_part_of_what_it_asks_and_shut_out(
    office: Office, platform: Platform
) -> None:
    partner = Partner(platform, platform.sign_up("Sheepmakers", sorted(SCOPES)))
    app = partner.publish(partner.make_app(["contacts.read", "contacts.write"], grant_types=["authorization_code"]))
    site, ada = platform.stack.url, office.ada
    verifier = "v" * 43
    asked = {
        "response_type": "code", "client_id": app.client_id, "redirect_uri": BACK, "state": "s",
        "scope": "contacts.read contacts.write", "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }  # fmt: skip
    ada.context.route(f"{BACK}**", lambda route: route.fulfill(body="back at the app"))
    ada.goto(f"/oauth/authorize?{urlencode(asked)}")
    expect(ada.get_by_text("Counts the sheep in your customer list")).to_be_visible()
    ada.get_by_label("Create and change contacts and companies").uncheck()
    ada.get_by_role("button", name="Allow").click()
    ada.wait_for_url(f"{BACK}?**")
    code = parse_qs(urlsplit(ada.url).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier}
    token = httpx.post(f"{site}/oauth/token", data=form, auth=(app.client_id, app.client_secret)).json()
    http = {"headers": {"Authorization": f"Bearer {token['access_token']}"}, "trust_env": False}
    assert httpx.get(f"{site}/v1/contacts", **http).status_code == 200
    assert httpx.post(f"{site}/v1/contacts", json={"given_name": "Dolly"}, **http).status_code == 403
    ada.goto("/settings/connected-apps")
    expect(ada.get_by_text("See contacts and companies")).to_be_visible()
    expect(ada.get_by_text("Create and change contacts and companies")).to_have_count(0)
    ada.get_by_role("button", name="Shut out Sheep counter").click()
    expect(ada.get_by_role("heading", name="Sheep counter")).to_have_count(0)
    wait_for(
        "the app is out",
        lambda: httpx.get(f"{site}/v1/contacts", **http).status_code == 401,
        timeout_s=BITES_WITHIN_S,
    )


def test_the_audit_log_tells_it_all_and_proves_itself(office: Office) -> None:
    ada = office.ada
    ada.goto("/settings/audit-log")
    for told in ("Team made", "Role made", "Colleague invited"):
        expect(ada.get_by_role("table", name="Audit log")).to_contain_text(told)
    ada.get_by_role("button", name="Prove the log").click()
    expect(ada.locator("#proof")).to_contain_text("The log is whole")
    with ada.expect_download() as download:
        ada.get_by_role("link", name="Export", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert {row["action"] for row in rows} >= ACTS


def test_everything_is_taken_along_and_another_company_is_closed(office: Office, new_page: Open) -> None:
    owner = new_page()
    sign_up(owner, f"Leaving {RUN}", "Lea Leaver", f"lea-{RUN}@leaving.example")
    add_person(owner, "Otto", "Kept")
    owner.goto("/settings/export")
    owner.get_by_role("button", name="Export everything").click()
    ready = owner.get_by_role("link", name="Download")

    def is_ready() -> bool:
        owner.goto("/settings/export")
        return ready.count() == 1

    wait_for("the archive", is_ready, timeout_s=60)
    with owner.expect_download() as download:
        ready.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert b"Otto" in archive.read("data/contacts/contact.jsonl")
    owner.goto("/settings/close")
    owner.get_by_label("Name of the company, to confirm").fill("Another")
    owner.get_by_role("button", name="Close the company").click()
    expect(owner.get_by_role("alert")).to_be_visible()
    owner.get_by_label("Name of the company, to confirm").fill(f"Leaving {RUN}")
    owner.get_by_role("button", name="Close the company").click()
    expect(owner.get_by_role("heading", name="The company is closed")).to_be_visible()
    wait_for("Lea is out", lambda: is_out(owner), timeout_s=BITES_WITHIN_S)
    assert not is_out(office.ada)
