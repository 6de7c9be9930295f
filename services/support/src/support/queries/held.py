"""Statements on what support holds about one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.statements import Prepared, text
from chassis.work import Work

_OF_THEM = "SELECT id FROM ticket WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(ids)s::uuid[])"
_ABOUT: Mapping[str, str] = {
    "ticket": "contact_id = ANY(%(ids)s::uuid[])",
    "ticket_comment": f"(author_id = ANY(%(ids)s::uuid[]) OR ticket_id IN ({_OF_THEM}))",
}
_HELD: Mapping[str, Prepared] = {
    table: text(
        f"""
        SELECT to_jsonb(found) - 'tenant_id' AS value FROM {table} AS found
         WHERE tenant_id = %(tenant_id)s AND {about} ORDER BY id LIMIT %(limit)s
        """,
        "tenant_id",
    )
    for table, about in _ABOUT.items()
}
TABLES = tuple(_HELD)
"""Tables that tell of people."""


def rows(work: Work, table: str, contact_ids: Sequence[UUID], *, limit: int) -> list[dict[str, Any]]:
    """Rows of one of `TABLES` about these people, as they are stored."""
    return [row.value for row in work.rows(_HELD[table], ids=list(contact_ids), limit=limit)]
