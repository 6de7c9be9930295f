"""What reports count of points that members hold and of money on gift cards: by age, and by when it expires."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Text, and_, bindparam, case, distinct, func, literal_column
from sqlalchemy import Date as SqlDate
from sqlalchemy.sql.elements import ColumnElement

from sales.model.loyalty import GiftCard, LoyaltyMember, LoyaltyProgram, PointLot
from sales.queries.members import EXPIRES_AT
from sales.queries.reports import Source, number, spans, zoned

Days = Mapping[str, tuple[int | None, int | None]]
"""The first and the last day of a span, counted from today, by the name of the span; open where there is none."""
HELD_AGES: Days = {
    "up_to_90": (None, 90),
    "91_180": (91, 180),
    "181_365": (181, 365),
    "over_365": (366, None),
}
"""Days since points could first be spent, or a card was issued."""
NEVER = "never"
EXPIRIES: Days = {
    "within_30": (None, 30),
    "after_30": (31, 90),
    "after_90": (91, 180),
    "after_180": (181, None),
    NEVER: (None, None),
}
"""Days until something expires."""
SOON_DAYS = 30
_TODAY = bindparam("today", type_=SqlDate)


def named(days: Any, spans_of: Days) -> ColumnElement[str]:
    """The name of the span that a number of days falls in; the last one for what fits no other."""
    last = list(spans_of)[-1]
    return case(
        *(
            (literal_column(str(until)) >= days, literal_column(f"'{name}'"))
            for name, (_, until) in spans_of.items()
            if until is not None
        ),
        else_=literal_column(f"'{last}'"),
    ).cast(Text)


def _expiry(day: Any, never: ColumnElement[bool]) -> ColumnElement[str]:
    ends = {name: span for name, span in EXPIRIES.items() if name != NEVER}
    return case((never, literal_column(f"'{NEVER}'")), else_=named(day - _TODAY, ends)).cast(Text)


def _sum_where(column: Any, condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column).filter(condition), 0).cast(BigInteger)


_VALUE = PointLot.left_points * func.coalesce(LoyaltyProgram.point_value_minor, 0)
_SOON = zoned(EXPIRES_AT) - _TODAY <= literal_column(str(SOON_DAYS))
POINTS = Source(
    LoyaltyMember,
    figures={
        "members": func.count(distinct(LoyaltyMember.id)),
        "points": number(PointLot.left_points),
        "value": number(_VALUE),
        "soon": _sum_where(PointLot.left_points, _SOON),
        "soon_value": _sum_where(_VALUE, _SOON),
    },
    keys={
        "held_age": named(_TODAY - zoned(PointLot.usable_at), HELD_AGES),
        "expiry": _expiry(zoned(EXPIRES_AT), PointLot.expires_at.is_(None)),
        "tier": LoyaltyMember.tier_id,
    },
    where=(PointLot.left_points > 0,),
    currency=func.coalesce(LoyaltyProgram.currency_code, ""),
    start=LoyaltyMember.__table__.join(
        PointLot.__table__, and_(PointLot.tenant_id == LoyaltyMember.tenant_id, PointLot.member_id == LoyaltyMember.id)
    ).outerjoin(LoyaltyProgram.__table__, LoyaltyProgram.tenant_id == LoyaltyMember.tenant_id),
)
_CARD_SOON = GiftCard.expires_on - _TODAY <= literal_column(str(SOON_DAYS))
GIFT_CARDS = Source(
    GiftCard,
    figures={
        "cards": func.count(),
        "issued": number(GiftCard.issued_amount_minor),
        "left": number(GiftCard.balance_amount_minor),
        "soon_left": _sum_where(GiftCard.balance_amount_minor, _CARD_SOON),
    },
    keys={
        "held_age": named(_TODAY - zoned(GiftCard.created_at), HELD_AGES),
        "expiry": _expiry(GiftCard.expires_on, GiftCard.expires_on.is_(None)),
        "status": GiftCard.status,
        "month": spans(zoned(GiftCard.created_at))["month"],
    },
    where=(GiftCard.balance_amount_minor > 0,),
    currency=GiftCard.currency_code,
)
