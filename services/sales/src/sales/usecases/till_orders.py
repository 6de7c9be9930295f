"""What a till has sold becomes an order that is paid and handed over, with a receipt; each sale once and in order.

The session is locked first, its register after it, so that a Z report stands before a sale or after it. Then come
coupons and stock in the order of ids, the order, its payments, and last the register's sequence. A sale that was made
is a fact: what is wrong with it is a flag of its receipt. Only one that is asked to be `strict` is refused for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.envelope import Event
from chassis.errors import Conflict, FailedPrecondition, InvalidArgument, NotFound, invalid_field
from chassis.work import Row, Work

from sales.events import order_event, till_receipt_event
from sales.pricing.discounts import Discount
from sales.queries import company, earnings, till_receipts
from sales.queries import orders as order_queries
from sales.queries import tills as queries
from sales.queries.orders import ORDER_LINES
from sales.records import MEMBERS, ORDERS
from sales.references import Customers
from sales.usecases import numbering, orders, showings, sold_cards, till_grants, till_tenders
from sales.usecases.agreement import APPROVE, check_breaches
from sales.usecases.gift_cards import Codes
from sales.usecases.sold_cards import Told
from sales.usecases.states import payment_status
from sales.usecases.till_prices import COUPON_NOT_VALID, SoldLine, SoldLines, as_sold, check_sums
from sales.usecases.till_sync import buyer_at
from sales.usecases.till_tenders import Shown, Tender

Values = dict[str, Any]
STOCK_NEGATIVE, DISCOUNT_NOT_AGREED, CLOCK_OFF = "stock_negative", "discount_not_agreed", "clock_off"
SESSION_CLOSED, CUSTOMER_UNKNOWN, RATE_MISSING = "session_closed", "customer_unknown", "rate_missing"
SELLING = ("open", "closing")


@dataclass(frozen=True, slots=True)
class Sale:
    """What a till has sold, as it says it. `digest` is of everything that does not change from try to try."""

    id: UUID
    session_id: UUID
    sequence: int
    said_at: datetime
    age: timedelta
    sold_by: UUID | None
    shown: Shown
    lines: Sequence[SoldLine]
    suggested: frozenset[UUID]
    coupon_codes: Sequence[str]
    discount: Discount
    tenders: Sequence[Tender]
    grant: str
    strict: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What tills are judged by, beside the company's own settings, and what codes of gift cards are made with."""

    customers: Customers
    clock_tolerance: timedelta
    codes: Codes


@dataclass(frozen=True, slots=True)
class Kept:
    """The receipt of a sale, the number of the last one at its register, and the gift cards that it sold."""

    receipt: Row
    last_sequence: int
    cards: Sequence[Told] = ()


@dataclass(frozen=True, slots=True)
class _Moment:
    """When a sale was made, by the server's clock, and what was wrong with the till's."""

    at: datetime
    flags: Sequence[str]


def post(work: Work, rules: Rules, register_id: UUID, sale: Sale) -> Kept:
    """Keeps a sale; its receipt, which is the one that is there where it was sent before, and the cards it sold.

    Raises Conflict where another stands in its place or one before it is missing, FailedPrecondition without a session,
    InvalidArgument where it does not add up; where it is strict, also what it would have been flagged for.
    """
    named, session, register = lock(work, register_id, sale.session_id)
    known = till_receipts.known(work, sale.id)
    if known is not None:
        return Kept(same(known, sale.digest), register.last_sequence, sold_cards.told(work, rules.codes, known))
    check_turn(register, sale.sequence)
    if session is None:
        raise FailedPrecondition(
            "The session of this sale is closed. Open a new one at this register: it takes the sale in.",
            reason="SESSION_CLOSED",
        )
    check_sums(sale.lines)
    moment = _moment(work, rules, named, sale)
    day = moment.at.astimezone(ZoneInfo(register.time_zone)).date()
    buyer = buyer_at(work, register, on=day)
    sold = as_sold(work, buyer, sale.lines, sale.discount, sale.coupon_codes, strict=sale.strict)
    till_tenders.check(sale.tenders, sold.totals["gross_amount_minor"])
    agreed_by, unagreed = _agreed(work, register_id, sale, sold)
    flags = [*sold.flags, *moment.flags, *unagreed, *_strangers(work, rules, sale)]
    if session.id != named.id:
        flags.append(SESSION_CLOSED)
    flags += [one for one in _check_coupons(work, sale, sold) if one not in flags]
    flags += _take_from_stock(work, register.store_id, sold, strict=sale.strict)
    order, more, paid = _place(work, register, sale, sold, moment)
    showings.record(work, "order", order, sale.suggested, (one.suggestion_id for one in sale.lines))
    sold_cards.issue(work, rules.codes, order, sold.lines, sold.gift_cards)
    row = till_receipts.add(
        work,
        {
            "register_id": register_id,
            "sequence": sale.sequence,
            "id": sale.id,
            "session_id": session.id,
            "kind": "sale",
            "order_id": order.id,
            "return_id": None,
            "sold_at": moment.at,
            "till_said_at": sale.said_at,
            "received_at": work.now,
            "sold_by": sale.sold_by or work.caller.actor_id,
            "agreed_by": agreed_by,
            "currency_code": register.currency_code,
            "gross_minor": sold.totals["gross_amount_minor"],
            "discount_minor": sold.totals["rule_amount_minor"] + sold.totals["discount_amount_minor"],
            "taxes": taxes_of(sold.lines),
            "payments": paid,
            "flags": [*flags, *more],
            "priced_gross_minor": sold.priced_gross_minor,
            "differences": list(sold.differences),
            "card_number": sale.shown.card_number,
            "points": _points(work, order, sale),
            "digest": sale.digest,
        },
    )
    work.record(posted(row, register))
    return Kept(row, sale.sequence, sold_cards.told(work, rules.codes, row) if sold.gift_cards else ())


