"""Every process of ours is replaced under load, one after the other, and no request fails."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from harness import Company, Platform, wait_for
from local_stack.fixtures import whole_stack
from local_stack.stack import ENGINES

pytestmark = pytest.mark.timeout(900)

SCOPES = ("contacts.read", "contacts.write", "identity.read", "analytics.read")
WORKERS = 3


@pytest.fixture(scope="module")
def rolling() -> Iterator[Platform]:
    """A platform to replace. Patient, since the machine of the tests is slow, and starts take seconds there."""
    directory = Path(tempfile.mkdtemp(prefix="funia"))
    settings = {"FUNIA_CALL_PATIENCE_S": "60", "FUNIA_CALL_DEADLINE_S": "60", "FUNIA_SERVICE_START_TIMEOUT_S": "200"}
    try:
        with whole_stack(directory, environment=settings) as stack:
            opened = Platform(stack)
            yield opened
            opened.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@dataclass
class Load:
    """Callers that read and write by key and never try again; one keeps its connection, the others make a new one for
    each request."""

    url: str
    company: Company
    created: dict[str, str] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        token = self.company.token()
        threads = [threading.Thread(target=self._call, args=(token, number == 0)) for number in range(WORKERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(120)
        assert not any(thread.is_alive() for thread in threads)

    def _call(self, token: str, keeps: bool) -> None:
        headers = {"Authorization": f"Bearer {token}"} | ({} if keeps else {"Connection": "close"})
        with httpx.Client(base_url=self.url, headers=headers, timeout=90, trust_env=False) as http:
            while not self._stop.is_set():
                name = f"Roll{uuid4().hex}"
                made = self._ask(http, "POST", "/v1/contacts", name, {"given_name": name}, 201)
                if made is not None:
                    self.created[name] = made.json()["id"]
                    self._ask(http, "GET", f"/v1/contacts/{made.json()['id']}")
                self._ask(http, "GET", "/v1/users")
                self._ask(http, "GET", "/v1/reports/activity")

    def _ask(
        self, http: httpx.Client, method: str, path: str, key: str = "", body: object = None, wanted: int = 200
    ) -> httpx.Response | None:
        what = f"{method} {path}"
        try:
            answer = http.request(method, path, headers={"Idempotency-Key": key} if key else {}, json=body)
        except httpx.TransportError as error:
            self.failures.append(f"{what}: {type(error).__name__} {error}")
            return None
        if answer.status_code != wanted:
            self.failures.append(f"{what}: {answer.status_code} {answer.text}")
            return None
        self.answered[what.rpartition("/")[0] if "contacts/" in what else what] += 1
        return answer


def test_every_process_is_replaced_under_load_and_no_request_fails(rolling: Platform) -> None:
    company = rolling.sign_up("Rolling", SCOPES)
    load = Load(rolling.stack.url, company)
    before = dict(rolling.stack.processes)
    workers = children(before["gateway-serve"])
    assert len(workers) == 2
    with load.running():
        rolling.stack.roll(timeout_s=300)
        rolling.stack.wait_ready()
        wait_for(
            "both workers of the gateway are replaced",
            lambda: len(now := children(before["gateway-serve"])) == 2 and not now & workers,
            timeout_s=300,
        )
    after = dict(rolling.stack.processes)
    replaced = {name for name in before if after[name] != before[name]}
    # The gateway's own process stays and replaces its workers.
    assert replaced == set(before) - {*ENGINES, "gateway-serve"}
    assert load.failures == []
    assert min(load.answered.values()) > 10
    with psycopg.connect(rolling.admin_url("contacts")) as admin:
        rows = admin.execute("SELECT given_name, id::text FROM contact WHERE given_name LIKE 'Roll%'").fetchall()
    assert Counter(rows) == Counter(load.created.items())


def children(pid: int) -> set[int]:
    """Processes that this one has started and that run."""
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
