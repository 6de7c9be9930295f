"""Customers of marketing: from an event of contacts on the bus to an answer over gRPC."""

from __future__ import annotations

from collections.abc import Iterator
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
from funia.marketing.v1 import customer_pb2, customer_pb2_grpc
from marketing.app import build

SECRET = "a secret of at least thirty-two bytes"
ISSUER = TokenIssuer()
OURS, THEIRS = uuid7(), uuid7()


@pytest.fixture
def service(admin_url: str, nats_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with migrated(admin_url, "marketing", migrations_of("marketing")) as stored:
        monkeypatch.setenv("FUNIA_DATABASE_URL", stored.app_url)
        monkeypatch.setenv("FUNIA_NATS_URL", nats_url)
        monkeypatch.setenv("FUNIA_CONSUMER_FETCH_WAIT_S", "0.3")
        monkeypatch.setenv("FUNIA_SECRET", SECRET)
        built = build()
        yield built
        built.database.close()


@pytest.fixture
def stub(service: Service) -> Iterator[customer_pb2_grpc.CustomerServiceStub]:
    server = Server(service.settings, service.database, ISSUER.verifier, service.served)
    with channel(f"127.0.0.1:{server.start()}") as connection:
        yield customer_pb2_grpc.CustomerServiceStub(connection)
    server.stop()


def test_a_customer_comes_from_the_bus_and_is_shown_to_its_own_company_only(
    service: Service, stub: customer_pb2_grpc.CustomerServiceStub
) -> None:
    bus = TestBus(service.settings, ["contacts"])
    person, owner = uuid7(), uuid7()
    try:
        with bus.consuming(service.subscriptions[0], service.database):
            event = contact(person, 1, "created", lifecycle_stage="lead", language="bg", owner_id=owner)
            bus.publish(Caller.system(OURS), event)
            wait_until(lambda: isinstance(answer(stub, person, OURS), customer_pb2.Customer))
    finally:
        bus.close()
    found = answer(stub, person, OURS)
    assert isinstance(found, customer_pb2.Customer)
    assert (found.id, found.kind, found.stage, found.language, found.owner_id, found.version) == (
        str(person), "contact", "lead", "bg", str(owner), 1,
    )  # fmt: skip
    assert found.updated_at.seconds > 0
    assert isinstance(answer(stub, person, THEIRS), NotFound)
    assert isinstance(answer(stub, person, OURS, scope="contacts.read"), PermissionDenied)


def answer(
    stub: customer_pb2_grpc.CustomerServiceStub, customer_id: UUID, tenant_id: UUID, *, scope: str = "marketing.read"
) -> customer_pb2.Customer | FuniaError:
    bearer = f"Bearer {ISSUER.token(tenant_id, [scope])}"
    try:
        return stub.GetCustomer(
            customer_pb2.GetCustomerRequest(id=str(customer_id)), metadata=[("authorization", bearer)], timeout=5
        )
    except grpc.RpcError as error:
        return from_rpc_error(error)
