"""Enters what other services did with a company's records in its audit log: imports, exports, merges, deletes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC
from uuid import UUID

from chassis.glass import USED
from chassis.subscriptions import AnySubscription, Received, Subscription
from chassis.work import Work

from gateway.channels import SERVICES
from gateway.identity.audited import IdentityWork, detail_of
from gateway.identity.model.audit import Act, Actor
from gateway.identity.queries import break_glass as queries

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "contacts": (
        "contacts.import.*",
        "contacts.export.*",
        "contacts.contact.merged",
        "contacts.contact.deleted",
        "contacts.contact.undeleted",
        "contacts.contact.erased",
        "contacts.person_erasure.lifted",
        "contacts.account.deleted",
        "contacts.account.undeleted",
    ),
    "sales": ("sales.import.*",),
}
"""What other services tell that is entered, beside calls under break-glass."""
_GATHER_S = 0.2
"""Entries of one commit share one lock of the company's chain."""


def audit_subscriptions() -> list[AnySubscription]:
    """One for each service whose acts concern a company's security."""
    return [
        Subscription(
            f"identity-audit-{service}", service, (f"{service}.{USED}", *SUBJECTS.get(service, ())), enter, _GATHER_S
        )
        for service in SERVICES
        if service != "identity"
    ]


def enter(work: Work, events: Sequence[Received]) -> None:
    """Adds entries. Records that an import wrote or took back are told of by the import's own entry."""
    assert isinstance(work, IdentityWork)
    for event in events:
        detail = detail_of(event.payload)
        if event.type.split(".")[1] == "import" or not detail.get("import_id"):
            work.note(_act(event, detail))
    count_calls(work, events)


def count_calls(work: Work, events: Sequence[Received]) -> None:
    """Counts calls under break-glass at their openings."""
    calls = Counter(event.subject_id for event in events if event.type.endswith(f".{USED}"))
    for glass_id, more in sorted(calls.items()):
        queries.count(work, glass_id, more)


def _act(event: Received, detail: dict[str, str]) -> Act:
    envelope = event.envelope
    return Act(
        event.type,
        str(event.subject_id),
        detail,
        tuple(envelope.changed_fields),
        actor=Actor(envelope.actor.type, UUID(envelope.actor.id), envelope.actor.client_id),
        occurred_at=envelope.occurred_at.ToDatetime(tzinfo=UTC),
        request_id=envelope.correlation_id,
        event_id=event.id,
    )
