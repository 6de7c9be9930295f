"""What reports count. Sums of orders come from their days; the rest is read by an index, by tenant and time."""

from __future__ import annotations

from typing import Any

from chassis.tables import tenant_parameter
from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy import Date as SqlDate
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement

from sales.model.activity import SalesActivity
from sales.model.billing import Invoice
from sales.model.funnel import Deal, StageStep
from sales.model.order import Order, OrderLine
from sales.model.report import ProductDay, SalesDay
from sales.model.tills import PosSession
from sales.queries.reports import Source, average, median, number, seconds_between, share, spans, zoned
from sales.queries.sales_days import NO_SALE

_LIVING = Deal.deleted_at.is_(None)
_WON, _LOST = Deal.status == "won", Deal.status == "lost"
_COUNT = func.count()
_OF_DEALS = {
    "pipeline": Deal.pipeline_id,
    "owner": Deal.owner_id,
    "team": Deal.team_id,
    "source": Deal.source,
}
_BEGAN = (
    select(func.min(StageStep.entered_at))
    .where(StageStep.tenant_id == tenant_parameter(), StageStep.deal_id == Deal.id)
    .correlate(Deal)
    .scalar_subquery()
)
_CYCLE = seconds_between(func.coalesce(_BEGAN, Deal.created_at), Deal.closed_at)


def _sum_where(column: Any, condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column).filter(condition), 0).cast(BigInteger)


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


PIPELINE = Source(
    Deal,
    figures={
        "deals": _COUNT,
        "amount": number(Deal.home_amount_minor),
        "weighted": func.coalesce(func.round(func.sum(Deal.home_amount_minor * Deal.probability) / 100.0), 0).cast(
            BigInteger
        ),
    },
    keys={**_OF_DEALS, "stage": Deal.stage_id, "forecast_category": Deal.forecast_category},
    where=(_LIVING, Deal.status == "open"),
)
CLOSED = Source(
    Deal,
    figures={
        "won": _counted(_WON),
        "lost": _counted(_LOST),
        "win_rate": share(_counted(_WON), _counted(or_(_WON, _LOST))),
        "won_amount": _sum_where(Deal.home_amount_minor, _WON),
        "lost_amount": _sum_where(Deal.home_amount_minor, _LOST),
        "won_average": func.round(func.avg(Deal.home_amount_minor).filter(_WON)).cast(BigInteger),
    },
    keys={**_OF_DEALS, "lost_reason": Deal.lost_reason, **spans(zoned(Deal.closed_at))},
    where=(_LIVING, or_(_WON, _LOST)),
    moment=Deal.closed_at,
)
CYCLE = Source(
    Deal,
    figures={"won": _COUNT, "cycle_average": average(_CYCLE), "cycle_median": median(_CYCLE)},
    keys={**_OF_DEALS, **spans(zoned(Deal.closed_at))},
    where=(_LIVING, _WON),
    moment=Deal.closed_at,
)
STAGE_TIME = Source(
    Deal,
    figures={
        "stays": _COUNT,
        "time_average": average(StageStep.seconds_before),
        "time_median": median(StageStep.seconds_before),
    },
    keys={"stage": StageStep.from_stage_id, "pipeline": Deal.pipeline_id, "owner": Deal.owner_id, "team": Deal.team_id},
    where=(_LIVING, StageStep.tenant_id == tenant_parameter(), StageStep.from_stage_id.is_not(None)),
    moment=StageStep.entered_at,
    start=StageStep.__table__.join(
        Deal.__table__, and_(Deal.tenant_id == StageStep.tenant_id, Deal.id == StageStep.deal_id)
    ),
)


def _of_kind(kind: str) -> ColumnElement[int]:
    return _counted(SalesActivity.kind == kind)


