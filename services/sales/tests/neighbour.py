"""Stands in for contacts and identity, the services next door, over real gRPC: what they were told, they answer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
from chassis.ids import uuid7
from funia.contacts.v1 import bulk_pb2 as pb
from funia.contacts.v1 import bulk_pb2_grpc, contact_pb2, contact_pb2_grpc
from funia.identity.v1 import tenant_pb2, tenant_pb2_grpc


class Neighbour(
    bulk_pb2_grpc.BulkServiceServicer, contact_pb2_grpc.ContactServiceServicer, tenant_pb2_grpc.TenantServiceServicer
):
    """Companies by token of the caller and by name, people by their ids, and colleagues."""

    def __init__(self) -> None:
        self.people: dict[str, contact_pb2.Contact] = {}
        self.companies: dict[tuple[str, str], UUID] = {}
        self.colleagues: list[tenant_pb2.User] = []
        self.address = ""

    def known(self, token: str, name: str) -> UUID:
        """A company that is there already."""
        return self.companies.setdefault((token, name), uuid7())

    def GetContact(self, request: contact_pb2.GetContactRequest, context: Any) -> contact_pb2.Contact:
        if request.id not in self.people:
            context.abort(grpc.StatusCode.NOT_FOUND, "nobody")
        return self.people[request.id]

    def GetUser(self, request: tenant_pb2.GetUserRequest, context: Any) -> tenant_pb2.User:
        return tenant_pb2.User(id=request.id, full_name="Sally Seller", email="sally@cups.example")

    def ListUsers(self, request: tenant_pb2.ListUsersRequest, context: Any) -> tenant_pb2.ListUsersResponse:
        at = int(request.page_token or 0)
        token = str(at + 1) if at + 1 < len(self.colleagues) else ""
        return tenant_pb2.ListUsersResponse(users=self.colleagues[at : at + 1], next_page_token=token)

    def BatchUpsertAccounts(self, request: pb.BatchUpsertAccountsRequest, context: Any) -> pb.BatchResults:
        token = dict(context.invocation_metadata())["authorization"].removeprefix("Bearer ")
        results = []
        for index, item in enumerate(request.requests):
            there = self.companies.get((token, item.account.name))
            if there is not None:
                problem = pb.ItemProblem(status=409, reason="DUPLICATE_ACCOUNT", duplicate_ids=[str(there)])
                results.append(pb.BatchResult(index=index, outcome="failed", problem=problem))
            else:
                made = self.known(token, item.account.name)
                results.append(pb.BatchResult(index=index, id=str(made), outcome="created"))
        return pb.BatchResults(results=results)


@contextmanager
def next_door(folder: Path) -> Iterator[Neighbour]:
    """The neighbour, answering at a socket in a folder."""
    neighbour = Neighbour()
    neighbour.address = f"unix:{folder}/contacts.sock"
    server = grpc.server(ThreadPoolExecutor(2))
    bulk_pb2_grpc.add_BulkServiceServicer_to_server(neighbour, server)
    contact_pb2_grpc.add_ContactServiceServicer_to_server(neighbour, server)
    tenant_pb2_grpc.add_TenantServiceServicer_to_server(neighbour, server)
    server.add_insecure_port(neighbour.address)
    server.start()
    yield neighbour
    server.stop(None).wait()
