"""Statements that keep what imports wrote, and take it back: what is in the way of it, and the record itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from chassis.statements import Prepared, prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from sqlalchemy import bindparam

from sales.model.imports import SalesImportChange

Kind = Literal["return", "order", "deal", "lead", "variant", "product", "category"]
KINDS: tuple[Kind, ...] = ("return", "order", "deal", "lead", "variant", "product", "category")
"""In the order in which they can be taken back: what came back before what was sold, and that before its article."""
Change = tuple[Kind, UUID, int, int, str]
"""Kind, record, row of the file, version, and id in the other system."""
_TABLES: Mapping[Kind, str] = {
    "return": "return_order",
    "order": "sales_order",
    "deal": "deal",
    "lead": "lead",
    "variant": "product_variant",
    "product": "product",
    "category": "product_category",
}
_ADD = text(
    """
    INSERT INTO sales_import_change (tenant_id, import_id, kind, record_id, "row", version, external_id, left_there)
    SELECT %(tenant_id)s, %(import_id)s, kind, record_id, "row", version, external_id, false
      FROM unnest(%(kinds)b::text[], %(ids)b::uuid[], %(lines)b::bigint[], %(versions)b::bigint[],
                  %(externals)b::text[]) AS item(kind, record_id, "row", version, external_id)
    """,
    "tenant_id",
)
_FOLLOW = text(
    """
    UPDATE sales_import_change AS change SET version = head.version FROM sales_order AS head
     WHERE change.tenant_id = %(tenant_id)s AND change.record_id = ANY(%(ids)b::uuid[]) AND change.kind = 'order'
       AND head.tenant_id = %(tenant_id)s AND head.id = change.record_id AND change.version = head.version - 1
    """,
    "tenant_id",
)
_COUNT = text(
    "SELECT count(*) AS number FROM sales_import_change WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s",
    "tenant_id",
)
_TRY_AGAIN = text(
    """
    UPDATE sales_import_change SET left_there = false
     WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s AND left_there
    """,
    "tenant_id",
)
_CHANGES = prepare(
    scoped(SalesImportChange)
    .where(
        SalesImportChange.import_id == bindparam("import_id"),
        SalesImportChange.kind == bindparam("kind"),
        ~SalesImportChange.left_there,
    )
    .order_by(SalesImportChange.record_id)
    .limit(bindparam("limit"))
)
_OF_IMPORT = "tenant_id = %(tenant_id)s AND import_id = %(import_id)s AND kind = %(kind)s AND record_id = ANY(%(ids)b)"
_DROP = text(f"DELETE FROM sales_import_change WHERE {_OF_IMPORT}", "tenant_id")
_LEAVE = text(f"UPDATE sales_import_change SET left_there = true WHERE {_OF_IMPORT}", "tenant_id")
_UNKNOW = text(
    """
    DELETE FROM external_record
     WHERE tenant_id = %(tenant_id)s AND kind = %(kind)s AND system = %(system)s AND external_id = ANY(%(externals)b)
       AND record_id = ANY(%(ids)b::uuid[])
    """,
    "tenant_id",
)
_MINE = "tenant_id = %(tenant_id)s AND {column} = ANY(%(ids)b::uuid[])"


def _some(column: str, table: str, reason: str, condition: str = "deleted_at IS NULL") -> str:
    return (
        f"SELECT {column} AS id, '{reason}' AS reason FROM {table}"
        f" WHERE tenant_id = %(tenant_id)s AND {column} = ANY(%(ids)b::uuid[]) AND {condition}"
    )


def _lines(table: str, head: str, key: str, living: str = "head.deleted_at IS NULL") -> str:
    return f"""
        SELECT DISTINCT line.product_variant_id AS id, 'STILL_USED' AS reason FROM {table} AS line
          JOIN {head} AS head ON head.tenant_id = line.tenant_id AND head.id = line.{key}
         WHERE line.tenant_id = %(tenant_id)s AND head.tenant_id = %(tenant_id)s
           AND line.product_variant_id = ANY(%(ids)b::uuid[]) AND {living}"""


_IN_THE_WAY: Mapping[Kind, Sequence[str]] = {
    "return": (_some("id", "return_order", "CHANGED_SINCE_IMPORT", "status <> 'refunded'"),),
    "order": (
        _some("order_id", "invoice", "INVOICED", "status <> 'void' AND deleted_at IS NULL"),
        _some("order_id", "order_points", "POINTS_EARNED", "true"),
        _some("order_id", "gift_card", "STILL_USED", "true"),
        _some("order_id", "return_order", "RETURNED_SINCE", "status <> 'rejected'"),
        _some(
            "order_id",
            "payment",
            "PAID_SINCE",
            "status IN ('pending', 'captured') AND NOT (method = 'other' AND provider = '' AND reference = %(system)s)",
        ),
    ),
    "deal": tuple(
        _some("deal_id", table, "STILL_USED") for table in ("quote", "sales_order", "sales_activity", "need")
    ),
    "lead": tuple(_some("lead_id", table, "STILL_USED") for table in ("sales_activity", "need")),
    "variant": (
        _lines("order_line", "sales_order", "order_id"),
        _lines("deal_line", "deal", "deal_id"),
        _lines("quote_line", "quote", "quote_id"),
        _lines("return_line", "return_order", "return_id", "head.status <> 'rejected'"),
        _some("variant_id", "stock", "STILL_USED", "on_hand_milli <> 0"),
        _some("product_variant_id", "price_book_entry", "STILL_USED", "true"),
    ),
    "product": (_some("product_id", "product_variant", "STILL_USED"),),
    "category": (
        _some("category_id", "product", "STILL_USED"),
        _some("parent_id", "product_category", "STILL_USED"),
    ),
}
"""What keeps a record where it is, the plainest reason first."""
_BLOCKED = {kind: text(" UNION ALL ".join(parts), "tenant_id") for kind, parts in _IN_THE_WAY.items()}
_LOCK: dict[Kind, Prepared] = {
    kind: text(
        f"""
        SELECT id, version, {"NULL::timestamptz AS deleted_at" if kind == "return" else "deleted_at"} FROM {table}
         WHERE {_MINE.format(column="id")} ORDER BY id FOR UPDATE
        """,
        "tenant_id",
    )
    for kind, table in _TABLES.items()
}
_TOUCHED = "version = version + 1, updated_at = %(now)s, updated_by = %(actor_id)s"
_FREED = "number = left(number, 180) || ' · ' || right(id::text, 12)"
"""So that the file can come again: numbers are one's own."""
_ALSO: Mapping[Kind, str] = {
    "return": f"status = 'rejected', {_FREED}",
    "order": "status = 'canceled', payment_status = 'unpaid', paid_amount_minor = 0, refunded_amount_minor = 0,"
    f" closed_at = %(now)s, deleted_at = %(now)s, {_FREED}",
}
_REMOVE: dict[Kind, Prepared] = {
    kind: text(
        f"""
        UPDATE {table} SET {_ALSO.get(kind, "deleted_at = %(now)s")}, {_TOUCHED}
         WHERE {_MINE.format(column="id")} RETURNING *
        """,
        "tenant_id",
        "actor_id",
    )
    for kind, table in _TABLES.items()
}
_NO_CODES = text(f"DELETE FROM barcode WHERE {_MINE.format(column='variant_id')}", "tenant_id")
_NO_PAYMENTS = text(
    f"""
    UPDATE payment SET status = 'canceled', {_TOUCHED}
     WHERE {_MINE.format(column="order_id")} AND status = 'captured'
    """,
    "tenant_id",
    "actor_id",
)
_NOT_BACK = text(
    """
    UPDATE order_line SET returned_milli = returned_milli - back.quantity FROM (
           SELECT head.order_id, part.line_id, sum(part.quantity_milli)::bigint AS quantity
             FROM return_order AS head
             JOIN return_line AS part ON part.tenant_id = head.tenant_id AND part.return_id = head.id
            WHERE head.tenant_id = %(tenant_id)s AND head.id = ANY(%(ids)b::uuid[]) AND head.order_id IS NOT NULL
            GROUP BY head.order_id, part.line_id) AS back
     WHERE order_line.tenant_id = %(tenant_id)s AND order_line.order_id = back.order_id
       AND order_line.id = back.line_id
    """,
    "tenant_id",
)
_NOT_GIVEN_BACK = text(
    """
    UPDATE refund SET status = 'failed', version = refund.version + 1, updated_at = %(now)s, updated_by = %(actor_id)s
      FROM payment AS source, return_order AS head
     WHERE head.tenant_id = %(tenant_id)s AND head.id = ANY(%(ids)b::uuid[])
       AND source.tenant_id = %(tenant_id)s AND source.order_id = head.order_id
       AND refund.tenant_id = %(tenant_id)s AND refund.payment_id = source.id AND refund.return_id = head.id
       AND refund.status = 'succeeded'
    RETURNING refund.payment_id, refund.amount_minor, head.order_id
    """,
    "tenant_id",
    "actor_id",
)
_PAID_AGAIN = text(
    f"""
    UPDATE payment SET refunding_minor = refunding_minor - step.minor,
           refunded_amount_minor = refunded_amount_minor - step.minor, {_TOUCHED}
      FROM unnest(%(ids)b::uuid[], %(minors)b::bigint[]) AS step(payment_id, minor)
     WHERE payment.tenant_id = %(tenant_id)s AND payment.id = step.payment_id
    """,
    "tenant_id",
    "actor_id",
)
_ORDERS_OF = text(
    f"""
    SELECT DISTINCT order_id FROM return_order WHERE {_MINE.format(column="id")} AND order_id IS NOT NULL
    """,
    "tenant_id",
)
_SETTLE = text(
    f"""
    UPDATE sales_order SET refunded_amount_minor = refunded_amount_minor - step.minor, {_TOUCHED},
           payment_status = CASE
                WHEN payment_status NOT IN ('refunded', 'partially_refunded') THEN payment_status
                WHEN refunded_amount_minor - step.minor > 0 THEN 'partially_refunded'
                WHEN paid_amount_minor >= gross_amount_minor THEN 'paid'
                WHEN paid_amount_minor > 0 THEN 'partially_paid' ELSE 'unpaid' END,
           status = CASE
                WHEN status NOT IN ('returned', 'partially_returned') THEN status
                WHEN EXISTS (SELECT FROM order_line AS line WHERE line.tenant_id = %(tenant_id)s
                        AND line.order_id = step.order_id AND line.returned_milli > 0) THEN 'partially_returned'
                ELSE 'completed' END
      FROM unnest(%(ids)b::uuid[], %(minors)b::bigint[]) AS step(order_id, minor)
     WHERE sales_order.tenant_id = %(tenant_id)s AND sales_order.id = step.order_id
    RETURNING sales_order.*
    """,
    "tenant_id",
    "actor_id",
)


