"""Points of members: a ledger in double entry, and lots that are spent and expire in the order in which they expire.

A source (an order, a payment, a refund, a lot) posts one kind of movement once, however often it is told. Whoever moves
points locks the member, after the order, the invoice and the payment that they are for. Points that were spent before
the goods that earned them came back are owed: what is earned next settles them first, so no balance is below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, Violation
from chassis.ids import uuid7
from chassis.jobs import set_timer
from chassis.work import Row, Work

from sales.events import loyalty_event
from sales.queries import loyalty as queries
from sales.records import MEMBER, MEMBERS
from sales.usecases.prices import today
from sales.usecases.states import LOYALTY_MEMBER

Moves = Mapping[tuple[str, str], int]
"""Amounts by the accounts that they go from and to."""
TIMER = "loyalty_member"
"""Wakes a member when points become usable or expire, or leave the twelve months that tiers look at."""
UNIT = "points"
TIER_DAYS = 365
BALANCES = {"available": "available_points", "pending": "pending_points"}
_EVENTS = {
    "earn": "earned",
    "release": "released",
    "redeem": "redeemed",
    "restore": "restored",
    "reverse": "reversed",
    "expire": "expired",
    "adjust": "adjusted",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What moves points. `step` tells movements of one kind of the same source apart."""

    id: UUID
    step: int = 0
    order_id: UUID | None = None


def locked(work: Work, member_id: UUID) -> Row:
    """A member, locked, with what has become usable or expired by now. Raises NotFound."""
    row = MEMBERS.get(work, member_id, lock=True)
    if row is None:
        raise MEMBER.not_found(member_id)
    return _settled(work, row)


def earn(work: Work, member: Row, points: int, source: Source) -> Row:
    """Gives a locked member points; what they owe is settled first."""
    if queries.posted(work, "earn", source.id, source.step):
        return member
    program = queries.program(work)
    usable_at = work.now + timedelta(days=program.pending_days)
    return _credited(work, member, points, source, kind="earn", origin="issued", usable_at=usable_at)


def restore(work: Work, member: Row, points: int, source: Source) -> Row:
    """Gives back points that were spent, to be used at once; they expire as if they were earned now."""
    if not points or queries.posted(work, "restore", source.id, source.step):
        return member
    return _credited(work, member, points, source, kind="restore", origin="redeemed", usable_at=work.now)


def redeem(work: Work, member: Row, points: int, source: Source) -> Row:
    """Spends points of a locked member. Raises Conflict where there are not so many, or the member is not active."""
    if queries.posted(work, "redeem", source.id, source.step):
        return member
    if member.status != "active":
        raise Conflict(f"This member is {member.status}. Their points cannot be spent.", reason="MEMBER_NOT_ACTIVE")
    _check_left(member, points)
    _take(work, member, _usable(queries.lots(work, member.id)), points)
    return _posted(work, member, "redeem", source, {("available", "redeemed"): points})


def reverse(work: Work, member: Row, points: int, source: Source) -> Row:
    """Takes earned points back: those of their order first, then others, and what is spent already is owed."""
    if not points or queries.posted(work, "reverse", source.id, source.step):
        return member
    lots = queries.lots(work, member.id)
    chosen = sorted(lots, key=lambda lot: (lot.order_id != source.order_id, not lot.usable))
    taken = _take(work, member, chosen, points)
    usable = {lot.id: lot.usable for lot in lots}
    available = sum(count for lot_id, count in taken.items() if usable[lot_id])
    pending = sum(taken.values()) - available
    moves = {
        ("available", "issued"): available,
        ("pending", "issued"): pending,
        ("owed", "issued"): points - available - pending,
    }
    return _posted(work, member, "reverse", source, moves)


def adjust(work: Work, member: Row, points: int, source: Source, reason: str) -> Row:
    """Adds points to a locked member by hand, or takes them. Raises Conflict where there are not so many."""
    if queries.posted(work, "adjust", source.id, source.step):
        return member
    if member.status == "closed":
        raise Conflict("This membership is closed.", reason="MEMBER_NOT_ACTIVE")
    if points > 0:
        return _credited(
            work, member, points, source, kind="adjust", origin="adjusted", usable_at=work.now, reason=reason
        )
    _check_left(member, -points)
    _take(work, member, _usable(queries.lots(work, member.id)), -points)
    return _posted(work, member, "adjust", source, {("available", "adjusted"): -points}, reason)


def move(work: Work, member: Row, verb: str) -> Row:
    """Suspends, resumes or closes a locked member; points of a closed one lapse."""
    status = LOYALTY_MEMBER.after(verb, member.status)
    if status == "closed":
        for lot in queries.lots(work, member.id):
            member = _expired(work, member, lot)
    written = MEMBERS.update(work, member.id, {"status": status})
    work.record(loyalty_event({"suspend": "suspended", "resume": "resumed", "close": "closed"}[verb], written))
    return written


def wake(work: Work, member_id: UUID) -> None:
    """What the timer does: releases, expires, and looks at the tier again."""
    row = MEMBERS.get(work, member_id, lock=True)
    if row is not None and row.status != "closed":
        row = _settled(work, row)
        _retiered(work, row)
        _wind(work, row)


def tier_of(tiers: Sequence[Row], points: int) -> Row | None:
    """The highest tier that so many points reach."""
    reached = [one for one in tiers if one.threshold_points <= points]
    return reached[-1] if reached else None


