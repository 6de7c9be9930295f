"""Webhook endpoints, the state of their queues, and the messages to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gateway.identity.model.tables import IdentityTable

WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
BY_USER, GONE, FAILING, APP_OUT = "by_user", "gone", "failing", "app_out"
"""Why an endpoint is disabled; an enabled one has no reason."""


class WebhookEndpoint(IdentityTable):
    """An address that events are sent to. The keys are sealed by the Vault, since messages are signed with them."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str]
    description: Mapped[str]
    event_types: Mapped[list[str]]
    disabled_reason: Mapped[str]
    sealed_keys: Mapped[str]
    former_keys: Mapped[str]
    former_keys_until: Mapped[datetime | None]
    client_id: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID]
    deleted_at: Mapped[datetime | None]


class WebhookQueue(IdentityTable):
    """What changes with every message to an endpoint. Its row is the lock of the endpoint's queue."""

    __tablename__ = "webhook_queue"

    endpoint_id: Mapped[UUID] = mapped_column(primary_key=True)
    waiting: Mapped[int]
    due_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    skipped: Mapped[int]
    overflowed_at: Mapped[datetime | None]


class WebhookDelivery(IdentityTable):
    """One event on its way to one endpoint."""

    __tablename__ = "webhook_delivery"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    event_type: Mapped[str]
    body: Mapped[str]
    status: Mapped[str]
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    response_status: Mapped[int]
    response_ms: Mapped[int]
    error: Mapped[str]
    created_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]
