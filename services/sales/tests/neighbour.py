"""Stands in for contacts, the service next door, over real gRPC: it finds and makes companies, and remembers them."""

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
from funia.contacts.v1 import bulk_pb2_grpc


class Neighbour(bulk_pb2_grpc.BulkServiceServicer):
    """Companies by token of the caller and by name."""

    def __init__(self) -> None:
        self.companies: dict[tuple[str, str], UUID] = {}
        self.address = ""

    def known(self, token: str, name: str) -> UUID:
        """A company that is there already."""
        return self.companies.setdefault((token, name), uuid7())

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
    server.add_insecure_port(neighbour.address)
    server.start()
    yield neighbour
    server.stop(None).wait()
