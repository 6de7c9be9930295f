"""Load of callers that never try again, for tests that replace what answers them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
from harness import Company, wait_for

SCOPES = ("contacts.read", "contacts.write", "identity.read", "analytics.read")
WORKERS = 3


@dataclass
class StrictLoad:
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
        threads = [threading.Thread(target=self._call, args=(number == 0,)) for number in range(WORKERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(120)
        assert not any(thread.is_alive() for thread in threads)

    def _call(self, keeps: bool) -> None:
        headers = {} if keeps else {"Connection": "close"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=90, trust_env=False) as http:
            while not self._stop.is_set():
                # A client asks for a token again before the last one ends.
                http.headers["Authorization"] = f"Bearer {self.company.token()}"
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


def wait_until_gateway_is_replaced(pid: int, former: set[int]) -> set[int]:
    """The workers of the gateway's process, once there are two of them and none of the former."""
    return set(
        wait_for(
            "both workers of the gateway are replaced",
            lambda: now if len(now := children(pid)) == 2 and not now & former else set(),
            timeout_s=300,
        )
    )


def children(pid: int) -> set[int]:
    """Processes that this one has started and that run."""
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
