"""Builds customers' timelines from the event stream. A timeline can be thrown away and built again from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.contacts.v1.events_pb2 import (
    AccountChanged,
    AccountContactChanged,
    ActivityChanged,
    ContactChanged,
    LifecycleChanged,
    RecordShared,
)
from psycopg.types.json import Jsonb

from contacts.queries import account as account_queries
from contacts.queries import activity as queries

_GATHER_S = 0.1
"""Two lines written together cost little more than one, and nobody reads faster."""
SUBJECTS = (
    "contacts.contact.*",
    "contacts.account.*",
    "contacts.lifecycle.*",
    "contacts.account_contact.*",
    "contacts.activity.*",
)
_ERASED = "contacts.contact.erased"
Line = tuple[UUID, dict[str, str], UUID | None]
"""Whose timeline, the values its text needs, and the activity it is about."""


def timeline_subscription() -> Subscription:
    """Every event of contacts that a person would want to see on the customer's page."""
    return Subscription(
        "contacts-timeline",
        "contacts",
        SUBJECTS,
        add_lines,
        _GATHER_S,
    )


def add_lines(work: Work, events: Sequence[Received]) -> None:
    """Adds the lines of these events."""
    entries = [
        {
            "subject_id": subject_id,
            "id": event.id,
            "type": event.type,
            "occurred_at": event.envelope.occurred_at.ToDatetime(tzinfo=work.now.tzinfo),
            "actor_type": event.envelope.actor.type,
            "actor_id": event.envelope.actor.id,
            "changed_fields": list(event.envelope.changed_fields),
            "details": Jsonb({name: value for name, value in details.items() if value}),
            "activity_id": activity_id,
        }
        for event in events
        for subject_id, details, activity_id in _lines(work, event)
    ]
    if entries:
        queries.add_entries(work, entries)
    erased = [event.subject_id for event in events if event.type == _ERASED]
    if erased:
        # Lines of events that were on their way when the person was erased.
        queries.drop_entries(work, erased)


def _lines(work: Work, event: Received) -> list[Line]:
    if event.type == _ERASED:
        return []
    if event.type.endswith(".carried_over"):
        return []  # The lines of a restored company come with its archive.
    describe = _DESCRIBE.get(type(event.payload))
    return describe(work, event, event.payload) if describe else []


def _contact(_: Work, event: Received, payload: ContactChanged) -> list[Line]:
    if event.type == "contacts.contact.merged":
        kept = UUID(payload.merged_into_id)
        return [(kept, {"other_id": payload.contact_id}, None), (event.subject_id, {"into_id": str(kept)}, None)]
    if event.type == "contacts.contact.updated" and set(event.envelope.changed_fields) == {"lifecycle_stage"}:
        return []
    return [(event.subject_id, {"import_id": payload.import_id}, None)]


def _lifecycle(_: Work, event: Received, payload: LifecycleChanged) -> list[Line]:
    return [(event.subject_id, {"from": payload.from_stage, "to": payload.to_stage}, None)]


def _account(_: Work, event: Received, payload: AccountChanged) -> list[Line]:
    return [(event.subject_id, {"import_id": payload.import_id}, None)]


def _link(work: Work, _: Received, payload: AccountContactChanged) -> list[Line]:
    account = account_queries.get(work, UUID(payload.account_id))
    name = account.name if account else ""
    return [
        (
            UUID(payload.contact_id),
            {"account_id": payload.account_id, "account_name": name, "role": payload.role},
            None,
        ),
        (UUID(payload.account_id), {"contact_id": payload.contact_id, "role": payload.role}, None),
    ]


def _shared(_: Work, event: Received, payload: RecordShared) -> list[Line]:
    details = {"grantee_kind": payload.grantee_kind, "grantee_id": payload.grantee_id, "level": payload.level}
    return [(event.subject_id, details, None)]


def _activity(_: Work, event: Received, payload: ActivityChanged) -> list[Line]:
    return [(UUID(payload.subject_id), {"kind": payload.kind}, event.subject_id)]


_DESCRIBE: dict[type[Any], Callable[[Work, Received, Any], list[Line]]] = {
    ContactChanged: _contact,
    LifecycleChanged: _lifecycle,
    AccountChanged: _account,
    AccountContactChanged: _link,
    RecordShared: _shared,
    ActivityChanged: _activity,
}
