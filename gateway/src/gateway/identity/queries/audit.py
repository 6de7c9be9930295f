"""Statements on the audit log. Entries are added and read, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.statements import Prepared, prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import and_, bindparam

from gateway.identity.model.audit import GENESIS, AuditCheckpoint, AuditEntry, AuditHead, AuditOrigin

_HEAD = prepare(scoped(AuditHead))
_LOCK_HEAD = prepare(scoped(AuditHead).with_for_update())
_BEGIN_HEAD = text(
    """
    INSERT INTO audit_head (tenant_id, sequence, hash, recorded_at, checkpoint_sequence, checkpoint_at)
    VALUES (%(tenant_id)s, 0, %(genesis)s, %(at)s, 0, %(at)s) ON CONFLICT DO NOTHING
    """,
    "tenant_id",
    "genesis",
    "at",
)
_APPEND = text(
    """
    WITH added AS (
        INSERT INTO audit_entry (tenant_id, sequence, recorded_at, occurred_at, actor_type, actor_id, client_id, action,
                                 target_id, changed_fields, detail, request_id, event_id, origin_digest, previous_hash,
                                 hash)
        SELECT %(tenant_id)s, sequence, %(recorded_at)s, occurred_at, actor_type, actor_id, client_id, action,
               target_id, coalesce(string_to_array(nullif(fields, ''), ','), '{}'), detail::jsonb, request_id, event_id,
               origin_digest, previous_hash, hash
          FROM unnest(%(sequence)s::bigint[], %(occurred_at)s::timestamptz[], %(actor_type)s::text[],
                      %(actor_ids)s::uuid[], %(client_id)s::text[], %(action)s::text[], %(target_id)s::text[],
                      %(fields)s::text[], %(detail)s::text[], %(request_id)s::text[], %(event_id)s::uuid[],
                      %(origin_digest)s::bytea[], %(previous_hash)s::bytea[], %(hash)s::bytea[])
               AS act(sequence, occurred_at, actor_type, actor_id, client_id, action, target_id, fields, detail,
                      request_id, event_id, origin_digest, previous_hash, hash)
    )
    UPDATE audit_head
       SET sequence = %(last_sequence)s, hash = %(last_hash)s, recorded_at = %(recorded_at)s,
           origins_since = coalesce(origins_since, %(origins_since)s)
     WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
    "recorded_at",
    "sequence",
    "occurred_at",
    "actor_type",
    "actor_ids",
    "client_id",
    "action",
    "target_id",
    "fields",
    "detail",
    "request_id",
    "event_id",
    "origin_digest",
    "previous_hash",
    "hash",
    "last_sequence",
    "last_hash",
    "origins_since",
)
_KEEP_ORIGIN = text(
    """
    INSERT INTO audit_origin (tenant_id, sequence, recorded_at, address, user_agent, salt)
    SELECT %(tenant_id)s, sequence, %(recorded_at)s, %(address)s, %(user_agent)s, salt
      FROM unnest(%(sequences)s::bigint[], %(salts)s::bytea[]) AS kept(sequence, salt)
    """,
    "tenant_id",
    "recorded_at",
    "address",
    "user_agent",
    "sequences",
    "salts",
)
_FORGET_ORIGINS = text(
    """
    WITH gone AS (DELETE FROM audit_origin WHERE tenant_id = %(tenant_id)s AND recorded_at < %(before)s)
    UPDATE audit_head
       SET origins_since = (SELECT min(recorded_at) FROM audit_origin
                             WHERE tenant_id = %(tenant_id)s AND recorded_at >= %(before)s)
     WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
    "before",
)
_FIRST_SINCE = prepare(
    scoped(AuditEntry, AuditEntry.sequence)
    .where(AuditEntry.recorded_at >= bindparam("at", type_=AuditEntry.recorded_at.type))
    .order_by(AuditEntry.recorded_at, AuditEntry.sequence)
    .limit(1)
)
_CHAIN = prepare(
    scoped(AuditEntry, *AuditEntry.__table__.columns, AuditOrigin.address, AuditOrigin.user_agent, AuditOrigin.salt)
    .outerjoin(
        AuditOrigin,
        and_(AuditOrigin.tenant_id == AuditEntry.tenant_id, AuditOrigin.sequence == AuditEntry.sequence),
    )
    .where(AuditEntry.sequence > bindparam("after"))
    .order_by(AuditEntry.sequence)
    .limit(bindparam("limit"))
)
_CHECKPOINTS = prepare(
    scoped(AuditCheckpoint)
    .where(AuditCheckpoint.sequence < bindparam("before"))
    .order_by(AuditCheckpoint.sequence.desc())
    .limit(bindparam("limit"))
)
_CHECKPOINTS_AFTER = prepare(
    scoped(AuditCheckpoint)
    .where(AuditCheckpoint.sequence > bindparam("after"))
    .order_by(AuditCheckpoint.sequence)
    .limit(bindparam("limit"))
)
_ADD_CHECKPOINT = text(
    """
    WITH added AS (
        INSERT INTO audit_checkpoint (tenant_id, sequence, hash, created_at, statement)
        VALUES (%(tenant_id)s, %(sequence)s, %(hash)s, %(at)s, %(statement)s) ON CONFLICT DO NOTHING
    )
    UPDATE audit_head SET checkpoint_sequence = %(sequence)s, checkpoint_at = %(at)s WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
    "sequence",
    "hash",
    "at",
    "statement",
)
_DUE = text(
    """
    SELECT tenant_id FROM audit_head
     WHERE tenant_id > %(after)s
       AND ((sequence > checkpoint_sequence AND checkpoint_at <= %(checkpoint_before)s)
            OR origins_since < %(origins_before)s)
     ORDER BY tenant_id LIMIT %(limit)s
    """,
    "after",
    "checkpoint_before",
    "origins_before",
    "limit",
)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list of entries is narrowed to; nothing where a value is empty. Bounds of sequences are inclusive."""

    actor_id: UUID | None = None
    action: str = ""
    target_id: str = ""
    first: int = 1
    last: int = 2**62


def head(work: Work) -> Row | None:
    """The end of the chain, None before the first entry."""
    return work.row(_HEAD)


def locked_head(work: Work) -> Row:
    """The end of the chain, locked until the transaction ends; begins it where there is none."""
    row = work.row(_LOCK_HEAD)
    if row is None:
        work.execute(_BEGIN_HEAD, genesis=GENESIS, at=work.now)
        row = work.row(_LOCK_HEAD)
    return row


def append(work: Work, **columns: Any) -> None:
    """Writes entries, given as one list a column, and moves the end of the chain."""
    work.execute(_APPEND, **columns)


def keep_origins(
    work: Work,
    recorded_at: datetime,
    *,
    address: str,
    user_agent: str,
    sequences: Sequence[int],
    salts: Sequence[bytes],
) -> None:
    """Writes where these entries came from."""
    work.execute(
        _KEEP_ORIGIN,
        recorded_at=recorded_at,
        address=address,
        user_agent=user_agent,
        sequences=list(sequences),
        salts=list(salts),
    )


def forget_origins(work: Work, *, before: datetime) -> None:
    """Deletes where older entries came from; the entries stay."""
    work.execute(_FORGET_ORIGINS, before=before)


def first_since(work: Work, at: datetime) -> int | None:
    """The first entry recorded at this moment or later."""
    row = work.row(_FIRST_SINCE, at=at)
    return None if row is None else int(row.sequence)


def page(work: Work, narrowing: Narrowing, *, limit: int, newest_first: bool) -> list[Row]:
    """Entries with their origins, in order of the chain."""
    given = {
        "by_actor": narrowing.actor_id,
        "on_target": narrowing.target_id,
        "of_action": narrowing.action,
    }
    values = {name: value for name, value in given.items() if value}
    parts = narrowing.action.count(".")
    statement = _page(tuple(sorted(values)), parts, newest_first)
    return work.rows(statement, **values, first=narrowing.first, last=narrowing.last, limit=limit)


@lru_cache(maxsize=64)
def _page(names: tuple[str, ...], parts: int, newest_first: bool) -> Prepared:
    """Narrowed by equality alone, which row-level security lets an index answer."""
    action = (AuditEntry.service, AuditEntry.entity, AuditEntry.action)[min(parts, 2)]
    columns = {"by_actor": AuditEntry.actor_id, "on_target": AuditEntry.target_id, "of_action": action}
    statement = (
        scoped(AuditEntry, *AuditEntry.__table__.columns, AuditOrigin.address, AuditOrigin.user_agent, AuditOrigin.salt)
        .outerjoin(
            AuditOrigin,
            and_(AuditOrigin.tenant_id == tenant_parameter(), AuditOrigin.sequence == AuditEntry.sequence),
        )
        .where(AuditEntry.sequence >= bindparam("first"), AuditEntry.sequence <= bindparam("last"))
        .limit(bindparam("limit"))
    )
    for name in names:
        statement = statement.where(columns[name] == bindparam(name, type_=columns[name].type))
    order = AuditEntry.sequence.desc() if newest_first else AuditEntry.sequence
    return prepare(statement.order_by(order))


def chain(work: Work, *, after: int, limit: int) -> list[Row]:
    """Entries after this one, in order, with their origins."""
    return work.rows(_CHAIN, after=after, limit=limit)


def checkpoints(work: Work, *, before: int, limit: int) -> list[Row]:
    """Checkpoints before this sequence, newest first."""
    return work.rows(_CHECKPOINTS, before=before, limit=limit)


def checkpoints_after(work: Work, after: int, *, limit: int) -> list[Row]:
    """Checkpoints of entries after this one, oldest first."""
    return work.rows(_CHECKPOINTS_AFTER, after=after, limit=limit)


def add_checkpoint(work: Work, *, sequence: int, hash_: bytes, statement: str) -> None:
    """Keeps a checkpoint. One of the same entry that is there already stays as it is."""
    work.execute(_ADD_CHECKPOINT, sequence=sequence, hash=hash_, statement=statement, at=work.now)


def due(platform: Work, *, after: UUID, checkpoint_before: datetime, origins_before: datetime, limit: int) -> list[Row]:
    """Companies, by id, whose log wants a checkpoint or holds origins that are too old. Ask it inside platform work."""
    return platform.rows(
        _DUE, after=after, checkpoint_before=checkpoint_before, origins_before=origins_before, limit=limit
    )
