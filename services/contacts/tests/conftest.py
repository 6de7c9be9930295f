"""A migrated contacts database, two tenants, and the servicers served over real gRPC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import contacts
import grpc
import pytest
from chassis.client import channel
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.server import Served, Server
from chassis.status import from_rpc_error
from chassis.testing.databases import TestDatabase, migrated
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database
from contacts.elsewhere import OtherServices
from contacts.servicers.account import AccountServicer
from contacts.servicers.activity import ActivityServicer
from contacts.servicers.bulk import BulkServicer
from contacts.servicers.contact import ContactServicer
from contacts.servicers.person import PersonServicer
from contacts.settings import ContactsSettings
from funia.contacts.v1 import (
    account_pb2,
    account_pb2_grpc,
    activity_pb2,
    activity_pb2_grpc,
    bulk_pb2,
    bulk_pb2_grpc,
    contact_pb2,
    contact_pb2_grpc,
    person_pb2,
    person_pb2_grpc,
)

SCOPES = ("contacts.read", "contacts.write", "contacts.import", "contacts.export", "identity.admin")
SECRET = "a secret of at least thirty-two bytes"


@pytest.fixture(scope="session")
def contacts_database(admin_url: str) -> Iterator[TestDatabase]:
    """URLs of a migrated database of contacts."""
    with migrated(admin_url, "contacts", Path(contacts.__file__).parent / "migrations") as database:
        yield database


@pytest.fixture(scope="session")
def issuer() -> TokenIssuer:
    """Issues tokens that the server accepts."""
    return TokenIssuer()


@dataclass(frozen=True)
class Person:
    """A caller with the three stubs at hand; errors come as FuniaError."""

    tenant_id: UUID
    actor_id: UUID
    token: str
    grpc_channel: grpc.Channel

    def call(self, method: str, request: Any, **metadata: str) -> Any:
        """Calls ``Service.Method`` as this person."""
        service, name = method.split(".")
        stub = _STUBS[service](self.grpc_channel)
        pairs = [("authorization", f"Bearer {self.token}"), *((k.replace("_", "-"), v) for k, v in metadata.items())]
        try:
            return getattr(stub, name)(request, metadata=pairs, timeout=10)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None


_STUBS = {
    "ContactService": contact_pb2_grpc.ContactServiceStub,
    "AccountService": account_pb2_grpc.AccountServiceStub,
    "BulkService": bulk_pb2_grpc.BulkServiceStub,
    "ActivityService": activity_pb2_grpc.ActivityServiceStub,
    "PersonService": person_pb2_grpc.PersonServiceStub,
}


@pytest.fixture(scope="session")
def database(contacts_database: TestDatabase, issuer: TokenIssuer) -> Iterator[Database]:
    """The database under the app role."""
    opened = Database(ContactsSettings(database_url=contacts_database.app_url, secret=SECRET))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def grpc_channel(
    database: Database, issuer: TokenIssuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[grpc.Channel]:
    """A channel to a running server of contacts."""
    address = f"unix:{tmp_path_factory.mktemp('grpc')}/contacts.sock"
    settings = ContactsSettings(listen=address, secret=SECRET)
    pager = Pager(SECRET)
    server = Server(
        settings,
        database,
        issuer.verifier,
        [
            Served(contact_pb2.DESCRIPTOR.services_by_name["ContactService"], ContactServicer(pager)),
            Served(account_pb2.DESCRIPTOR.services_by_name["AccountService"], AccountServicer(pager)),
            Served(bulk_pb2.DESCRIPTOR.services_by_name["BulkService"], BulkServicer()),
            Served(activity_pb2.DESCRIPTOR.services_by_name["ActivityService"], ActivityServicer(pager)),
            Served(
                person_pb2.DESCRIPTOR.services_by_name["PersonService"], PersonServicer(pager, OtherServices(settings))
            ),
        ],
    )
    server.start()
    with channel(address) as opened:
        yield opened
    server.stop()


def person(issuer: TokenIssuer, grpc_channel: grpc.Channel, tenant_id: UUID, **options: Any) -> Person:
    """A person of a tenant with all scopes of contacts."""
    actor_id = uuid7()
    return Person(tenant_id, actor_id, issuer.token(tenant_id, SCOPES, actor_id=actor_id, **options), grpc_channel)


@pytest.fixture
def alice(issuer: TokenIssuer, grpc_channel: grpc.Channel) -> Person:
    """Somebody who sees all of the first company."""
    return person(issuer, grpc_channel, uuid7())


@pytest.fixture
def bob(issuer: TokenIssuer, grpc_channel: grpc.Channel) -> Person:
    """Somebody who sees all of a second company."""
    return person(issuer, grpc_channel, uuid7())


def refused(call: Any, *arguments: Any, **options: Any) -> FuniaError:
    """The error a call ends in."""
    with pytest.raises(FuniaError) as caught:
        call(*arguments, **options)
    return caught.value
