"""Runs what was approved: exactly the request that was kept, once, with the rights its caller has at the approval.

What identity decides comes by its events; an approval sets a job, which outlives every process. A method that opens its
own works must be repeatable by an id in its request: after a crash it is called again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import grpc
import orjson
from funia.identity.v1.approval_events_pb2 import ApprovalChanged, ApprovalPolicyChanged
from google.protobuf import message_factory
from google.protobuf.message import Message

from chassis import approvals, field_rights, idempotency, job_rights
from chassis.approvals import Policy
from chassis.caller import Approved, Caller
from chassis.errors import Conflict, FuniaError, Kind, PermissionDenied
from chassis.jobs import Control, Outcome, enqueue
from chassis.server import Call, RpcRow, Served, checker, refuse, rpc_table
from chassis.statements import text
from chassis.subscriptions import Received, Subscription
from chassis.work import Database, Row, Work

log = logging.getLogger(__name__)

RUN = "approvals.run"
"""The job that runs an approved operation; its record is the approval."""
_PASSING = frozenset({Kind.UNAVAILABLE, Kind.DEADLINE_EXCEEDED, Kind.INTERNAL, Kind.RESOURCE_EXHAUSTED})
"""What may be over in a moment: the job tries again."""
_ENDINGS = frozenset({"rejected", "recalled", "expired"})

_APPROVE = text(
    """
    UPDATE pending_operation SET status = 'approved', rights = %(rights)s, approved_by = %(approved_by)b,
        updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND status = 'waiting'
    RETURNING id
    """,
    "tenant_id",
)
_END = text(
    """
    UPDATE pending_operation SET status = %(status)s, reason = %(reason)s, message = %(message)s, request = '',
        updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND status IN ('waiting', 'approved')
    RETURNING id
    """,
    "tenant_id",
)
_GET = text("SELECT * FROM pending_operation WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")


def approvals_subscription(service: str) -> Subscription:
    """Policies, and what was decided, as `service` keeps them."""
    subjects = ("identity.approval_policy.*", "identity.approval.*")
    return Subscription(f"{service}-approvals", "identity", subjects, keep)


def keep(work: Work, events: Sequence[Received]) -> None:
    """Keeps policies, sets what was approved running, and lets go of what was not."""
    for event in events:
        payload = event.payload
        if isinstance(payload, ApprovalPolicyChanged):
            policy = Policy(UUID(payload.policy_id), payload.operation, payload.condition)
            approvals.keep_policy(work, policy, priority=payload.priority, active=payload.active, version=event.version)
        elif isinstance(payload, ApprovalChanged):
            _keep_decision(work, payload)


def _keep_decision(work: Work, decided: ApprovalChanged) -> None:
    approval_id = UUID(decided.approval_id)
    if decided.status in _ENDINGS:
        work.rows(_END, id=approval_id, status=decided.status, reason="", message="", now=work.now)
    elif decided.status == "approved":
        row = work.row(_GET, id=approval_id)
        if row is None or row.status != "waiting":
            return
        if bytes(row.digest).hex() != decided.digest:
            raise LookupError(f"approval {approval_id} is of another request than the one that waits")
        approved_by = [UUID(one) for one in decided.approved_by]
        work.rows(_APPROVE, id=approval_id, rights=orjson.loads(decided.rights), approved_by=approved_by, now=work.now)
        enqueue(work, RUN, approval_id, lane="interactive")


class ApprovedRuns:
    """The job that runs what was approved, over the methods of a service. Register `handle` and `gave_up`."""

    def __init__(self, service: str, database: Database, served: Iterable[Served]) -> None:
        self._service = service
        self._database = database
        self._methods: dict[str, tuple[RpcRow, Any]] = {}
        for entry in served:
            for row in rpc_table([entry.descriptor]):
                if row.rule.may_wait:
                    self._methods[row.method] = (row, getattr(entry.servicer, row.descriptor.name))

    def handle(self, tenant_id: UUID, approval_id: UUID, control: Control) -> Outcome:
        """Runs it where that was not done; a refusal ends it and is told to whoever asked."""
        with self._database.open_work(Caller.system(tenant_id), read_only=True) as work:
            row = work.row(_GET, id=approval_id)
        if row is None or row.status != "approved":
            return Outcome.DONE
        try:
            self._run(tenant_id, row)
        except FuniaError as error:
            if error.kind in _PASSING:
                raise
            self._fail(tenant_id, approval_id, error.reason, error.message)
        return Outcome.DONE

    def gave_up(self, tenant_id: UUID, approval_id: UUID, problem: str) -> None:
        """Ends what could not be run however often it was tried."""
        log.error("approval %s could not be run: %s", approval_id, problem)
        self._fail(tenant_id, approval_id, "GAVE_UP", "It could not be run. Ask again later.")

    def _run(self, tenant_id: UUID, row: Row) -> None:
        rpc, method = self._methods[row.method]
        body = bytes(row.request)
        if approvals.digest_of(row.method, body) != bytes(row.digest):
            raise Conflict("What waited is not what was approved. Ask again.", reason="REQUEST_CHANGED")
        caller = _caller(tenant_id, row, rpc)
        request = message_factory.GetMessageClass(rpc.descriptor.input_type).FromString(body)
        if caller.fields:
            field_rights.refuse_forbidden(request, caller.fields, read_only=False)
        refuse(checker(rpc)(request))
        if rpc.rule.own_work:
            with self._database.open_work(caller, read_only=True) as work:
                job_rights.check(work, row.rights)
            # A job has no call to answer; methods that may wait ask nothing of theirs.
            method(Call(caller, self._database, cast(grpc.ServicerContext, None), row.idempotency_key), request)
            with self._database.open_work(caller) as work:
                self._end(work, row.id, "done")
            return
        with self._database.open_work(caller) as work:
            if self._end(work, row.id, "done"):
                job_rights.check(work, row.rights)
                self._answer(work, row, method, request)

    def _answer(self, work: Work, row: Row, method: Any, request: Message) -> None:
        key = row.idempotency_key
        if key and idempotency.earlier_answer(work, key, row.method, request) is not None:
            return
        asked = type(request).FromString(request.SerializeToString())
        answer = method(work, request)
        if key:
            idempotency.keep_answer(work, key, row.method, asked, answer)

    def _end(self, work: Work, approval_id: UUID, status: str, reason: str = "", message: str = "") -> bool:
        ended = work.row(_END, id=approval_id, status=status, reason=reason, message=message[:500], now=work.now)
        if ended is not None:
            work.record(approvals.ended(self._service, approval_id, reason))
        return ended is not None

    def _fail(self, tenant_id: UUID, approval_id: UUID, reason: str, message: str) -> None:
        with self._database.open_work(Caller.system(tenant_id)) as work:
            self._end(work, approval_id, "failed", reason, message)


def _caller(tenant_id: UUID, row: Row, rpc: RpcRow) -> Caller:
    """Who asked, with the rights of the approval and no scope that was not there when it was asked for."""
    rights = row.rights
    scopes = frozenset(rights["scopes"]) & frozenset(row.scopes)
    if rpc.rule.scope not in scopes:
        raise PermissionDenied(
            f'Whoever asked for this has lost the scope "{rpc.rule.scope}".',
            reason="MISSING_SCOPE",
            metadata={"scope": rpc.rule.scope},
        )
    caller = job_rights.caller_of(tenant_id, rights, request_id=str(row.id))
    return replace(
        caller,
        scopes=scopes,
        client_id=row.client_id or None,
        locale=row.locale,
        causation_id=str(row.id),
        approval=Approved(row.id, row.operation, row.record_id, row.record_version, row.facts),
    )
