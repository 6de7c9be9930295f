"""The audit log and the people of companies over real gRPC, for the tests of identity."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import psycopg
import pytest
from chassis.client import channel
from chassis.paging import Pager
from chassis.server import Served, Server
from chassis.status import from_rpc_error
from chassis.testing.databases import TestDatabase
from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1 import audit_pb2 as pb
from funia.identity.v1 import audit_pb2_grpc
from gateway.composition import Identity
from gateway.identity.access_tokens import Rights
from gateway.identity.passwords import Passwords
from gateway.identity.roles import ROLES
from gateway.identity.servicers.audit import AuditServicer
from gateway.identity.usecases import people
from gateway.worker import identity_services

sys.path.insert(0, str(Path(__file__).parent))

from audit_reading import Ask
from staff import SERVICES, Hire, Someone


@pytest.fixture(scope="module")
def audit_stub(identity: Identity) -> Iterator[audit_pb2_grpc.AuditServiceStub]:
    pager = Pager(identity.settings.secret.get_secret_value())
    settings = identity.settings.model_copy(update={"listen": "127.0.0.1:0"})
    service = pb.DESCRIPTOR.services_by_name["AuditService"]
    server = Server(
        settings, identity.database, identity.verifier, [Served(service, AuditServicer(identity.audit, pager))]
    )
    port = server.start()
    with channel(f"127.0.0.1:{port}") as opened:
        yield audit_pb2_grpc.AuditServiceStub(opened)
    server.stop()


@pytest.fixture
def audit(identity: Identity, audit_stub: audit_pb2_grpc.AuditServiceStub) -> Ask:
    """Calls as a person of a company with a role; errors come as FuniaError."""

    def call(company: Any, method: str, request: Any, *, role: str = "owner") -> Any:
        rights = Rights(company.tenant_id, company.owner_id, "user", "test", ROLES[role].scopes, ROLES[role].visibility)
        metadata = [("authorization", f"Bearer {identity.tokens.issue(rights)}")]
        try:
            answer = getattr(audit_stub, method)(request, metadata=metadata, timeout=20)
            return b"".join(piece.chunk for piece in answer) if method.startswith("Export") else answer
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    return call


@pytest.fixture
def owner(identity_database: TestDatabase) -> Iterator[psycopg.Connection[Any]]:
    """The owner role with its own policies lifted: somebody with the keys to the database itself."""
    with psycopg.connect(identity_database.owner_url, autocommit=True) as connection:
        tables = ("audit_entry", "audit_origin", "audit_head", "audit_checkpoint")
        for table in tables:
            connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield connection
        for table in tables:
            connection.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


@pytest.fixture(scope="session")
def methods(identity: Identity) -> Iterator[dict[str, Any]]:
    """Every method of identity by its name, on a server of its own."""
    settings = identity.settings.model_copy(update={"listen": "127.0.0.1:0"})
    server = Server(settings, identity.database, identity.verifier, identity_services(identity))
    port = server.start()
    with channel(f"127.0.0.1:{port}") as opened:
        yield {name: method for stub in SERVICES for name, method in vars(stub(opened)).items()}
    server.stop()


@pytest.fixture
def owner_of(identity: Identity, methods: dict[str, Any]) -> Callable[[Any], Someone]:
    """The owner of a company."""
    return lambda company: Someone(identity, methods, company.tenant_id, company.owner_id)


@pytest.fixture
def hire(identity: Identity, methods: dict[str, Any]) -> Hire:
    """Adds a person with a role to a company, and to a team if one is named."""

    def make(company: Any, role: str, team_id: str = "") -> Someone:
        email = f"person-{secrets.token_hex(6)}@example.com"
        new = people.NewUser(email, "Some Person", role, "correct horse battery", "en")
        with identity.database.open_work(company.caller()) as work:
            row = people.add_user(work, new, Passwords(identity.settings))
            if team_id:
                people.change_user(work, row.user_id, {"team_id": team_id}, etag="")
        return Someone(identity, methods, company.tenant_id, row.user_id)

    return make


@pytest.fixture
def recorded(admin: Any) -> Callable[..., list[Envelope]]:
    """Events of a company that begin so, in order."""

    def read(company: Any, beginning: str) -> list[Envelope]:
        rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (company.tenant_id,))
        events = [Envelope.FromString(row[0]) for row in rows]
        return [event for event in events if event.type.startswith(beginning)]

    return read
