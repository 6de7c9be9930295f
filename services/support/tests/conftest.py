"""A migrated support database, and its servicers served over real gRPC."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import support
from chassis.paging import Pager
from chassis.server import Served
from chassis.settings import Settings
from chassis.testing.databases import TestDatabase, migrated
from chassis.testing.people import House, Person, serving
from chassis.work import Database
from funia.support.v1 import (
    business_calendar_pb2_grpc,
    held_pb2_grpc,
    queue_pb2_grpc,
    sla_policy_pb2_grpc,
    ticket_comment_pb2_grpc,
    ticket_pb2_grpc,
)
from pydantic import SecretStr
from support.app import RECORDS
from support.references import Customers
from support.servicers.held import HeldServicer
from support.servicers.ticket import TicketServicer
from support.servicers.ticket_comment import TicketCommentServicer

SCOPES = ("support.read", "support.write", "support.admin")
SECRET = "a secret of at least thirty-two bytes"


@pytest.fixture(scope="session")
def support_database(admin_url: str) -> Iterator[TestDatabase]:
    """URLs of a migrated database of support."""
    with migrated(admin_url, "support", Path(support.__file__).parent / "migrations") as database:
        yield database


@pytest.fixture(scope="session")
def database(support_database: TestDatabase) -> Iterator[Database]:
    """The database under the app role."""
    opened = Database(Settings(database_url=support_database.app_url, secret=SecretStr(SECRET)))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def tickets() -> TicketServicer:
    """Tickets; solved ones close after a week."""
    return TicketServicer(Pager(SECRET), Customers(""), close_after_days=7)


@pytest.fixture(scope="session")
def served(tickets: TicketServicer) -> list[Served]:
    """The services of support."""
    pager = Pager(SECRET)
    return [
        Served(TicketServicer.service, tickets),
        Served(HeldServicer.service, HeldServicer(most=3)),
        Served(TicketCommentServicer.service, TicketCommentServicer(pager, tickets, Customers(""))),
        *(Served(kind.service, kind(pager)) for kind in RECORDS),
    ]


@pytest.fixture(scope="session")
def house(database: Database, served: list[Served], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running server of support."""
    modules = [
        business_calendar_pb2_grpc,
        held_pb2_grpc,
        queue_pb2_grpc,
        sla_policy_pb2_grpc,
        ticket_comment_pb2_grpc,
        ticket_pb2_grpc,
    ]
    with serving(database, served, tmp_path_factory.mktemp("grpc"), scopes=SCOPES, modules=modules) as opened:
        yield opened


@pytest.fixture
def alice(house: House) -> Person:
    """Somebody who sees all of the first company."""
    return house.person()


@pytest.fixture
def bob(house: House) -> Person:
    """Somebody who sees all of a second company."""
    return house.person()
