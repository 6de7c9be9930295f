"""Statements on the numbers of papers."""

from __future__ import annotations

from chassis.statements import text
from chassis.work import Work

_ADVANCE = text(
    """
    INSERT INTO document_number (tenant_id, kind, year, last)
    VALUES (%(tenant_id)s, %(kind)s, %(year)s, %(count)s)
    ON CONFLICT (tenant_id, kind, year) DO UPDATE SET last = document_number.last + excluded.last
    RETURNING last
    """,
    "tenant_id",
)


def advance(work: Work, kind: str, year: int, count: int) -> int:
    """Gives out so many numbers; the last of them. Others of the same kind and year wait for the commit."""
    row = work.row(_ADVANCE, kind=kind, year=year, count=count)
    assert row is not None, "it writes one row"
    last: int = row.last
    return last
