"""Methods of activities. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport, given

_CREATE = Operation("activities.create", "POST", "/v1/activities", keyed=True)
_GET = Operation("activities.get", "GET", "/v1/activities/{id}")
_COMPLETE = Operation("activities.complete", "POST", "/v1/activities/{id}:complete", keyed=True)


class ActivitiesApi:
    """Timeline and activities of customers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self, body: inputs.ActivityInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Activity:
        """Adds a note, a task, a meeting or a call to a contact or an account."""
        return self._transport.call(
            _CREATE, models.Activity, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Activity:
        """Returns one activity.

        id: Activity.
        """
        return self._transport.call(_GET, models.Activity, {"id": id}, Sent(timeout_s=timeout_s))

    def complete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Activity:
        """Marks a task or a meeting as done.

        id: Activity.
        """
        return self._transport.call(
            _COMPLETE,
            models.Activity,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
