"""Analysis: what was sold and won at a glance, groups of customers, who comes back, the funnel and the price waterfall.

What is asked stands in the address. Every figure opens the records behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from chassis.errors import FuniaError, PermissionDenied
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.analytics.v1 import metric_pb2 as metrics_pb
from funia.analytics.v1 import metric_pb2_grpc as metrics_grpc

from gateway.console import formats
from gateway.console.analysis_words import PAGES, SPLITS, STEPS, WHOLE_COMPANY
from gateway.console.backend import call, stubs
from gateway.console.dimensions import key_names
from gateway.console.figures import (
    BARS_MAX,
    Cell,
    Choice,
    Section,
    Series,
    Shown,
    Table,
    minor_units,
    percent,
    plot_json,
)
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.report_words import figure
from gateway.console.section_files import FORMS, file_of
from gateway.console.views.analysis_customers import customer_sections, retention_sections
from gateway.console.views.analysis_elasticity import elasticity_choices, elasticity_sections
from gateway.console.views.analysis_forecast import forecast_choices, forecast_sections
from gateway.console.views.analysis_funnel import funnel_sections
from gateway.console.views.analysis_movement import movement_choices, movement_sections
from gateway.console.views.analysis_prices import bridge_sections, leakage_choices, leakage_sections
from gateway.console.views.sales_reports import PERIODS, day, period, period_name

READS = "analytics.read"
_ROWS = 200
_TIMELESS = frozenset({"forecast"})
"""Pages that are about no period."""


def add(blueprint: Blueprint) -> None:
    for name in _SECTIONS:
        whole = name == "overview"
        place, endpoint = ("/analysis", "analysis") if whole else (f"/analysis/{name}", f"analysis_{name}")
        blueprint.add_url_rule(place, endpoint, page, defaults={"name": name})
    names = ", ".join(f'"{one}"' for one in _SECTIONS)
    blueprint.add_url_rule(f"/analysis/<any({names}):name>/export.<any({FORMS}):form>", "analysis_file", file)


def metrics() -> metrics_grpc.MetricServiceStub:
    return stubs().analytics(metrics_grpc.MetricServiceStub)


def days() -> dict[str, str]:
    """First and last day that the address asks for; empty for the report's own."""
    first, last = period(request.args.get("period", ""))
    return {
        "first_day": day(request.args.get("first", "")) or first,
        "last_day": day(request.args.get("last", "")) or last,
    }


@needs(READS)
def page(name: str) -> Response:
    """A page of sections; a question that cannot be answered says so beside the answer to the plain one."""
    problem, status = "", 200
    sections: Sequence[Section] = ()
    try:
        sections = _SECTIONS[name](days())
    except PermissionDenied:
        problem, status = str(WHOLE_COMPANY), 403
    except FuniaError as error:
        if error.kind is not ErrorKind.INVALID_ARGUMENT:
            raise
        problem, status = error.message, HTTP_STATUS[error.kind]
        sections = _SECTIONS[name]({"first_day": "", "last_day": ""})
    body = render_template(
        "console/analysis.html",
        key=name,
        pages=PAGES,
        sections=sections,
        problem=problem,
        periods=PERIODS,
        timed=name not in _TIMELESS and status != 403,
        chosen=period_name(),
        asked=days(),
        splits=SPLITS if name == "prices" else {},
        split=_split(),
        choices=_CHOICES[name]() if name in _CHOICES and status != 403 else (),
    )
    return make_response(body, status)


@needs(READS)
def file(name: str, form: str) -> Response:
    """The figures of a page, for the time that the address asks for, as a file."""
    asked = days()
    until = " – ".join(formats.format_date(one) for one in (asked["first_day"], asked["last_day"]) if one)
    return file_of(str(PAGES[name]), until, _SECTIONS[name](asked), form)


def _query(names: Sequence[str], asked: Mapping[str, str], *group_by: str) -> metrics_pb.MetricTable:
    message = metrics_pb.QueryMetricsRequest(
        metrics=names, group_by=group_by, limit=_ROWS, first_day=asked["first_day"], last_day=asked["last_day"]
    )
    return call(metrics().QueryMetrics, message)


def _overview(asked: Mapping[str, str]) -> list[Section]:
    sold = _query(("sales", "orders", "customers", "average_order"), asked, "month")
    closed = _query(("won_deals", "lost_deals", "win_rate", "won_amount"), asked, "month")
    sales = [gettext("Sales"), gettext("Orders"), gettext("Customers"), gettext("Average order")]
    deals = [gettext("Won"), gettext("Lost"), gettext("Win rate"), gettext("Won amount")]
    return [
        _by_month(gettext("What we sold"), sold, sales, sales[:1], "sales"),
        _by_month(gettext("What we won"), closed, deals, deals[:2], "won_deals"),
    ]


