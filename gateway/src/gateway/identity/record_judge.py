"""Asks the service that has a record whether sights show it, with the token of whoever asks identity."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import grpc
from chassis.caller import Caller
from chassis.client import credentials
from chassis.errors import FuniaError, NotFound, PermissionDenied
from chassis.server import REQUEST_ID
from chassis.status import from_rpc_error
from funia.contacts.v1 import record_access_pb2 as access
from funia.contacts.v1.record_access_pb2_grpc import RecordAccessServiceStub
from funia.sales.v1 import record_access_pb2 as sales_access
from funia.sales.v1.record_access_pb2_grpc import SalesRecordAccessServiceStub
from google.protobuf.message import Message

from gateway.identity.access_tokens import Rights
from gateway.identity.usecases.access import Judged

Answer = access.JudgeAccessResponse | sales_access.JudgeSalesAccessResponse


class RecordJudge:
    """The judge over gRPC. `channel` opens the way to a service when it is first needed."""

    def __init__(self, channel: Callable[[str], grpc.Channel], *, timeout_s: float) -> None:
        self._channel = channel
        self._timeout_s = timeout_s
        self._methods: tuple[tuple[Callable[..., Answer], type[Message]], ...] = ()

    def __call__(self, caller: Caller, record_id: UUID, sights: Sequence[Rights]) -> list[Judged]:
        """One answer a sight. Raises what contacts says of a record that neither contacts nor sales has."""
        asked = [
            access.Sight(
                visibility=one.visibility,
                actor_id=str(one.subject),
                team_ids=_texts(one.team_ids),
                group_ids=_texts((one.subject, *one.team_ids, *one.sharing.above)),
                ruled_owner_ids=_texts(one.sharing.owner_ids),
                ruled_team_ids=_texts(one.sharing.team_ids),
                changed_owner_ids=_texts(one.sharing.changed_owner_ids),
                changed_team_ids=_texts(one.sharing.changed_team_ids),
                opened_id=str((one.glass and one.glass.record_id) or ""),
            )
            for one in sights
        ]
        answer = self._answer(caller, record_id, asked)
        team_id = UUID(answer.team_id) if answer.team_id else None
        owner_id = UUID(answer.owner_id) if answer.owner_id else None
        return [Judged(answer.kind, owner_id, team_id, tuple(one.ways), one.writable) for one in answer.judgements]

    def _answer(self, caller: Caller, record_id: UUID, sights: list[access.Sight]) -> Answer:
        refused: FuniaError | None = None
        for method, request in self._asked():
            try:
                return self._ask(caller, method, request(record_id=str(record_id), sights=sights))
            except (NotFound, PermissionDenied) as error:
                # Not of this service, or not for the caller there: the next one may have it.
                refused = refused or error
        assert refused is not None, "some service is asked"
        raise refused

    def _asked(self) -> tuple[tuple[Callable[..., Answer], type[Message]], ...]:
        if not self._methods:
            contacts = RecordAccessServiceStub(self._channel("contacts"))
            sales = SalesRecordAccessServiceStub(self._channel("sales"))
            self._methods = (
                (contacts.JudgeAccess, access.JudgeAccessRequest),
                (sales.JudgeSalesAccess, sales_access.JudgeSalesAccessRequest),
            )
        return self._methods

    def _ask(self, caller: Caller, method: Callable[..., Answer], request: Message) -> Answer:
        left = self._timeout_s if caller.deadline is None else min(self._timeout_s, caller.deadline - time.monotonic())
        metadata = (*credentials(caller.token, caller.proof), (REQUEST_ID, caller.request_id))
        try:
            return method(request, timeout=max(0.1, left), metadata=metadata)
        except grpc.RpcError as error:
            known: FuniaError = from_rpc_error(error)
            raise known from None


def _texts(ids: Iterable[UUID]) -> list[str]:
    return [str(one) for one in ids]
