"""Methods of webhook endpoints. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("webhook_endpoints.list", "GET", "/v1/webhook-endpoints")
_CREATE = Operation("webhook_endpoints.create", "POST", "/v1/webhook-endpoints", keyed=True)
_DELETE = Operation("webhook_endpoints.delete", "DELETE", "/v1/webhook-endpoints/{id}", keyed=True)
_GET = Operation("webhook_endpoints.get", "GET", "/v1/webhook-endpoints/{id}")
_UPDATE = Operation("webhook_endpoints.update", "PATCH", "/v1/webhook-endpoints/{id}", keyed=True)
_REPLAY_DEAD = Operation("webhook_endpoints.replay_dead", "POST", "/v1/webhook-endpoints/{id}:replayDead", keyed=True)
_ROTATE_SECRET = Operation(
    "webhook_endpoints.rotate_secret", "POST", "/v1/webhook-endpoints/{id}:rotateSecret", keyed=True
)
_TEST = Operation("webhook_endpoints.test", "POST", "/v1/webhook-endpoints/{id}:test", keyed=True)


class WebhookEndpointsApi:
    """Addresses that events are sent to, and what was sent. A partner's app sees what it has made itself."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.WebhookEndpoint, models.ListWebhookEndpointsResponse]:
        """Lists the company's webhook endpoints, oldest first.

        page_size: Endpoints a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListWebhookEndpointsResponse:
            return self._transport.call(
                _LIST,
                models.ListWebhookEndpointsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.webhook_endpoints, page_token or "")

    def create(
        self, body: inputs.WebhookEndpointInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.WebhookEndpoint:
        """Makes a webhook endpoint; its secret is in this answer and nowhere else."""
        return self._transport.call(
            _CREATE, models.WebhookEndpoint, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteWebhookEndpointResponse:
        """Removes a webhook endpoint with everything that waits for it.

        id: Endpoint.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteWebhookEndpointResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.WebhookEndpoint:
        """Returns one webhook endpoint.

        id: Endpoint.
        """
        return self._transport.call(_GET, models.WebhookEndpoint, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.WebhookEndpointPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.WebhookEndpoint:
        """Changes a webhook endpoint. Enabling it goes on with what waits.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.WebhookEndpoint,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def replay_dead(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ReplayDeadWebhooksResponse:
        """Sends again what was given up for a webhook endpoint, oldest first, a thousand at a time.

        id: Endpoint.
        """
        return self._transport.call(
            _REPLAY_DEAD,
            models.ReplayDeadWebhooksResponse,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def rotate_secret(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.WebhookEndpoint:
        """Gives a webhook endpoint new keys; for some hours messages are signed with the former ones too.

        id: Endpoint.
        """
        return self._transport.call(
            _ROTATE_SECRET,
            models.WebhookEndpoint,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def test(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.WebhookDelivery:
        """Sends a test event to a webhook endpoint; its delivery shows in the log.

        id: Endpoint.
        """
        return self._transport.call(
            _TEST,
            models.WebhookDelivery,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