def _by_month(
    title: str, found: metrics_pb.MetricTable, names: Sequence[str], drawn: Sequence[str], metric: str
) -> Section:
    currency = found.totals[0].currency_code if found.totals else ""
    rows = [row for row in found.rows if row.currency_code == currency]
    scale = minor_units(found.metrics[0].unit, currency)
    series = [Series(name, [row.values[at].value / scale for row in rows]) for at, name in enumerate(drawn)]
    tiles = [
        (name, figure(value, one.unit, currency))
        for name, one, value in zip(names, found.metrics, found.totals[0].values if found.totals else (), strict=False)
    ]
    table = Table(
        title,
        [gettext("Month")],
        names,
        [
            _metric_row(found, row, [formats.month_name(row.keys[0])], metric, {"month": row.keys[0]})
            for row in found.rows
        ],
        [_metric_row(found, row, [], metric, {}) for row in found.totals],
    )
    labels = [formats.month_name(row.keys[0]) for row in rows]
    return Section(title, tiles, plot_json(labels, series), drawn, table if found.rows else None)


def _prices(asked: Mapping[str, str]) -> list[Section]:
    fall = _query(tuple(STEPS), asked)
    sections = []
    for row in fall.totals:
        values = [one.value for one in row.values]
        scale = minor_units("money", row.currency_code)
        title = gettext("From the list price to what was paid, in %(currency)s", currency=row.currency_code)
        rows = [
            Shown(
                [str(label)],
                [
                    Cell(
                        formats.format_minor(value, row.currency_code, exact=True),
                        _records(name, {}, fall, row.currency_code) if value else "",
                    ),
                    Cell(percent(value, values[0])),
                ],
            )
            for (name, label), value in zip(STEPS.items(), values, strict=True)
        ]
        plot = plot_json(
            [str(one) for one in STEPS.values()],
            [Series(gettext("Amount"), [value / scale for value in values])],
            across=True,
        )
        table = Table(title, [gettext("Step")], [gettext("Amount"), gettext("Of the list price")], rows)
        sections.append(Section(title, (), plot, [gettext("Amount")], table))
    return [*sections, _leakage(asked)]


def _leakage(asked: Mapping[str, str]) -> Section:
    split = _split()
    found = _query(("discount_leakage", "leakage_share", "price_realisation", "net_sales"), asked, split)
    names = key_names(split, [row.keys[0] for row in found.rows])
    title = gettext("What people take off")
    head = [gettext("Taken off"), gettext("Share taken off"), gettext("Left of the list price"), gettext("Without tax")]
    rows = [
        _metric_row(found, row, [names[row.keys[0]]], "discount_leakage", {split: row.keys[0]}) for row in found.rows
    ]
    totals = [_metric_row(found, row, [], "discount_leakage", {}) for row in found.totals]
    currency = found.totals[0].currency_code if found.totals else ""
    drawn = [row for row in found.rows if row.currency_code == currency][:BARS_MAX]
    scale = minor_units("money", currency)
    plot = plot_json(
        [names[row.keys[0]] for row in drawn],
        [Series(head[0], [row.values[0].value / scale for row in drawn])],
        across=True,
    )
    note = gettext(
        "Discounts on lines and orders, and coupons. Price rules are not counted, since nobody decides them."
    )
    table = Table(title, [str(SPLITS[split])], head, rows, totals)
    return Section(title, (), plot, head[:1], table if rows else None, note)


def _split() -> str:
    asked = request.args.get("by", "")
    return asked if asked in SPLITS else "seller"


def _metric_row(
    found: metrics_pb.MetricTable,
    row: metrics_pb.MetricRow,
    labels: Sequence[str],
    metric: str,
    keys: Mapping[str, str],
) -> Shown:
    """A row of figures; the first opens the records behind it."""
    cells = []
    for at, (one, value) in enumerate(zip(found.metrics, row.values, strict=True)):
        href = _records(metric, keys, found, row.currency_code) if at == 0 and value.value else ""
        cells.append(Cell(figure(value, one.unit, row.currency_code), href))
    return Shown(labels, cells)


def _records(metric: str, keys: Mapping[str, str], found: metrics_pb.MetricTable, currency: str) -> str:
    dimension, key = next(iter(keys.items()), ("", ""))
    return url_for(
        "console.analysis_records", metric=metric, dimension=dimension, key=key, first=found.first_day,
        last=found.last_day, currency=currency,
    )  # fmt: skip


_SECTIONS: Mapping[str, Callable[[Mapping[str, str]], list[Section]]] = {
    "overview": _overview,
    "customers": customer_sections,
    "movement": movement_sections,
    "retention": retention_sections,
    "funnel": funnel_sections,
    "prices": _prices,
    "bridge": bridge_sections,
    "leakage": leakage_sections,
    "elasticity": elasticity_sections,
    "forecast": forecast_sections,
}
_CHOICES: Mapping[str, Callable[[], Sequence[Choice]]] = {
    "leakage": leakage_choices,
    "movement": movement_choices,
    "elasticity": elasticity_choices,
    "forecast": forecast_choices,
}
"""What a page is asked with beside its period."""
