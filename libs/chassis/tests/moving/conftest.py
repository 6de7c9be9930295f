"""A service with two databases: the shared one and a placement of its own, both migrated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from chassis.settings import PlacementUrls, Settings
from chassis.testing.bus import TestBus
from chassis.testing.databases import TestDatabase, migrated
from chassis.work import Database

_REVISION = """
from alembic import op
from chassis.jobs_schema import job_tables
from chassis.schema import Roles, frame, homes, protect

revision = "0001"
down_revision = None
ROLES = Roles.of("sample")
TABLES = {
    "note": "id uuid NOT NULL, body text NOT NULL, PRIMARY KEY (tenant_id, id)",
    "folder": "id uuid NOT NULL, name text NOT NULL, key text GENERATED ALWAYS AS (lower(name)) STORED, "
              "parent_id uuid, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name), "
              "FOREIGN KEY (tenant_id, parent_id) REFERENCES folder (tenant_id, id)",
    "filed": "folder_id uuid NOT NULL, note_id uuid NOT NULL, tags text[] NOT NULL, more jsonb NOT NULL, "
             "PRIMARY KEY (tenant_id, folder_id, note_id), "
             "FOREIGN KEY (tenant_id, folder_id) REFERENCES folder (tenant_id, id), "
             "FOREIGN KEY (tenant_id, note_id) REFERENCES note (tenant_id, id)",
}


def upgrade():
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} (tenant_id uuid NOT NULL, {columns})")
        for statement in protect(name, ROLES):
            op.execute(statement)
    for statement in [*frame(ROLES), *job_tables(ROLES), *homes(ROLES)]:
        op.execute(statement)
"""


@dataclass(frozen=True, slots=True)
class Two:
    """The two databases of the service."""

    pooled: TestDatabase
    acme: TestDatabase


@pytest.fixture(scope="module")
def two(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("moving") / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text("from chassis.migrate import run_env\nrun_env()\n")
    (folder / "versions" / "0001_sample.py").write_text(_REVISION)
    with migrated(admin_url, "sample", folder) as pooled, migrated(admin_url, "sample", folder) as acme:
        yield Two(pooled, acme)


@pytest.fixture
def settings(two: Two, nats_url: str) -> Settings:
    acme = PlacementUrls(
        database_url=two.acme.app_url, owner_database_url=two.acme.owner_url, relay_database_url=two.acme.relay_url
    )
    return Settings(
        database_url=two.pooled.app_url,
        owner_database_url=two.pooled.owner_url,
        relay_database_url=two.pooled.relay_url,
        placements={"acme": acme},
        nats_url=nats_url,
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
