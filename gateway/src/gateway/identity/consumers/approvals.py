"""Takes in what services keep until it is approved, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.events.v1.approval_pb2 import ApprovalEnded, ApprovalSubmitted

from gateway.identity.operations import SERVICES
from gateway.identity.usecases.approvals import Approvals, Submitted


def approvals_subscriptions(approvals: Approvals) -> list[Subscription]:
    """One for each service with operations that may wait."""
    consumer = ApprovalConsumer(approvals)
    return [
        Subscription(f"identity-approvals-{service}", service, (f"{service}.approval.*",), consumer.take)
        for service in SERVICES
    ]


class ApprovalConsumer:
    """Hands events to the use cases."""

    def __init__(self, approvals: Approvals) -> None:
        self._approvals = approvals

    def take(self, work: Work, events: Sequence[Received]) -> None:
        """Each of them once."""
        for event in events:
            payload = event.payload
            if isinstance(payload, ApprovalSubmitted):
                self._approvals.submit(work, _submitted(event, payload))
            elif isinstance(payload, ApprovalEnded):
                self._approvals.ran(work, UUID(payload.approval_id), payload.reason)


def _submitted(event: Received, payload: ApprovalSubmitted) -> Submitted:
    actor = event.envelope.actor
    return Submitted(
        id=UUID(payload.approval_id),
        operation=payload.operation,
        digest=payload.digest,
        policy_id=UUID(payload.policy_id),
        requester_type=actor.type,
        requester_id=UUID(actor.id),
        requester_client=actor.client_id,
        scopes=list(payload.scopes),
        record_kind=payload.record_kind,
        record_id=UUID(payload.record_id) if payload.record_id else None,
        facts=dict(payload.facts),
    )
