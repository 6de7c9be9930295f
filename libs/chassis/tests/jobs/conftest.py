"""A database with the job tables and one table of a service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chassis.settings import Settings
from chassis.testing.databases import TestDatabase, migrated
from chassis.work import Database
from local_stack.fixtures import postgres_server

_REVISION = """
from alembic import op
from chassis.jobs_schema import job_tables, timer_function
from chassis.schema import Roles, frame, homes, protect

revision = "0001"
down_revision = None
ROLES = Roles.of("sample")


def upgrade():
    op.execute("CREATE TABLE note (tenant_id uuid NOT NULL, id uuid NOT NULL, line bigserial, what text NOT NULL, "
               "PRIMARY KEY (tenant_id, line))")
    op.execute("GRANT USAGE ON SEQUENCE note_line_seq TO sample_app")
    for statement in [*protect("note", ROLES), *frame(ROLES), *job_tables(ROLES), *timer_function(ROLES),
                      *homes(ROLES)]:
        op.execute(statement)
"""


@pytest.fixture(scope="session")
def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture
def stored(admin_url: str, tmp_path: Path) -> Iterator[TestDatabase]:
    migrations = tmp_path / "migrations"
    (migrations / "versions").mkdir(parents=True)
    (migrations / "env.py").write_text("from chassis.migrate import run_env\nrun_env()\n")
    (migrations / "versions" / "0001_sample.py").write_text(_REVISION)
    with migrated(admin_url, "sample", migrations) as database:
        yield database


@pytest.fixture
def settings(stored: TestDatabase) -> Settings:
    return Settings(
        database_url=stored.app_url,
        relay_database_url=stored.relay_url,
        jobs_poll_ms=50,
        jobs_heartbeat_s=0.3,
        jobs_stalled_after_s=1.5,
        jobs_rescue_every_s=0.3,
        jobs_retry_delay_s=0.1,
        jobs_max_attempts=3,
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings)
    yield opened
    opened.close()
