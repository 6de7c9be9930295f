"""People of tenants who call a service over real gRPC."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
import pytest

from chassis.client import channel
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.server import Served, Server
from chassis.settings import Settings
from chassis.status import from_rpc_error
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database


@dataclass(frozen=True)
class Person:
    """A caller; errors come as FuniaError."""

    tenant_id: UUID
    actor_id: UUID
    token: str
    house: House

    def call(self, method: str, request: Any, **metadata: str) -> Any:
        """Calls ``Service.Method`` as this person."""
        service, name = method.split(".")
        pairs = [("authorization", f"Bearer {self.token}"), *((k.replace("_", "-"), v) for k, v in metadata.items())]
        try:
            return getattr(self.house.stub(service), name)(request, metadata=pairs, timeout=10)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None


@dataclass(frozen=True)
class House:
    """A running server and who issues tokens for it. `stubs` makes a stub by the name of a service."""

    connection: grpc.Channel
    issuer: TokenIssuer
    scopes: Sequence[str]
    stubs: Callable[[str, grpc.Channel], Any]

    def stub(self, service: str) -> Any:
        """Stub of a service."""
        return self.stubs(service, self.connection)

    def person(self, tenant_id: UUID | None = None, **options: Any) -> Person:
        """Somebody of a tenant, of a new one where none is named, who sees everything where nothing else is said."""
        tenant, actor_id = tenant_id or uuid7(), options.pop("actor_id", None) or uuid7()
        scopes = options.pop("scopes", self.scopes)
        return Person(tenant, actor_id, self.issuer.token(tenant, scopes, actor_id=actor_id, **options), self)


@contextmanager
def serving(
    database: Database, served: Sequence[Served], folder: Path, *, scopes: Sequence[str], modules: Sequence[Any]
) -> Iterator[House]:
    """A server of these services over a socket in `folder`. `modules` are the ``_pb2_grpc`` modules of their stubs."""
    issuer = TokenIssuer()
    address = f"unix:{folder}/service.sock"
    server = Server(Settings(listen=address), database, issuer.verifier, list(served))
    server.start()

    def stub(service: str, connection: grpc.Channel) -> Any:
        name = f"{service}Stub"
        return getattr(next(one for one in modules if hasattr(one, name)), name)(connection)

    with channel(address) as connection:
        yield House(connection, issuer, scopes, stub)
    server.stop()


def refused(call: Any, *arguments: Any, **options: Any) -> FuniaError:
    """The error a call ends in."""
    with pytest.raises(FuniaError) as caught:
        call(*arguments, **options)
    return caught.value
