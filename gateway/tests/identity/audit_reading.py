"""Reads and proves an audit log as its tests need it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from funia.identity.v1 import audit_pb2 as pb
from gateway.composition import Identity
from gateway.identity.model.audit import Act

Ask = Callable[..., Any]


def entries(ask: Ask, company: Any, **narrowing: Any) -> list[pb.AuditEntry]:
    found = list(ask(company, "ListAuditEntries", pb.ListAuditEntriesRequest(page_size=200, **narrowing)).entries)
    return found[::-1]


def actions(ask: Ask, company: Any, **narrowing: Any) -> list[str]:
    return [entry.action for entry in entries(ask, company, **narrowing)]


def verify(ask: Ask, company: Any, statement: str = "") -> tuple[int, str]:
    """Walks to the end: the last proven entry, and the reason of the first fault with its sequence."""
    token, verified = "", 0
    while True:
        request = pb.VerifyAuditLogRequest(page_token=token, statement=statement)
        answer = ask(company, "VerifyAuditLog", request)
        verified, token = answer.verified_sequence, answer.next_page_token
        if answer.HasField("fault"):
            assert answer.fault.message
            return verified, f"{answer.fault.reason} {answer.fault.sequence}"
        if not token:
            return verified, ""


def fill(identity: Identity, company: Any, count: int) -> None:
    with identity.database.open_work(company.caller()) as work:
        for index in range(count):
            work.note(Act("identity.test.happened", str(index)))
