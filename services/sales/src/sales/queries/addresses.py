"""Statements that find people where no contact leads to them: pages of addresses, to be compared one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from chassis.statements import Prepared, text
from chassis.work import Row, Work

PAGE_ROWS = 5_000
"""Rows compared at a time; what is held in memory."""
_FIRST = UUID(int=0)


def _page(columns: str, table: str, key: str, condition: str) -> Prepared:
    return text(
        f"""
        SELECT {columns}, {key} AS key FROM {table}
         WHERE tenant_id = %(tenant_id)s AND {key} > %(after)s AND {condition} ORDER BY {key} LIMIT %(limit)s
        """,
        "tenant_id",
    )


_LEADS = _page("id, email, phone, family_name AS name", "lead", "id", "(email <> '' OR phone <> '')")
_MEMBERS = _page(
    "id, email, phone, name", "loyalty_member", "id", "contact_id IS NULL AND (email <> '' OR phone <> '')"
)
_MAILS = _page("activity_id AS id, to_address AS email", "record_mail", "activity_id", "to_address <> ''")
_REFUSED = text(
    """
    SELECT import_id, "row", "values" FROM sales_import_row_error
     WHERE tenant_id = %(tenant_id)s AND (import_id, "row") > (%(after)s, %(after_row)s)
     ORDER BY import_id, "row" LIMIT %(limit)s
    """,
    "tenant_id",
)
_FORGET_REFUSED = text(
    """
    DELETE FROM sales_import_row_error AS refused
     USING unnest(%(imports)b::uuid[], %(numbers)b::bigint[]) AS gone(import_id, "row")
     WHERE refused.tenant_id = %(tenant_id)s AND refused.import_id = gone.import_id AND refused."row" = gone."row"
    """,
    "tenant_id",
)
_FORGET_DEAL_NAMES = text(
    """
    UPDATE deal SET name = '–', name_key = '–', version = deal.version + 1, updated_at = %(now)s FROM lead
     WHERE deal.tenant_id = %(tenant_id)s AND lead.tenant_id = %(tenant_id)s AND lead.id = ANY(%(lead_ids)b::uuid[])
       AND deal.lead_id = lead.id
       AND deal.name IN (btrim(lead.given_name || ' ' || lead.family_name), lead.email, lead.phone)
    """,
    "tenant_id",
)


def leads(work: Work) -> Iterator[Row]:
    """Every lead with an address, those in the bin too: id, email, phone, name."""
    return _all(work, _LEADS)


def members(work: Work) -> Iterator[Row]:
    """Every loyalty membership of nobody in contacts, as `leads`."""
    return _all(work, _MEMBERS)


def mails(work: Work) -> Iterator[Row]:
    """Every mail of sellers that says where it went: id of its activity, email."""
    return _all(work, _MAILS)


def refused_rows(work: Work) -> Iterator[Row]:
    """Every row that imports refused: import_id, row, values."""
    after, after_row = _FIRST, 0
    while rows := work.rows(_REFUSED, after=after, after_row=after_row, limit=PAGE_ROWS):
        yield from rows
        after, after_row = rows[-1].import_id, rows[-1].row


def forget_refused_rows(work: Work, rows: Sequence[Row]) -> None:
    """Forgets rows that imports refused."""
    if rows:
        work.execute(_FORGET_REFUSED, imports=[one.import_id for one in rows], numbers=[one.row for one in rows])


def forget_deal_names(work: Work, lead_ids: Sequence[UUID]) -> None:
    """Takes the person out of names of deals that were called after a lead. Comes before the leads are emptied."""
    work.execute(_FORGET_DEAL_NAMES, lead_ids=list(lead_ids), now=work.now)


def _all(work: Work, statement: Prepared) -> Iterator[Row]:
    after: Any = _FIRST
    while rows := work.rows(statement, after=after, limit=PAGE_ROWS):
        yield from rows
        after = rows[-1].key
