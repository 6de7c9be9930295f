"""Parts of analysis about customers: their groups, and who comes back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from funia.analytics.v1 import customer_report_pb2 as customers_pb
from funia.analytics.v1 import customer_report_pb2_grpc as customers_grpc

from gateway.console import formats
from gateway.console.analysis_words import SEGMENTS
from gateway.console.backend import call, stubs
from gateway.console.figures import Cell, Section, Series, Shown, Table, percent, plot_json
from gateway.console.i18n import gettext


def customer_reports() -> customers_grpc.CustomerReportServiceStub:
    """Reports of customers, with the person's own token."""
    return stubs().analytics(customers_grpc.CustomerReportServiceStub)


def customer_sections(asked: Mapping[str, str]) -> list[Section]:
    """Groups of customers by recency, frequency and money."""
    message = customers_pb.GetRfmRequest(as_of=asked["last_day"], first_day=asked["first_day"])
    found = call(customer_reports().GetRfm, message)
    currency = found.currency_code
    shown = [group for group in found.groups if group.customers]
    rows = [
        Shown(
            [str(SEGMENTS[one.group])],
            [
                Cell(
                    formats.format_number(one.customers),
                    url_for("console.analysis_segment", group=one.group, as_of=found.as_of, first=message.first_day),
                ),
                Cell(percent(one.customers, found.customers)),
                Cell(formats.format_number(one.orders)),
                Cell(formats.format_minor(one.monetary_minor, currency)),
                Cell(percent(one.monetary_minor, found.monetary_minor)),
                Cell(_days(one.recency_mean)),
            ],
        )
        for one in shown
    ]
    head = [
        gettext("Customers"), gettext("Share of customers"), gettext("Orders"), gettext("Sales"),
        gettext("Share of sales"), gettext("Last order before"),
    ]  # fmt: skip
    tiles = [
        (gettext("Customers"), formats.format_number(found.customers)),
        (gettext("Orders"), formats.format_number(found.orders)),
        (gettext("Sales"), formats.format_minor(found.monetary_minor, currency)),
        (gettext("Last order before, in the middle"), _days(found.recency.median)),
    ]
    plot = plot_json(
        [str(SEGMENTS[one.group]) for one in shown],
        [Series(gettext("Customers"), [one.customers for one in shown])],
        across=True,
    )
    title = gettext("How recently, how often and for how much they buy")
    note = gettext(
        "Scores from 1 to 5 say how recently, how often and for how much a customer buys, next to the others; the group"
        " follows from them. Orders count that were placed, not canceled, and worth more than nothing."
    )
    table = Table(title, [gettext("Group")], head, rows)
    return [Section(title, tiles if shown else (), plot, [gettext("Customers")], table if shown else None, note)]


def retention_sections(asked: Mapping[str, str]) -> list[Section]:
    """Cohorts, and the time between orders."""
    found = call(
        customer_reports().GetCohorts,
        customers_pb.GetCohortsRequest(first_day=asked["first_day"], last_day=asked["last_day"]),
    )
    period = customers_pb.GetRepeatPurchasesRequest(first_day=asked["first_day"], last_day=asked["last_day"])
    repeats = call(customer_reports().GetRepeatPurchases, period)
    ages = range(max((len(one.active) for one in found.cohorts), default=0))
    rows = [
        Shown(
            [formats.month_name(one.starts_on[:7])],
            [
                Cell(formats.format_number(one.customers)),
                *(
                    Cell(
                        percent(count, one.customers),
                        url_for(
                            "console.analysis_cohort", starts_on=one.starts_on, age=age, last=found.last_day
                        ) if count else "",
                        min(9, count * 10 // one.customers) if count else -1,
                    )
                    for age, count in enumerate(one.active)
                ),
                *(Cell("") for _ in range(len(ages) - len(one.active))),
            ],
        )
        for one in found.cohorts
    ]  # fmt: skip
    means = []
    for age in ages:
        of = [one for one in found.cohorts if len(one.active) > age]
        bought, all_of = sum(one.active[age] for one in of), sum(one.customers for one in of)
        means.append(round(100 * bought / all_of, 1))
    labels = [gettext("Month %(num)s", num=age) for age in ages]
    title = gettext("Customers by the month of their first order")
    table = Table(title, [gettext("First order")], [gettext("Customers"), *labels], rows)
    legend = [gettext("Bought again, per cent")]
    note = gettext("Per cent of the customers who bought first in that month and bought in a later one, too.")
    matrix = Section(title, (), plot_json(labels, [Series(legend[0], means)]), legend, table if rows else None, note)
    tiles = [
        (gettext("Customers"), formats.format_number(repeats.customers)),
        (gettext("Bought more than once"), percent(repeats.repeat_customers, repeats.customers)),
        (gettext("Time between orders, in the middle"), _days(repeats.median_days)),
    ]
    gaps = [(_gap(one), one.purchases) for one in repeats.gaps]
    name = gettext("Orders after the first")
    gap_table = Table(
        gettext("Time between orders"), [gettext("Days since the order before")], [name],
        [Shown([label], [Cell(formats.format_number(count))]) for label, count in gaps],
    )  # fmt: skip
    plot = plot_json([label for label, _ in gaps], [Series(name, [count for _, count in gaps])])
    title = gettext("Time between orders")
    return [matrix, Section(title, tiles if gaps else (), plot, [name], gap_table if gaps else None)]


def _days(count: float) -> str:
    return gettext("%(num)s days", num=formats.format_number(round(count, 1)))


def _gap(one: customers_pb.Gap) -> str:
    if not one.to_days:
        return f"{one.from_days}+"
    return str(one.from_days) if one.to_days == one.from_days + 1 else f"{one.from_days}–{one.to_days - 1}"
