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

pytestmark = pytest.mark.timeout(600)

SCOPES = ("contacts.read", "contacts.write", "identity.read", "analytics.read")
WORKERS = 3


@pytest.fixture(scope="module")
def rolling() -> Iterator[Platform]:
    """A platform to replace. Patient, since the machine of the tests is slow, and starts take seconds there."""
    directory = Path(tempfile.mkdtemp(prefix="funia"))
    settings = {"FUNIA_CALL_PATIENCE_S": "60", "FUNIA_CALL_DEADLINE_S": "60", "FUNIA_HTTP_RESPAWN_S": "15"}
    try:
        with whole_stack(directory, environment=settings) as stack:
            opened = Platform(stack)
            yield opened
            opened.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@dataclass
class Load:
    """Callers that read and write by key, each request on a connection of its own.

    A connection that breaks before an answer came is tried once more, as balancers do: where a worker goes, the kernel
    resets what it had not accepted yet.
    """

    url: str
    company: Company
    created: dict[str, str] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    broken: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        token = self.company.token()
        threads = [threading.Thread(target=self._call, args=(token,)) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(120)
        assert not any(thread.is_alive() for thread in threads)

    def _call(self, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
        while not self._stop.is_set():
            name = f"Roll{uuid4().hex}"
            made = self._ask("POST", "/v1/contacts", {**headers, "Idempotency-Key": name}, {"given_name": name}, 201)
            if made is not None:
                self.created[name] = made.json()["id"]
                self._ask("GET", f"/v1/contacts/{made.json()['id']}", headers, None, 200)
            self._ask("GET", "/v1/users", headers, None, 200)
            self._ask("GET", "/v1/reports/activity", headers, None, 200)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: object, wanted: int) -> httpx.Response | None:
        what = f"{method} {path.partition('/Roll')[0]}"
        for is_last in (False, True):
            try:
                answer = httpx.request(method, self.url + path, headers=headers, json=body, timeout=90, trust_env=False)
                break
            except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError) as error:
                self.broken += 1
                if is_last:
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
            timeout_s=120,
        )
    after = dict(rolling.stack.processes)
    replaced = {name for name in before if after[name] != before[name]}
    # The gateway's own process stays and replaces its workers.
    assert replaced == set(before) - {*ENGINES, "gateway-serve"}
    assert load.failures == []
    assert load.broken <= sum(load.answered.values()) / 50
    assert min(load.answered.values()) > 10
    with psycopg.connect(rolling.admin_url("contacts")) as admin:
        rows = admin.execute("SELECT given_name, id::text FROM contact WHERE given_name LIKE 'Roll%'").fetchall()
    assert Counter(rows) == Counter(load.created.items())


def children(pid: int) -> set[int]:
    """Processes that this one has started and that run."""
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
