"""Methods of sales settings. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("sales_settings.get", "GET", "/v1/sales-settings")
_UPDATE = Operation("sales_settings.update", "PATCH", "/v1/sales-settings", keyed=True)


class SalesSettingsApi:
    """How a company sells: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, timeout_s: float | None = None) -> models.SalesSettings:
        """Returns how the company sells."""
        return self._transport.call(_GET, models.SalesSettings, {}, Sent(timeout_s=timeout_s))

    def update(
        self,
        body: inputs.SalesSettingsPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesSettings:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.SalesSettings,
            {},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )
