"""Asks contacts whether sights show a record, with the token of whoever asks identity."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import grpc
from chassis.caller import Caller
from chassis.client import credentials
from chassis.errors import FuniaError
from chassis.server import REQUEST_ID
from chassis.status import from_rpc_error
from funia.contacts.v1 import record_access_pb2 as pb
from funia.contacts.v1.record_access_pb2_grpc import RecordAccessServiceStub

from gateway.identity.access_tokens import Rights
from gateway.identity.usecases.access import Judged


class RecordJudge:
    """The judge over gRPC. `channel` is opened when it is first needed."""

    def __init__(self, channel: Callable[[], grpc.Channel], *, timeout_s: float) -> None:
        self._channel = channel
        self._timeout_s = timeout_s
        self._stub: RecordAccessServiceStub | None = None

    def __call__(self, caller: Caller, record_id: UUID, sights: Sequence[Rights]) -> list[Judged]:
        """One answer a sight. Raises what contacts says."""
        request = pb.JudgeAccessRequest(
            record_id=str(record_id),
            sights=[
                pb.Sight(
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
            ],
        )
        answer = self._ask(caller, request)
        team_id = UUID(answer.team_id) if answer.team_id else None
        owner_id = UUID(answer.owner_id) if answer.owner_id else None
        return [Judged(answer.kind, owner_id, team_id, tuple(one.ways), one.writable) for one in answer.judgements]

    def _ask(self, caller: Caller, request: pb.JudgeAccessRequest) -> pb.JudgeAccessResponse:
        if self._stub is None:
            self._stub = RecordAccessServiceStub(self._channel())
        left = self._timeout_s if caller.deadline is None else min(self._timeout_s, caller.deadline - time.monotonic())
        metadata = (*credentials(caller.token, caller.proof), (REQUEST_ID, caller.request_id))
        try:
            answer: pb.JudgeAccessResponse = self._stub.JudgeAccess(request, timeout=max(0.1, left), metadata=metadata)
        except grpc.RpcError as error:
            known: FuniaError = from_rpc_error(error)
            raise known from None
        return answer


def _texts(ids: Iterable[UUID]) -> list[str]:
    return [str(one) for one in ids]