def add(work: Work, import_id: UUID, changes: Sequence[Change]) -> None:
    """Keeps which records an import wrote."""
    if changes:
        kinds, ids, lines, versions, externals = (list(part) for part in zip(*changes, strict=True))
        given = {"kinds": kinds, "ids": ids, "lines": lines, "versions": versions, "externals": externals}
        work.execute(_ADD, import_id=import_id, **given)


def follow(work: Work, order_ids: Sequence[UUID]) -> None:
    """Orders that imports wrote and that an import has just changed once more count as untouched by people."""
    if order_ids:
        work.execute(_FOLLOW, ids=list(order_ids))


def number_of_changes(work: Work, import_id: UUID) -> int:
    """How many records are still there of what an import wrote."""
    row: Any = work.row(_COUNT, import_id=import_id)
    return int(row.number)


def try_again(work: Work, import_id: UUID) -> None:
    """What could not be taken back once is tried again."""
    work.execute(_TRY_AGAIN, import_id=import_id)


def changes(work: Work, import_id: UUID, kind: Kind, *, limit: int) -> list[Row]:
    """Some of the changes that are neither undone nor left."""
    return work.rows(_CHANGES, import_id=import_id, kind=kind, limit=limit)


def lock(work: Work, kind: Kind, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Records of a kind, by id: version, deleted_at."""
    return {row.id: row for row in work.rows(_LOCK[kind], ids=list(ids))}


def in_the_way(work: Work, kind: Kind, ids: Sequence[UUID], system: str) -> dict[UUID, str]:
    """Why some of these records have to stay where they are."""
    found: dict[UUID, str] = {}
    for row in work.rows(_BLOCKED[kind], ids=list(ids), system=system):
        found.setdefault(row.id, row.reason)
    return found


def remove(work: Work, kind: Kind, ids: Sequence[UUID]) -> list[Row]:
    """Puts records into the bin, orders canceled; returns that were made up are rejected. The rows as they are now."""
    return work.rows(_REMOVE[kind], ids=list(ids), now=work.now) if ids else []


def drop_codes(work: Work, variant_ids: Sequence[UUID]) -> None:
    """Variants in the bin have no codes."""
    work.execute(_NO_CODES, ids=list(variant_ids))


def cancel_payments(work: Work, order_ids: Sequence[UUID]) -> None:
    """What an import said to be paid was not."""
    work.execute(_NO_PAYMENTS, ids=list(order_ids), now=work.now)


def take_out_of_orders(work: Work, return_ids: Sequence[UUID]) -> list[Row]:
    """Undoes what returns did to their orders, lines and payments. The orders as they are now."""
    orders: Counter[UUID] = Counter({row.order_id: 0 for row in work.rows(_ORDERS_OF, ids=list(return_ids))})
    if not orders:
        return []
    work.execute(_NOT_BACK, ids=list(return_ids))
    payments: Counter[UUID] = Counter()
    for row in work.rows(_NOT_GIVEN_BACK, ids=list(return_ids), now=work.now):
        payments[row.payment_id] += row.amount_minor
        orders[row.order_id] += row.amount_minor
    work.execute(_PAID_AGAIN, ids=list(payments), minors=list(payments.values()), now=work.now)
    settled = work.rows(_SETTLE, ids=list(orders), minors=list(orders.values()), now=work.now)
    follow(work, list(orders))
    return settled


def drop(work: Work, import_id: UUID, kind: Kind, ids: Sequence[UUID]) -> None:
    """Forgets changes that were undone."""
    work.execute(_DROP, import_id=import_id, kind=kind, ids=list(ids))


def leave(work: Work, import_id: UUID, kind: Kind, ids: Sequence[UUID]) -> None:
    """Keeps in mind that these could not be undone."""
    if ids:
        work.execute(_LEAVE, import_id=import_id, kind=kind, ids=list(ids))


def unknow(work: Work, kind: Kind, system: str, changes: Sequence[Row]) -> None:
    """Records of the other system are not here any more, so that a file may bring them again."""
    named = [one for one in changes if one.external_id]
    if named:
        externals, ids = [one.external_id for one in named], [one.record_id for one in named]
        work.execute(_UNKNOW, kind=kind, system=system, externals=externals, ids=ids)
