"""An event as partners get it: the same JSON from the event API, its stream and webhooks. Modelled on CloudEvents."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from chassis.caller import EVERY_FIELD, FieldRights
from chassis.field_rights import hide, shown_names
from funia.events.v1.envelope_pb2 import Envelope
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message

from gateway.transcode.encoding import Encode, EncodePlans, encode_timestamp

log = logging.getLogger(__name__)


class EventJson:
    """Writes envelopes as JSON. Compiles each payload type once; safe to share between threads."""

    def __init__(self) -> None:
        self._plans = EncodePlans()
        self._compiling = threading.Lock()
        self._payload = lru_cache(maxsize=1000)(self._payload_of)

    def value(self, body: bytes, tenant_id: UUID, rights: FieldRights = EVERY_FIELD) -> dict[str, Any] | None:
        """The event in an envelope's bytes, without what these rights hide.

        None, and a line in the log, for what is no event of this company.
        """
        try:
            envelope = Envelope.FromString(body)
            if envelope.tenant_id == str(tenant_id):
                return self.value_of(envelope, rights)
        except DecodeError:
            log.warning("a message on the bus is no event")
            return None
        log.error("a message lies under another company's subject", extra={"tenant_id": str(tenant_id)})
        return None

    def value_of(self, envelope: Envelope, rights: FieldRights = EVERY_FIELD) -> dict[str, Any]:
        """The event in an envelope. Raises DecodeError where its payload is not what it says."""
        known = self._payload(envelope.payload_type)
        payload: dict[str, Any] = {}
        changed = list(envelope.changed_fields)
        if known is not None:
            message: Any = known[0].FromString(envelope.payload)
            if rights:
                changed = shown_names(changed, message.DESCRIPTOR, rights)
                hide(message, rights)
            payload = known[1](message)
        actor = envelope.actor
        return {
            "id": envelope.id,
            "type": envelope.type,
            "time": encode_timestamp(envelope.occurred_at),
            "subject": envelope.subject_id,
            "version": envelope.aggregate_version,
            "actor": {"type": actor.type, "id": actor.id},
            "changed_fields": changed,
            "data": payload,
        }

    def text(self, body: bytes, tenant_id: UUID, rights: FieldRights = EVERY_FIELD) -> bytes | None:
        """As `value`, as JSON."""
        value = self.value(body, tenant_id, rights)
        return None if value is None else orjson.dumps(value, option=orjson.OPT_UTC_Z)

    def text_of(self, envelope: Envelope) -> bytes:
        """As `value_of`, as JSON."""
        return orjson.dumps(self.value_of(envelope), option=orjson.OPT_UTC_Z)

    def _payload_of(self, full_name: str) -> tuple[type[Message], Encode] | None:
        """The payload's class and encoder; None for one that this version does not know, whose `data` stays empty."""
        try:
            descriptor: Any = descriptor_pool.Default().FindMessageTypeByName(full_name)
        except KeyError:
            return None
        with self._compiling:
            return message_factory.GetMessageClass(descriptor), self._plans.plan(descriptor)
