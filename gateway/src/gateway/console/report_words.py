"""The words of sales' reports: their questions, columns, groups, and how a figure is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from funia.analytics.v1.metric_pb2 import MetricValue
from funia.sales.v1.sales_report_pb2 import SalesReportValue
from funia.type.v1.money_pb2 import Money

from gateway.console import formats
from gateway.console.i18n import Lazy, gettext, lazy, ngettext
from gateway.console.loyalty_fields import CARD_STATES
from gateway.console.sales_fields import CHANNELS, FORECASTS
from gateway.console.words import ACTIVITIES


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What a report is called, what it asks and counts, and which of its columns the plot shows."""

    title: Lazy
    question: Lazy
    counts: Lazy
    plotted: tuple[str, ...]
    plural: str = ""
    """The list that its figures open, where the console has one."""


REPORTS: Mapping[str, ReportWords] = {
    "pipeline": ReportWords(
        lazy("Pipeline"),
        lazy("What is on its way?"),
        lazy("Open deals as they stand now: how many, what they are worth, and the same by their chances."),
        ("amount", "weighted"),
        "deals",
    ),
    "win_rate": ReportWords(
        lazy("Win rate"),
        lazy("How many deals do we win?"),
        lazy("Deals that closed in the period. The win rate is won of won and lost."),
        ("won", "lost"),
        "deals",
    ),
    "cycle": ReportWords(
        lazy("Sales cycle"),
        lazy("How long does it take to win?"),
        lazy("Time from a deal's first stage to the day it was won, for deals won in the period."),
        ("cycle_median",),
        "deals",
    ),
    "stage_time": ReportWords(
        lazy("Time in stages"),
        lazy("Where do deals wait?"),
        lazy("How long deals stood in the stages that they left in the period."),
        ("time_median",),
        "deals",
    ),
    "activities": ReportWords(
        lazy("Activities"),
        lazy("Who did what?"),
        lazy("Calls, meetings and tasks that were done in the period."),
        ("calls", "meetings", "tasks"),
        "sales-activities",
    ),
    "goals": ReportWords(
        lazy("Goals reached"),
        lazy("Do we reach our goals?"),
        lazy(
            "Goals that begin in the period: what was to be reached, and what was. A goal of a month and one of its"
            " quarter both count."
        ),
        ("amount_reached", "deals_reached", "activities_reached"),
        "deals",
    ),
    "sales": ReportWords(
        lazy("Sales"),
        lazy("What did we sell?"),
        lazy(
            "Orders of the period that were placed, not canceled, and had something to pay. Returns are not taken off;"
            " what was given back stands beside."
        ),
        ("net",),
        "orders",
    ),
    "products": ReportWords(
        lazy("Products sold"),
        lazy("What sells best?"),
        lazy("What of each product was sold in the period, by the lines of orders."),
        ("net",),
        "orders",
    ),
    "discounts": ReportWords(
        lazy("Discounts given"),
        lazy("What do we give away?"),
        lazy("What was taken off list prices in the period, by price rules and by hand or coupon, of all orders."),
        ("by_rules", "by_hand"),
        "orders",
    ),
    "price_rules": ReportWords(
        lazy("Price rules at work"),
        lazy("What do our price rules cost?"),
        lazy("What each price rule took off in the period."),
        ("discount",),
        "orders",
    ),
    "cash_up": ReportWords(
        lazy("Cash-up"),
        lazy("Is the cash right?"),
        lazy("Sessions at tills that closed in the period: cash that was expected and counted."),
        ("difference",),
        "pos-sessions",
    ),
    "ageing": ReportWords(
        lazy("Ageing of invoices"),
        lazy("Who owes us, and since when?"),
        lazy("What is open of invoices that were issued, by how long ago it was due."),
        ("open",),
        "invoices",
    ),
    "points_owed": ReportWords(
        lazy("Points of members"),
        lazy("What do we owe in points?"),
        lazy(
            "Points that members did not spend, since when they can be spent, and what they are worth. Soon means"
            " within 30 days."
        ),
        ("points",),
        "members",
    ),
    "gift_cards": ReportWords(
        lazy("Money on gift cards"),
        lazy("What is left on gift cards?"),
        lazy("Money that is left on gift cards, and since when they are there. Soon means within 30 days."),
        ("left",),
        "gift-cards",
    ),
}
SECTIONS: tuple[tuple[Lazy, tuple[str, ...]], ...] = (
    (lazy("Deals"), ("pipeline", "win_rate", "cycle", "stage_time", "activities", "goals")),
    (lazy("Sales"), ("sales", "products", "discounts", "price_rules")),
    (lazy("Money"), ("cash_up", "ageing", "points_owed", "gift_cards")),
)
COLUMNS: Mapping[str, Lazy] = {
    "deals": lazy("Deals"),
    "amount": lazy("Amount"),
    "weighted": lazy("Weighted"),
    "won": lazy("Won"),
    "lost": lazy("Lost"),
    "win_rate": lazy("Win rate"),
    "won_amount": lazy("Won amount"),
    "lost_amount": lazy("Lost amount"),
    "won_average": lazy("Average won"),
    "cycle_average": lazy("Average cycle"),
    "cycle_median": lazy("Median cycle"),
    "stays": lazy("Stays"),
    "time_average": lazy("Average time"),
    "time_median": lazy("Median time"),
    "done": lazy("Done"),
    "calls": lazy("Calls"),
    "meetings": lazy("Meetings"),
    "tasks": lazy("Tasks"),
    "minutes": lazy("Minutes"),
    "orders": lazy("Orders"),
    "lines": lazy("Lines"),
    "customers": lazy("Customers"),
    "list": lazy("At list prices"),
    "discount": lazy("Taken off"),
    "discount_share": lazy("Share taken off"),
    "by_rules": lazy("By price rules"),
    "by_hand": lazy("By hand or coupon"),
    "net": lazy("Without tax"),
    "tax": lazy("Tax"),
    "gross": lazy("With tax"),
    "suggested_lines": lazy("Lines by suggestion"),
    "suggested_net": lazy("By suggestion"),
    "refunded": lazy("Given back"),
    "quantity": lazy("Quantity"),
    "sessions": lazy("Sessions"),
    "float": lazy("Float"),
    "expected": lazy("Expected"),
    "counted": lazy("Counted"),
    "difference": lazy("Difference"),
    "off": lazy("Not right"),
    "invoices": lazy("Invoices"),
    "open": lazy("Still open"),
    "target_amount": lazy("Amount to win"),
    "amount_won": lazy("Won amount"),
    "amount_reached": lazy("Reached of the amount"),
    "target_deals": lazy("Deals to win"),
    "deals_won": lazy("Deals won"),
    "deals_reached": lazy("Reached of the deals"),
    "target_activities": lazy("Activities to do"),
    "activities_done": lazy("Activities done"),
    "activities_reached": lazy("Reached of the activities"),
    "members": lazy("Members"),
    "points": lazy("Points"),
    "value": lazy("Worth"),
    "soon": lazy("Expire soon"),
    "soon_value": lazy("Worth of these"),
    "cards": lazy("Gift cards"),
    "issued": lazy("Put on them"),
    "left": lazy("Left on them"),
    "soon_left": lazy("Expires soon"),
}
GROUPS: Mapping[str, Lazy] = {
    "stage": lazy("Stage"),
    "forecast_category": lazy("Forecast"),
    "pipeline": lazy("Pipeline"),
    "owner": lazy("Owner"),
    "team": lazy("Team"),
    "source": lazy("Source"),
    "month": lazy("Month"),
    "week": lazy("Week"),
    "day": lazy("Day"),
    "lost_reason": lazy("Reason of the loss"),
    "kind": lazy("Kind"),
    "store": lazy("Store"),
    "channel": lazy("Channel"),
    "contact": lazy("Person"),
    "account": lazy("Company"),
    "product": lazy("Product"),
    "rule": lazy("Price rule"),
    "register": lazy("Register"),
    "cashier": lazy("Cashier"),
    "age": lazy("Overdue by"),
    "span": lazy("Time"),
    "held_age": lazy("Held for"),
    "expiry": lazy("Expires"),
    "tier": lazy("Tier"),
    "status": lazy("State"),
}
AGES: Mapping[str, Lazy] = {
    "not_due": lazy("Not due yet"),
    "1_30": lazy("1 to 30 days"),
    "31_60": lazy("31 to 60 days"),
    "61_90": lazy("61 to 90 days"),
    "over_90": lazy("More than 90 days"),
}
HELD_AGES: Mapping[str, Lazy] = {
    "up_to_90": lazy("Up to 90 days"),
    "91_180": lazy("91 to 180 days"),
    "181_365": lazy("181 to 365 days"),
    "over_365": lazy("More than a year"),
}
EXPIRIES: Mapping[str, Lazy] = {
    "within_30": lazy("Within 30 days"),
    "after_30": lazy("In 31 to 90 days"),
    "after_90": lazy("In 91 to 180 days"),
    "after_180": lazy("Later"),
    "never": lazy("Never"),
}
WORDS: Mapping[str, Mapping[str, Lazy]] = {
    "forecast_category": FORECASTS,
    "channel": CHANNELS,
    "kind": ACTIVITIES,
    "age": AGES,
    "held_age": HELD_AGES,
    "expiry": EXPIRIES,
    "status": CARD_STATES,
}
"""What keys that are words are called, by the group."""
NAMED: Mapping[str, str] = {"team": "teams", "contact": "people", "account": "companies"}
"""Kinds of record whose names the console asks for, by the group."""


