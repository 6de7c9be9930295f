"""Identity's part of approvals: policies, and what is decided, as sales hears of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from chassis import approved_runs
from chassis.approved_runs import ApprovedRuns
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.job_rights import rights_of
from chassis.jobs import Control
from chassis.statements import text
from chassis.testing.events import received, recorded
from chassis.testing.people import Person, refused
from chassis.work import Database, Row
from funia.events.v1.approval_pb2 import ApprovalSubmitted
from funia.identity.v1.approval_events_pb2 import ApprovalChanged, ApprovalPolicyChanged
from google.protobuf.message import Message

_GET = text("SELECT * FROM pending_operation WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")


@dataclass(frozen=True)
class Approving:
    """Decides in a company."""

    database: Database
    runs: ApprovedRuns
    tenant_id: UUID

    def policy(self, operation: str, condition: str = "", *, priority: int = 10, active: bool = True) -> UUID:
        """A policy of the company."""
        policy_id = uuid7()
        payload = ApprovalPolicyChanged(
            policy_id=str(policy_id), operation=operation, condition=condition, priority=priority, active=active
        )
        self.hear(Event("identity.approval_policy.created", policy_id, 1, payload))
        return policy_id

    def hear(self, event: Event) -> None:
        """Sales hears of an event."""
        with self.database.open_work(Caller.system(self.tenant_id)) as work:
            approved_runs.keep(work, [received(event, self.tenant_id)])

    def waits(self, call: Any, *arguments: Any, **options: Any) -> UUID:
        """The approval that a call has to wait for."""
        error: FuniaError = refused(call, *arguments, **options)
        assert error.reason == "APPROVAL_PENDING", (error.reason, error.message)
        return UUID(error.metadata["approval_id"])

    def decide(self, approval_id: UUID, person: Person, status: str = "approved", *, digest: str = "") -> None:
        """Tells sales of the end of an approval; who asked has the rights of this person then."""
        caller = person.house.issuer.verifier.verify(person.token)
        payload = ApprovalChanged(
            approval_id=str(approval_id),
            status=status,
            digest=digest or bytes(self.row(approval_id).digest).hex(),
            requester_id=str(person.actor_id),
            rights=orjson.dumps(rights_of(caller) | {"scopes": sorted(caller.scopes)}).decode(),
            approved_by=[str(uuid7())],
        )
        self.hear(Event(f"identity.approval.{status}", approval_id, 3, payload))

    def run(self, approval_id: UUID) -> str:
        """Runs what was approved, and gives what became of it: the reason where it failed, else its status."""
        self.runs.handle(self.tenant_id, approval_id, control())
        row = self.row(approval_id)
        return str(row.reason or row.status)

    def row(self, approval_id: UUID) -> Row:
        """The request as it is kept."""
        with self.database.open_work(Caller.system(self.tenant_id), read_only=True) as work:
            row = work.row(_GET, id=approval_id)
        assert row is not None
        return row

    def told(self) -> list[tuple[str, Message | None]]:
        """Events of approvals that sales has told of, with their payloads."""
        events = recorded(self.database, self.tenant_id)
        return [(one.type, one.payload) for one in events if one.type.startswith("sales.approval.")]

    def submitted(self) -> list[ApprovalSubmitted]:
        """What was submitted."""
        return [one for _, one in self.told() if isinstance(one, ApprovalSubmitted)]


def control() -> Control:
    """What a running job is given."""
    return Control(threading.Event(), slice_s=60, attempt=0, last_attempt=False)
