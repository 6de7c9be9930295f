"""What the tests of analytics share: stores on both engines, two tenants, events."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from analytics.settings import Settings
from analytics.store.opening import open_store
from analytics.store.port import ColumnStore
from chassis.ids import uuid7
from funia.contacts.v1 import events_pb2
from funia.events.v1.envelope_pb2 import Actor, Envelope

MakeEvent = Callable[..., Envelope]


@pytest.fixture
def tenant() -> UUID:
    return uuid7()


@pytest.fixture
def second_tenant() -> UUID:
    return uuid7()


@pytest.fixture
def make_event(tenant: UUID) -> MakeEvent:
    """An event of the first tenant, unless told otherwise."""

    def make(
        event_type: str = "contacts.contact.created",
        *,
        at: datetime | None = None,
        tenant_id: UUID | None = None,
        event_id: UUID | None = None,
        version: int = 1,
    ) -> Envelope:
        envelope = Envelope(
            id=str(event_id or uuid7()),
            type=event_type,
            tenant_id=str(tenant_id or tenant),
            subject_id=str(uuid7()),
            aggregate_version=version,
            actor=Actor(type="user", id=str(uuid7())),
            correlation_id="request-1",
            changed_fields=["display_name", "emails"],
            payload=b"\xff\x00\n\t\\'payload",
            payload_type=events_pb2.DESCRIPTOR.package + ".ContactCreated",
        )
        envelope.occurred_at.FromDatetime(at or datetime.now(UTC))
        return envelope

    return make


@pytest.fixture
def embedded_store(tmp_path: Path) -> Iterator[ColumnStore]:
    store = open_store(Settings(state_dir=tmp_path))
    yield store
    store.close()


@pytest.fixture(scope="session")
def clickhouse_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of ClickHouse's HTTP interface: the facade over chdb in another process."""
    program = [sys.executable, str(Path(__file__).with_name("clickhouse_facade.py"))]
    folder = tmp_path_factory.mktemp("clickhouse")
    with subprocess.Popen([*program, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


@pytest.fixture(params=["embedded", "clickhouse"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ColumnStore]:
    """An empty store on each engine."""
    if request.param == "embedded":
        settings = Settings(state_dir=tmp_path)
    else:
        url = request.getfixturevalue("clickhouse_url")
        settings = Settings(clickhouse_url=f"{url}/funia_{uuid7().hex}")
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of data sets with published results; FUNIA_SHARED_DATA names another one."""
    named = os.environ.get("FUNIA_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).parents[4] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of published data sets is absent")
    return folder
