"""Ending what is sent to an endpoint, when its receiver or the app that made it is gone. What waits stays."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work

from gateway.identity import events
from gateway.identity.model.webhook import APP_OUT
from gateway.identity.queries import webhook as endpoints
from gateway.identity.queries import webhook_delivery as deliveries


def disable(work: Work, endpoint_id: UUID, reason: str) -> None:
    """Ends sending to an endpoint, whose queue the caller has locked, until somebody enables it."""
    row = endpoints.get(work, endpoint_id, for_update=True)
    if row is None or row.disabled_reason:
        return
    endpoints.change(work, row, disabled_reason=reason)
    deliveries.rest(work, endpoint_id)
    event = events.webhook_endpoint_changed(
        "disabled", endpoint_id, row.version + 1, disabled_reason=reason, changed_fields=("disabled",)
    )
    work.record(event)


def disable_of_app(work: Work, client_id: str) -> None:
    """Ends sending to every endpoint that an app has made in the company: it was shut out, or is let in for less."""
    for endpoint_id in endpoints.of_app(work, client_id):
        deliveries.lock(work, endpoint_id)
        disable(work, endpoint_id, APP_OUT)
