"""Statements on orders beyond those that every record has: their lines' way, fulfilments, coupons and stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from chassis.filtering import SqlRows
from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from sqlalchemy import bindparam, select

from sales.model.order import Fulfilment, FulfilmentLine, Order, OrderLine
from sales.queries.lines import LineStore

ORDER_LINES = LineStore(OrderLine, "order_id")
PRODUCT_ROWS = SqlRows(
    value=OrderLine.product_id.expression,
    lowered=OrderLine.product_id.expression,
    holds=lambda fits: (
        select(OrderLine.order_id)
        .where(
            OrderLine.tenant_id == Order.tenant_id, OrderLine.order_id == Order.id, *(() if fits is None else (fits,))
        )
        .exists()
    ),
)
"""The products of an order, for filters."""
Way = Literal["fulfilled_milli", "invoiced_milli", "returned_milli"]
_ADVANCE = {
    way: text(
        f"""
        UPDATE order_line SET {way} = {way} + step.quantity
          FROM unnest(%(line_ids)b::uuid[], %(quantities)b::bigint[]) AS step(line_id, quantity)
         WHERE order_line.tenant_id = %(tenant_id)s AND order_line.order_id = %(order_id)s
           AND order_line.id = step.line_id
        """,
        "tenant_id",
    )
    for way in ("fulfilled_milli", "invoiced_milli", "returned_milli")
}
_ADD_FULFILMENT = text(
    """
    WITH head AS (
        INSERT INTO fulfilment (tenant_id, order_id, id, tracking_code, note, fulfilled_at, fulfilled_by)
        VALUES (%(tenant_id)s, %(order_id)s, %(id)s, %(tracking_code)s, %(note)s, %(now)s, %(by)s)
    )
    INSERT INTO fulfilment_line (tenant_id, order_id, fulfilment_id, line_id, quantity_milli)
    SELECT %(tenant_id)s, %(order_id)s, %(id)s, line_id, quantity
      FROM unnest(%(line_ids)b::uuid[], %(quantities)b::bigint[]) AS step(line_id, quantity)
    """,
    "tenant_id",
)
_FULFILMENTS = prepare(
    scoped(Fulfilment)
    .where(Fulfilment.order_id == bindparam("order_id"))
    .order_by(Fulfilment.fulfilled_at, Fulfilment.id)
)
_FULFILMENT_LINES = prepare(
    scoped(FulfilmentLine).where(FulfilmentLine.order_id == bindparam("order_id")).order_by(FulfilmentLine.line_id)
)
_COUPON_LEFT = text(
    """
    SELECT max_uses_per_customer FROM coupon
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND (max_uses = 0 OR uses < max_uses) FOR UPDATE
    """,
    "tenant_id",
)
_USED_BY = text(
    """
    SELECT count(*) AS uses FROM coupon_use
     WHERE tenant_id = %(tenant_id)s AND coupon_id = %(id)s AND customer_id = %(customer_id)s
    """,
    "tenant_id",
)
_REDEEM = text(
    """
    WITH counted AS (
        UPDATE coupon SET uses = uses + 1 WHERE tenant_id = %(tenant_id)s AND id = %(id)s RETURNING id
    )
    INSERT INTO coupon_use (tenant_id, coupon_id, order_id, customer_id)
    SELECT %(tenant_id)s, counted.id, %(order_id)s, %(customer_id)s FROM counted
    """,
    "tenant_id",
)
_GIVE_BACK_USES = text(
    """
    WITH back AS (
        DELETE FROM coupon_use WHERE tenant_id = %(tenant_id)s AND order_id = %(order_id)s RETURNING coupon_id
    )
    UPDATE coupon SET uses = uses - 1 FROM back
     WHERE coupon.tenant_id = %(tenant_id)s AND coupon.id = back.coupon_id
    """,
    "tenant_id",
)
_COUNTED = text(
    """
    SELECT variant.id FROM product_variant AS variant
      JOIN product ON product.tenant_id = variant.tenant_id AND product.id = variant.product_id
     WHERE variant.tenant_id = %(tenant_id)s AND variant.id = ANY(%(variant_ids)b) AND product.track_stock
     ORDER BY variant.id
    """,
    "tenant_id",
)
_TAKE = text(
    """
    INSERT INTO stock (tenant_id, variant_id, store_id, on_hand_milli)
    VALUES (%(tenant_id)s, %(variant_id)s, %(store_id)s, %(change)s)
    ON CONFLICT (tenant_id, variant_id, store_id) DO UPDATE
       SET on_hand_milli = stock.on_hand_milli + excluded.on_hand_milli
    RETURNING on_hand_milli
    """,
    "tenant_id",
)
_STOCK = text(
    """
    SELECT variant_id, store_id, on_hand_milli FROM stock
     WHERE tenant_id = %(tenant_id)s AND variant_id = ANY(%(variant_ids)b) ORDER BY variant_id, store_id
    """,
    "tenant_id",
)


def advance(work: Work, order_id: UUID, way: Way, steps: Mapping[UUID, int]) -> None:
    """Adds to how much of each line went this way. The caller holds the order's lock."""
    work.execute(_ADVANCE[way], order_id=order_id, line_ids=list(steps), quantities=list(steps.values()))


