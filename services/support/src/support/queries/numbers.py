"""Statements on the numbers of tickets."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.statements import text
from chassis.work import Row, Work

_FREE = text(
    """
    SELECT lane, next FROM ticket_number WHERE tenant_id = %(tenant_id)s
     ORDER BY next LIMIT %(count)s FOR UPDATE SKIP LOCKED
    """,
    "tenant_id",
)
_ANY = text(
    """
    SELECT lane, next FROM ticket_number WHERE tenant_id = %(tenant_id)s
     ORDER BY random() LIMIT 1 FOR UPDATE
    """,
    "tenant_id",
)
_BEGIN = text(
    """
    INSERT INTO ticket_number (tenant_id, lane, next)
    SELECT %(tenant_id)s, lane, lane + 1 FROM generate_series(0, %(lanes)s - 1) AS lane
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_ADVANCE = text(
    """
    UPDATE ticket_number SET next = given.next
      FROM unnest(%(lanes)s::int[], %(numbers)s::bigint[]) AS given (lane, next)
     WHERE ticket_number.tenant_id = %(tenant_id)s AND ticket_number.lane = given.lane
    """,
    "tenant_id",
)


def free_lanes(work: Work, count: int) -> list[Row]:
    """At most so many lanes that nobody holds, those that are behind first, locked until the commit."""
    return work.rows(_FREE, count=count)


def any_lane(work: Work) -> list[Row]:
    """A lane, as soon as it is free, locked until the commit."""
    return work.rows(_ANY)


def begin(work: Work, lanes: int) -> None:
    """Makes the lanes of a company that has none."""
    work.execute(_BEGIN, lanes=lanes)


def advance(work: Work, lanes: Sequence[int], numbers: Sequence[int]) -> None:
    """Writes the next number of each of these lanes."""
    work.execute(_ADVANCE, lanes=list(lanes), numbers=list(numbers))
