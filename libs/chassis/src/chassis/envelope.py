"""The envelope around every event: built where state changes, opened where it is consumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from funia.events.v1.envelope_pb2 import Actor, Envelope
from google.protobuf.message import Message

from chassis.caller import Caller
from chassis.ids import uuid7

SUBJECT_ROOT = "funia"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact to be recorded with the state it is about.

    `type` is ``<service>.<entity>.<past_tense>``; `version` is the aggregate's version after the change.
    """

    type: str
    subject_id: UUID
    version: int
    payload: Message
    changed_fields: tuple[str, ...] = ()
    occurred_at: datetime | None = None
    id: UUID = field(default_factory=uuid7)


def enclose(event: Event, caller: Caller, *, now: datetime) -> Envelope:
    """The envelope of an event recorded by this caller."""
    envelope = Envelope(
        id=str(event.id),
        type=event.type,
        tenant_id=str(caller.tenant_id),
        subject_id=str(event.subject_id),
        aggregate_version=event.version,
        actor=Actor(type=caller.actor_type, id=str(caller.actor_id), client_id=caller.client_id or ""),
        correlation_id=caller.request_id,
        causation_id=caller.causation_id,
        changed_fields=event.changed_fields,
        payload=event.payload.SerializeToString(),
        payload_type=event.payload.DESCRIPTOR.full_name,
        traceparent=caller.traceparent,
    )
    envelope.occurred_at.FromDatetime(event.occurred_at or now)
    return envelope


def subject(envelope_type: str, tenant_id: UUID | str) -> str:
    """Bus subject of an event: ``funia.<tenant>.<service>.<entity>.<event>``."""
    return f"{SUBJECT_ROOT}.{tenant_id}.{envelope_type}"


def stream_name(service: str) -> str:
    """JetStream stream that holds a service's events."""
    return f"FUNIA_{service.upper()}"


def stream_subjects(service: str) -> list[str]:
    """Subjects of a service's stream."""
    return [f"{SUBJECT_ROOT}.*.{service}.>"]
