"""Statements on consents, their history, and links that ask for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_PURPOSES = text(
    """
    SELECT id, name, description, channels, lawful_basis, double_opt_in, public FROM consent_purpose
     WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL ORDER BY position, id
    """,
    "tenant_id",
)
_STATUSES = text(
    """
    SELECT contact_id, status FROM consent
     WHERE tenant_id = %(tenant_id)s AND purpose_id = %(purpose_id)s AND channel = %(channel)s
       AND contact_id = ANY(%(ids)s::uuid[])
    """,
    "tenant_id",
)
_OF_CONTACT = text(
    """
    SELECT purpose_id, channel, status, source, happened_at FROM consent
     WHERE tenant_id = %(tenant_id)s AND contact_id = %(contact_id)s
    """,
    "tenant_id",
)
_ENTER = text(
    """
    INSERT INTO consent_entry (tenant_id, id, contact_id, purpose_id, channel, status, lawful_basis, source,
           text_version, happened_at, ip_digest, user_agent_digest, recorded_at, recorded_by)
    SELECT %(tenant_id)s, said.*, %(now)s, %(actor_id)s
      FROM unnest(%(ids)s::uuid[], %(contact_ids)s::uuid[], %(purpose_ids)s::uuid[], %(channels)s::text[],
                  %(statuses)s::text[], %(bases)s::text[], %(sources)s::text[], %(text_versions)s::text[],
                  %(happened)s::timestamptz[], %(ip_digests)s::text[], %(user_agent_digests)s::text[]) AS said
    ON CONFLICT (tenant_id, contact_id, purpose_id, channel, happened_at, status, source) DO NOTHING
    RETURNING id
    """,
    "tenant_id",
    "actor_id",
)
# What is newer wins, and of two at the same moment the one that refuses. Asking takes nothing away from who has
# consented already, and only what still waits can expire.
_STAND = text(
    """
    INSERT INTO consent (tenant_id, contact_id, purpose_id, channel, status, source, happened_at, entry_id, id, version)
    SELECT %(tenant_id)s, said.*, 1
      FROM unnest(%(contact_ids)s::uuid[], %(purpose_ids)s::uuid[], %(channels)s::text[], %(statuses)s::text[],
                  %(sources)s::text[], %(happened)s::timestamptz[], %(entry_ids)s::uuid[], %(ids)s::uuid[]) AS said
    ON CONFLICT (tenant_id, contact_id, purpose_id, channel) DO UPDATE
       SET status = excluded.status, source = excluded.source, happened_at = excluded.happened_at,
           entry_id = excluded.entry_id, version = consent.version + 1
     WHERE (excluded.happened_at > consent.happened_at
            OR excluded.happened_at = consent.happened_at AND excluded.status = 'withdrawn'
               AND consent.status <> 'withdrawn')
       AND CASE excluded.status WHEN 'pending' THEN consent.status <> 'granted'
                                WHEN 'expired' THEN consent.status = 'pending' ELSE true END
    RETURNING id, version, contact_id, purpose_id, channel, status, entry_id
    """,
    "tenant_id",
)
_ENTRIES = text(
    """
    SELECT * FROM consent_entry
     WHERE tenant_id = %(tenant_id)s AND contact_id = %(contact_id)s
       AND (happened_at, id) < (coalesce(%(before)s::timestamptz, 'infinity'), %(before_id)s::uuid)
     ORDER BY happened_at DESC, id DESC LIMIT %(limit)s
    """,
    "tenant_id",
)
_ASK = text(
    """
    INSERT INTO consent_request (tenant_id, id, contact_id, channel, purpose_ids, source, text_version, secret_hash,
           status, requested_at, expires_at)
    VALUES (%(tenant_id)s, %(id)s, %(contact_id)s, %(channel)s, %(purpose_ids)s::uuid[], %(source)s, %(text_version)s,
            %(secret_hash)s, 'open', %(now)s, %(expires_at)s)
    """,
    "tenant_id",
)
_ASKED = text(
    """
    SELECT id, contact_id, channel, purpose_ids, source, text_version, status, requested_at, expires_at
      FROM consent_request WHERE tenant_id = %(tenant_id)s AND secret_hash = %(secret_hash)s
    """,
    "tenant_id",
)
_WAITING = text(
    """
    SELECT id, contact_id, channel, purpose_ids, source, text_version, status, requested_at, expires_at
      FROM consent_request WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
)
_END = text(
    """
    UPDATE consent_request SET status = %(status)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND status = 'open'
    """,
    "tenant_id",
)
_FORGET = (
    text("DELETE FROM consent WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(ids)s::uuid[])", "tenant_id"),
    text(
        "DELETE FROM consent_request WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(ids)s::uuid[])", "tenant_id"
    ),
    text(
        """
        UPDATE consent_entry SET ip_digest = '', user_agent_digest = ''
         WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(ids)s::uuid[])
        """,
        "tenant_id",
    ),
)
ABOUT_PEOPLE = ("consent", "consent_entry", "consent_request")
# What leads to a link that waits is left out: whoever has it may answer for the person.
_HELD = {
    table: text(
        f"""
        SELECT to_jsonb(found) - '{{tenant_id,secret_hash}}'::text[] AS value FROM {table} AS found
         WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(ids)s::uuid[]) LIMIT %(limit)s
        """,
        "tenant_id",
    )
    for table in ABOUT_PEOPLE
}
_LAST = UUID(int=2**128 - 1)


