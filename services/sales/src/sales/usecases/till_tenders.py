"""How a sale at a till was paid: in cash and by terminal as it says, in points and from gift cards as far as they go.

Cash that was taken is a fact. Points and gift cards are held by the server: where they do not cover their part, the
sale is refused. Gift cards are locked in the order of their codes, members after them, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.errors import NotFound, invalid_field
from chassis.work import Row, Work

from sales.queries import loyalty
from sales.usecases import gift_cards, members, payments, sold_cards, tenders

Values = dict[str, Any]
POINTS, GIFT_CARD, CASH = "points", "gift_card", "cash"
_FIRST = {GIFT_CARD: 0, POINTS: 1}


@dataclass(frozen=True, slots=True)
class Tender:
    """A way in which a part was paid. `points` and `code` are set where the method is that."""

    id: UUID
    method: str
    amount_minor: int
    tendered_minor: int
    reference: str
    points: int = 0
    code: str = ""

    @property
    def kept(self) -> Values:
        """What the receipt says of it."""
        return {"method": self.method, "amount_minor": self.amount_minor, "tendered_minor": self.tendered_minor}


@dataclass(frozen=True, slots=True)
class Shown:
    """By what a customer was known at the till; none of it is a customer whom nobody knows."""

    card_number: str
    phone: str
    contact_id: UUID | None
    account_id: UUID | None

    @property
    def has_number(self) -> bool:
        """A card was shown, or a phone number was said."""
        return bool(self.card_number or self.phone)


def holder(work: Work, shown: Shown) -> UUID | None:
    """The member of the card that was shown, or of the phone number where none was; a card is never read as a phone."""
    if shown.card_number:
        return loyalty.member_of(work, card_number=members.card_key(shown.card_number))
    phone = members.phone_key(work, shown.phone) if shown.phone else None
    return loyalty.member_of(work, phone=phone) if phone else None


def check(given: Sequence[Tender], due: int) -> None:
    """Raises InvalidArgument where what was paid is not what is due, or a part of it cannot be."""
    paid = sum(one.amount_minor for one in given)
    if paid != due:
        raise invalid_field("payments", f"{paid} was paid of {due} minor units", reason="NOT_PAID")
    for index, one in enumerate(given):
        field = f"payments[{index}]"
        if one.tendered_minor and (one.method != CASH or one.tendered_minor < one.amount_minor):
            raise invalid_field(f"{field}.tendered_minor", "only cash has change, and no less is handed over than paid")
        if (one.method == POINTS) != (one.points > 0):
            raise invalid_field(f"{field}.points", "say how many points pay it, and only there", reason="REQUIRED")
        if (one.method == GIFT_CARD) != bool(one.code):
            raise invalid_field(f"{field}.gift_card_code", "give the code of the gift card, and only there")


def pay(work: Work, order: Row, given: Sequence[Tender], shown: Shown) -> list[Values]:
    """Pays a new order; what its receipt says of that. Raises Conflict or InvalidArgument where points or a card do not
    cover their part."""
    said: dict[UUID, Values] = {}
    for one in sorted(given, key=lambda one: (_FIRST.get(one.method, len(_FIRST)), one.code)):
        # Not read again: who sends a sale may not see the orders of who sold it.
        owed = payments.Debt(order, None)
        at = f"payments[{given.index(one)}]"
        if one.method == POINTS:
            _by_points(work, owed, one, shown, at)
        elif one.method == GIFT_CARD:
            said[one.id] = _by_gift_card(work, owed, one, at)
        else:
            payment = payments.begin(
                work, owed, one.id, method=one.method, amount=one.amount_minor, reference=one.reference
            )
            payments.capture(work, owed, payment)
        order = order._replace(paid_amount_minor=order.paid_amount_minor + one.amount_minor)
    return [one.kept | said.get(one.id, {}) for one in given]


def _by_points(work: Work, owed: payments.Debt, one: Tender, shown: Shown, at: str) -> None:
    member_id = holder(work, shown)
    if member_id is None and not shown.has_number and (shown.contact_id or shown.account_id):
        member_id = loyalty.member_of(work, contact_id=shown.contact_id, account_id=shown.account_id)
    if member_id is None:
        raise invalid_field(f"{at}.points", "find the member whose points pay it first", reason="MEMBER_NOT_FOUND")
    worth = one.points * loyalty.program(work).point_value_minor
    if worth and worth != one.amount_minor:
        raise invalid_field(f"{at}.points", f"so many points are worth {worth} minor units", reason="POINTS_DIFFER")
    tenders.pay_with_points(work, owed, one.id, member_id, one.points)


def _by_gift_card(work: Work, owed: payments.Debt, one: Tender, at: str) -> Values:
    try:
        card = gift_cards.found(work, one.code)
    except NotFound as error:
        raise invalid_field(
            f"{at}.gift_card_code", "there is no gift card of this code", reason=error.reason
        ) from error
    tenders.pay_with_gift_card(work, owed, one.id, one.code, one.amount_minor)
    return sold_cards.last(gift_cards.locked(work, card.id))
