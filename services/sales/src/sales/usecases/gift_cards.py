"""Gift cards: money paid ahead. Whoever spends locks the card, after the order, the invoice and the payment.

A code is drawn from the card's id with the secret of this installation, and kept as a hash alone: asking again for the
same card within minutes gives the same code, and nobody can read one in the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import Conflict, NotFound, PermissionDenied, Violation, invalid_field
from chassis.ids import uuid7
from chassis.jobs import set_timer
from chassis.work import Row, Work

from sales.events import gift_card_event
from sales.pricing.amounts import part_of
from sales.queries import company
from sales.queries import gift_cards as queries
from sales.queries import loyalty as ledger
from sales.records import GIFT_CARD, GIFT_CARDS, ORDER, ORDERS
from sales.usecases.prices import today
from sales.usecases.states import GIFT_CARD as GIFT_CARD_STEPS

TIMER = "gift_card"
"""Lets a card expire."""
AGAIN_S = 600
"""Seconds in which whoever issued a card may ask for its code again."""
REVIVED_DAYS = 365
"""Days for which a card can be spent again that had expired when a refund came back to it."""
CODE_BYTES = 10
LAST_DIGITS = 4
FREELY = "sales.admin"
"""Scope of who may issue a card that nobody has paid for."""


class Codes:
    """Codes of cards: 16 letters and digits, 80 bits. `secret` is that of the installation."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def of(self, tenant_id: UUID, card_id: UUID) -> str:
        """The code of a card, in groups of four."""
        drawn = hmac.digest(self._secret, b"gift card" + tenant_id.bytes + card_id.bytes, "sha256")
        code = base64.b32encode(drawn[:CODE_BYTES]).decode()
        return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def hashed(code: str) -> str:
    """A code as it is kept; how it was typed does not count."""
    plain = "".join(one for one in code.upper() if one.isalnum()).replace("0", "O").replace("1", "I").replace("8", "B")
    return hashlib.sha256(plain.encode()).hexdigest()


def issue(work: Work, card_id: UUID, code: str, given: Mapping[str, Any]) -> Row:
    """A new card; the one that is there where this id was sent before.

    Raises Conflict where its order has not paid for it, PermissionDenied where nobody has and the caller may not give.
    """
    known = GIFT_CARDS.get(work, card_id, lock=True)
    if known is not None:
        young = work.now - known.created_at < timedelta(seconds=AGAIN_S)
        if known.created_by == work.caller.actor_id and young and _same(known, given):
            return known
        raise Conflict("This card is issued. Its code is shown once.", reason="ALREADY_ISSUED")
    if given["expires_on"] is not None and given["expires_on"] < today(work):
        raise invalid_field("expires_on", "give a day that is still to come", reason="EXPIRED")
    if given["order_id"] is not None:
        _check_paid(work, given)
    elif FREELY not in work.caller.scopes:
        raise PermissionDenied(
            "Name the order in which the card was sold. Giving one away takes sales.admin.", reason="MISSING_SCOPE"
        )
    elif not given["reason"]:
        raise invalid_field("reason", "say why it is given, or name the order that paid for it", reason="REQUIRED")
    return put(work, card_id, code, given)


def put(work: Work, card_id: UUID, code: str, given: Mapping[str, Any]) -> Row:
    """A new card of what was paid for it, or is given away; that it may be is for the caller to know."""
    amount = given["issued_amount_minor"]
    values = {
        **given,
        "code_hash": hashed(code),
        "last_digits": code[-LAST_DIGITS:],
        "status": "active",
        "balance_amount_minor": amount,
    }
    row = GIFT_CARDS.insert(work, card_id, values)
    _post(work, row, "issue", row.id, amount, "sold" if row.order_id else "given", "card", order_id=row.order_id)
    work.record(gift_card_event("issued", row, amount=amount, order_id=row.order_id))
    _wind(work, row)
    return row


def found(work: Work, code: str) -> Row:
    """The card of a code. Raises NotFound."""
    card_id = queries.of_code(work, hashed(code))
    row = None if card_id is None else GIFT_CARDS.get(work, card_id)
    if row is None:
        raise NotFound("There is no gift card of this code. Type it again.", reason="GIFT_CARD_NOT_FOUND")
    return row


def locked(work: Work, card_id: UUID) -> Row:
    """A card, locked. Raises NotFound."""
    row = GIFT_CARDS.get(work, card_id, lock=True)
    if row is None:
        raise GIFT_CARD.not_found(card_id)
    return row


