"""WebhookService: endpoints and their deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.masks import read_mask, set_fields
from chassis.paging import Pager
from chassis.work import Work
from funia.identity.v1 import webhook_pb2 as pb

from gateway.identity import webhook_wire as wire
from gateway.identity.usecases.webhooks import FIELDS, Webhooks


class WebhookServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, webhooks: Webhooks, pager: Pager) -> None:
        self._webhooks = webhooks
        self._pager = pager

    def ListWebhookEndpoints(
        self, work: Work, request: pb.ListWebhookEndpointsRequest
    ) -> pb.ListWebhookEndpointsResponse:
        size = self._pager.size(request.page_size)
        binding = ("identity", "webhook_endpoints")
        found = self._webhooks.page(work, limit=size + 1, after=self._after(work, binding, request.page_token))
        return pb.ListWebhookEndpointsResponse(
            webhook_endpoints=[wire.endpoint(keyed) for keyed in found[:size]],
            next_page_token=self._next(work, binding, [keyed.row for keyed in found], size),
        )

    def GetWebhookEndpoint(self, work: Work, request: pb.GetWebhookEndpointRequest) -> pb.WebhookEndpoint:
        return wire.endpoint(self._webhooks.get(work, UUID(request.id)))

    def CreateWebhookEndpoint(self, work: Work, request: pb.CreateWebhookEndpointRequest) -> pb.WebhookEndpoint:
        values = {name: getattr(request.webhook_endpoint, name) for name in FIELDS}
        return wire.endpoint(self._webhooks.create(work, values), with_secret=True)

    def UpdateWebhookEndpoint(self, work: Work, request: pb.UpdateWebhookEndpointRequest) -> pb.WebhookEndpoint:
        asked = request.webhook_endpoint
        descriptor: Any = asked.DESCRIPTOR  # the stubs know two classes of it
        mask = request.update_mask
        chosen = read_mask(mask, descriptor) if mask.paths else set_fields(asked)
        values = {name: getattr(asked, name) for name in FIELDS if name in chosen}
        return wire.endpoint(self._webhooks.change(work, UUID(asked.id), values, etag=request.etag))

    def DeleteWebhookEndpoint(
        self, work: Work, request: pb.DeleteWebhookEndpointRequest
    ) -> pb.DeleteWebhookEndpointResponse:
        self._webhooks.remove(work, UUID(request.id))
        return pb.DeleteWebhookEndpointResponse()

    def RotateWebhookSecret(self, work: Work, request: pb.RotateWebhookSecretRequest) -> pb.WebhookEndpoint:
        return wire.endpoint(self._webhooks.rotate(work, UUID(request.id)), with_secret=True)

    def SendTestWebhook(self, work: Work, request: pb.SendTestWebhookRequest) -> pb.WebhookDelivery:
        return wire.delivery(self._webhooks.send_test(work, UUID(request.id)))

    def ListWebhookDeliveries(
        self, work: Work, request: pb.ListWebhookDeliveriesRequest
    ) -> pb.ListWebhookDeliveriesResponse:
        size = self._pager.size(request.page_size)
        binding = ("identity", "webhook_deliveries", request.endpoint_id, request.status)
        after = self._after(work, binding, request.page_token)
        endpoint_id = UUID(request.endpoint_id)
        rows = self._webhooks.delivery_page(work, endpoint_id, status=request.status, limit=size + 1, after=after)
        return pb.ListWebhookDeliveriesResponse(
            webhook_deliveries=[wire.delivery(row) for row in rows[:size]],
            next_page_token=self._next(work, binding, rows, size),
        )

    def ReplayWebhookDelivery(self, work: Work, request: pb.ReplayWebhookDeliveryRequest) -> pb.WebhookDelivery:
        return wire.delivery(self._webhooks.replay(work, UUID(request.id)))

    def ReplayDeadWebhooks(self, work: Work, request: pb.ReplayDeadWebhooksRequest) -> pb.ReplayDeadWebhooksResponse:
        return pb.ReplayDeadWebhooksResponse(replayed=self._webhooks.replay_dead(work, UUID(request.id)))

    def _after(self, work: Work, binding: Sequence[str], token: str) -> tuple[datetime, UUID] | None:
        if not token:
            return None
        created_at, record_id = self._pager.key(work.tenant_id, binding, token)
        return datetime.fromisoformat(str(created_at)), UUID(str(record_id))

    def _next(self, work: Work, binding: Sequence[str], rows: Sequence[Any], size: int) -> str:
        if len(rows) <= size:
            return ""
        last = rows[size - 1]
        return self._pager.token(work.tenant_id, binding, (last.created_at, last.id))
