"""Entries of the audit log as messages, and as lines of an export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from chassis.work import Row
from funia.identity.v1 import audit_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.identity.model.audit import canonical

COLUMNS = (
    "sequence",
    "recorded_at",
    "occurred_at",
    "actor_type",
    "actor_id",
    "client_id",
    "action",
    "target_id",
    "changed_fields",
    "detail",
    "request_id",
    "event_id",
    "address",
    "user_agent",
    "origin_digest",
    "previous_hash",
    "hash",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def entry(row: Row) -> pb.AuditEntry:
    """An entry from its row."""
    message = pb.AuditEntry(
        sequence=row.sequence,
        recorded_at=_timestamp(row.recorded_at),
        occurred_at=_timestamp(row.occurred_at),
        actor_type=row.actor_type,
        actor_id=str(row.actor_id),
        client_id=row.client_id,
        action=row.action,
        target_id=row.target_id,
        changed_fields=row.changed_fields,
        detail=row.detail,
        request_id=row.request_id,
        event_id="" if row.event_id is None else str(row.event_id),
        origin_digest=bytes(row.origin_digest or b"").hex(),
        previous_hash=bytes(row.previous_hash).hex(),
        hash=bytes(row.hash).hex(),
    )
    if row.salt is not None:
        message.origin.CopyFrom(
            pb.AuditOrigin(address=row.address, user_agent=row.user_agent, salt=bytes(row.salt).hex())
        )
    return message


def checkpoint(row: Row) -> pb.AuditCheckpoint:
    """A checkpoint from its row."""
    return pb.AuditCheckpoint(
        sequence=row.sequence,
        hash=bytes(row.hash).hex(),
        created_at=_timestamp(row.created_at),
        statement=row.statement,
    )


def csv_head() -> bytes:
    """The heading, after the mark by which spreadsheets know UTF-8."""
    return b"\xef\xbb\xbf" + _csv([COLUMNS])


def csv_page(rows: Sequence[Row]) -> bytes:
    """Lines of these entries."""
    return _csv([_safe(cell) for cell in _cells(row)] for row in rows)


def json_page(rows: Sequence[Row]) -> bytes:
    """One object a line: what the hash covers, the hashes, and the origin while it is known."""
    return b"".join(orjson.dumps(_line(row), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z) for row in rows)


def _line(row: Row) -> dict[str, Any]:
    line = {**canonical(row), "previous_hash": bytes(row.previous_hash).hex(), "hash": bytes(row.hash).hex()}
    if row.salt is not None:
        line["origin"] = {"address": row.address, "user_agent": row.user_agent, "salt": bytes(row.salt).hex()}
    return line


def _cells(row: Row) -> list[str]:
    values = {**canonical(row), "address": row.address or "", "user_agent": row.user_agent or ""}
    values["recorded_at"], values["occurred_at"] = row.recorded_at.isoformat(), row.occurred_at.isoformat()
    values["changed_fields"] = ",".join(row.changed_fields)
    values["detail"] = orjson.dumps(row.detail, option=orjson.OPT_SORT_KEYS).decode() if row.detail else ""
    values["event_id"] = row.event_id or ""
    values["previous_hash"], values["hash"] = bytes(row.previous_hash).hex(), bytes(row.hash).hex()
    return [str(values[name]) for name in COLUMNS]


def _safe(cell: str) -> str:
    """A browser names itself as it likes: no cell may begin as a formula does."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def _timestamp(value: datetime) -> Timestamp:
    moment = Timestamp()
    moment.FromDatetime(value)
    return moment
