"""Methods of plan. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("plan.get", "GET", "/v1/plan")


class PlanApi:
    """Plan and usage."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, timeout_s: float | None = None) -> models.Plan:
        """Returns the plan of the company, its limits, and what is used of them."""
        return self._transport.call(_GET, models.Plan, {}, Sent(timeout_s=timeout_s))
