"""The reports there are: what each counts, by what it can be grouped, and which records are behind its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chassis.filtering import FieldType, Schema, parse, to_sql
from chassis.work import Work
from sqlalchemy.sql.elements import ColumnElement

from sales.model.report import ProductDay, SalesDay
from sales.queries import report_sources as sources
from sales.queries.reports import Source
from sales.records import ACTIVITIES, DEALS, INVOICES, ORDERS, SESSIONS

Condition = Callable[[Work, str], ColumnElement[bool] | None]
AMOUNT = "amount"
"""The field of deals that a role may hide, and all sums of it with it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A column. `unit` is number, quantity (thousandths), money (minor units), percent (hundredths) or seconds.

    `filter` narrows the records of the row to those that this figure counts.
    """

    key: str
    unit: str = "number"
    filter: str = ""
    hidden_with: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What rows can be made of. `names` is the kind of record whose id the key is; `field` that of the records' filter
    that a key is compared with."""

    key: str
    field: str = ""
    names: str = ""
    kind: str = "id"


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `records` are what its figures open, as the API names them, `drill` those that it counts at all.

    `period` is the field of these records that a period is about, none for a report of how things are now. `opens`
    says whether the records can be found by a filter at all.
    """

    key: str
    source: Source
    records: str
    figures: Sequence[Figure]
    groups: Sequence[Group]
    condition: Condition
    lead: str
    drill: str = ""
    period: str = ""
    opens: bool = True

    def group(self, key: str) -> Group | None:
        """The group of this name."""
        return next((one for one in self.groups if one.key == key), None)


OWNER, TEAM = Group("owner", "owner_id", "user"), Group("team", "team_id", "team")
PIPELINE, SOURCE = Group("pipeline", "pipeline_id", "pipeline"), Group("source", "source", kind="text")
STORE, CHANNEL = Group("store", "store_id", "store"), Group("channel", "channel", kind="text")
CONTACT, ACCOUNT = Group("contact", "contact_id", "contact"), Group("account", "account_id", "account")


def spans(field: str) -> tuple[Group, ...]:
    """Month, week and day of a field."""
    return tuple(Group(one, field, kind=one) for one in ("month", "week", "day"))


def _of_days(table: Any, *names: str) -> Condition:
    """Filters of sums of days; as far as they go they are filters of orders, too."""
    types = {name: FieldType.TEXT if name in ("channel", "currency_code") else FieldType.UUID for name in names}
    schema = Schema(types)
    columns = {name: getattr(table, name).expression for name in names}

    def condition(_work: Work, text: str) -> ColumnElement[bool] | None:
        node = parse(text, schema)
        return None if node is None else to_sql(node, columns)

    return condition


_SOLD = 'gross_amount > 0 AND NOT status IN ("draft", "pending_approval", "canceled")'
_SALES_FIELDS = ("store_id", "channel", "owner_id", "team_id", "currency_code")
_OF_SALES = _of_days(SalesDay, *_SALES_FIELDS, "contact_id", "account_id")


def _money(key: str, narrowed: str = "") -> Figure:
    """An amount of deals, which a role may hide."""
    return Figure(key, "money", narrowed, AMOUNT)


REPORTS: Sequence[Report] = (
    Report(
        "pipeline",
        sources.PIPELINE,
        "deals",
        (Figure("deals"), _money("amount"), _money("weighted")),
        (
            Group("stage", "stage_id", "stage"),
            Group("forecast_category", "forecast_category", kind="text"),
            PIPELINE,
            OWNER,
            TEAM,
            SOURCE,
        ),
        DEALS.condition,
        lead="amount",
        drill='status = "open"',
    ),
    Report(
        "win_rate",
        sources.CLOSED,
        "deals",
        (
            Figure("won", filter='status = "won"'),
            Figure("lost", filter='status = "lost"'),
            Figure("win_rate", "percent"),
            _money("won_amount", 'status = "won"'),
            _money("lost_amount", 'status = "lost"'),
            _money("won_average", 'status = "won"'),
        ),
        (
            *spans("closed_at"),
            PIPELINE,
            OWNER,
            TEAM,
            SOURCE,
            Group("lost_reason", "lost_reason", kind="text"),
        ),
        DEALS.condition,
        lead="won_amount",
        drill='status IN ("won", "lost")',
        period="closed_at",
    ),
    Report(
        "cycle",
        sources.CYCLE,
        "deals",
        (Figure("won"), Figure("cycle_average", "seconds"), Figure("cycle_median", "seconds")),
        (*spans("closed_at"), PIPELINE, OWNER, TEAM, SOURCE),
        DEALS.condition,
        lead="cycle_average",
        drill='status = "won"',
        period="closed_at",
    ),
    Report(
        "stage_time",
        sources.STAGE_TIME,
        "deals",
        (Figure("stays"), Figure("time_average", "seconds"), Figure("time_median", "seconds")),
        (Group("stage", "", "stage"), PIPELINE, OWNER, TEAM),
        DEALS.condition,
        lead="time_average",
        period="stage_entered_at",
        opens=False,
    ),
    Report(
        "activities",
        sources.ACTIVITIES,
        "sales-activities",
        (
            Figure("done"),
            Figure("calls", filter='kind = "call"'),
            Figure("meetings", filter='kind = "meeting"'),
            Figure("tasks", filter='kind = "task"'),
            Figure("minutes"),
        ),
        (OWNER, TEAM, Group("kind", "kind", kind="text"), *spans("completed_at")),
        ACTIVITIES.condition,
        lead="done",
        period="completed_at",
    ),
    Report(
        "sales",
        sources.SALES,
        "orders",
        (
            Figure("orders"),
            Figure("lines"),
            Figure("customers"),
            Figure("list", "money"),
            Figure("discount", "money"),
            Figure("net", "money"),
            Figure("tax", "money"),
            Figure("gross", "money"),
            Figure("refunded", "money"),
        ),
        (*spans("ordered_on"), STORE, CHANNEL, OWNER, TEAM, CONTACT, ACCOUNT),
        _OF_SALES,
        lead="net",
        drill=_SOLD,
        period="ordered_on",
    ),
    Report(
        "products",
        sources.PRODUCTS,
        "orders",
        (
            Figure("quantity", "quantity"),
            Figure("lines"),
            Figure("list", "money"),
            Figure("discount", "money"),
            Figure("discount_share", "percent"),
            Figure("net", "money"),
            Figure("gross", "money"),
            Figure("suggested_lines"),
            Figure("suggested_net", "money"),
        ),
        (Group("product", "product_id", "product"), *spans("ordered_on"), STORE, CHANNEL, OWNER, TEAM),
        _of_days(ProductDay, *_SALES_FIELDS, "product_id"),
        lead="net",
        drill=_SOLD,
        period="ordered_on",
    ),
    Report(
        "discounts",
        sources.DISCOUNTS,
        "orders",
        (
            Figure("orders"),
            Figure("list", "money"),
            Figure("by_rules", "money"),
            Figure("by_hand", "money"),
            Figure("discount", "money"),
            Figure("discount_share", "percent"),
        ),
        (OWNER, STORE, CHANNEL, TEAM, *spans("ordered_on"), CONTACT, ACCOUNT),
        _OF_SALES,
        lead="discount",
        drill=_SOLD,
        period="ordered_on",
    ),
    Report(
        "price_rules",
        sources.RULES,
        "orders",
        (Figure("orders"), Figure("discount", "money")),
        (Group("rule", "", "rule"), STORE, OWNER),
        ORDERS.condition,
        lead="discount",
        drill=_SOLD,
        period="ordered_on",
    ),
    Report(
        "cash_up",
        sources.CASH_UP,
        "pos-sessions",
        (
            Figure("sessions"),
            Figure("float", "money"),
            Figure("expected", "money"),
            Figure("counted", "money"),
            Figure("difference", "money"),
            Figure("off", filter="difference_minor != 0"),
        ),
        (
            STORE,
            Group("register", "register_id", "register"),
            Group("cashier", "opened_by", "user"),
            *spans("closed_at"),
        ),
        SESSIONS.condition,
        lead="difference",
        drill='status = "closed"',
        period="closed_at",
    ),
    Report(
        "ageing",
        sources.AGEING,
        "invoices",
        (Figure("invoices"), Figure("open", "money")),
        (Group("age", "due_on", kind="age"), ACCOUNT, CONTACT, OWNER, TEAM, Group("month", "due_on", kind="month")),
        INVOICES.condition,
        lead="open",
        drill='kind = "invoice" AND status IN ("issued", "partially_paid", "overdue")',
    ),
)
BY_KEY: Mapping[str, Report] = {one.key: one for one in REPORTS}
_ON_DAYS = frozenset({"ordered_on", "due_on"})


def drill_of(group: Group, key: str, today: date, zone: str) -> str:
    """The filter that finds the records of a row; empty where records cannot be told by it."""
    if not group.field:
        return ""
    if group.kind == "age":
        first, last = sources.AGES[key]
        since = "" if last is None else f"due_on >= {today - timedelta(days=last)}"
        until = "" if first is None else f"due_on <= {today - timedelta(days=first)}"
        return both(since, until)
    if group.kind in ("id", "text"):
        quoted = key.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")
        return f'{group.field} = "{quoted}"' if key else f"{group.field} = null"
    first_day = date.fromisoformat(f"{key}-01" if group.kind == "month" else key)
    return within(group.field, first_day, _end(first_day, group.kind), zone)


def within(field: str, first: date, before: date, zone: str) -> str:
    """The filter for a time from a day to before another, at the company's place."""
    if field in _ON_DAYS:
        return f"{field} >= {first} AND {field} <= {before - timedelta(days=1)}"
    since, until = (f"{midnight(one, zone).astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%SZ}" for one in (first, before))
    return f"{field} >= {since} AND {field} < {until}"


def midnight(day: date, zone: str) -> datetime:
    """When a day begins at the company's place."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def both(*parts: str) -> str:
    """All of these filters at once."""
    return " AND ".join(f"({one})" if " OR " in one else one for one in parts if one)


def _end(first: date, kind: str) -> date:
    if kind == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if kind == "week" else 1)
