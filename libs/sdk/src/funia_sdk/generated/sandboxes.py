"""Methods of sandboxes. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("sandboxes.list", "GET", "/v1/sandboxes")
_CREATE = Operation("sandboxes.create", "POST", "/v1/sandboxes", keyed=True)
_DELETE = Operation("sandboxes.delete", "DELETE", "/v1/sandboxes/{id}", keyed=True)
_RESET = Operation("sandboxes.reset", "POST", "/v1/sandboxes/{id}:reset", keyed=True)


class SandboxesApi:
    """Companies to try things in, each with customers that nobody is."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListSandboxesResponse:
        """Lists the sandboxes of the company, oldest first; there are few of them."""
        return self._transport.call(_LIST, models.ListSandboxesResponse, {}, Sent(timeout_s=timeout_s))

    def create(
        self, *, seed: int | None = None, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Sandbox:
        """Makes a sandbox and fills it in the background. The person who asks owns it; of a service account, who
        made that.

        seed: The same seed makes the same customers; 1 where unset.
        """
        return self._transport.call(
            _CREATE,
            models.Sandbox,
            {},
            Sent(body=given({"seed": seed}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteSandboxResponse:
        """Erases a sandbox.

        id: Sandbox.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteSandboxResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def reset(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Sandbox:
        """Erases a sandbox and makes a new one in its place, which has an id of its own and the same customers.

        id: Sandbox.
        """
        return self._transport.call(
            _RESET,
            models.Sandbox,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
