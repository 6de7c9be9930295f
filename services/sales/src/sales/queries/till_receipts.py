"""Statements on what tills have sold and taken back. A receipt is written once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.statements import Prepared, text
from chassis.work import Row, Work
from psycopg.types.json import Jsonb

_COLUMNS = """
    receipt.*, sales_order.number AS order_number,
    coalesce(nullif(register.receipt_prefix, ''), 'R' || upper(right(register.id::text, 7))) AS prefix
"""
_FROM = """
      FROM till_receipt AS receipt
      JOIN register ON register.tenant_id = receipt.tenant_id AND register.id = receipt.register_id
      LEFT JOIN sales_order ON sales_order.tenant_id = receipt.tenant_id AND sales_order.id = receipt.order_id
     WHERE receipt.tenant_id = %(tenant_id)s
"""
_GET = text(f"SELECT {_COLUMNS} {_FROM} AND receipt.id = %(id)s", "tenant_id")
_KNOWN = text("SELECT * FROM till_receipt WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")
_FIND = text(
    f"""
    SELECT {_COLUMNS} {_FROM} AND receipt.sequence = %(sequence)s
       AND coalesce(nullif(register.receipt_prefix, ''), 'R' || upper(right(register.id::text, 7))) = %(prefix)s
    """,
    "tenant_id",
)


def _page(*conditions: str) -> Prepared:
    given = " ".join(f"AND {one}" for one in conditions)
    return text(
        f"""
        SELECT {_COLUMNS} {_FROM} AND receipt.register_id = %(register_id)s AND receipt.sequence < %(before)s {given}
         ORDER BY receipt.sequence DESC LIMIT %(limit)s
        """,
        "tenant_id",
    )


_OF_SESSION, _FLAGGED = "receipt.session_id = %(session_id)s", "receipt.flags <> '{}'"
_PAGES = {
    (False, False): _page(),
    (True, False): _page(_OF_SESSION),
    (False, True): _page(_FLAGGED),
    (True, True): _page(_OF_SESSION, _FLAGGED),
}
_ADD = text(
    """
    INSERT INTO till_receipt (tenant_id, register_id, sequence, id, session_id, kind, order_id, return_id, sold_at,
           till_said_at, received_at, sold_by, posted_by, agreed_by, currency_code, gross_minor, discount_minor, taxes,
           payments, flags, priced_gross_minor, differences, card_number, points, digest)
    VALUES (%(tenant_id)s, %(register_id)s, %(sequence)s, %(id)s, %(session_id)s, %(kind)s, %(order_id)s,
            %(return_id)s, %(sold_at)s, %(till_said_at)s, %(received_at)s, %(sold_by)s, %(actor_id)s, %(agreed_by)s,
            %(currency_code)s, %(gross_minor)s, %(discount_minor)s, %(taxes)s, %(payments)s, %(flags)b::text[],
            %(priced_gross_minor)s, %(differences)s, %(card_number)s, %(points)s, %(digest)s)
    RETURNING *
    """,
    "tenant_id",
)
_ADVANCE = text(
    "UPDATE register SET last_sequence = %(sequence)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id"
)
_HEAD = text(
    """
    SELECT store.name AS store_name, store.address, store.phone, store.time_zone, store.receipt_footer,
           register.name AS register_name
      FROM register JOIN store ON store.tenant_id = register.tenant_id AND store.id = register.store_id
     WHERE register.tenant_id = %(tenant_id)s AND register.id = %(id)s
    """,
    "tenant_id",
)
_EVER_SOLD = text(
    """
    SELECT variant.id, variant.product_id, variant.sku, variant.name AS variant_name, product.name, product.unit,
           product.kind
      FROM product_variant AS variant
      JOIN product ON product.tenant_id = variant.tenant_id AND product.id = variant.product_id
     WHERE variant.tenant_id = %(tenant_id)s AND variant.id = ANY(%(variant_ids)b)
    """,
    "tenant_id",
)


def known(work: Work, receipt_id: UUID) -> Row | None:
    """A receipt as it was written."""
    return work.row(_KNOWN, id=receipt_id)


def get(work: Work, receipt_id: UUID) -> Row | None:
    """A receipt, with the number of its order and the prefix of its register."""
    return work.row(_GET, id=receipt_id)


def find(work: Work, prefix: str, sequence: int) -> Row | None:
    """The receipt of a number."""
    return work.row(_FIND, prefix=prefix, sequence=sequence)


def page(
    work: Work, register_id: UUID, *, session_id: UUID | None, flagged: bool, before: int, limit: int
) -> list[Row]:
    """Receipts of a register below a sequence number, the last first."""
    statement = _PAGES[session_id is not None, flagged]
    given = {} if session_id is None else {"session_id": session_id}
    return work.rows(statement, register_id=register_id, before=before, limit=limit, **given)


def add(work: Work, values: dict[str, Any]) -> Row:
    """Writes a receipt and moves its register on. The caller holds the register's lock."""
    stored = values | {name: Jsonb(values[name]) for name in ("taxes", "payments", "differences", "points")}
    row = work.row_after((_ADVANCE, {"id": values["register_id"], "sequence": values["sequence"]}), _ADD, **stored)
    assert row is not None, "an insert returns its row"
    return row


def head(work: Work, register_id: UUID) -> Row:
    """What stands at the top and at the end of receipts of a register."""
    row = work.row(_HEAD, id=register_id)
    assert row is not None, "a receipt names its register"
    return row


def ever_sold(work: Work, variant_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """What variants are called, those that are no longer sold among them."""
    return {row.id: row for row in work.rows(_EVER_SOLD, variant_ids=list(variant_ids))}
