"""A migrated marketing database, and its services of consent over real gRPC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from chassis.launch import migrations_of
from chassis.paging import Pager
from chassis.settings import Settings
from chassis.testing.databases import TestDatabase, migrated
from chassis.testing.people import House, Person, serving
from chassis.work import Database
from funia.marketing.v1 import (
    consent_link_pb2_grpc,
    consent_pb2_grpc,
    consent_purpose_pb2_grpc,
    held_pb2_grpc,
    suppression_pb2_grpc,
)
from marketing.app import consent_services
from pydantic import SecretStr

SECRET = "a secret of at least thirty-two bytes"
ADDRESS = "https://crm.example"
VALID = timedelta(hours=2)


@pytest.fixture(scope="session")
def marketing_database(admin_url: str) -> Iterator[TestDatabase]:
    """URLs of a migrated database of marketing."""
    with migrated(admin_url, "marketing", migrations_of("marketing")) as database:
        yield database


@pytest.fixture(scope="session")
def database(marketing_database: TestDatabase) -> Iterator[Database]:
    """The database under the app role."""
    opened = Database(Settings(database_url=marketing_database.app_url, secret=SecretStr(SECRET)))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def house(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running server of marketing."""
    modules = [consent_pb2_grpc, consent_link_pb2_grpc, consent_purpose_pb2_grpc, held_pb2_grpc, suppression_pb2_grpc]
    served = consent_services(Pager(SECRET), address=ADDRESS, valid=VALID)
    scopes = ("marketing.read", "marketing.write")
    with serving(database, served, tmp_path_factory.mktemp("grpc"), scopes=scopes, modules=modules) as opened:
        yield opened


@pytest.fixture
def alice(house: House) -> Person:
    """Somebody who sees all of the first company."""
    return house.person()


@pytest.fixture
def bob(house: House) -> Person:
    """Somebody who sees all of a second company."""
    return house.person()
