"""Statements on webhook endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, update

from gateway.identity.model.webhook import WebhookEndpoint
from gateway.identity.platform import PlatformWork

_COLUMNS = """
    SELECT e.*, q.waiting, q.skipped, q.overflowed_at, q.failing_since
      FROM webhook_endpoint e JOIN webhook_queue q ON q.tenant_id = e.tenant_id AND q.endpoint_id = e.id
     WHERE e.tenant_id = %(tenant_id)s AND e.deleted_at IS NULL
       AND (%(client_id)s::text IS NULL OR e.client_id = %(client_id)s)
"""
_GET = text(f"{_COLUMNS} AND e.id = %(id)s", "tenant_id", "client_id", "id")
_GET_FOR_UPDATE = text(f"{_COLUMNS} AND e.id = %(id)s FOR UPDATE OF e", "tenant_id", "client_id", "id")
_ORDER = "ORDER BY e.created_at, e.id LIMIT %(limit)s"
_FIRST_PAGE = text(f"{_COLUMNS} {_ORDER}", "tenant_id", "client_id", "limit")
_NEXT_PAGE = text(
    f"{_COLUMNS} AND (e.created_at, e.id) > (%(after_created_at)s, %(after_id)s) {_ORDER}",
    "tenant_id",
    "client_id",
    "limit",
    "after_created_at",
    "after_id",
)
_LIVING = text(
    """
    SELECT count(*) AS count FROM (SELECT FROM webhook_endpoint
     WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL LIMIT %(limit)s) AS living
    """,
    "tenant_id",
    "limit",
)
_INSERT = prepare(insert(WebhookEndpoint))
_INSERT_QUEUE = text(
    """
    INSERT INTO webhook_queue (tenant_id, endpoint_id, waiting, skipped) VALUES (%(tenant_id)s, %(endpoint_id)s, 0, 0)
    """,
    "tenant_id",
    "endpoint_id",
)
CHANGEABLE = (
    "url",
    "description",
    "event_types",
    "disabled_reason",
    "sealed_keys",
    "former_keys",
    "former_keys_until",
    "version",
    "updated_at",
    "updated_by",
    "deleted_at",
)
_UPDATE = prepare(
    update(WebhookEndpoint)
    .where(WebhookEndpoint.tenant_id == tenant_parameter(), WebhookEndpoint.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in CHANGEABLE})
)
_ENABLED = text(
    """
    SELECT e.tenant_id, e.id, e.event_types, e.created_at FROM webhook_endpoint e JOIN tenant t USING (tenant_id)
     WHERE e.tenant_id = ANY (%(tenant_ids)s::uuid[]) AND e.deleted_at IS NULL AND e.disabled_reason = ''
       AND t.status IN ('trial', 'active', 'past_due')
       AND NOT EXISTS (SELECT FROM oauth_client c WHERE c.client_id = e.client_id AND NOT (c.deleted_at IS NULL
                       AND c.status IN ('draft', 'in_review', 'published')))
     ORDER BY e.tenant_id, e.id
    """,
    "tenant_ids",
)
_OF_APP = text(
    """
    SELECT id FROM webhook_endpoint
     WHERE tenant_id = %(tenant_id)s AND client_id = %(client_id)s AND deleted_at IS NULL AND disabled_reason = ''
     ORDER BY id
    """,
    "tenant_id",
    "client_id",
)
_APP_IS_STOPPED = text(
    """
    SELECT FROM oauth_client WHERE client_id = %(client_id)s
       AND NOT (deleted_at IS NULL AND status IN ('draft', 'in_review', 'published'))
    """,
    "client_id",
)
_TENANTS = text("SELECT DISTINCT tenant_id FROM webhook_endpoint")


def get(work: Work, endpoint_id: UUID, *, client_id: str | None = None, for_update: bool = False) -> Row | None:
    """An endpoint with the state of its queue; only one that `client_id` has made, where given."""
    return work.row(_GET_FOR_UPDATE if for_update else _GET, id=endpoint_id, client_id=client_id)


def page(work: Work, *, client_id: str | None, limit: int, after: tuple[datetime, UUID] | None) -> list[Row]:
    """Endpoints, oldest first, after the given position."""
    if after is None:
        return work.rows(_FIRST_PAGE, client_id=client_id, limit=limit)
    return work.rows(_NEXT_PAGE, client_id=client_id, limit=limit, after_created_at=after[0], after_id=after[1])


def has_room(work: Work, *, most: int) -> bool:
    """Whether the company has fewer than `most` endpoints."""
    row = work.row(_LIVING, limit=most)
    return row is not None and row.count < most


def add(work: Work, **values: Any) -> None:
    """Writes a new endpoint with an empty queue."""
    work.execute(_INSERT, **values)
    work.execute(_INSERT_QUEUE, endpoint_id=values["id"])


def change(work: Work, row: Row, **values: Any) -> None:
    """Writes the given values over those of the row, as its next version."""
    after = {name: getattr(row, name) for name in CHANGEABLE}
    after |= {"version": row.version + 1, "updated_at": work.now, "updated_by": work.caller.actor_id, **values}
    work.execute(_UPDATE, which=row.id, **{f"new_{name}": value for name, value in after.items()})


def enabled(platform: PlatformWork, tenant_ids: Sequence[UUID]) -> list[Row]:
    """Endpoints of these companies that take events."""
    return platform.rows(_ENABLED, tenant_ids=list(tenant_ids))


def tenants(platform: PlatformWork) -> list[UUID]:
    """Companies that have or had an endpoint."""
    return [row.tenant_id for row in platform.rows(_TENANTS)]


def of_app(work: Work, client_id: str) -> list[UUID]:
    """Enabled endpoints of the company that an app has made."""
    return [row.id for row in work.rows(_OF_APP, client_id=client_id)]


def is_app_stopped(platform: PlatformWork, client_id: str) -> bool:
    """Whether the app was suspended by an operator, or removed by its maker."""
    return platform.row(_APP_IS_STOPPED, client_id=client_id) is not None
