"""Statements that read what sales holds about one person, table by table, as it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.statements import Prepared, text
from chassis.work import Work

_CONTACT = "contact_id = ANY(%(contact_ids)b::uuid[])"
_LEAD = "id = ANY(%(lead_ids)b::uuid[])"
_ACTIVITY = "= ANY(%(activity_ids)b::uuid[])"
_MEMBER = "= ANY(%(member_ids)b::uuid[])"
_OF_US = "tenant_id = %(tenant_id)s"


def _within(column: str, table: str, of: str = "id") -> str:
    return f"{column} IN (SELECT {of} FROM {table} WHERE {_OF_US} AND {_CONTACT})"


_ABOUT: Mapping[str, str] = {
    "lead": _LEAD,
    "need": f"({_CONTACT} OR lead_id = ANY(%(lead_ids)b::uuid[]))",
    "deal": f"({_within('id', 'deal_contact', 'deal_id')} OR lead_id = ANY(%(lead_ids)b::uuid[]))",
    "quote": _CONTACT,
    "quote_line": _within("quote_id", "quote"),
    "sales_order": _CONTACT,
    "order_line": _within("order_id", "sales_order"),
    "invoice": _CONTACT,
    "invoice_line": _within("invoice_id", "invoice"),
    "payment": f"({_within('order_id', 'sales_order')} OR {_within('invoice_id', 'invoice')})",
    "return_order": _CONTACT,
    "loyalty_member": f"({_CONTACT} OR id {_MEMBER})",
    "point_lot": f"(member_id {_MEMBER} OR {_within('member_id', 'loyalty_member')})",
    "ledger_posting": f"(holder_id {_MEMBER} OR {_within('holder_id', 'loyalty_member')})",
    "gift_card": _CONTACT,
    "sales_activity": f"id {_ACTIVITY}",
    "record_mail": f"activity_id {_ACTIVITY}",
    "record_mail_document": f"activity_id {_ACTIVITY}",
}
"""What is about a person. The hash of a gift card's code and of a quote's link open something, so they stay here."""
_SECRET = "{tenant_id,code_hash,link_hash}"
_NAMES = ("contact_ids", "lead_ids", "activity_ids", "member_ids")


def _read(table: str, condition: str) -> Prepared:
    return text(
        f"""
        SELECT to_jsonb(found) - '{_SECRET}'::text[] AS value FROM {table} AS found
         WHERE {_OF_US} AND {condition} LIMIT %(limit)s
        """,
        "tenant_id",
        *(name for name in _NAMES if f"%({name})" in condition),
    )


_READ = {table: _read(table, condition) for table, condition in _ABOUT.items()}
TABLES = tuple(_READ)


def read(work: Work, table: str, ids: Mapping[str, Sequence[UUID]], *, limit: int) -> list[dict[str, Any]]:
    """Rows of a table about a person: `ids` are contact_ids, lead_ids, activity_ids and member_ids."""
    asked = {name: list(given) for name, given in ids.items() if name in _READ[table].names}
    return [row.value for row in work.rows(_READ[table], limit=limit, **asked)]
