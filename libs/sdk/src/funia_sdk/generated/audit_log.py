"""Methods of audit log. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_VERIFY = Operation("audit_log.verify", "POST", "/v1/audit-log:verify")


class AuditLogApi:
    """Reads, exports and verifies the audit log of the caller's company. Nothing here changes an entry."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def verify(
        self, *, page_token: str | None = None, statement: str | None = None, timeout_s: float | None = None
    ) -> models.VerifyAuditLogResponse:
        """Walks the chain from where the page token says, and reports the first entry that is not as it was
        written.

        page_token: Token of the next part from the last answer; empty to begin at the first entry.
        statement: A statement of a checkpoint that was kept outside, to be compared with the log.
        """
        return self._transport.call(
            _VERIFY,
            models.VerifyAuditLogResponse,
            {},
            Sent(body=given({"page_token": page_token, "statement": statement}), timeout_s=timeout_s),
        )
