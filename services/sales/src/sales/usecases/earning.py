"""What orders earn: points once they are paid, and back again, exactly in proportion, with what comes back of them.

An order earns by its lines: what was paid for a line, without what was paid in points, times the rate of the programme,
of the product and of the member's tier, rounded once a line. Units that come back take their part of their line's
points; money that is given back beside them takes its part of the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.work import Row, Work

from sales.pricing.amounts import digits, part_of, rounded
from sales.queries import earnings
from sales.queries import loyalty as queries
from sales.queries.billing import PAYMENTS
from sales.queries.orders import ORDER_LINES
from sales.usecases import points
from sales.usecases.points import Source

EARNS_NOTHING = "gift_card"
"""Kind of product that earns when it is spent, not when it is bought."""


def follow(work: Work, order: Row) -> None:
    """Brings the points of a locked order to what it was paid and gave back. Told again it changes nothing."""
    if order.paid_amount_minor < order.gross_amount_minor or not order.gross_amount_minor:
        return
    known = earnings.order_points(work, order.id)
    if known is None:
        known = _earned(work, order)
    if known is None or not known.points:
        return
    target = max(_to_reverse(work, order, known), known.reversed_points)
    if target > known.reversed_points:
        member = points.locked(work, known.member_id)
        source = Source(order.id, order.version, order.id)
        points.reverse(work, member, target - known.reversed_points, source)
        earnings.note_reversed(work, order.id, target)


def member_of(work: Work, order: Row) -> UUID | None:
    """The member who buys: the one whose card was shown, or the customer."""
    if not (order.loyalty_member_id or order.contact_id or order.account_id):
        return None
    return queries.member_of(
        work, member_id=order.loyalty_member_id, contact_id=order.contact_id, account_id=order.account_id
    )


def points_of_line(
    program: Row, gross_minor: int, *, paid_minor: int, order_minor: int, percent: int, tier_percent: int
) -> int:
    """Points of a line of so much, in an order of which so much was paid otherwise than in points."""
    top = gross_minor * paid_minor * program.earn_milli * percent * tier_percent
    bottom = order_minor * 1_000 * 100 * 100 * 10 ** digits(program.currency_code)
    return rounded(top, bottom) if program.rounding == "nearest" else top // bottom


def percent_of(rules: Sequence[Mapping[str, Any]], line: Row, kind: Row | None) -> int:
    """What a line earns, in per cent of others; the first rule that fits decides."""
    if kind is not None and kind.kind == EARNS_NOTHING:
        return 0
    branches = set() if kind is None else {*kind.path, str(kind.category_id or "")}
    for rule in rules:
        if rule.get("product_id") == str(line.product_id) or rule.get("category_id") in branches - {""}:
            return int(rule.get("percent", 0))
    return 100


def _earned(work: Work, order: Row) -> Row | None:
    program = queries.program(work)
    if not program.active or not program.earn_milli or program.currency_code != order.currency_code:
        return None
    member_id = member_of(work, order)
    if member_id is None:
        return None
    member = points.locked(work, member_id)
    if member.status != "active":
        return None
    tiers = {one.id: one.earn_percent for one in queries.tiers(work)}
    by_points = sum(
        one.amount_minor
        for one in PAYMENTS.by(work, "order_id", order.id)
        if one.method == "points" and one.status == "captured"
    )
    kinds = earnings.kinds_of_lines(work, order.id)
    by_line = {
        line.id: points_of_line(
            program,
            line.gross_minor,
            paid_minor=max(order.gross_amount_minor - by_points, 0),
            order_minor=order.gross_amount_minor,
            percent=percent_of(program.earn_rules, line, kinds.get(line.id)),
            tier_percent=tiers.get(member.tier_id, 100),
        )
        for line in ORDER_LINES.of(work, [order.id])[order.id]
    }
    total = sum(by_line.values())
    earnings.add_order_points(work, order.id, member.id, total, by_line)
    if total:
        points.earn(work, member, total, Source(order.id, 0, order.id))
    return earnings.order_points(work, order.id)


def _to_reverse(work: Work, order: Row, known: Row) -> int:
    back = value = 0
    for line in ORDER_LINES.of(work, [order.id])[order.id]:
        earned = known.line_points.get(str(line.id), 0)
        back += part_of(earned, 0, line.returned_milli, line.quantity_milli)
        value += part_of(line.gross_minor, 0, line.returned_milli, line.quantity_milli)
    left = order.gross_amount_minor - value
    beside = min(max(order.refunded_amount_minor - value, 0), left)
    return back + (rounded((known.points - back) * beside, left) if left else 0)
