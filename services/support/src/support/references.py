"""People and companies that tickets name: whether they are there, and whether the caller may see them.

The projection answers; a customer of a moment ago that it does not know yet is asked for at contacts, with the
caller's own token.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import grpc
from chassis.caller import SIGHTS
from chassis.client import channel, metadata, time_left_s
from chassis.statements import prepare
from chassis.status import from_rpc_error
from chassis.tables import scoped, visible
from chassis.work import Work
from funia.contacts.v1 import account_pb2, account_pb2_grpc, contact_pb2, contact_pb2_grpc
from sqlalchemy import UUID as SqlUuid
from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY

from support.errors import not_there
from support.model.customer import Customer

ASK_S = 2.0
"""How long contacts may take to answer."""
_LABELS = {"contact": "person", "account": "company"}
_IDS = bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True)))
_KNOWN = {
    sight: prepare(
        scoped(Customer, Customer.id).where(
            Customer.id == func.any(_IDS),
            Customer.kind == bindparam("kind"),
            Customer.deleted.is_(False),
            visible(Customer, sight),
        )
    )
    for sight in SIGHTS
}


class Customers:
    """Checks references. `address` is that of contacts; the channel opens when needed."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._channel: grpc.Channel | None = None

    def check(self, work: Work, kind: str, named: Iterable[tuple[str, UUID]]) -> None:
        """Raises InvalidArgument at the first field that names somebody the caller does not see."""
        fields = list(named)
        missing = self._unknown(work, kind, {one for _, one in fields})
        for field, record_id in fields:
            if record_id in missing:
                raise not_there(field, _LABELS[kind])

    def close(self) -> None:
        """Closes the channel."""
        if self._channel is not None:
            self._channel.close()

    def _unknown(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        rows = work.rows(_KNOWN[work.caller.sight], ids=list(ids), kind=kind) if ids else []
        missing = ids - {row.id for row in rows}
        return missing - self._asked(work, kind, missing) if missing and work.caller.token else missing

    def _asked(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        if not self._address or "contacts.read" not in work.caller.scopes:
            return set()
        if self._channel is None:
            self._channel = channel(self._address)
        names = [str(one) for one in ids]
        options: dict[str, Any] = {"metadata": metadata(work.caller), "timeout": time_left_s(work.caller, ASK_S)}
        try:
            if kind == "contact":
                people = contact_pb2_grpc.ContactServiceStub(self._channel)
                found = people.BatchGetContacts(contact_pb2.BatchGetContactsRequest(ids=names), **options).contacts
                return {UUID(one.id) for one in found}
            companies = account_pb2_grpc.AccountServiceStub(self._channel)
            answer = companies.BatchGetAccounts(account_pb2.BatchGetAccountsRequest(ids=names), **options)
            return {UUID(one.id) for one in answer.accounts}
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
