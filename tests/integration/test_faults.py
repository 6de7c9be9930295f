"""Parts of the platform are killed under a load of writes; afterwards every acknowledged write is there, exactly once.

The bus then loses its consumers and delivers all events once more, which must change nothing.

The short form kills each part once, in an order and at moments that the seed decides; `make soak` goes on for longer.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import httpx
import nats
import psycopg
import pytest
from funia.analytics.v1 import activity_pb2 as analytics
from funia.contacts.v1 import search_pb2 as search
from google.protobuf.timestamp_pb2 import Timestamp
from harness import Company, Platform, wait_for
from local_stack.fixtures import whole_stack
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

SCOPES = ("contacts.read", "contacts.write", "analytics.read")
WRITERS = 3
RECOVERY_S = 60.0
CREATED = "contacts.contact.created"
SPAN = {"from": Timestamp(seconds=1_600_000_000), "to": Timestamp(seconds=4_000_000_000)}

HANDLERS = (
    ("contacts", "contacts-search"),
    ("contacts", "contacts-timeline"),
    ("sales", "sales-customers"),
    ("marketing", "marketing-customers"),
    ("support", "support-customers"),
)
"""Consumers with an inbox that get every contact, and the database it lies in."""
_CUSTOMERS: LiteralString = "SELECT id::text FROM customer WHERE tenant_id = %s"
VIEWS: tuple[tuple[str, LiteralString], ...] = (
    ("contacts", "SELECT subject_id::text FROM timeline_entry WHERE tenant_id = %s"),
    ("sales", _CUSTOMERS),
    ("marketing", _CUSTOMERS),
    ("support", _CUSTOMERS),
)


@pytest.fixture(scope="module")
def breakable() -> Iterator[Platform]:
    """A platform of our own to break."""
    directory = Path(tempfile.mkdtemp(prefix="funia"))
    try:
        with whole_stack(directory) as stack:
            opened = Platform(stack)
            yield opened
            opened.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@dataclass
class Load:
    """Writers that create contacts through the public API; each write is repeated until it is acknowledged."""

    platform: Platform
    company: Company
    pause_s: float
    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Writes while the block runs; at its end every write that was begun is finished."""
        token = self.company.token()
        writers = [threading.Thread(target=self._write, args=(token,)) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            yield
        finally:
            self._stop.set()
            for writer in writers:
                writer.join(RECOVERY_S)
        assert not any(writer.is_alive() for writer in writers)

    def _write(self, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        url = self.platform.stack.url
        with httpx.Client(base_url=url, timeout=10.0, trust_env=False, headers=headers) as http:
            while not self._stop.is_set():
                self._write_one(http, f"Fault{uuid4().hex}")
                self._stop.wait(self.pause_s)

    def _write_one(self, http: httpx.Client, name: str) -> None:
        key = uuid4().hex
        deadline = time.monotonic() + RECOVERY_S
        while time.monotonic() < deadline:
            try:
                answer = http.post("/v1/contacts", json={"given_name": name}, headers={"Idempotency-Key": key})
            except httpx.TransportError as error:
                self.failures[type(error).__name__] += 1
            else:
                if answer.is_success:
                    self.acknowledged[name] = answer.json()["id"]
                    return
                self.failures[str(answer.status_code)] += 1
                if answer.status_code < 500 and answer.status_code not in (409, 429):
                    self.refused.append(answer.text)
                    return
            time.sleep(0.1)
        self.refused.append(f"{name} was never acknowledged")


@pytest.mark.timeout(300)
def test_every_acknowledged_write_survives_the_kill_of_each_part(breakable: Platform) -> None:
    chance = random.Random(20261122)
    parts = ["contacts", "nats", "postgres", "relay"]
    chance.shuffle(parts)
    survive(breakable, parts, chance, pause_s=0.05)  # a machine of two cores has other tests to run


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(5))
def test_writes_survive_kills_for_a_long_time(breakable: Platform, seed: int) -> None:
    chance = random.Random(seed)
    parts = ["contacts", "nats", "postgres", "relay", "analytics", "gateway-serve", "gateway-work"]
    survive(breakable, chance.choices(parts, k=20), chance, pause_s=0.0)


def survive(platform: Platform, parts: Sequence[str], chance: random.Random, *, pause_s: float) -> None:
    """Kills the parts one after the other under load, and checks what is left."""
    company = platform.sign_up(f"Faults{uuid4().hex[:6]}", SCOPES)
    load = Load(platform, company, pause_s)
    with load.running():
        for part in parts:
            time.sleep(chance.uniform(0.5, 2.0))
            kill_relay_between_publish_and_mark(platform, company) if part == "relay" else platform.stack.kill(part)
            platform.stack.wait_ready(timeout_s=RECOVERY_S)
            count = len(load.acknowledged)
            wait_for(
                f"writes go on after {part}", lambda past=count: len(load.acknowledged) > past, timeout_s=RECOVERY_S
            )
    assert load.refused == []
    assert len(load.acknowledged) > len(parts)
    wait_for("the outboxes are drained", lambda: platform.unpublished() == 0, timeout_s=RECOVERY_S)
    check_rows(platform, company, load)
    check_stream(platform, company, load)
    check_handled(platform, company, load)
    check_analytics(platform, company, load)
    asyncio.run(deliver_everything_again(platform.stack.nats_url))
    check_views(platform, company, load)
    # First what the engine's own merges would tidy up while the search is asked for every name.
    check_analytics(platform, company, load)
    check_search(platform, company, load)


def kill_relay_between_publish_and_mark(platform: Platform, company: Company) -> None:
    """Takes from the relay the right to mark, waits until it has published what it cannot mark, and kills it."""
    with psycopg.connect(platform.admin_url("contacts"), autocommit=True) as admin:
        admin.execute("REVOKE UPDATE (published_at) ON outbox FROM contacts_relay")
        try:
            pending = "SELECT subject FROM outbox WHERE published_at IS NULL AND tenant_id = %s ORDER BY id LIMIT 1"
            before = sum(platform.published(company.tenant_id).values())

            def published_unmarked() -> bool:
                stuck = admin.execute(pending, [company.tenant_id]).fetchone()
                return stuck is not None and sum(platform.published(company.tenant_id).values()) > before

            wait_for("the relay has published what it cannot mark", published_unmarked)
            platform.stack.kill("contacts-work")
        finally:
            admin.execute("GRANT UPDATE (published_at) ON outbox TO contacts_relay")


def check_rows(platform: Platform, company: Company, load: Load) -> None:
    """Every acknowledged write is one row, under the id that was answered; and there are no others."""
    with psycopg.connect(platform.admin_url("contacts")) as admin:
        rows = admin.execute(
            "SELECT given_name, id::text FROM contact WHERE tenant_id = %s", [company.tenant_id]
        ).fetchall()
    assert Counter(rows) == Counter(load.acknowledged.items())


def check_stream(platform: Platform, company: Company, load: Load) -> None:
    """The stream holds one event for every contact."""
    counts = platform.published(company.tenant_id)
    assert counts[f"funia.{company.tenant_id}.{CREATED}"] == len(load.acknowledged)


def check_handled(platform: Platform, company: Company, load: Load) -> None:
    """Every consumer that keeps an inbox has every creation in it, and nothing twice."""
    for database, consumer in HANDLERS:
        with psycopg.connect(platform.admin_url(database), autocommit=True) as admin:
            query = "SELECT count(*) FROM inbox WHERE tenant_id = %s AND consumer = %s"

            def handled(admin: Any = admin, query: str = query, consumer: str = consumer) -> bool:
                return bool(admin.execute(query, [company.tenant_id, consumer]).fetchone() == (len(load.acknowledged),))

            wait_for(f"{consumer} has handled every event", handled, timeout_s=RECOVERY_S)


async def deliver_everything_again(nats_url: str) -> None:
    """Takes from the bus what it knows of its consumers, so that each gets all events from the first one on."""
    client = await nats.connect(nats_url)
    try:
        context = client.jetstream()
        streams = [str(one.config.name) for one in await context.streams_info()]
        durable = [
            (stream, str(one.name))
            for stream in streams
            for one in await context.consumers_info(stream)
            if one.config.durable_name
        ]
        assert {name for _, name in durable} >= {consumer for _, consumer in HANDLERS} | {"analytics-contacts"}
        for stream, name in durable:
            await context.delete_consumer(stream, name)
        deadline = time.monotonic() + RECOVERY_S
        for stream, name in durable:
            while not await _is_through(context, stream, name):
                assert time.monotonic() < deadline, f"{name} does not get through the repeated events"
                await asyncio.sleep(0.1)
    finally:
        await client.close()


async def _is_through(context: JetStreamContext, stream: str, consumer: str) -> bool:
    try:
        known = await context.consumer_info(stream, consumer)
    except NotFoundError:
        return False
    return not known.num_pending and not known.num_ack_pending


def check_views(platform: Platform, company: Company, load: Load) -> None:
    """Every contact stands once in every view that PostgreSQL keeps of it."""
    wanted = Counter(load.acknowledged.values())
    for database, query in VIEWS:
        with psycopg.connect(platform.admin_url(database)) as admin:
            assert Counter(row[0] for row in admin.execute(query, [company.tenant_id])) == wanted, query


def check_search(platform: Platform, company: Company, load: Load) -> None:
    """Every contact is found by its name, once."""
    method = "/funia.contacts.v1.CustomerSearchService/SearchCustomers"

    def found(name: str) -> list[str]:
        answer = platform.call(method, search.SearchCustomersRequest(query=name), company.token())[0]
        return [hit.id for hit in answer.hits if hit.name == name]  # type: ignore[attr-defined]

    *_, last = load.acknowledged
    wait_for("the index has caught up", lambda: found(last), timeout_s=RECOVERY_S)
    for name, contact_id in load.acknowledged.items():
        assert wait_for(f"{name} is found", lambda name=name: found(name), timeout_s=10) == [contact_id]


def check_analytics(platform: Platform, company: Company, load: Load) -> None:
    """Analytics has counted every contact once, in its list and in its sum."""
    wanted = Counter(load.acknowledged.values())
    wait_for("analytics has caught up", lambda: counted(platform, company) >= wanted, timeout_s=RECOVERY_S)
    assert counted(platform, company) == wanted
    request = analytics.GetActivityReportRequest(step="month", type_prefix=CREATED, **SPAN)  # type: ignore[arg-type]
    report = platform.call("/funia.analytics.v1.ActivityReportService/GetActivityReport", request, company.token())[0]
    assert report.total == len(load.acknowledged)  # type: ignore[attr-defined]


def counted(platform: Platform, company: Company) -> Counter[str]:
    """How often analytics lists the creation of each contact."""
    found: Counter[str] = Counter()
    token = ""
    while True:
        request = analytics.ListActivityEventsRequest(type=CREATED, page_size=200, page_token=token, **SPAN)  # type: ignore[arg-type]
        answer = platform.call("/funia.analytics.v1.ActivityReportService/ListActivityEvents", request, company.token())
        found.update(event.subject_id for event in answer[0].events)  # type: ignore[attr-defined]
        token = answer[0].next_page_token  # type: ignore[attr-defined]
        if not token:
            return found
