"""The one mapper between the rows of webhooks and their messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from funia.identity.v1.webhook_pb2 import WebhookDelivery, WebhookEndpoint
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.identity.model.webhook import WAITING
from gateway.identity.usecases.webhooks import Keyed


def endpoint(keyed: Keyed, *, with_secret: bool = False) -> WebhookEndpoint:
    """An endpoint from its row; the secret only in the answer that made it."""
    row = keyed.row
    return WebhookEndpoint(
        id=str(row.id),
        etag=str(row.version),
        url=row.url,
        description=row.description,
        event_types=row.event_types,
        disabled=bool(row.disabled_reason),
        disabled_reason=row.disabled_reason,
        secret=keyed.pair.secret_text if with_secret else "",
        public_key=keyed.pair.public_text,
        former_keys_until=_timestamp(row.former_keys_until),
        waiting=row.waiting,
        skipped=row.skipped,
        overflowed_at=_timestamp(row.overflowed_at),
        failing_since=_timestamp(row.failing_since),
        created_at=_timestamp(row.created_at),
    )


def delivery(row: Any) -> WebhookDelivery:
    """A line of the log from its row."""
    return WebhookDelivery(
        id=str(row.id),
        endpoint_id=str(row.endpoint_id),
        event_id=str(row.event_id),
        event_type=row.event_type,
        status=row.status,
        attempts=row.attempts,
        response_status=row.response_status,
        response_ms=row.response_ms,
        error=row.error,
        created_at=_timestamp(row.created_at),
        next_attempt_at=_timestamp(row.next_at) if row.status == WAITING else None,
        attempted_at=_timestamp(row.attempted_at),
    )


def _timestamp(value: datetime | None) -> Timestamp | None:
    if value is None:
        return None
    moment = Timestamp()
    moment.FromDatetime(value)
    return moment
