"""A service of its own that keeps the projection: its database, its tables, its bus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chassis.settings import Settings
from chassis.tables import NAMING, Table
from chassis.testing.bus import TestBus
from chassis.testing.databases import TestDatabase, migrated
from chassis.work import Database
from customer_projection.projection import CustomerProjection
from customer_projection.tables import CustomerAccountColumns, CustomerColumns
from sqlalchemy import MetaData

_REVISION = """
from alembic import op
from chassis.schema import Roles, frame, homes
from customer_projection.schema import customer_tables

revision = "0001"
down_revision = None
ROLES = Roles.of("sample")


def upgrade():
    for statement in [*customer_tables(ROLES), *frame(ROLES), *homes(ROLES)]:
        op.execute(statement)
"""


class SampleTable(Table):
    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Customer(CustomerColumns, SampleTable):
    __tablename__ = "customer"


class CustomerAccount(CustomerAccountColumns, SampleTable):
    __tablename__ = "customer_account"


@pytest.fixture(scope="session")
def stored(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDatabase]:
    migrations = tmp_path_factory.mktemp("sample") / "migrations"
    (migrations / "versions").mkdir(parents=True)
    (migrations / "env.py").write_text("from chassis.migrate import run_env\nrun_env()\n")
    (migrations / "versions" / "0001_sample.py").write_text(_REVISION)
    with migrated(admin_url, "sample", migrations) as database:
        yield database


@pytest.fixture
def settings(stored: TestDatabase, nats_url: str) -> Settings:
    return Settings(
        database_url=stored.app_url,
        nats_url=nats_url,
        consumer_fetch_wait_s=0.3,
        consumer_max_deliver=3,
        consumer_retry_delay_s=0.05,
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings)
    yield opened
    opened.close()


@pytest.fixture
def bus(settings: Settings) -> Iterator[TestBus]:
    opened = TestBus(settings, ["contacts"])
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def customers() -> CustomerProjection:
    return CustomerProjection("sample", Customer, CustomerAccount)
