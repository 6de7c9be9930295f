"""Webhook endpoints: making, changing, removing them, their keys, and sending again. Whoever writes locks the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from chassis.caller import Caller
from chassis.errors import FailedPrecondition, NotFound, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import stale
from gateway.eventlog.event_types import wanted_of
from gateway.identity import events
from gateway.identity.access_tokens import CONSOLE_CLIENT
from gateway.identity.model.webhook import BY_USER
from gateway.identity.queries import webhook as endpoints
from gateway.identity.queries import webhook_delivery as deliveries
from gateway.settings import GatewaySettings
from gateway.webhooks.addresses import problem_of_url
from gateway.webhooks.signing import SigningPair, WebhookKeys

TESTED = "identity.webhook_endpoint.tested"
FIELDS = ("url", "description", "event_types", "disabled")


@dataclass(frozen=True, slots=True)
class Keyed:
    """An endpoint with its keys; the secret goes into the answer that made it only."""

    row: Row
    pair: SigningPair


class Webhooks:
    """The verbs. Each takes the work of whoever asks; a partner's app gets at its own endpoints only."""

    def __init__(self, keys: WebhookKeys, settings: GatewaySettings) -> None:
        self._keys = keys
        self._settings = settings

    def get(self, work: Work, endpoint_id: UUID) -> Keyed:
        """An endpoint."""
        return self._keyed(self._found(work, endpoint_id))

    def page(self, work: Work, *, limit: int, after: Any) -> list[Keyed]:
        """Endpoints, oldest first."""
        rows = endpoints.page(work, client_id=_only_client(work.caller), limit=limit, after=after)
        return [self._keyed(row) for row in rows]

    def create(self, work: Work, values: dict[str, Any]) -> Keyed:
        """A new endpoint with fresh keys, enabled unless it is to be disabled."""
        self._check(work, values)
        if not endpoints.has_room(work, most=self._settings.webhook_endpoints_max):
            raise FailedPrecondition(
                f"Your company has {self._settings.webhook_endpoints_max} webhook endpoints. Remove one first.",
                reason="TOO_MANY_ENDPOINTS",
            )
        pair = SigningPair.new()
        endpoint_id = uuid7()
        caller = work.caller
        endpoints.add(
            work,
            id=endpoint_id,
            url=values["url"],
            description=values["description"],
            event_types=_unique(values["event_types"]),
            disabled_reason=BY_USER if values["disabled"] else "",
            sealed_keys=self._keys.seal(pair),
            former_keys="",
            former_keys_until=None,
            client_id=_client(caller) or "",
            version=1,
            created_at=work.now,
            created_by=caller.actor_id,
            updated_at=work.now,
            updated_by=caller.actor_id,
            deleted_at=None,
        )
        row = self._found(work, endpoint_id)
        work.record(
            events.webhook_endpoint_changed("created", endpoint_id, 1, disabled_reason=row.disabled_reason),
        )
        return Keyed(row, pair)

    def change(self, work: Work, endpoint_id: UUID, values: dict[str, Any], *, etag: str) -> Keyed:
        """Changes the named fields. Enabling lets go on what waits and forgets how long it has failed."""
        row = self._locked(work, endpoint_id)
        if etag and etag != str(row.version):
            raise stale(etag, row.version)
        before = {**{name: getattr(row, name) for name in FIELDS[:3]}, "disabled": bool(row.disabled_reason)}
        after = {**before, **values, "event_types": _unique(values.get("event_types", before["event_types"]))}
        changed = tuple(name for name in FIELDS if after[name] != before[name])
        if not changed:
            return self._keyed(row)
        is_enabled = "disabled" in changed and not after["disabled"]
        self._check(work, after, types_changed="event_types" in changed or is_enabled)
        reason = row.disabled_reason
        if "disabled" in changed:
            reason = BY_USER if after["disabled"] else ""
        written = {name: after[name] for name in FIELDS[:3]}
        endpoints.change(work, row, **written, disabled_reason=reason)
        if "disabled" in changed:
            (deliveries.rest if after["disabled"] else deliveries.go_on)(work, endpoint_id)
        row = self._found(work, endpoint_id)
        event = events.webhook_endpoint_changed(
            "updated", endpoint_id, row.version, disabled_reason=reason, changed_fields=changed
        )
        work.record(event)
        return self._keyed(row)

    def remove(self, work: Work, endpoint_id: UUID) -> None:
        """Removes an endpoint; what waits for it is never sent."""
        row = self._locked(work, endpoint_id)
        endpoints.change(work, row, deleted_at=work.now, sealed_keys="", former_keys="", former_keys_until=None)
        deliveries.drop_queue(work, endpoint_id)
        work.record(events.webhook_endpoint_changed("deleted", endpoint_id, row.version + 1))

    def rotate(self, work: Work, endpoint_id: UUID) -> Keyed:
        """New keys; messages are signed with both for some hours, so that the receiver can change over."""
        row = self._locked(work, endpoint_id)
        pair = SigningPair.new()
        until = work.now + timedelta(hours=self._settings.webhook_rotation_hours)
        sealed = self._keys.seal(pair)
        endpoints.change(work, row, sealed_keys=sealed, former_keys=row.sealed_keys, former_keys_until=until)
        row = self._found(work, endpoint_id)
        event = events.webhook_endpoint_changed(
            "rotated", endpoint_id, row.version, disabled_reason=row.disabled_reason
        )
        work.record(event)
        return Keyed(row, pair)

    def send_test(self, work: Work, endpoint_id: UUID) -> Row:
        """Queues an event that says nothing; its delivery is sent like any other."""
        row = self._locked(work, endpoint_id)
        if row.disabled_reason:
            raise FailedPrecondition("The endpoint is disabled. Enable it first.", reason="ENDPOINT_DISABLED")
        event_id = uuid7()
        body = {
            "id": str(event_id),
            "type": TESTED,
            "time": work.now,
            "subject": str(endpoint_id),
            "version": row.version,
            "actor": {"type": work.caller.actor_type, "id": str(work.caller.actor_id)},
            "changed_fields": [],
            "data": {"endpoint_id": str(endpoint_id)},
        }
        text = orjson.dumps(body, option=orjson.OPT_UTC_Z).decode()
        delivery = deliveries.NewDelivery(uuid7(), endpoint_id, event_id, TESTED, text)
        deliveries.add(work, [delivery], expires_at=self._expiry(work))
        deliveries.at_once(work, endpoint_id)
        return deliveries.get(work, delivery.id)

    def delivery_page(self, work: Work, endpoint_id: UUID, *, status: str, limit: int, after: Any) -> list[Row]:
        """The log of an endpoint, newest first."""
        self._found(work, endpoint_id)
        return deliveries.page(work, endpoint_id, status=status, limit=limit, after=after)

    def replay(self, work: Work, delivery_id: UUID) -> Row:
        """Sends a delivery again under its id, to a disabled endpoint once it is enabled; hurries one that waits."""
        found = deliveries.get(work, delivery_id)
        if found is None:
            raise _no_delivery(delivery_id)
        try:
            self._locked(work, found.endpoint_id)
        except NotFound:
            raise _no_delivery(delivery_id) from None
        if not deliveries.replay(work, found.endpoint_id, [delivery_id], expires_at=self._expiry(work)):
            deliveries.hurry(work, delivery_id)
        deliveries.at_once(work, found.endpoint_id)
        return deliveries.get(work, delivery_id)

    def replay_dead(self, work: Work, endpoint_id: UUID) -> int:
        """Lets what was given up wait again, the oldest first; returns how many."""
        self._locked(work, endpoint_id)
        dead = deliveries.dead(work, endpoint_id, limit=self._settings.webhook_replay_max)
        if not dead:
            return 0
        count = deliveries.replay(work, endpoint_id, dead, expires_at=self._expiry(work))
        deliveries.at_once(work, endpoint_id)
        return count

    def _check(self, work: Work, values: dict[str, Any], *, types_changed: bool = True) -> None:
        if wrong := problem_of_url(values["url"], self._settings):
            raise invalid_field("webhook_endpoint.url", wrong, reason="INVALID_URL")
        field = "webhook_endpoint.event_types"
        if not values["event_types"]:
            raise invalid_field(field, "Name at least one type, or *.", reason="REQUIRED")
        if types_changed:
            # Whoever makes an endpoint hands on what he may see himself, and no more.
            wanted_of(work.caller, values["event_types"], field=field, most=self._settings.event_types_max)

    def _locked(self, work: Work, endpoint_id: UUID) -> Row:
        deliveries.lock(work, endpoint_id)
        return self._found(work, endpoint_id, for_update=True)

    def _found(self, work: Work, endpoint_id: UUID, *, for_update: bool = False) -> Row:
        row = endpoints.get(work, endpoint_id, client_id=_only_client(work.caller), for_update=for_update)
        if row is None:
            raise NotFound(f"There is no webhook endpoint {endpoint_id}.", reason="ENDPOINT_NOT_FOUND")
        return row

    def _keyed(self, row: Row) -> Keyed:
        return Keyed(row, self._keys.open(row.sealed_keys))

    def _expiry(self, work: Work) -> Any:
        return work.now + timedelta(hours=self._settings.webhook_retry_hours)


def _client(caller: Caller) -> str | None:
    return None if caller.client_id == CONSOLE_CLIENT else caller.client_id


def _only_client(caller: Caller) -> str | None:
    """The app whose endpoints alone the caller may get at; None for people in the console and administrators."""
    return None if "identity.admin" in caller.scopes else _client(caller)


def _unique(patterns: Any) -> list[str]:
    return list(dict.fromkeys(patterns))


def _no_delivery(delivery_id: UUID) -> NotFound:
    return NotFound(f"There is no webhook delivery {delivery_id}.", reason="DELIVERY_NOT_FOUND")
