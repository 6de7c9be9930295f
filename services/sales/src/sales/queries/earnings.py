"""Statements on the points that an order earned, and what of them was taken back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_ORDER_POINTS = text(
    "SELECT member_id, points, line_points, reversed_points FROM order_points"
    " WHERE tenant_id = %(tenant_id)s AND order_id = %(order_id)s",
    "tenant_id",
)
_ADD_ORDER_POINTS = text(
    """
    INSERT INTO order_points (tenant_id, order_id, member_id, points, line_points, reversed_points)
    VALUES (%(tenant_id)s, %(order_id)s, %(member_id)s, %(points)s, %(line_points)s, 0)
    """,
    "tenant_id",
)
_REVERSED = text(
    """
    UPDATE order_points SET reversed_points = %(points)s
     WHERE tenant_id = %(tenant_id)s AND order_id = %(order_id)s
    """,
    "tenant_id",
)
_KINDS = text(
    """
    SELECT line.id, product.kind, product.category_id, coalesce(category.path, '[]') AS path
      FROM order_line AS line
      JOIN product ON product.tenant_id = line.tenant_id AND product.id = line.product_id
      LEFT JOIN product_category AS category
        ON category.tenant_id = product.tenant_id AND category.id = product.category_id
     WHERE line.tenant_id = %(tenant_id)s AND line.order_id = %(order_id)s
    """,
    "tenant_id",
)


def order_points(work: Work, order_id: UUID) -> Row | None:
    """What an order earned."""
    return work.row(_ORDER_POINTS, order_id=order_id)


def add_order_points(work: Work, order_id: UUID, member_id: UUID, points: int, line_points: Mapping[UUID, int]) -> None:
    """Notes what a locked order earned."""
    told = {str(line_id): count for line_id, count in line_points.items()}
    work.execute(_ADD_ORDER_POINTS, order_id=order_id, member_id=member_id, points=points, line_points=told)


def note_reversed(work: Work, order_id: UUID, points: int) -> None:
    """Notes what of it was taken back, in all."""
    work.execute(_REVERSED, order_id=order_id, points=points)


def kinds_of_lines(work: Work, order_id: UUID) -> dict[UUID, Row]:
    """Kind of product and categories by line of an order."""
    return {row.id: row for row in work.rows(_KINDS, order_id=order_id)}