def add_fulfilment(
    work: Work, order_id: UUID, fulfilment_id: UUID, steps: Mapping[UUID, int], *, tracking_code: str, note: str
) -> None:
    """Writes that so much of each line was handed over."""
    work.execute(
        _ADD_FULFILMENT,
        order_id=order_id,
        id=fulfilment_id,
        tracking_code=tracking_code,
        note=note,
        now=work.now,
        by=work.caller.actor_id,
        line_ids=list(steps),
        quantities=list(steps.values()),
    )


def fulfilments(work: Work, order_id: UUID) -> list[tuple[Row, list[Row]]]:
    """What was handed over of an order, each with its lines, the first first."""
    lines: dict[UUID, list[Row]] = {}
    for line in work.rows(_FULFILMENT_LINES, order_id=order_id):
        lines.setdefault(line.fulfilment_id, []).append(line)
    return [(row, lines.get(row.id, [])) for row in work.rows(_FULFILMENTS, order_id=order_id)]


def coupon_left(work: Work, coupon_id: UUID, customer_id: UUID | None) -> bool:
    """Whether a coupon, which stays locked, can be used once more: by anybody, and by this customer."""
    row = work.row(_COUPON_LEFT, id=coupon_id)
    if row is None:
        return False
    if customer_id is None or not row.max_uses_per_customer:
        return True
    used = work.row(_USED_BY, id=coupon_id, customer_id=customer_id)
    assert used is not None, "it counts"
    return bool(used.uses < row.max_uses_per_customer)


def redeem(work: Work, coupon_id: UUID, order_id: UUID, customer_id: UUID | None) -> None:
    """Counts a use of a locked coupon for an order."""
    work.execute(_REDEEM, id=coupon_id, order_id=order_id, customer_id=customer_id)


def give_back_uses(work: Work, order_id: UUID) -> None:
    """What an order redeemed may be redeemed again."""
    work.execute(_GIVE_BACK_USES, order_id=order_id)


def counted(work: Work, variant_ids: Sequence[UUID]) -> list[UUID]:
    """Variants among these whose stock is counted, in the order in which they are locked."""
    return [row.id for row in work.rows(_COUNTED, variant_ids=list(variant_ids))]


def change_stock(work: Work, variant_id: UUID, store_id: UUID, change_milli: int) -> int:
    """Adds to what is on hand of a variant, whose row stays locked; what is there now."""
    row = work.row(_TAKE, variant_id=variant_id, store_id=store_id, change=change_milli)
    assert row is not None, "it writes one row"
    left: int = row.on_hand_milli
    return left


def stock(work: Work, variant_ids: Sequence[UUID]) -> list[Row]:
    """What is on hand of these variants, by variant and place."""
    return work.rows(_STOCK, variant_ids=list(variant_ids))
