"""Customers of every service that copies them: from an event of contacts on the bus to an answer over gRPC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import grpc
import pytest
from chassis.caller import Caller
from chassis.client import channel
from chassis.errors import FuniaError, NotFound, PermissionDenied
from chassis.ids import uuid7
from chassis.launch import migrations_of
from chassis.process import Service
from chassis.server import Server
from chassis.status import from_rpc_error
from chassis.testing.bus import TestBus, wait_until
from chassis.testing.databases import migrated
from chassis.testing.tokens import TokenIssuer
from customer_projection.testing import contact
from funia.marketing.v1 import customer_pb2 as marketing_pb2
from funia.marketing.v1 import customer_pb2_grpc as marketing_grpc
from funia.sales.v1 import customer_pb2 as sales_pb2
from funia.sales.v1 import customer_pb2_grpc as sales_grpc
from funia.support.v1 import customer_pb2 as support_pb2
from funia.support.v1 import customer_pb2_grpc as support_grpc
from marketing.app import build as build_marketing
from sales.app import build as build_sales
from support.app import build as build_support

ISSUER = TokenIssuer()
OURS, THEIRS = uuid7(), uuid7()


@dataclass(frozen=True, slots=True)
class Copy:
    """A service that keeps customers, and the words of its contract for them."""

    name: str
    build: Callable[[], Service]
    stub: Callable[[grpc.Channel], Any]
    request: Callable[..., Any]


COPIES = (
    Copy("marketing", build_marketing, marketing_grpc.CustomerServiceStub, marketing_pb2.GetCustomerRequest),
    Copy("sales", build_sales, sales_grpc.CustomerServiceStub, sales_pb2.GetCustomerRequest),
    Copy("support", build_support, support_grpc.CustomerServiceStub, support_pb2.GetCustomerRequest),
)


@pytest.fixture(params=COPIES, ids=lambda copy: copy.name)
def copy(request: pytest.FixtureRequest) -> Copy:
    """Each of the services in turn."""
    found: Copy = request.param
    return found


@pytest.fixture
def service(copy: Copy, admin_url: str, nats_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The service as its processes build it, on a database of its own."""
    with migrated(admin_url, copy.name, migrations_of(copy.name)) as stored:
        monkeypatch.setenv("FUNIA_DATABASE_URL", stored.app_url)
        monkeypatch.setenv("FUNIA_NATS_URL", nats_url)
        monkeypatch.setenv("FUNIA_CONSUMER_FETCH_WAIT_S", "0.3")
        monkeypatch.setenv("FUNIA_SECRET", "a secret of at least thirty-two bytes")
        built = copy.build()
        yield built
        built.database.close()


@pytest.fixture
def ask(copy: Copy, service: Service) -> Iterator[Callable[..., Any]]:
    """Asks the served service for a customer: the customer, or the error it answered with."""
    server = Server(service.settings, service.database, ISSUER.verifier, service.served)
    with channel(f"127.0.0.1:{server.start()}") as connection:
        stub = copy.stub(connection)

        def answer(customer_id: UUID, tenant_id: UUID, scope: str = f"{copy.name}.read") -> Any:
            bearer = f"Bearer {ISSUER.token(tenant_id, [scope])}"
            try:
                return stub.GetCustomer(
                    copy.request(id=str(customer_id)), metadata=[("authorization", bearer)], timeout=5
                )
            except grpc.RpcError as error:
                return from_rpc_error(error)

        yield answer
    server.stop()


def test_a_customer_comes_from_the_bus_and_is_shown_to_its_own_company_only(
    service: Service, ask: Callable[..., Any]
) -> None:
    bus = TestBus(service.settings, ["contacts"])
    person, owner = uuid7(), uuid7()
    try:
        with bus.consuming(service.subscriptions[0], service.database):
            event = contact(person, 1, "created", lifecycle_stage="lead", language="bg", owner_id=owner)
            bus.publish(Caller.system(OURS), event)
            wait_until(lambda: not isinstance(ask(person, OURS), FuniaError))
    finally:
        bus.close()
    found = ask(person, OURS)
    assert (found.id, found.kind, found.stage, found.language, found.owner_id, found.version) == (
        str(person), "contact", "lead", "bg", str(owner), 1,
    )  # fmt: skip
    assert found.updated_at.seconds > 0
    assert isinstance(ask(person, THEIRS), NotFound)
    assert isinstance(ask(person, OURS, "contacts.read"), PermissionDenied)