ACTIVITIES = Source(
    SalesActivity,
    figures={
        "done": _COUNT,
        "calls": _of_kind("call"),
        "meetings": _of_kind("meeting"),
        "tasks": _of_kind("task"),
        "minutes": number(SalesActivity.minutes),
    },
    keys={
        "owner": SalesActivity.owner_id,
        "team": SalesActivity.team_id,
        "kind": SalesActivity.kind,
        **spans(zoned(SalesActivity.completed_at)),
    },
    where=(SalesActivity.deleted_at.is_(None),),
    moment=SalesActivity.completed_at,
)
_CUSTOMER = func.coalesce(SalesDay.contact_id, SalesDay.account_id)
SALES = Source(
    SalesDay,
    figures={
        "orders": number(SalesDay.orders),
        "lines": number(SalesDay.lines),
        "customers": func.count(distinct(_CUSTOMER)),
        "list": number(SalesDay.list_minor),
        "discount": number(SalesDay.rule_minor + SalesDay.discount_minor),
        "net": number(SalesDay.net_minor),
        "tax": number(SalesDay.tax_minor),
        "gross": number(SalesDay.gross_minor),
        "refunded": number(SalesDay.refunded_minor),
    },
    keys={
        "store": SalesDay.store_id,
        "channel": SalesDay.channel,
        "owner": SalesDay.owner_id,
        "team": SalesDay.team_id,
        "contact": SalesDay.contact_id,
        "account": SalesDay.account_id,
        **spans(SalesDay.day),
    },
    day=SalesDay.day,
    currency=SalesDay.currency_code,
)
PRODUCTS = Source(
    ProductDay,
    figures={
        "quantity": number(ProductDay.quantity_milli),
        "lines": number(ProductDay.lines),
        "list": number(ProductDay.list_minor),
        "discount": number(ProductDay.rule_minor + ProductDay.discount_minor),
        "discount_share": share(
            func.sum(ProductDay.rule_minor + ProductDay.discount_minor), func.sum(ProductDay.list_minor)
        ),
        "net": number(ProductDay.net_minor),
        "gross": number(ProductDay.gross_minor),
        "suggested_lines": number(ProductDay.suggested_lines),
        "suggested_net": number(ProductDay.suggested_net_minor),
    },
    keys={
        "product": ProductDay.product_id,
        "store": ProductDay.store_id,
        "channel": ProductDay.channel,
        "owner": ProductDay.owner_id,
        "team": ProductDay.team_id,
        **spans(ProductDay.day),
    },
    day=ProductDay.day,
    currency=ProductDay.currency_code,
)
DISCOUNTS = Source(
    SalesDay,
    figures={
        "orders": number(SalesDay.orders),
        "list": number(SalesDay.list_minor),
        "by_rules": number(SalesDay.rule_minor),
        "by_hand": number(SalesDay.discount_minor),
        "discount": number(SalesDay.rule_minor + SalesDay.discount_minor),
        "discount_share": share(func.sum(SalesDay.rule_minor + SalesDay.discount_minor), func.sum(SalesDay.list_minor)),
    },
    keys=SALES.keys,
    day=SalesDay.day,
    currency=SalesDay.currency_code,
)
_APPLIED = func.jsonb_array_elements(OrderLine.rules).table_valued("value", name="applied", joins_implicitly=True)
_APPLIED_VALUE = cast(_APPLIED.c.value, JSONB)
RULES = Source(
    Order,
    figures={
        "orders": func.count(distinct(Order.id)),
        "discount": number(cast(_APPLIED_VALUE["amount_minor"].astext, BigInteger)),
    },
    keys={"rule": _APPLIED_VALUE["id"].astext, "store": Order.store_id, "owner": Order.owner_id},
    where=(
        Order.status.not_in([literal(one) for one in NO_SALE]),
        OrderLine.tenant_id == tenant_parameter(),
        OrderLine.rule_minor > 0,
    ),
    day=Order.ordered_on,
    currency=Order.currency_code,
    start=Order.__table__.join(
        OrderLine.__table__, and_(OrderLine.tenant_id == Order.tenant_id, OrderLine.order_id == Order.id)
    ),
)
CASH_UP = Source(
    PosSession,
    figures={
        "sessions": _COUNT,
        "float": number(PosSession.opening_float_minor),
        "expected": number(PosSession.expected_minor),
        "counted": number(PosSession.counted_minor),
        "difference": number(PosSession.difference_minor),
        "off": _counted(PosSession.difference_minor != 0),
    },
    keys={
        "store": PosSession.store_id,
        "register": PosSession.register_id,
        "cashier": PosSession.opened_by,
        **spans(zoned(PosSession.closed_at)),
    },
    where=(PosSession.status == "closed",),
    moment=PosSession.closed_at,
    currency=PosSession.currency_code,
    seen_by=PosSession.opened_by,
)
_LATE = bindparam("today", type_=SqlDate) - Invoice.due_on
OWED = ("issued", "partially_paid", "overdue")
"""States of invoices of which something may be open."""
AGES = {"not_due": (None, 0), "1_30": (1, 30), "31_60": (31, 60), "61_90": (61, 90), "over_90": (91, None)}
"""Days after the last day on which an invoice was to be paid, by the name of the age."""
AGEING = Source(
    Invoice,
    figures={"invoices": _COUNT, "open": number(Invoice.open_amount_minor)},
    keys={
        "age": case(
            *(
                (literal_column(str(last)) >= _LATE, literal_column(f"'{name}'"))
                for name, (_, last) in AGES.items()
                if last is not None
            ),
            else_=literal_column("'over_90'"),
        ).cast(Text),
        "account": Invoice.account_id,
        "contact": Invoice.contact_id,
        "owner": Invoice.owner_id,
        "team": Invoice.team_id,
        "month": func.to_char(Invoice.due_on, literal_column("'YYYY-MM'")),
    },
    where=(
        Invoice.open_amount_minor > 0,
        Invoice.kind == "invoice",
        Invoice.status.in_([literal(one) for one in OWED]),
    ),
    currency=Invoice.currency_code,
)
