"""Statements on tickets beyond those that every record has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.caller import SIGHTS
from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter, visible
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert

from support.model.ticket import Ticket, TicketComment

_COMMENT = tuple(one for one in TicketComment.__table__.columns if one.name != "tenant_id")
_BY_NUMBER = {
    sight: prepare(
        scoped(Ticket, Ticket.id).where(
            Ticket.number == bindparam("number"), Ticket.deleted_at.is_(None), visible(Ticket, sight)
        )
    )
    for sight in SIGHTS
}
_KIND = text(
    """
    SELECT type, status, merged_into_id FROM ticket
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND deleted_at IS NULL
    """,
    "tenant_id",
)
_QUEUE = text(
    "SELECT team_id, priority FROM queue WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND deleted_at IS NULL",
    "tenant_id",
)
_QUEUE_USED = text(
    """
    SELECT 1 AS found FROM ticket
     WHERE tenant_id = %(tenant_id)s AND queue_id = %(id)s AND deleted_at IS NULL AND active LIMIT 1
    """,
    "tenant_id",
)
_PUT_EXTERNAL = text(
    """
    WITH gone AS (
        DELETE FROM ticket_external WHERE tenant_id = %(tenant_id)s AND ticket_id = %(ticket_id)s
           AND NOT (system, external_id) IN (SELECT * FROM unnest(%(systems)s::text[], %(ids)s::text[]))
    )
    INSERT INTO ticket_external (tenant_id, system, external_id, ticket_id)
    SELECT %(tenant_id)s, system, external_id, %(ticket_id)s
      FROM unnest(%(systems)s::text[], %(ids)s::text[]) AS given (system, external_id)
    ON CONFLICT (tenant_id, system, external_id) DO UPDATE SET ticket_id = excluded.ticket_id
     WHERE ticket_external.ticket_id = excluded.ticket_id
    """,
    "tenant_id",
)
_BY_EXTERNAL = text(
    """
    SELECT external_id, ticket_id FROM ticket_external
     WHERE tenant_id = %(tenant_id)s AND system = %(system)s AND external_id = ANY(%(ids)s::text[])
    """,
    "tenant_id",
)
_ADD_COMMENT = prepare(
    insert(TicketComment)
    .values(tenant_id=tenant_parameter(), **{one.name: bindparam(one.name) for one in _COMMENT})
    .returning(*_COMMENT)
)
_THREAD = {
    after: prepare(
        scoped(TicketComment, *_COMMENT)
        .where(
            TicketComment.ticket_id == bindparam("ticket_id"),
            *([TicketComment.id < bindparam("before", type_=TicketComment.id.type)] if after else []),
        )
        .order_by(TicketComment.id.desc())
        .limit(bindparam("most"))
    )
    for after in (False, True)
}
_FORGET = text(
    """
    UPDATE ticket SET subject = '', description = '', custom = '{}', version = version + 1, updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(contact_ids)b::uuid[])
    RETURNING id
    """,
    "tenant_id",
)
_FORGET_COMMENTS = text(
    """
    UPDATE ticket_comment SET body = ''
     WHERE tenant_id = %(tenant_id)s
       AND (ticket_id = ANY(%(ticket_ids)b::uuid[]) OR author_id = ANY(%(contact_ids)b::uuid[]))
    """,
    "tenant_id",
)


def by_number(work: Work, number: int) -> UUID | None:
    """The living ticket of a number, if the caller sees it."""
    row = work.row(_BY_NUMBER[work.caller.sight], number=number)
    return None if row is None else row.id


def kind(work: Work, ticket_id: UUID) -> Row | None:
    """Type and status of a living ticket of the company."""
    return work.row(_KIND, id=ticket_id)


def queue(work: Work, queue_id: UUID) -> Row | None:
    """Team and priority of a living queue."""
    return work.row(_QUEUE, id=queue_id)


def queue_is_used(work: Work, queue_id: UUID) -> bool:
    """Whether tickets wait in a queue."""
    return work.row(_QUEUE_USED, id=queue_id) is not None


def put_external(work: Work, ticket_id: UUID, ids: Mapping[str, str]) -> bool:
    """Keeps by which ids other systems know a ticket; False where one of them is another ticket's."""
    systems = list(ids)
    written = work.execute(_PUT_EXTERNAL, ticket_id=ticket_id, systems=systems, ids=[ids[one] for one in systems])
    return written == len(systems)


def by_external(work: Work, system: str, ids: Sequence[str]) -> dict[str, UUID]:
    """The tickets that a system knows by these ids."""
    return {row.external_id: row.ticket_id for row in work.rows(_BY_EXTERNAL, system=system, ids=list(ids))}


def add_comment(work: Work, values: Mapping[str, Any]) -> Row:
    """Writes a comment."""
    row = work.row(_ADD_COMMENT, **values)
    assert row is not None, "an insert returns its row"
    return row


def thread(work: Work, ticket_id: UUID, *, before: UUID | None, most: int) -> list[Row]:
    """Comments of a ticket, the last first."""
    if before is None:
        return work.rows(_THREAD[False], ticket_id=ticket_id, most=most)
    return work.rows(_THREAD[True], ticket_id=ticket_id, before=before, most=most)


def forget_people(work: Work, contact_ids: Sequence[UUID]) -> list[UUID]:
    """Empties what tickets and their comments say of people who were erased; the tickets."""
    emptied = [row.id for row in work.rows(_FORGET, contact_ids=list(contact_ids), now=work.now)]
    work.execute(_FORGET_COMMENTS, ticket_ids=emptied, contact_ids=list(contact_ids))
    return emptied