def figure(value: SalesReportValue | MetricValue, unit: str, currency: str, *, exact: bool = False) -> str:
    """A figure as people write it; a dash where there is none. `exact` amounts have cents where these are nought, too:
    so do all of a column in which one has any."""
    if not value.HasField("value"):
        return "–"
    number = value.value
    if unit == "money":
        return formats.format_money(Money(currency_code=currency, amount_minor=number), exact=exact)
    if unit == "percent":
        return formats.format_decimal_places(number, 2) + "\u00a0%"
    if unit == "quantity":
        return formats.format_decimal_places(number, 3)
    if unit == "seconds":
        return duration(number)
    return formats.format_number(number)


def duration(seconds: int) -> str:
    """A time in days, or in hours where it is less than two days."""
    if seconds < 2 * 86_400:
        hours = round(seconds / 3_600)
        return ngettext("%(num)s hour", "%(num)s hours", hours, num=formats.format_number(hours))
    days = round(seconds / 86_400)
    return ngettext("%(num)s day", "%(num)s days", days, num=formats.format_number(days))


def key_of(group: str, key: str) -> str:
    """A key that is a time or a word, as people write it; empty where it must be looked up."""
    if not key:
        return gettext("None")
    if group == "month":
        return formats.month_name(key)
    if group == "span":
        return formats.span_name(key)
    if group in ("day", "week"):
        return formats.format_date(key)
    word = WORDS.get(group, {}).get(key)
    return str(word) if word is not None else ""
