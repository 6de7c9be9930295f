"""Methods of audit checkpoints. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("audit_checkpoints.list", "GET", "/v1/audit-checkpoints")
_CREATE = Operation("audit_checkpoints.create", "POST", "/v1/audit-checkpoints", keyed=True)


class AuditCheckpointsApi:
    """Reads, exports and verifies the audit log of the caller's company. Nothing here changes an entry."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.AuditCheckpoint, models.ListAuditCheckpointsResponse]:
        """Lists signed checkpoints, newest first.

        page_size: Checkpoints a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListAuditCheckpointsResponse:
            return self._transport.call(
                _LIST,
                models.ListAuditCheckpointsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.checkpoints, page_token or "")

    def create(self, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.AuditCheckpoint:
        """Signs the end of the log as it is now; one is made every day in any case."""
        return self._transport.call(
            _CREATE,
            models.AuditCheckpoint,
            {},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
