"""Methods of approval operations. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("approval_operations.list", "GET", "/v1/approval-operations")


class ApprovalOperationsApi:
    """Policies of a company. A change reaches every service within seconds."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListApprovalOperationsResponse:
        """Lists the operations that can be made to wait, with their facts."""
        return self._transport.call(_LIST, models.ListApprovalOperationsResponse, {}, Sent(timeout_s=timeout_s))
