"""Fills new sandboxes with customers that nobody is, and ends those whose time is over.

It writes as the sandbox's owner over the services' own methods, as any caller would.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TypeVar

import grpc
from chassis.caller import Caller
from chassis.client import credentials
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.server import REQUEST_ID
from chassis.status import from_rpc_error
from chassis.work import Row
from example_customers.customers import Customers, make_customers
from example_customers.documents import account_document, contact_document
from funia.contacts.v1 import bulk_pb2, bulk_pb2_grpc
from funia.contacts.v1.account_pb2 import Account
from funia.contacts.v1.contact_pb2 import Contact, CreateContactRequest
from google.protobuf.json_format import ParseDict

from gateway.channels import open_channel
from gateway.composition import Identity
from gateway.identity.access_tokens import CONSOLE_CLIENT, Rights
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import sandbox as queries
from gateway.identity.queries import user as users

log = logging.getLogger(__name__)

_AT_ONCE = 10
_BATCH = 200
_SYSTEM = "sandbox"
_SCOPES = frozenset({"contacts.read", "contacts.write"})
T = TypeVar("T")


class SandboxKeeper:
    """Runs in the worker until cancelled; several may run: filling twice writes the same customers once."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._database = identity.database
        self._settings = identity.settings
        self._stub: bulk_pb2_grpc.BulkServiceStub | None = None

    async def run(self) -> None:
        """Looks for sandboxes to fill and to end, now and every `sandbox_look_every_s`."""
        while True:
            try:
                await asyncio.to_thread(self.do_due)
            except FuniaError as error:
                log.warning("sandboxes wait: %s", error)
            await asyncio.sleep(self._settings.sandbox_look_every_s)

    def do_due(self) -> int:
        """Does what is due; returns for how many sandboxes."""
        with open_platform_work(self._database) as platform:
            due = queries.due(platform, limit=_AT_ONCE)
        for one in due:
            row = self._claim(one)
            if row is not None:
                self._fill(row)
        return len(due)

    def _claim(self, due: Row) -> Row | None:
        """The sandbox where it is to be filled, out of others' hands for a while; one whose time is over ends here."""
        with self._database.open_work(Caller.system(due.tenant_id)) as work:
            row = queries.hold(work, due.id)
            if row is None:
                return None
            if row.state == "filling" and row.next_at <= work.now < row.expires_at:
                retry = work.now + timedelta(seconds=self._settings.sandbox_retry_s)
                queries.change(work, row.id, state="filling", next_at=retry)
                return row
            self._identity.sandboxes.end(work, row.id)
            return None

    def _fill(self, row: Row) -> None:
        settings = self._settings
        customers = make_customers(row.seed, accounts=settings.sandbox_accounts, contacts=settings.sandbox_contacts)
        try:
            self._write(row, customers)
        except FuniaError as error:
            log.warning("a sandbox is filled later: %s", error)
            return
        with self._database.open_work(Caller.system(row.tenant_id)) as work:
            if queries.hold(work, row.id) is not None:
                queries.change(work, row.id, state="ready", next_at=row.expires_at)

    def _write(self, row: Row, customers: Customers) -> None:
        metadata = self._credentials(row)
        ids: list[str] = []
        for number, batch in enumerate(_batches(customers.accounts)):
            first = number * _BATCH
            items = [
                bulk_pb2.UpsertAccountRequest(
                    account=ParseDict(
                        account_document(one) | {"external_ids": {_SYSTEM: str(first + place)}}, Account()
                    )
                )
                for place, one in enumerate(batch)
            ]
            request = bulk_pb2.BatchUpsertAccountsRequest(requests=items, system=_SYSTEM)
            ids += [result.id for result in self._call("BatchUpsertAccounts", request, metadata).results]
        for number, people in enumerate(_batches(customers.contacts)):
            created = [
                CreateContactRequest(
                    contact=ParseDict(contact_document(one), Contact()),
                    account_id="" if one.account is None else ids[one.account],
                    allow_duplicate=True,
                )
                for one in people
            ]
            key = ("idempotency-key", f"sandbox-{row.id}-{number}")
            self._call("BatchCreateContacts", bulk_pb2.BatchCreateContactsRequest(requests=created), (*metadata, key))

    def _credentials(self, row: Row) -> tuple[tuple[str, str], ...]:
        """A token of the owner in the sandbox."""
        with self._database.open_work(Caller.system(row.id), read_only=True) as work:
            member = users.get(work, row.owner_id)
        rights = Rights(
            tenant_id=row.id,
            subject=row.owner_id,
            actor_type="user",
            client_id=CONSOLE_CLIENT,
            scopes=_SCOPES,
            visibility="all",
            user_version=member.version if member is not None else 0,
        )
        return (*credentials(self._identity.tokens.issue(rights), ""), (REQUEST_ID, str(uuid7())))

    def _call(
        self,
        method: str,
        request: bulk_pb2.BatchUpsertAccountsRequest | bulk_pb2.BatchCreateContactsRequest,
        metadata: tuple[tuple[str, str], ...],
    ) -> bulk_pb2.BatchResults:
        if self._stub is None:
            self._stub = bulk_pb2_grpc.BulkServiceStub(open_channel(self._settings, "contacts"))
        try:
            call = getattr(self._stub, method)
            answer: bulk_pb2.BatchResults = call(request, timeout=self._settings.call_deadline_s, metadata=metadata)
        except grpc.RpcError as error:
            known: FuniaError = from_rpc_error(error)
            raise known from None
        return answer


def _batches(items: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
