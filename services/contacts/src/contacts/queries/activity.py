"""Statements on activities and on the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from sqlalchemy import Text, any_, bindparam, func, not_, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as SqlUuid

from contacts.model.activity import Activity, TimelineEntry

_GET = prepare(scoped(Activity).where(Activity.id == bindparam("id")))
_GET_FOR_UPDATE = prepare(scoped(Activity).where(Activity.id == bindparam("id")).with_for_update())
_BATCH = prepare(scoped(Activity).where(Activity.id == func.any(bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True))))))
_INSERT = text(
    """
    INSERT INTO activity (tenant_id, id, kind, subject_kind, subject_id, title, body, status, due_at, assignee_id,
        version, created_at, created_by, updated_at, completed_at)
    VALUES (%(tenant_id)s, %(id)s, %(kind)s, %(subject_kind)s, %(subject_id)s, %(title)s, %(body)s, %(status)s,
        %(due_at)s, %(assignee_id)s, 1, %(now)s, %(actor_id)s, %(now)s, %(completed_at)s)
    RETURNING *
    """,
    "tenant_id",
    "actor_id",
)
_COMPLETE = text(
    """
    UPDATE activity SET status = %(status)s, completed_at = %(now)s, updated_at = %(now)s, version = version + 1
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s RETURNING *
    """,
    "tenant_id",
)
_DROP_ENTRIES = text(
    "DELETE FROM timeline_entry WHERE tenant_id = %(tenant_id)s AND subject_id = ANY(%(subject_ids)b)", "tenant_id"
)
_ADD_ENTRIES = text(
    """
    INSERT INTO timeline_entry (tenant_id, subject_id, id, type, occurred_at, actor_type, actor_id, changed_fields,
        details, activity_id)
    SELECT %(tenant_id)s, subject_id, id, type, occurred_at, actor_type, actor_id,
           CASE WHEN changed = '' THEN '{}' ELSE string_to_array(changed, ',') END, details, activity_id
      FROM unnest(%(subject_ids)s::uuid[], %(ids)s::uuid[], %(types)s::text[], %(times)s::timestamptz[],
                  %(actor_types)s::text[], %(actor_ids)s::text[], %(changed)s::text[], %(details)s::jsonb[],
                  %(activity_ids)s::uuid[])
           AS entry(subject_id, id, type, occurred_at, actor_type, actor_id, changed, details, activity_id)
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_MOVE_ENTRIES = text(
    """
    WITH moved AS (
        DELETE FROM timeline_entry
         WHERE tenant_id = %(tenant_id)s AND subject_id = %(from_id)s AND type ^@ %(type_prefix)s RETURNING *
    )
    INSERT INTO timeline_entry (tenant_id, subject_id, id, type, occurred_at, actor_type, actor_id, changed_fields,
        details, activity_id)
    SELECT tenant_id, %(to_id)s, id, type, occurred_at, actor_type, actor_id, changed_fields, details, activity_id
      FROM moved
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_PAGE = {
    (after_key, filtered, hiding): prepare(
        scoped(TimelineEntry)
        .where(
            TimelineEntry.subject_id == bindparam("subject_id"),
            *([TimelineEntry.type.op("^@")(bindparam("type_prefix"))] if filtered else []),
            *(
                [not_(TimelineEntry.type.bool_op("^@")(any_(bindparam("hidden_prefixes", type_=ARRAY(Text)))))]
                if hiding
                else []
            ),
            *(
                [
                    tuple_(TimelineEntry.occurred_at, TimelineEntry.id)
                    < tuple_(
                        bindparam("key_value", type_=TimelineEntry.occurred_at.type),
                        bindparam("key_id", type_=TimelineEntry.id.type),
                    )
                ]
                if after_key
                else []
            ),
        )
        .order_by(TimelineEntry.occurred_at.desc(), TimelineEntry.id.desc())
        .limit(bindparam("limit"))
    )
    for after_key in (True, False)
    for filtered in (True, False)
    for hiding in (True, False)
}


def get(work: Work, activity_id: UUID, *, lock: bool = False) -> Row | None:
    """The activity."""
    return work.row(_GET_FOR_UPDATE if lock else _GET, id=activity_id)


def batch(work: Work, ids: list[UUID]) -> list[Row]:
    """Activities by id, in no order."""
    return work.rows(_BATCH, ids=ids)


def insert(work: Work, **values: Any) -> Row:
    """Writes a new activity and returns its row."""
    row = work.row(_INSERT, now=work.now, **values)
    assert row is not None
    return row


def complete(work: Work, activity_id: UUID, status: str) -> Row:
    """Marks an activity as done and returns its row."""
    row = work.row(_COMPLETE, id=activity_id, status=status, now=work.now)
    assert row is not None
    return row


def drop_entries(work: Work, subject_ids: Sequence[UUID]) -> None:
    """Removes the timelines of people who were erased."""
    work.execute(_DROP_ENTRIES, subject_ids=list(subject_ids))


def add_entries(work: Work, entries: Sequence[dict[str, Any]]) -> None:
    """Adds lines to timelines; lines that are there already stay as they are."""
    work.execute(
        _ADD_ENTRIES,
        subject_ids=[entry["subject_id"] for entry in entries],
        ids=[entry["id"] for entry in entries],
        types=[entry["type"] for entry in entries],
        times=[entry["occurred_at"] for entry in entries],
        actor_types=[entry["actor_type"] for entry in entries],
        actor_ids=[entry["actor_id"] for entry in entries],
        changed=[",".join(entry["changed_fields"]) for entry in entries],
        details=[entry["details"] for entry in entries],
        activity_ids=[entry["activity_id"] for entry in entries],
    )


def move_entries(work: Work, from_id: UUID, to_id: UUID, *, type_prefix: str) -> None:
    """Gives lines whose type begins so to another timeline; those that it has already stay as they are."""
    work.execute(_MOVE_ENTRIES, from_id=from_id, to_id=to_id, type_prefix=type_prefix)


def timeline(
    work: Work,
    subject_id: UUID,
    *,
    type_prefix: str,
    hidden_prefixes: Sequence[str],
    limit: int,
    key: tuple[datetime, UUID] | None,
) -> list[Row]:
    """One page of a timeline, newest first: lines whose type begins with the one prefix and with none of the others."""
    parameters: dict[str, Any] = {"subject_id": subject_id, "limit": limit}
    if type_prefix:
        parameters["type_prefix"] = type_prefix
    if hidden_prefixes:
        parameters["hidden_prefixes"] = list(hidden_prefixes)
    if key is not None:
        parameters |= {"key_value": key[0], "key_id": key[1]}
    return work.rows(_PAGE[key is not None, bool(type_prefix), bool(hidden_prefixes)], **parameters)