def lock(work: Work, register_id: UUID, session_id: UUID) -> tuple[Row, Row | None, Row]:
    """The session that is named, the one that takes in what is sold (None where none does), and the register, all
    locked. Raises NotFound where the register or its session is not there."""
    named = queries.lock_session(work, session_id)
    if named is None or named.register_id != register_id:
        if queries.register(work, register_id) is None:
            raise NotFound(f"There is no register {register_id} that you may see.", reason="REGISTER_NOT_FOUND")
        raise invalid_field("session_id", "there is no such session at this register", reason="SESSION_NOT_FOUND")
    session: Row | None = named
    if named.status not in SELLING:
        other = queries.session_of(work, register_id) if named.status == "closed" else None
        session = None if other is None else queries.lock_session(work, other.id)
        session = session if session is not None and session.status in SELLING else None
    register = queries.register(work, register_id, lock=True)
    assert register is not None, "a session names its register, and registers are never deleted for good"
    return named, session, register


def same(known: Row, digest: str) -> Row:
    """A receipt that is there, where it is of the same sale. Raises Conflict where it is of another."""
    if known.digest != digest:
        raise Conflict("Another sale has this id. Give this one an id of its own.", reason="ID_TAKEN")
    return known


def check_turn(register: Row, sequence: int) -> None:
    """Raises Conflict where it is not this one's turn, naming whose it is."""
    expected = register.last_sequence + 1
    if sequence == expected:
        return
    why = "one before it is missing" if sequence > expected else "another sale has this place"
    raise Conflict(
        f"This is number {sequence}, but {expected} is expected: {why}.",
        reason="SEQUENCE_GAP" if sequence > expected else "SEQUENCE_TAKEN",
        metadata={"expected": str(expected)},
    )


def taxes_of(lines: Sequence[Values]) -> list[Values]:
    """Tax by rate, as receipts keep it."""
    rates: dict[int, Values] = {}
    for line in lines:
        rate = line["tax_rate_basis_points"]
        one = rates.setdefault(rate, {"rate_basis_points": rate, "net_minor": 0, "tax_minor": 0})
        one["net_minor"] += line["net_minor"]
        one["tax_minor"] += line["tax_minor"]
    return list(rates.values())


def posted(row: Row, register: Row) -> Event:
    """The event of a new receipt."""
    return till_receipt_event("posted", row, register.store_id)


def _moment(work: Work, rules: Rules, session: Row, sale: Sale) -> _Moment:
    """The server's clock less the age of the sale; not before the session was opened."""
    counted = work.now - sale.age
    at = max(counted, session.opened_at)
    off = max(abs(counted - sale.said_at), at - counted)
    return _Moment(at, [CLOCK_OFF] if off > rules.clock_tolerance else [])


def _agreed(work: Work, register_id: UUID, sale: Sale, sold: SoldLines) -> tuple[UUID | None, Sequence[str]]:
    """Who agreed to prices beyond the policy, and the flag where nobody did."""
    breaches = sold.totals["breaches"]
    if not breaches:
        return None, ()
    if sale.grant and (granted := till_grants.granted_by(work, register_id, sale.id, sale.grant)) is not None:
        return granted, ()
    if sale.strict:
        check_breaches(work, breaches)
    if APPROVE in work.caller.scopes:
        return work.caller.actor_id, ()
    return None, [DISCOUNT_NOT_AGREED]


