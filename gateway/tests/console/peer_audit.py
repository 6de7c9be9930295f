"""The peer's audit log: made-up entries of a company, a proof in two parts, and a fault where one is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from funia.identity.v1 import audit_pb2 as pb
from funia.identity.v1 import audit_pb2_grpc
from peer_paging import page

if TYPE_CHECKING:
    from peer import Peer

ACTS = (
    ("identity.log_in.succeeded", {}, ()),
    ("identity.log_in.failed", {}, ()),
    ("identity.user.updated", {"role": "manager", "status": "active"}, ("role",)),
    ("identity.client.authorized", {"client_id": "c-0192", "scopes": "contacts.read,contacts.write"}, ()),
    ("contacts.export.started", {"format": "csv"}, ()),
    ("identity.sso.connected", {}, ()),
)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"


class AuditPeer(audit_pb2_grpc.AuditServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def entries(self, context: Any) -> list[Any]:
        company = self.peer.company(context)
        made = []
        for index in range(70 if company.contacts else 0):
            action, detail, fields = ACTS[index % len(ACTS)]
            entry = pb.AuditEntry(
                sequence=70 - index, actor_type="user", actor_id=company.users[index % 2].id, action=action,
                detail=detail, changed_fields=fields,
            )  # fmt: skip
            entry.occurred_at.FromDatetime(company.now - dt.timedelta(hours=5 * index))
            if "log_in" in action:
                entry.origin.address, entry.origin.user_agent = "203.0.113.7", BROWSER
            made.append(entry)
        return made

    def ListAuditEntries(self, request: Any, context: Any) -> Any:
        found = [
            entry
            for entry in self.entries(context)
            if entry.action.startswith(request.action) and request.actor_id in ("", entry.actor_id)
        ]
        shown, token = page(found, request)
        return pb.ListAuditEntriesResponse(entries=shown, next_page_token=token)

    def ExportAuditLog(self, request: Any, context: Any) -> Iterator[Any]:
        yield pb.ExportAuditLogResponse(chunk=f"action\n{request.action}\n".encode())

    def VerifyAuditLog(self, request: Any, context: Any) -> Any:
        if request.statement:
            return pb.VerifyAuditLogResponse(fault=pb.AuditFault(sequence=41, reason="TRUNCATED"))
        if not request.page_token:
            return pb.VerifyAuditLogResponse(verified_sequence=40, next_page_token="40")
        return pb.VerifyAuditLogResponse(verified_sequence=70)

    def CreateAuditCheckpoint(self, request: Any, context: Any) -> Any:
        return pb.AuditCheckpoint(sequence=70, statement="signed.statement.here")