def purposes(work: Work) -> list[Row]:
    """Living purposes in their order; a company has a handful."""
    return work.rows(_PURPOSES)


def statuses(work: Work, purpose_id: UUID, channel: str, contact_ids: Collection[UUID]) -> dict[UUID, str]:
    """Where these people stand, by their ids; who never said anything is not in it."""
    rows = work.rows(_STATUSES, purpose_id=purpose_id, channel=channel, ids=list(contact_ids))
    return {row.contact_id: row.status for row in rows}


def of_contact(work: Work, contact_id: UUID) -> dict[tuple[UUID, str], Row]:
    """Where a person stands, by purpose and channel."""
    return {(row.purpose_id, row.channel): row for row in work.rows(_OF_CONTACT, contact_id=contact_id)}


def enter(work: Work, columns: Mapping[str, Sequence[object]]) -> set[UUID]:
    """Adds entries, each given by its place in the columns; the ids of those that were not there."""
    return {row.id for row in work.rows(_ENTER, now=work.now, **columns)}


def stand(work: Work, columns: Mapping[str, Sequence[object]]) -> list[Row]:
    """Changes where people stand, one row each; the rows that changed. Give them in the order of their keys."""
    return work.rows(_STAND, **columns)


def entries(
    work: Work, contact_id: UUID, *, before: datetime | None, before_id: UUID | None, limit: int
) -> Sequence[Row]:
    """A person's history, the newest first, after a place in it."""
    return work.rows(_ENTRIES, contact_id=contact_id, before=before, before_id=before_id or _LAST, limit=limit)


def ask(
    work: Work, request_id: UUID, contact_id: UUID, purpose_ids: Sequence[UUID], *, channel: str, source: str,
    text_version: str, secret_hash: str, expires_at: datetime,
) -> None:  # fmt: skip
    """Keeps a link that asks to confirm."""
    work.execute(
        _ASK, id=request_id, contact_id=contact_id, purpose_ids=list(purpose_ids), channel=channel, source=source,
        text_version=text_version, secret_hash=secret_hash, expires_at=expires_at, now=work.now,
    )  # fmt: skip


def asked(work: Work, secret_hash: str) -> Row | None:
    """What a link asks."""
    return work.row(_ASKED, secret_hash=secret_hash)


def waiting(work: Work, request_id: UUID) -> Row | None:
    """A request by its id."""
    return work.row(_WAITING, id=request_id)


def end(work: Work, request_id: UUID, status: str) -> bool:
    """Ends an open request; whether it was open. Of two at the same time one finds it open."""
    return bool(work.execute(_END, id=request_id, status=status))


def held(work: Work, table: str, contact_ids: Sequence[UUID], *, limit: int) -> list[dict[str, Any]]:
    """Rows of one of `ABOUT_PEOPLE` about these people, as they are stored."""
    return [row.value for row in work.rows(_HELD[table], ids=list(contact_ids), limit=limit)]


def forget_people(work: Work, ids: Sequence[UUID]) -> None:
    """Takes out what leads to people who were erased; that they consented once stays, under an id of nobody."""
    for statement in _FORGET:
        work.execute(statement, ids=list(ids))