def _strangers(work: Work, rules: Rules, sale: Sale) -> Sequence[str]:
    shown = sale.shown
    for kind, one in (("account", shown.account_id), ("contact", shown.contact_id)):
        if one is not None and rules.customers.unknown(work, kind, {one}):
            if sale.strict:
                raise invalid_field(f"{kind}_id", "there is no such customer", reason="CUSTOMER_NOT_FOUND")
            return [CUSTOMER_UNKNOWN]
    return ()


def _check_coupons(work: Work, sale: Sale, sold: SoldLines) -> Sequence[str]:
    """Locks the coupons that were taken, and says where one was used up by this customer."""
    left = True
    customer_id = sale.shown.contact_id or sale.shown.account_id
    for one in sorted(sold.totals["coupons"], key=lambda coupon: str(coupon["id"])):
        left = order_queries.coupon_left(work, UUID(one["id"]), customer_id) and left
    if sale.strict and not left:
        raise orders.coupon_used_up()
    return () if left else [COUPON_NOT_VALID]


def _take_from_stock(work: Work, store_id: UUID, sold: SoldLines, *, strict: bool) -> Sequence[str]:
    wanted: dict[UUID, int] = {}
    for line in sold.lines:
        variant_id = line["product_variant_id"]
        wanted[variant_id] = wanted.get(variant_id, 0) + line["quantity_milli"]
    short: Sequence[str] = ()
    for variant_id in order_queries.counted(work, list(wanted)):
        left = order_queries.change_stock(work, variant_id, store_id, -wanted[variant_id])
        if left < 0:
            short = [STOCK_NEGATIVE]
            if strict and not company.company(work).backorders:
                name = next(one["name"] for one in sold.lines if one["product_variant_id"] == variant_id)
                there = max(left + wanted[variant_id], 0)
                raise Conflict(f"{name}: {there / 1000:g} on hand. Sell less of it.", reason="OUT_OF_STOCK")
    return short


def _place(
    work: Work, register: Row, sale: Sale, sold: SoldLines, moment: _Moment
) -> tuple[Row, Sequence[str], list[Values]]:
    """The order of a sale, paid and handed over, flags of it, and what its receipt says of payments."""
    gross, net = sold.totals["gross_amount_minor"], sold.totals["net_amount_minor"]
    flags: Sequence[str] = ()
    day = moment.at.astimezone(ZoneInfo(register.time_zone)).date()
    try:
        home = orders.at_home(work, net, register.currency_code)
    except InvalidArgument:
        flags = [RATE_MISSING]
        home = {"home_amount_currency": register.currency_code, "home_amount_minor": net}
    values = (
        orders.NEW
        | sold.totals
        | home
        | {
            "status": "confirmed",
            "payment_status": payment_status(gross, 0, 0),
            "channel": register.channel,
            "store_id": register.store_id,
            "currency_code": register.currency_code,
            "account_id": sale.shown.account_id,
            "contact_id": sale.shown.contact_id,
            "loyalty_member_id": till_tenders.holder(work, sale.shown),
            "coupon_codes": [one.strip().upper() for one in sale.coupon_codes],
            "document_discount_basis_points": sale.discount.basis_points,
            "document_discount_minor": sale.discount.amount,
            "owner_id": sale.sold_by or (work.caller.actor_id if work.caller.actor_type == "user" else None),
            "team_id": next(iter(work.caller.team_ids), None),
            "ordered_on": day,
            "placed_at": moment.at,
            "number": numbering.take(work, "order", day),
        }
    )
    row = ORDERS.insert(work, sale.id, values)
    lines = [
        line | orders.UNTOUCHED | {"order_id": row.id, "position": position} for position, line in enumerate(sold.lines)
    ]
    ORDER_LINES.add(work, lines)
    work.record_all([order_event("placed", row, orders.lines_of(work, row)), order_event("confirmed", row)])
    for coupon in sold.totals["coupons"]:
        order_queries.redeem(work, UUID(coupon["id"]), row.id, row.contact_id or row.account_id)
    row = orders.fulfil(work, row, {}, sale.id)
    return row, flags, till_tenders.pay(work, row, sale.tenders, sale.shown)


def _points(work: Work, order: Row, sale: Sale) -> Values:
    """What the sale did to points, as its receipt keeps it; empty where no member bought."""
    spent = sum(one.points for one in sale.tenders)
    earned = earnings.order_points(work, order.id)
    member_id = earned.member_id if earned is not None else order.loyalty_member_id
    member = None if member_id is None else MEMBERS.get(work, member_id)
    if member is None:
        return {}
    return {
        "member_id": str(member.id),
        "earned": 0 if earned is None else earned.points,
        "spent": spent,
        "available": member.available_points,
        "pending": member.pending_points,
    }