def redeem(work: Work, card: Row, amount: int, payment_id: UUID, order_id: UUID | None) -> Row:
    """Spends from a locked card, once a payment. Raises Conflict where it is blocked, is over or holds too little."""
    if ledger.posted(work, "redeem", payment_id):
        return card
    GIFT_CARD_STEPS.after("pay", card.status)
    if card.expires_on is not None and card.expires_on < today(work):
        raise Conflict(f"This card could be spent until {card.expires_on}.", reason="GIFT_CARD_EXPIRED")
    left = card.balance_amount_minor
    if amount > left or not left:
        raise Conflict(
            f"{left} minor units are left on this card. Take at most that from it.",
            reason="NOT_ENOUGH_ON_CARD",
            violations=[Violation("amount", f"at most {left}", "NOT_ENOUGH_ON_CARD")],
            metadata={"balance_minor": str(left)},
        )
    written = GIFT_CARDS.update(work, card.id, {"balance_amount_minor": left - amount})
    _post(work, written, "redeem", payment_id, amount, "card", "redeemed", order_id=order_id)
    work.record(gift_card_event("redeemed", written, amount=amount, order_id=order_id))
    return written


def restore(work: Work, payment: Row, refund: Row) -> None:
    """Puts a refund back on the card that paid. One that has expired can be spent again for a year."""
    spent = ledger.posted(work, "redeem", payment.id)
    if spent is None or ledger.posted(work, "restore", refund.id):
        return
    card = locked(work, spent.holder_id)
    amount = refund.amount_minor
    values: dict[str, Any] = {"balance_amount_minor": card.balance_amount_minor + amount}
    if card.expires_on is not None and card.expires_on < today(work):
        values |= {"expires_on": today(work) + timedelta(days=REVIVED_DAYS)}
        values |= {} if card.status == "blocked" else {"status": "active"}
    written = GIFT_CARDS.update(work, card.id, values)
    _post(work, written, "restore", refund.id, amount, "redeemed", "card", order_id=payment.order_id)
    work.record(gift_card_event("restored", written, amount=amount, order_id=payment.order_id))
    _wind(work, written)


def move(work: Work, card: Row, verb: str) -> Row:
    """Blocks a locked card, or lets it be spent again."""
    status = GIFT_CARD_STEPS.after(verb, card.status)
    written = GIFT_CARDS.update(work, card.id, {"status": status})
    work.record(gift_card_event(f"{verb}ed", written))
    return written


def void(work: Work, card: Row) -> Row:
    """Ends a locked card that nobody has spent from: it came back, and its money with it."""
    written = GIFT_CARDS.update(work, card.id, {"status": "void", "balance_amount_minor": 0})
    amount = card.balance_amount_minor
    _post(work, written, "reverse", card.id, amount, "card", "sold", order_id=card.order_id)
    work.record(gift_card_event("voided", written, amount=amount, order_id=card.order_id))
    return written


def expire(work: Work, card_id: UUID) -> None:
    """Lets what is left on a card lapse once its last day is over; told again it changes nothing."""
    card = GIFT_CARDS.get(work, card_id, lock=True)
    if card is None or card.status in ("expired", "void") or card.expires_on is None or card.expires_on >= today(work):
        return
    left = card.balance_amount_minor
    values = {"balance_amount_minor": 0} | ({} if card.status == "blocked" else {"status": "expired"})
    written = GIFT_CARDS.update(work, card.id, values)
    if left:
        _post(work, written, "expire", card.id, left, "card", "expired", step=written.version)
    work.record(gift_card_event("expired", written, amount=left))


def _check_paid(work: Work, given: Mapping[str, Any]) -> None:
    """Cards of an order are worth what its lines of gift cards cost, and no more."""
    order = ORDERS.get(work, given["order_id"], lock=True)
    if order is None:
        raise ORDER.not_found(given["order_id"])
    if order.currency_code != given["currency_code"]:
        raise invalid_field("amount.currency_code", f"this order is in {order.currency_code}", reason="OTHER_CURRENCY")
    if order.paid_amount_minor - order.refunded_amount_minor < order.gross_amount_minor:
        raise Conflict("This order is not paid. Take the money first.", reason="ORDER_NOT_PAID")
    bought = 0
    for line in queries.card_lines(work, order.id):
        bought += line.gross_minor - part_of(line.gross_minor, 0, line.returned_milli, line.quantity_milli)
    left = bought - queries.issued_for(work, order.id)
    if given["issued_amount_minor"] > left:
        raise Conflict(
            f"{max(left, 0)} minor units of gift cards are paid in this order and not issued. Sell gift cards as a"
            " product of that kind.",
            reason="MORE_THAN_BOUGHT",
            metadata={"left_minor": str(max(left, 0))},
        )


def _same(row: Row, given: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in given.items())


def _wind(work: Work, card: Row) -> None:
    if card.expires_on is not None:
        zone = ZoneInfo(company.company(work).time_zone)
        at = datetime.combine(card.expires_on + timedelta(days=1), time(0, 1), zone)
        set_timer(work, TIMER, card.id, at)


def _post(
    work: Work, card: Row, kind: str, source_id: UUID, amount: int, source: str, target: str, *,
    order_id: UUID | None = None, step: int = 0,
) -> None:  # fmt: skip
    month: date = today(work).replace(day=1)
    ledger.post(
        work,
        uuid7(),
        holder_id=card.id,
        unit=card.currency_code,
        kind=kind,
        source_id=source_id,
        step=step,
        order_id=order_id,
        reason=card.reason if kind == "issue" else "",
        month=month,
        moves={(source, target): amount},
    )
