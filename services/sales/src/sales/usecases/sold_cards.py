"""Gift cards that were sold: issued with the sale of a till, told to who sold them, and void where they come back.

Which cards a line sells follows from its id and its order's, so that a sale that is sent twice sells no card twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from chassis.errors import Conflict, invalid_field
from chassis.work import Row, Work

from sales.pricing.amounts import part_of
from sales.queries import gift_cards as queries
from sales.queries.billing import PAYMENTS
from sales.usecases import gift_cards
from sales.usecases.gift_cards import FREELY, Codes

Values = dict[str, Any]
MOST_A_LINE = 50
"""Cards that one line may sell."""
TOLD_FOR = timedelta(days=7)
"""How long a code is told again to a till that sends the same sale again, because the answer was lost."""
_ONE = 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """A card that was sold. `code` is empty where it is not told any more, or not to this caller."""

    card: Row
    code: str


def issue(work: Work, codes: Codes, order: Row, lines: Sequence[Values], cards: AbstractSet[UUID]) -> None:
    """Issues what the lines `cards` of an order that is paid have sold: a card for each whole one, of its part of what
    the line cost. Raises InvalidArgument where a line sells too many."""
    for index, line in enumerate(lines):
        if line["id"] not in cards:
            continue
        count = _count(line["quantity_milli"])
        if count > MOST_A_LINE:
            field = f"lines[{index}].quantity_milli"
            raise invalid_field(field, f"sell at most {MOST_A_LINE} gift cards in a line", reason="TOO_MANY")
        for number in range(count):
            amount = part_of(line["gross_minor"], number, number + 1, count)
            if amount:
                _issue_one(work, codes, order, card_id(order.id, line["id"], number), amount)


def told(work: Work, codes: Codes, receipt: Row) -> list[Told]:
    """The cards of a sale, with their codes for who sold it, while nothing was spent and the sale is young."""
    mine = work.caller.actor_id in (receipt.posted_by, receipt.sold_by) or FREELY in work.caller.scopes
    young = mine and work.now - receipt.received_at < TOLD_FOR
    return [
        Told(card, codes.of(work.tenant_id, card.id) if young and card.status == "active" and _whole(card) else "")
        for card in queries.of_order(work, receipt.order_id)
    ]


def take_back(work: Work, order: Row, returned: Iterable[UUID]) -> None:
    """Voids cards of a locked order until those that are left are worth what was bought and did not come back; those of
    the lines `returned` first. Raises Conflict where one was spent from."""
    lines = queries.card_lines(work, order.id)
    if not lines:
        return
    kept = sum(
        line.gross_minor - part_of(line.gross_minor, 0, line.returned_milli, line.quantity_milli) for line in lines
    )
    left = queries.issued_for(work, order.id) - kept
    if left <= 0:
        return
    coming = set(returned)
    named_ids = {
        card_id(order.id, line.id, at)
        for line in lines
        if line.id in coming
        for at in range(_count(line.quantity_milli))
    }
    cards = [card for card in queries.of_order(work, order.id, lock=True) if card.status != "void"]
    named = [card for card in cards if card.id in named_ids]
    for card in named or sorted(cards, key=lambda card: -card.issued_amount_minor):
        if card.issued_amount_minor <= left and _whole(card):
            gift_cards.void(work, card)
            left -= card.issued_amount_minor
    if left > 0:
        raise Conflict(
            "This gift card has been spent from, or has lapsed. Only one that is whole can be taken back.",
            reason="GIFT_CARD_SPENT",
        )


def check_refund(work: Work, payment: Row, amount: int) -> None:
    """Raises Conflict where so much given back would leave less than what is out on gift cards of the order."""
    if payment.order_id is None or not (out := queries.out_for(work, payment.order_id)):
        return
    paid = sum(
        one.amount_minor - one.refunding_minor
        for one in PAYMENTS.by(work, "order_id", payment.order_id)
        if one.status == "captured"
    )
    if paid - amount < out:
        raise Conflict(
            f"Gift cards worth {out} minor units were sold in this order. Take them back as a return, or block those"
            " that are not spent, and give the money back then.",
            reason="GIFT_CARD_OUT",
            metadata={"out_minor": str(out)},
        )


def card_id(order_id: UUID, line_id: UUID, number: int) -> UUID:
    """The id of a card that a line of an order has sold, counted from 0."""
    return uuid5(order_id, f"gift card {line_id} {number}")


def last(card: Row) -> Values:
    """What the receipt says of a card that paid."""
    return {"left_minor": card.balance_amount_minor, "gift_card_last_digits": card.last_digits}


def _issue_one(work: Work, codes: Codes, order: Row, chosen: UUID, amount: int) -> None:
    given = {
        "issued_amount_minor": amount,
        "currency_code": order.currency_code,
        "order_id": order.id,
        "contact_id": None,
        "member_id": None,
        "reason": "",
        "expires_on": None,
    }
    gift_cards.put(work, chosen, codes.of(work.tenant_id, chosen), given)


def _count(quantity_milli: int) -> int:
    """Whole cards; what is not a whole number of them is one card."""
    return quantity_milli // _ONE if quantity_milli % _ONE == 0 else 1


def _whole(card: Row) -> bool:
    return bool(card.balance_amount_minor == card.issued_amount_minor)
