"""Statements on gift cards beyond those that every record has."""

from __future__ import annotations

from uuid import UUID

from chassis.statements import Prepared, text
from chassis.work import Row, Work

_OF_CODE = text("SELECT id FROM gift_card WHERE tenant_id = %(tenant_id)s AND code_hash = %(code_hash)s", "tenant_id")
_CARD_LINES = text(
    """
    SELECT line.id, line.gross_minor, line.returned_milli, line.quantity_milli
      FROM order_line AS line JOIN product ON product.tenant_id = line.tenant_id AND product.id = line.product_id
     WHERE line.tenant_id = %(tenant_id)s AND line.order_id = %(order_id)s AND product.kind = 'gift_card'
    """,
    "tenant_id",
)
_ISSUED_FOR = text(
    """
    SELECT coalesce(sum(issued_amount_minor), 0)::bigint AS minor FROM gift_card
     WHERE tenant_id = %(tenant_id)s AND order_id = %(order_id)s AND status <> 'void'
    """,
    "tenant_id",
)
_OUT_FOR = text(
    """
    SELECT coalesce(sum(CASE status WHEN 'blocked' THEN issued_amount_minor - balance_amount_minor
                                    ELSE issued_amount_minor END), 0)::bigint AS minor
      FROM gift_card WHERE tenant_id = %(tenant_id)s AND order_id = %(order_id)s AND status <> 'void'
    """,
    "tenant_id",
)
_OF_ORDER = {
    lock: text(
        f"SELECT * FROM gift_card WHERE tenant_id = %(tenant_id)s AND order_id = %(order_id)s ORDER BY id {how}",
        "tenant_id",
    )
    for lock, how in ((False, ""), (True, "FOR UPDATE"))
}


def of_code(work: Work, code_hash: str) -> UUID | None:
    """The card of a hashed code."""
    row = work.row(_OF_CODE, code_hash=code_hash)
    return None if row is None else row.id


def card_lines(work: Work, order_id: UUID) -> list[Row]:
    """Lines of an order that sell gift cards."""
    return work.rows(_CARD_LINES, order_id=order_id)


def issued_for(work: Work, order_id: UUID) -> int:
    """What was put on cards that were sold with an order and are not void."""
    return _sum(work, _ISSUED_FOR, order_id)


def out_for(work: Work, order_id: UUID) -> int:
    """What of it can be spent, or was; what is left on a blocked card cannot."""
    return _sum(work, _OUT_FOR, order_id)


def of_order(work: Work, order_id: UUID, *, lock: bool = False) -> list[Row]:
    """Cards that were sold with an order."""
    return work.rows(_OF_ORDER[lock], order_id=order_id)


def _sum(work: Work, statement: Prepared, order_id: UUID) -> int:
    row = work.row(statement, order_id=order_id)
    assert row is not None, "it is a sum"
    minor: int = row.minor
    return minor
