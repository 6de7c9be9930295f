"""An operator moves a company of a running platform to databases of its own and back, while its people work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from harness import Company, Platform, wait_for

SCOPES = ("contacts.read", "contacts.write", "identity.read", "identity.audit")
KINDS = ("contact", "outbox", "inbox", "timeline_entry")


@dataclass
class Writers:
    """Threads that create contacts without end; each knows what was acknowledged."""

    company: Company
    created: set[str] = field(default_factory=set)
    answered: Counter[int] = field(default_factory=Counter)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self, count: int) -> Iterator[None]:
        headers = self.company.bearer()
        threads = [threading.Thread(target=self._write, args=(dict(headers),)) for _ in range(count)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _write(self, headers: dict[str, str]) -> None:
        while not self._stop.wait(0.05):
            key = uuid4().hex
            contact = {"given_name": key, "emails": [{"address": f"{key}@example.com"}]}
            answer = self.company.http.post("/v1/contacts", json=contact, headers={**headers, "Idempotency-Key": key})
            while answer.status_code in (503, 504):
                # Too slow or paused too long for one answer: the same request again is the same contact.
                answer = self.company.http.post(
                    "/v1/contacts", json=contact, headers={**headers, "Idempotency-Key": key}
                )
            self.answered[answer.status_code] += 1
            if answer.status_code == 201:
                self.created.add(answer.json()["id"])


def stored(platform: Platform, database: str, company: Company) -> dict[str, int]:
    """Rows of the company by table, in a database of contacts."""
    parts = urlsplit(platform.admin_url("contacts"))
    with psycopg.connect(urlunsplit(parts._replace(path=f"/{database}"))) as admin:
        return {
            table: admin.execute(
                f"SELECT count(*) FROM {table} WHERE tenant_id = %s".encode(), [company.tenant_id]
            ).fetchone()[0]  # type: ignore[index]
            for table in KINDS
        }


def listed(company: Company) -> set[str]:
    """Ids of all contacts, page by page."""
    found: set[str] = set()
    token = ""
    while True:
        page = company.http.get(
            "/v1/contacts", params={"page_size": 200, "page_token": token}, headers=company.bearer()
        ).json()
        found |= {one["id"] for one in page.get("contacts", [])}
        token = page.get("next_page_token", "")
        if not token:
            return found


def acts(company: Company) -> Counter[str]:
    """Actions of the company's audit log."""
    page = company.http.get("/v1/audit-entries", params={"page_size": 100}, headers=company.bearer()).json()
    return Counter(entry["action"] for entry in page["entries"])


@pytest.fixture(scope="module")
def company(platform: Platform) -> Company:
    return platform.sign_up("Moving", SCOPES)


@pytest.fixture(scope="module")
def neighbour(platform: Platform) -> Company:
    made = platform.sign_up("Staying", SCOPES)
    answer = made.http.post("/v1/contacts", json={"given_name": "Anna"}, headers=made.bearer())
    assert answer.status_code == 201, answer.text
    return made


def test_a_company_in_use_moves_there_and_nothing_is_lost(
    platform: Platform, company: Company, neighbour: Company
) -> None:
    beside = stored(platform, "contacts", neighbour)
    writers = Writers(company)
    with writers.running(2):
        wait_for("first contacts", lambda: len(writers.created) > 5)
        platform.stack.operate("move", company.tenant_id, "acme")
        before = len(writers.created)
        wait_for("contacts after the move", lambda: len(writers.created) > before + 5)
    assert set(writers.answered) == {201}
    assert listed(company) == writers.created
    assert stored(platform, "contacts", company) == dict.fromkeys(KINDS, 0)
    wait_for(
        "the timelines", lambda: stored(platform, "contacts_acme", company)["timeline_entry"] == len(writers.created)
    )
    assert stored(platform, "contacts_acme", company)["contact"] == len(writers.created)
    created = f"funia.{company.tenant_id}.contacts.contact.created"
    wait_for("the events", lambda: platform.published(company.tenant_id).get(created) == len(writers.created))
    assert acts(company)["identity.tenant.placed"] == 1
    assert stored(platform, "contacts", neighbour)["contact"] == beside["contact"] == 1
    assert stored(platform, "contacts_acme", neighbour) == dict.fromkeys(KINDS, 0)
