"""The reports there are: what each counts, by what it can be grouped, and which records are behind its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.filtering import FieldType, Schema, parse, to_sql
from chassis.work import Work
from sqlalchemy.sql.elements import ColumnElement

from sales.model.report import ProductDay, SalesDay
from sales.queries import held_sources as held
from sales.queries import report_sources as sources
from sales.queries.members import NEVER_YEAR
from sales.queries.reports import Source
from sales.records import ACTIVITIES, DEALS, GIFT_CARDS, GOALS, INVOICES, MEMBERS, ORDERS, SESSIONS

Condition = Callable[[Work, str], ColumnElement[bool] | None]
AMOUNT = "amount"
"""The field of deals that a role may hide, and all sums of it with it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A column. `unit` is number, quantity (thousandths), money (minor units), percent (hundredths) or seconds.

    `filter` narrows the records of the row to those that this figure counts; so does `soon`, a field of what comes to
    its end within SOON_DAYS. `records` are what it opens where these are not those of the report.
    """

    key: str
    unit: str = "number"
    filter: str = ""
    hidden_with: str = ""
    soon: str = ""
    records: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What rows can be made of. `names` is the kind of record whose id the key is; `field` that of the records' filter
    that a key is compared with; `days` are the spans of an age (days ago) or an end (days ahead)."""

    key: str
    field: str = ""
    names: str = ""
    kind: str = "id"
    days: held.Days | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report; one without a source counts in a way of its own. `records` are what its figures open, as the API names
    them, `drill` those that it counts at all. `period` is the field of these records that a period is about, none for
    a report of how things are now.
    """

    key: str
    source: Source | None
    records: str
    figures: Sequence[Figure]
    groups: Sequence[Group]
    condition: Condition
    lead: str
    drill: str = ""
    period: str = ""

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
        (Group("stage", "left_stage_id", "stage"), PIPELINE, OWNER, TEAM),
        DEALS.condition,
        lead="time_average",
        period="stage_left_at",
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
        "goals",
        None,
        "deals",
        (
            Figure("target_amount", "money"),
            _money("amount_won"),
            Figure("amount_reached", "percent", hidden_with=AMOUNT),
            Figure("target_deals"),
            Figure("deals_won"),
            Figure("deals_reached", "percent"),
            Figure("target_activities"),
            Figure("activities_done", records="sales-activities"),
            Figure("activities_reached", "percent", records="sales-activities"),
        ),
        (
            Group("owner", names="user"),
            Group("team", names="team"),
            Group("span", kind="span"),
            Group("month", kind="month"),
            Group("pipeline", names="pipeline"),
        ),
        GOALS.condition,
        lead="amount_reached",
        period="starts_on",
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
        (
            Group("age", "due_on", kind="age", days=sources.AGES),
            ACCOUNT,
            CONTACT,
            OWNER,
            TEAM,
            Group("month", "due_on", kind="month"),
        ),
        INVOICES.condition,
        lead="open",
        drill='kind = "invoice" AND status IN ("issued", "partially_paid", "overdue")',
    ),
    Report(
        "points_owed",
        held.POINTS,
        "loyalty-members",
        (
            Figure("members"),
            Figure("points"),
            Figure("value", "money"),
            Figure("soon", soon="points_expire_at"),
            Figure("soon_value", "money", soon="points_expire_at"),
        ),
        (
            Group("held_age", "points_usable_at", kind="age", days=held.HELD_AGES),
            Group("expiry", "points_expire_at", kind="end", days=held.EXPIRIES),
            Group("tier", "tier_id", "tier"),
        ),
        MEMBERS.condition,
        lead="points",
        drill=f"points_expire_at <= {NEVER_YEAR}-12-31T00:00:00Z",
    ),
    Report(
        "gift_cards",
        held.GIFT_CARDS,
        "gift-cards",
        (
            Figure("cards"),
            Figure("issued", "money"),
            Figure("left", "money"),
            Figure("soon_left", "money", soon="expires_on"),
        ),
        (
            Group("held_age", "created_at", kind="age", days=held.HELD_AGES),
            Group("expiry", "expires_on", kind="end", days=held.EXPIRIES),
            Group("status", "status", kind="text"),
            Group("month", "created_at", kind="month"),
        ),
        GIFT_CARDS.condition,
        lead="left",
        drill="balance_amount > 0",
    ),
)
BY_KEY: Mapping[str, Report] = {one.key: one for one in REPORTS}
