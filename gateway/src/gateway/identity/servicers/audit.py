"""AuditService: lists, exports, verifies and signs the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Work
from funia.identity.v1 import audit_pb2 as pb
from google.protobuf.message import Message

from gateway.identity import audit_wire as wire
from gateway.identity.audited import IdentityWork
from gateway.identity.model.audit import Act
from gateway.identity.queries import audit as queries
from gateway.identity.queries.audit import Narrowing
from gateway.identity.usecases.audit_log import AuditLog, Position, narrowed

_VERIFY = ("identity", "audit-verify")
_CHECKPOINTS = ("identity", "audit-checkpoints")


class AuditServicer:
    """Carries the RPCs out."""

    def __init__(self, log: AuditLog, pager: Pager) -> None:
        self._log = log
        self._pager = pager

    def ListAuditEntries(self, work: Work, request: pb.ListAuditEntriesRequest) -> pb.ListAuditEntriesResponse:
        narrowing = _narrowing(work, request)
        binding = ("identity", "audit", *_filter_texts(request))
        if request.page_token:
            before = int(str(self._pager.key(work.tenant_id, binding, request.page_token)[0]))
            last = min(narrowing.last, before - 1)
            narrowing = Narrowing(narrowing.actor_id, narrowing.action, narrowing.target_id, narrowing.first, last)
        size = self._pager.size(request.page_size)
        rows = queries.page(work, narrowing, limit=size + 1, newest_first=True)
        token = self._pager.token(work.tenant_id, binding, (rows[size - 1].sequence,)) if len(rows) > size else ""
        return pb.ListAuditEntriesResponse(entries=[wire.entry(row) for row in rows[:size]], next_page_token=token)

    def ExportAuditLog(self, call: Call, request: pb.ExportAuditLogRequest) -> Iterator[pb.ExportAuditLogResponse]:
        with call.database.open_work(call.caller) as work:
            assert isinstance(work, IdentityWork)
            narrowing = _narrowing(work, request)
            work.note(Act("identity.audit.exported", detail={"format": request.format}))
        write = wire.csv_page if request.format == "csv" else wire.json_page
        if request.format == "csv":
            yield pb.ExportAuditLogResponse(chunk=wire.csv_head())
        for rows in self._log.export(call.caller, narrowing):
            yield pb.ExportAuditLogResponse(chunk=write(rows))

    def VerifyAuditLog(self, work: Work, request: pb.VerifyAuditLogRequest) -> pb.VerifyAuditLogResponse:
        position = Position()
        if request.page_token:
            sequence, hash_hex = self._pager.key(work.tenant_id, _VERIFY, request.page_token)
            position = Position(int(str(sequence)), bytes.fromhex(str(hash_hex)))
        proof = self._log.verify(work, position, statement=request.statement)
        answer = pb.VerifyAuditLogResponse(verified_sequence=proof.position.sequence)
        if proof.fault is not None:
            fault = pb.AuditFault(sequence=proof.fault.sequence, reason=proof.fault.reason, message=proof.fault.message)
            answer.fault.CopyFrom(fault)
        elif not proof.is_whole:
            key = (proof.position.sequence, proof.position.hash.hex())
            answer.next_page_token = self._pager.token(work.tenant_id, _VERIFY, key)
        return answer

    def ListAuditCheckpoints(
        self, work: Work, request: pb.ListAuditCheckpointsRequest
    ) -> pb.ListAuditCheckpointsResponse:
        before = 2**62
        if request.page_token:
            before = int(str(self._pager.key(work.tenant_id, _CHECKPOINTS, request.page_token)[0]))
        size = self._pager.size(request.page_size)
        rows = queries.checkpoints(work, before=before, limit=size + 1)
        more = len(rows) > size
        token = self._pager.token(work.tenant_id, _CHECKPOINTS, (rows[size - 1].sequence,)) if more else ""
        return pb.ListAuditCheckpointsResponse(
            checkpoints=[wire.checkpoint(row) for row in rows[:size]], next_page_token=token
        )

    def CreateAuditCheckpoint(self, work: Work, _request: pb.CreateAuditCheckpointRequest) -> pb.AuditCheckpoint:
        return wire.checkpoint(self._log.checkpoint(work))


def _narrowing(work: Work, request: Any) -> Narrowing:
    return narrowed(
        work,
        actor_id=request.actor_id,
        action=request.action,
        target_id=request.target_id,
        since=_moment(request, "from"),
        until=_moment(request, "to"),
    )


def _filter_texts(request: Any) -> tuple[str, ...]:
    times = (_moment(request, "from"), _moment(request, "to"))
    return (request.actor_id, request.action, request.target_id, *(str(time or "") for time in times))


def _moment(request: Message, name: str) -> datetime | None:
    if not request.HasField(name):
        return None
    moment: datetime = getattr(request, name).ToDatetime(tzinfo=UTC)
    return moment
