"""An operator runs the platform at the console and by command: looks after it, saves a company, and lets one go.

Moving a company while it is in use and replacing every process have tests of their own beside this one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
import psycopg
import pytest
from at_the_console import sign_up
from gateway.identity.usecases.closing import digest_of_tenant
from harness import OPERATOR, SERVICES, Company, Platform, bury, wait_for
from local_stack.fixtures import StackError
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
BITES_WITHIN_S = 10.0
PATIENCE_S = 600.0
"""For commands that start a process for each service."""
SCOPES = ("contacts.read", "contacts.write", "identity.read", "identity.audit")
T = TypeVar("T")
CREATED = "contacts.contact.created"


@pytest.fixture(scope="module")
def desk(new_page: Callable[[], Page]) -> Page:
    """The operator at the console."""
    page = new_page()
    sign_up(page, "Platform", "Olga Operator", OPERATOR)
    return page


@pytest.fixture(scope="module")
def company(platform: Platform) -> Company:
    return platform.sign_up("Saved", SCOPES)


@pytest.fixture(scope="module")
def neighbour(platform: Platform) -> Company:
    """What is done to one company does not touch another."""
    made = platform.sign_up("Unmoved", SCOPES)
    assert create(made, "Anna")
    return made


def create(company: Company, given_name: str) -> str:
    answer = company.http.post("/v1/contacts", json={"given_name": given_name}, headers=company.bearer())
    assert answer.status_code == 201, answer.text
    made: str = answer.json()["id"]
    return made


def names(company: Company) -> list[str]:
    answer = company.http.get("/v1/contacts", headers=company.bearer())
    assert answer.status_code == 200, answer.text
    return sorted(one["given_name"] for one in answer.json().get("contacts", []))


def status_of(company: Company) -> int:
    token = {"Authorization": f"Bearer {company.token()}"}
    return company.http.get("/v1/contacts", headers=token).status_code


def do_to(desk: Page, company: Company, deed: str) -> None:
    """Finds the company by its id, page by page, and presses the button."""
    button = desk.get_by_role("button", name=f"{deed} {company.tenant_id}", exact=True)
    desk.goto("/operator/tenants")
    while not button.count():
        desk.get_by_role("link", name="More", exact=True).click()
        desk.wait_for_load_state()
    button.click()
    expect(desk.get_by_role("status").filter(has_text=f"Done: {deed}")).to_be_visible()


def test_everything_that_runs_is_seen_at_the_command_and_at_the_console(
    desk: Page, platform: Platform, company: Company
) -> None:
    told = platform.stack.operate("status")
    assert told.startswith("ready ")
    assert set(re.findall(r"^  ([\w-]+) +ready ", told, re.MULTILINE)) == set(platform.stack.processes)
    create(company, "Counted")

    def is_well() -> bool:
        desk.goto("/operator")
        return desk.get_by_text("Worker is silent").count() == 0

    wait_for("every worker has told its signs", is_well)
    parts = desk.get_by_role("table", name="Parts")
    for service in SERVICES:
        expect(parts.get_by_role("row", name=service)).to_contain_text("Serving")
    expect(parts.get_by_text("Away")).to_have_count(0)
    assert company.http.get("/operator").status_code == 404


def test_an_event_that_nobody_could_handle_is_handed_back(desk: Page, platform: Platform, company: Company) -> None:
    create(company, "Stumbling")
    subject = f"funia.{company.tenant_id}.{CREATED}"
    wait_for("the event", lambda: in_a_thread(lambda: platform.published(company.tenant_id)).get(subject))
    url, error = platform.stack.nats_url, "ValueError: odd"
    in_a_thread(lambda: asyncio.run(bury(url, subject, company.tenant_id, error=error)))
    desk.goto("/operator")
    desk.get_by_role("link", name="Look at them").click()
    letter = desk.get_by_role("row").filter(has_text=company.tenant_id)
    expect(letter).to_contain_text("ValueError")
    expect(letter).not_to_contain_text("Stumbling")
    letter.get_by_role("button", name="Replay").click()
    expect(desk.get_by_text("The event was handled.")).to_be_visible()
    expect(desk.get_by_role("row").filter(has_text=company.tenant_id)).to_have_count(0)


@pytest.mark.soak
def test_a_company_that_lost_its_records_gets_them_back_from_a_backup(
    desk: Page, platform: Platform, company: Company, neighbour: Company, tmp_path: Path
) -> None:
    kept_id = create(company, "Precious")
    kept = names(company)
    folder = str(tmp_path / "backup")
    platform.stack.operate("backup-tenant", company.tenant_id, folder, timeout_s=PATIENCE_S)
    assert company.http.delete(f"/v1/contacts/{kept_id}", headers=company.bearer()).is_success
    create(company, "Mistaken")
    with pytest.raises(StackError, match="Suspend it first"):
        platform.stack.operate("restore-tenant", company.tenant_id, folder)
    do_to(desk, company, "Suspend")
    wait_for("its people are shut out", lambda: status_of(company) == 403, timeout_s=BITES_WITHIN_S)
    platform.stack.operate("restore-tenant", company.tenant_id, folder, timeout_s=PATIENCE_S)
    do_to(desk, company, "Activate")
    wait_for("it is open again", lambda: status_of(company) == 200, timeout_s=BITES_WITHIN_S)
    assert names(company) == kept
    assert names(neighbour) == ["Anna"]
    page = company.http.get("/v1/audit-entries", headers=company.bearer()).json()
    acts = [entry["action"] for entry in page["entries"]]
    for act in ("backed_up", "restore_refused", "suspended", "restored", "activated"):
        assert f"identity.tenant.{act}" in acts


def test_a_company_that_goes_is_erased_with_a_certificate(
    desk: Page, new_page: Callable[[], Page], platform: Platform, neighbour: Company
) -> None:
    leaver = platform.sign_up("Gone", SCOPES)
    create(leaver, "Forgotten")
    do_to(desk, leaver, "Close")
    wait_for("its people are shut out", lambda: status_of(leaver) == 403, timeout_s=BITES_WITHIN_S)
    do_to(desk, leaver, "Erase now")
    with psycopg.connect(platform.admin_url("identity"), autocommit=True) as admin:
        # The wait for the last token, which an operator has time for.
        admin.execute("UPDATE erasure SET next_at = now(), due_at = now() WHERE for_tenant = %s", [leaver.tenant_id])
    digest = digest_of_tenant(UUID(leaver.tenant_id)).hex()
    certificate = desk.get_by_role("row").filter(has_text=digest).get_by_role("link", name="Download")

    def is_erased() -> bool:
        desk.goto("/operator/tenants")
        return certificate.count() == 1

    wait_for("the certificate", is_erased, timeout_s=60)
    with desk.expect_download() as download:
        certificate.click()
    statement = download.value.path().read_text(encoding="ascii").strip()
    told = httpx.post(f"{platform.stack.url}/v1/erasure-certificates:verify", json={"statement": statement}).json()
    assert told["valid"] is True
    assert told["says"]["left"] == 0
    with psycopg.connect(platform.admin_url("contacts")) as admin:
        assert not admin.execute("SELECT 1 FROM contact WHERE tenant_id = %s", [leaver.tenant_id]).fetchone()
    assert names(neighbour) == ["Anna"]


def in_a_thread(work: Callable[[], T]) -> T:
    """Beside the browser, whose event loop runs in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
