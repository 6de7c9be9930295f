"""The audit log: an act, its entry in the company's chain, and the hash that ties it to the entry before.

The hash is SHA-256 over the former hash and the entry's canonical JSON (sorted keys, no spaces, times in UTC), so
that anybody can compute it from an export. The origin of an act is covered by a salted digest alone: it can be
forgotten without breaking the chain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gateway.identity.model.tables import IdentityTable

GENESIS = bytes(32)
"""What stands for the hash before the first entry."""
ENTRY_FIELDS = (
    "tenant_id",
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
    "origin_digest",
)
"""Fields that the hash covers, by the names they bear in the canonical JSON."""


class AuditEntry(IdentityTable):
    """One act of a company. Written once; the app role may neither change nor delete it."""

    __tablename__ = "audit_entry"

    sequence: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    actor_type: Mapped[str]
    actor_id: Mapped[UUID]
    client_id: Mapped[str]
    action: Mapped[str]
    target_id: Mapped[str]
    changed_fields: Mapped[list[str]]
    detail: Mapped[dict[str, Any]]
    request_id: Mapped[str]
    event_id: Mapped[UUID | None]
    origin_digest: Mapped[bytes | None] = mapped_column(LargeBinary())
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary())
    hash: Mapped[bytes] = mapped_column(LargeBinary())
    entity: Mapped[str]
    service: Mapped[str]


class AuditOrigin(IdentityTable):
    """Where an act came from, kept for `audit_origin_keep_days`."""

    __tablename__ = "audit_origin"

    sequence: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    address: Mapped[str]
    user_agent: Mapped[str]
    salt: Mapped[bytes] = mapped_column(LargeBinary())


class AuditHead(IdentityTable):
    """The end of a company's chain; its row lock makes writers of one company wait for each other, and no others."""

    __tablename__ = "audit_head"

    sequence: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary())
    recorded_at: Mapped[datetime]
    checkpoint_sequence: Mapped[int]
    checkpoint_at: Mapped[datetime]
    origins_since: Mapped[datetime | None]


class AuditCheckpoint(IdentityTable):
    """A signed statement of where the chain ended."""

    __tablename__ = "audit_checkpoint"

    sequence: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary())
    created_at: Mapped[datetime]
    statement: Mapped[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it."""

    type: str
    id: UUID
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be entered. `action` is ``<service>.<entity>.<past_tense>``; `detail` holds ids and states only.

    Without an `actor` it is the caller of the work, without `occurred_at` it is now.
    """

    action: str
    target_id: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    changed_fields: tuple[str, ...] = ()
    actor: Actor | None = None
    occurred_at: datetime | None = None
    request_id: str = ""
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    address: str
    user_agent: str


def digest_of_origin(origin: Any, salt: bytes) -> bytes:
    """What an entry keeps of its origin for ever."""
    return hashlib.sha256(salt + orjson.dumps([origin.address, origin.user_agent])).digest()


def canonical(entry: Any) -> dict[str, Any]:
    """An entry (or its row) as the JSON that its hash covers."""
    values = {name: getattr(entry, name) for name in ENTRY_FIELDS}
    for name in ("recorded_at", "occurred_at"):
        values[name] = values[name].astimezone(UTC)
    values["changed_fields"] = list(values["changed_fields"])
    values["origin_digest"] = bytes(values["origin_digest"] or b"").hex()
    return values


def hash_of(previous: bytes, entry: Any) -> bytes:
    """The hash of an entry after one with the hash `previous`."""
    content = orjson.dumps(canonical(entry), option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
    return hashlib.sha256(previous + content).digest()
