"""Payments in points and from gift cards, and their way back: a refund goes where its payment came from."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import Conflict, invalid_field
from chassis.work import Row, Work

from sales.pricing.amounts import part_of
from sales.queries import loyalty as queries
from sales.usecases import gift_cards, payments, points
from sales.usecases.payments import Debt
from sales.usecases.points import Source


def pay_with_points(work: Work, owed: Debt, payment_id: UUID, member_id: UUID, count: int = 0) -> Row:
    """Pays a locked debt with points of a member, as many as there are and are needed where no count is given.

    The same id pays once. Raises Conflict where there are too few, or where points cannot be spent.
    """
    program = queries.program(work)
    value = program.point_value_minor
    if not program.active or not value:
        raise Conflict("Points cannot be spent. Say what a point is worth in Settings > Loyalty.", reason="NO_PROGRAM")
    if program.currency_code != owed.currency:
        raise invalid_field("order_id", f"points are worth {program.currency_code}", reason="OTHER_CURRENCY")
    if queries.posted(work, "redeem", payment_id) is None:
        member = points.locked(work, member_id)
        count = count or min(member.available_points, max(owed.due(work), 0) // value)
        if not count:
            raise Conflict("There are no points to pay with, or nothing is to be paid.", reason="NOT_ENOUGH_POINTS")
    payment = payments.begin(work, owed, payment_id, method="points", amount=count * value)
    if payment.status == "pending":
        points.redeem(work, member, count, Source(payment.id, 0, payment.order_id))
    return payments.capture(work, owed, payment)


def pay_with_gift_card(work: Work, owed: Debt, payment_id: UUID, code: str, amount: int | None = None) -> Row:
    """Pays a locked debt from a card, as much as is left and due where no amount is given. The same id pays once.

    Raises NotFound where there is no such card, Conflict where it holds too little or cannot be spent.
    """
    card = gift_cards.locked(work, gift_cards.found(work, code).id)
    if card.currency_code != owed.currency:
        raise invalid_field("code", f"this card is worth {card.currency_code}", reason="OTHER_CURRENCY")
    if amount is None and queries.posted(work, "redeem", payment_id) is None:
        amount = min(card.balance_amount_minor, owed.due(work)) or card.balance_amount_minor
    payment = payments.begin(
        work, owed, payment_id, method="gift_card", amount=amount, reference=f"…{card.last_digits}"
    )
    if payment.status == "pending":
        gift_cards.redeem(work, card, payment.amount_minor, payment.id, payment.order_id)
    return payments.capture(work, owed, payment)


def give_back(work: Work, payment: Row, refund: Row) -> None:
    """Puts a refund back where its payment came from. `payment` is as it was before the refund."""
    if payment.method == "gift_card":
        gift_cards.restore(work, payment, refund)
    if payment.method == "points":
        spent = queries.posted(work, "redeem", payment.id)
        if spent is not None:
            before = payment.refunded_amount_minor
            count = part_of(spent.amount, before, before + refund.amount_minor, payment.amount_minor)
            member = points.locked(work, spent.holder_id)
            points.restore(work, member, count, Source(refund.id, 0, payment.order_id))
