"""A small service of its own: one table of notes, its database, its bus, and its gRPC server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chassis.settings import Settings
from chassis.testing.bus import TestBus
from chassis.testing.databases import TestDatabase, migrated
from chassis.work import Database

_REVISION = """
from alembic import op
from chassis.schema import Roles, frame, homes, protect

revision = "0001"
down_revision = None
ROLES = Roles.of("sample")


def upgrade():
    op.execute("CREATE TABLE note (tenant_id uuid NOT NULL, id uuid NOT NULL, body text NOT NULL, "
               "PRIMARY KEY (tenant_id, id))")
    for statement in [*protect("note", ROLES), *frame(ROLES), *homes(ROLES)]:
        op.execute(statement)
"""


@pytest.fixture(scope="session")
def migrations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frame") / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text("from chassis.migrate import run_env\nrun_env()\n")
    (folder / "versions" / "0001_sample.py").write_text(_REVISION)
    return folder


@pytest.fixture
def stored(admin_url: str, migrations: Path) -> Iterator[TestDatabase]:
    with migrated(admin_url, "sample", migrations) as database:
        yield database


@pytest.fixture
def settings(stored: TestDatabase, nats_url: str) -> Settings:
    return Settings(
        database_url=stored.app_url,
        relay_database_url=stored.relay_url,
        owner_database_url=stored.owner_url,
        nats_url=nats_url,
        relay_batch_size=50,
        relay_publish_timeout_s=2.0,
        consumer_fetch_wait_s=0.5,
        consumer_ack_wait_s=2.0,
        consumer_max_deliver=3,
        consumer_retry_delay_s=0.05,
        server_grace_s=3.0,
        log_json=False,
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings)
    yield opened
    opened.close()


@pytest.fixture
def bus(settings: Settings) -> Iterator[TestBus]:
    opened = TestBus(settings, ["sample"])
    yield opened
    opened.close()
