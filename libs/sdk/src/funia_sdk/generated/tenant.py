"""Methods of tenant. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("tenant.get", "GET", "/v1/tenant")
_UPDATE = Operation("tenant.update", "PATCH", "/v1/tenant", keyed=True)
_CLOSE = Operation("tenant.close", "POST", "/v1/tenant:close")


class TenantApi:
    """The company itself, its users, roles and apps."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, timeout_s: float | None = None) -> models.Tenant:
        """Returns the caller's company."""
        return self._transport.call(_GET, models.Tenant, {}, Sent(timeout_s=timeout_s))

    def update(
        self,
        body: inputs.TenantPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Tenant:
        """Changes the caller's company.

        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Tenant,
            {},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def close(self, body: inputs.CloseCompanyInput, *, timeout_s: float | None = None) -> models.CloseCompanyAnswer:
        """Its people and apps are shut out within seconds. It is erased after a time of grace, in which an owner
        who logs in can open it again. Only an owner may.
        """
        return self._transport.call(_CLOSE, models.CloseCompanyAnswer, {}, Sent(body=body, timeout_s=timeout_s))
