"""The records behind a figure of analysis: orders, deals or customers, page by page, each with its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.analytics.v1 import customer_report_pb2 as customers_pb
from funia.analytics.v1 import funnel_pb2 as funnel_pb
from funia.analytics.v1 import metric_pb2 as metrics_pb

from gateway.console import formats, references
from gateway.console.analysis_words import SEGMENTS
from gateway.console.backend import call
from gateway.console.figures import Cell, Shown, Table
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.page import asked_again
from gateway.console.views.analysis import READS, days, metrics
from gateway.console.views.analysis_customers import customer_reports
from gateway.console.views.analysis_funnel import funnels
from gateway.console.views.analysis_movement import group_name, moves_shown
from gateway.console.views.analysis_prices import leakage_orders

_PLURALS = {"order": "orders", "deal": "deals", "quote": "quotes"}
"""Lists of the console; it has none of returns."""


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/analysis/records", "analysis_records", records)
    blueprint.add_url_rule("/analysis/leaks", "analysis_leaks", leaks)
    blueprint.add_url_rule("/analysis/deals", "analysis_deals", deals)
    blueprint.add_url_rule("/analysis/segment", "analysis_segment", segment)
    blueprint.add_url_rule("/analysis/moves", "analysis_moves", moves)
    blueprint.add_url_rule("/analysis/cohort", "analysis_cohort", cohort)


@needs(READS)
def records() -> Response:
    """Records behind a figure of the catalogue."""
    given = request.args
    pairs = zip(given.getlist("dimension"), given.getlist("key"), strict=False)
    message = metrics_pb.ListMetricRecordsRequest(
        metric=given.get("metric", ""),
        first_day=given.get("first", ""),
        last_day=given.get("last", ""),
        filters=[metrics_pb.MetricFilter(dimension=dimension, key=key) for dimension, key in pairs if dimension],
        currency_code=given.get("currency", ""),
        page_token=given.get("token", ""),
    )
    answer = call(metrics().ListMetricRecords, message)
    # An analytics of the version before says one kind for all.
    kinds = answer.kinds or [answer.record] * len(answer.ids)
    if any(kind not in _PLURALS for kind in kinds):
        return Response(status=404)
    rows = _several([_PLURALS[kind] for kind in kinds], answer.ids)
    return listed(gettext("Records behind the figure"), "analysis", rows, answer.next_page_token)


@needs(READS)
def leaks() -> Response:
    """Orders in which people took off more than is usual or allowed."""
    title, found, token = leakage_orders(days())
    rows = [
        Shown([], [name.cells[0], *cells])
        for name, (_, cells) in zip(named("orders", [one for one, _ in found]), found, strict=True)
    ]
    columns = [gettext("Given beyond"), gettext("Taken off"), gettext("Share taken off")]
    return listed(title, "analysis_leakage", rows, token, columns)


@needs(READS)
def deals() -> Response:
    """Deals behind a figure of the funnel."""
    given = request.args
    message = funnel_pb.ListFunnelDealsRequest(
        pipeline_id=given.get("pipeline", ""),
        stage_id=given.get("stage", ""),
        figure=given.get("figure", ""),
        first_day=given.get("first", ""),
        last_day=given.get("last", ""),
        page_token=given.get("token", ""),
    )
    answer = call(funnels().ListFunnelDeals, message)
    title = gettext("Deals of the funnel")
    return listed(title, "analysis_funnel", named("deals", answer.deal_ids), answer.next_page_token)


@needs(READS)
def segment() -> Response:
    """Customers of a group, with their figures."""
    given = request.args
    message = customers_pb.ListRfmCustomersRequest(
        group=given.get("group", ""),
        as_of=given.get("as_of", ""),
        first_day=given.get("first", ""),
        page_token=given.get("token", ""),
    )
    answer = call(customer_reports().ListRfmCustomers, message)
    names = customer_cells([(one.kind, one.customer_id) for one in answer.customers])
    rows = [
        Shown(
            [],
            [
                name,
                Cell(formats.format_number(one.recency)),
                Cell(formats.format_number(one.frequency)),
                Cell(formats.format_decimal_places(one.monetary_minor, 2)),
                Cell(f"{one.recency_score}{one.frequency_score}{one.monetary_score}"),
            ],
        )
        for name, one in zip(names, answer.customers, strict=True)
    ]
    columns = [gettext("Days since the last order"), gettext("Orders"), gettext("Sales"), gettext("Scores")]
    title = str(SEGMENTS.get(message.group, gettext("Customers")))
    return listed(title, "analysis_customers", rows, answer.next_page_token, columns)


@needs(READS)
def moves() -> Response:
    """Customers of a movement between groups, with what they bought since."""
    title, answer = moves_shown(request.args.get("token", ""))
    names = customer_cells([(one.kind, one.customer_id) for one in answer.customers])
    rows = [
        Shown(
            [],
            [
                name,
                Cell(group_name(one.from_group)),
                Cell(group_name(one.to_group)),
                Cell(formats.format_number(one.recency)),
                Cell(formats.format_number(one.orders)),
                Cell(formats.format_minor(one.monetary_minor, answer.currency_code)),
            ],
        )
        for name, one in zip(names, answer.customers, strict=True)
    ]
    columns = [
        gettext("Group before"), gettext("Group after"), gettext("Days since the last order"), gettext("Orders since"),
        gettext("Sales since"),
    ]  # fmt: skip
    return listed(title, "analysis_movement", rows, answer.next_page_token, columns)


@needs(READS)
def cohort() -> Response:
    """Customers of a cell of the cohorts."""
    given = request.args
    message = customers_pb.ListCohortCustomersRequest(
        starts_on=given.get("starts_on", ""),
        age=int(given.get("age", "0")) if given.get("age", "0").isdecimal() else 0,
        last_day=given.get("last", ""),
        page_token=given.get("token", ""),
    )
    answer = call(customer_reports().ListCohortCustomers, message)
    references.prefetch("companies", answer.customer_ids)
    people = [one for one in answer.customer_ids if not references.name_of("companies", one)]
    references.prefetch("people", people)
    rows = [Shown([], [_record("people" if one in people else "companies", one)]) for one in answer.customer_ids]
    return listed(gettext("Customers who came back"), "analysis_retention", rows, answer.next_page_token)


def listed(title: str, back: str, rows: Sequence[Shown], next_page_token: str, columns: Sequence[str] = ()) -> Response:
    """A page of records, the first cell of each row their name."""
    places: dict[str, Any] = {**(request.view_args or {}), "token": next_page_token}
    page = render_template(
        "console/analysis_records.html",
        title=title,
        back=url_for(f"console.{back}"),
        table=Table(title, (), [gettext("Name"), *columns], rows),
        more=asked_again(request.endpoint or "", **places) if next_page_token else "",
    )
    return make_response(page)


def customer_cells(customers: Sequence[tuple[str, str]]) -> list[Cell]:
    """Names of customers, given as kind (account or contact) and id."""
    kinds = {"account": "companies", "contact": "people"}
    for kind, plural in kinds.items():
        references.prefetch(plural, [one for of, one in customers if of == kind])
    return [_record(kinds[kind], one) for kind, one in customers]


def named(plural: str, ids: Sequence[str]) -> list[Shown]:
    """Rows of records, each its name."""
    references.prefetch(plural, ids)
    return [Shown([], [_record(plural, one)]) for one in ids]


def _several(plurals: Sequence[str], ids: Sequence[str]) -> list[Shown]:
    """Rows of records of several kinds."""
    for plural in set(plurals):
        references.prefetch(plural, [one for of, one in zip(plurals, ids, strict=True) if of == plural])
    return [Shown([], [_record(plural, one)]) for plural, one in zip(plurals, ids, strict=True)]


def _record(plural: str, record_id: str) -> Cell:
    name = references.name_of(plural, record_id)
    if not name:
        return Cell(gettext("Not to be seen"))
    return Cell(name, url_for("console.record_page", plural=plural, record_id=record_id))
