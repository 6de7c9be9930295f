"""What was suggested and what of it was taken: without the first, nobody knows what the second is worth."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.work import Row, Work

from sales.events import suggestions_shown
from sales.queries import pricing, showings, suggestions


def record(work: Work, kind: str, document: Row, shown: Collection[UUID], held: Iterable[UUID | None]) -> int:
    """Records suggestions shown beside the lines of a document; `held` are those of its lines. How many were new.

    Each counts once for a document, and what was taken stays taken.
    """
    taken = {one for one in held if one is not None}
    if not shown and not taken:
        return 0
    rows = showings.keep(work, document.id, suggestions.current(work), shown, taken)
    if rows:
        zone = ZoneInfo(pricing.version(work).time_zone)
        work.record(suggestions_shown(kind, document, rows, showings.steps(work, document.id), zone))
    return len(rows)
