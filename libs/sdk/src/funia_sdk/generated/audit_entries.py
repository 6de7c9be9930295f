"""Methods of audit entries. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from funia_sdk.files import Download
from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("audit_entries.list", "GET", "/v1/audit-entries")
_EXPORT = Operation("audit_entries.export", "GET", "/v1/audit-entries:export")


class AuditEntriesApi:
    """Reads, exports and verifies the audit log of the caller's company. Nothing here changes an entry."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        target_id: str | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.AuditEntry, models.ListAuditEntriesResponse]:
        """Lists entries, newest first, narrowed by actor, action, target and time.

        page_size: Entries a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        actor_id: Only acts of this actor.
        action: Only this action, or those that begin with it: "identity", "identity.user" or "identity.user.suspended".
        target_id: Only acts on this record.
        from_: Recorded at this moment or later.
        to: Recorded before this moment.
        """

        def fetch(token: str) -> models.ListAuditEntriesResponse:
            return self._transport.call(
                _LIST,
                models.ListAuditEntriesResponse,
                {},
                Sent(
                    query={
                        "page_size": page_size,
                        "page_token": token or None,
                        "actor_id": actor_id,
                        "action": action,
                        "target_id": target_id,
                        "from": from_,
                        "to": to,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.entries, page_token or "")

    def export(
        self,
        *,
        format: Literal["csv", "jsonl"] | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        target_id: str | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        timeout_s: float | None = None,
    ) -> Download:
        """Every entry of the filter, oldest first, with the hashes that prove it.

        format: csv or jsonl; csv where not given.
        actor_id: Only acts of this actor.
        action: Only this action, or those that begin with it.
        target_id: Only acts on this record.
        from_: Recorded at this moment or later.
        to: Recorded before this moment.
        """
        return self._transport.download(
            _EXPORT,
            {},
            Sent(
                query={
                    "format": format,
                    "actor_id": actor_id,
                    "action": action,
                    "target_id": target_id,
                    "from": from_,
                    "to": to,
                },
                timeout_s=timeout_s,
            ),
        )
