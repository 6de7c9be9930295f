"""Events as handlers get them, and the named interests by which they ask for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from funia.events.v1.envelope_pb2 import Envelope
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message
from nats.aio.msg import Msg

from chassis.work import Work


@dataclass(frozen=True, slots=True)
class Received:
    """An event as a handler gets it."""

    envelope: Envelope
    payload: Message | None
    id: UUID
    subject_id: UUID

    @property
    def type(self) -> str:
        """Event type."""
        return self.envelope.type

    @property
    def version(self) -> int:
        """Version of the aggregate after the change."""
        return self.envelope.aggregate_version


Handler = Callable[[Work, Sequence[Received]], None]
RawHandler = Callable[[Sequence[tuple[Envelope, int]]], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A named interest in events of one publishing service. The name is the durable consumer's and the inbox's.

    `subjects` are event types with wildcards, such as ``contacts.contact.*``; the tenant is put before them.
    `handler` gets events of one tenant, in stream order, none of them handled before; when it raises, nothing of
    it stays and the events come again one by one. `gather_s` as in RawSubscription.
    """

    name: str
    service: str
    subjects: tuple[str, ...]
    handler: Handler
    gather_s: float | None = None


@dataclass(frozen=True, slots=True)
class RawSubscription:
    """An interest of a store that is not PostgreSQL: gets batches of (envelope, stream sequence), all tenants mixed.

    The handler must be idempotent by event id; its return is the acknowledgement of the whole batch. `gather_s` is the
    least time between two batches, None for the setting `consumer_gather_ms`: an event that comes alone is handled at
    once, those of a busy moment share one commit.
    """

    name: str
    service: str
    subjects: tuple[str, ...]
    handler: RawHandler
    gather_s: float | None = None


AnySubscription = Subscription | RawSubscription


def decode(message: Msg) -> Received | None:
    """The event in a message, its payload None where its kind is not known here; None where it is no envelope."""
    return opened(message.data)


def decode_envelope(message: Msg) -> Envelope | None:
    """The same event without its opened payload: nothing of a large batch stays but what a store takes."""
    try:
        envelope = Envelope.FromString(message.data)
        UUID(envelope.tenant_id)
        UUID(envelope.id)
        UUID(envelope.subject_id)
        opened_payload(envelope)
    except (DecodeError, ValueError):
        return None
    return envelope


def opened(body: bytes) -> Received | None:
    """The event in the body of a message or of an outbox row."""
    try:
        envelope = Envelope.FromString(body)
        UUID(envelope.tenant_id)
        return Received(envelope, opened_payload(envelope), UUID(envelope.id), UUID(envelope.subject_id))
    except (DecodeError, ValueError):
        return None


def opened_payload(envelope: Envelope) -> Message | None:
    """The payload, or None where its kind is not known here. Raises DecodeError where it is no such message."""
    payload_class = _payload_class(envelope.payload_type)
    return payload_class.FromString(envelope.payload) if payload_class else None


@lru_cache(maxsize=1000)
def _payload_class(full_name: str) -> type[Message] | None:
    """The message class, or None for one this consumer does not know yet; its publisher may be newer."""
    try:
        return message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(full_name))
    except KeyError:
        return None