def months_later(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or the last day of it where it has no such day."""
    month = moment.month - 1 + months
    year, month = moment.year + month // 12, month % 12 + 1
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month)


def _settled(work: Work, member: Row) -> Row:
    """Releases what can be spent by now, and lets expire what is over."""
    lots = queries.lots(work, member.id)
    due = [lot for lot in lots if not lot.usable and lot.usable_at <= work.now]
    if due:
        queries.release(work, member.id, [lot.id for lot in due])
        for lot in due:
            moves = {("pending", "available"): lot.left_points}
            member = _posted(work, member, "release", Source(lot.id, 0, lot.order_id), moves, wind=False)
    released = {lot.id for lot in due}
    for lot in lots:
        over = lot.expires_at is not None and lot.expires_at <= work.now
        if over and (lot.usable or lot.id in released):
            member = _expired(work, member, lot, usable=True)
    return member


def _expired(work: Work, member: Row, lot: Row, *, usable: bool | None = None) -> Row:
    queries.take(work, member.id, {lot.id: lot.left_points})
    account = "available" if lot.usable or usable else "pending"
    source = Source(lot.id, 0, lot.order_id)
    return _posted(work, member, "expire", source, {(account, "expired"): lot.left_points}, wind=False)


def _credited(
    work: Work, member: Row, points: int, source: Source, *, kind: str, origin: str, usable_at: datetime,
    reason: str = "",
) -> Row:  # fmt: skip
    settled = min(points, member.owed_points)
    left = points - settled
    months = queries.program(work).expiry_months
    if left:
        queries.add_lot(
            work,
            member.id,
            uuid7(),
            points=left,
            order_id=source.order_id,
            usable_at=usable_at,
            expires_at=months_later(usable_at, months) if months else None,
        )
    account = "available" if usable_at <= work.now else "pending"
    return _posted(work, member, kind, source, {(origin, "owed"): settled, (origin, account): left}, reason)


def _check_left(member: Row, points: int) -> None:
    if points > member.available_points:
        there = member.available_points
        raise Conflict(
            f"{there} points can be spent. Use at most that.",
            reason="NOT_ENOUGH_POINTS",
            violations=[Violation("points", f"at most {there}", "NOT_ENOUGH_POINTS")],
            metadata={"available_points": str(there)},
        )


def _usable(lots: Iterable[Row]) -> list[Row]:
    return [lot for lot in lots if lot.usable]


def _take(work: Work, member: Row, lots: Sequence[Row], points: int) -> dict[UUID, int]:
    """Takes points out of lots, the first first; what was taken of each, which may be less in all."""
    taken: dict[UUID, int] = {}
    for lot in lots:
        count = min(lot.left_points, points)
        if count:
            taken[lot.id] = count
            points -= count
    if taken:
        queries.take(work, member.id, taken)
    return taken


def _posted(
    work: Work, member: Row, kind: str, source: Source, moves: Moves, reason: str = "", *, wind: bool = True
) -> Row:
    """Writes a posting and the balances that follow from it, and tells of it."""
    moves = {accounts: amount for accounts, amount in moves.items() if amount}
    queries.post(
        work,
        uuid7(),
        holder_id=member.id,
        unit=UNIT,
        kind=kind,
        source_id=source.id,
        step=source.step,
        order_id=source.order_id,
        reason=reason,
        month=today(work).replace(day=1),
        moves=moves,
    )
    values: dict[str, Any] = {
        column: getattr(member, column) + change(moves, account) for account, column in BALANCES.items()
    }
    values["owed_points"] = member.owed_points - change(moves, "owed")
    written = MEMBERS.update(work, member.id, values)
    points = sum(moves.values())
    work.record(loyalty_event(_EVENTS[kind], written, points=points, order_id=source.order_id))
    if kind in ("earn", "reverse"):
        written = _retiered(work, written)
    if wind:
        _wind(work, written)
    return written


def change(moves: Moves, account: str) -> int:
    """What a posting adds to an account."""
    return sum(amount * ((target == account) - (source == account)) for (source, target), amount in moves.items())


def _retiered(work: Work, member: Row) -> Row:
    earned = queries.earned(work, member.id, _since(work))
    points = max(earned.points, 0)
    tier = tier_of(queries.tiers(work), points)
    tier_id = None if tier is None else tier.id
    if (points, tier_id) == (member.tier_points, member.tier_id):
        return member
    written = MEMBERS.update(work, member.id, {"tier_points": points, "tier_id": tier_id})
    if tier_id != member.tier_id:
        work.record(loyalty_event("tier_changed", written, from_tier_id=member.tier_id))
    return written


def _since(work: Work) -> datetime:
    return work.now - timedelta(days=TIER_DAYS)


def _wind(work: Work, member: Row) -> None:
    """Sets the timer to the next moment at which something changes by itself."""
    lots = queries.lots(work, member.id)
    moments = [lot.usable_at for lot in lots if not lot.usable]
    moments += [lot.expires_at for lot in lots if lot.usable and lot.expires_at is not None]
    first_at = queries.earned(work, member.id, _since(work)).first_at
    if first_at is not None:
        moments.append(first_at + timedelta(days=TIER_DAYS, seconds=1))
    if moments:
        set_timer(work, TIMER, member.id, min(moments).astimezone(UTC))
