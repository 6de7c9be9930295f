"""Methods of usage. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("usage.get", "GET", "/v1/usage")


class UsageApi:
    """Plan and usage."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, months: int | None = None, timeout_s: float | None = None) -> models.Usage:
        """Returns what the company used, by month: daily meters summed, others at their highest.

        months: Months, this one and those before it; 12 where not set.
        """
        return self._transport.call(_GET, models.Usage, {}, Sent(query={"months": months}, timeout_s=timeout_s))
