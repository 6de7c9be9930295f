"""Reports of sales: the catalogue, and a page a report with its plot, its table and the lists behind its figures.

What is asked stands in the address, so that a report can be kept and sent as a link.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import get_currency_precision
from chassis.errors import FuniaError, NotFound
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import sales_report_pb2 as pb
from funia.sales.v1 import sales_report_pb2_grpc

from gateway.console import formats, references
from gateway.console.backend import call, stubs
from gateway.console.colleagues import colleagues
from gateway.console.figures import BARS_MAX, Cell, Series, Shown, Table, plot_json
from gateway.console.guard import needs
from gateway.console.i18n import Lazy, current_locale, gettext, lazy
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS, asked_again, is_fragment
from gateway.console.report_words import COLUMNS, GROUPS, NAMED, REPORTS, SECTIONS, ReportWords, figure, key_of

READS = "sales.read"
PERIODS: tuple[tuple[str, Lazy], ...] = (
    ("month", lazy("This month")),
    ("last_month", lazy("Last month")),
    ("quarter", lazy("This quarter")),
    ("year", lazy("This year")),
    ("last_year", lazy("Last year")),
    ("12_months", lazy("12 months")),
)
TIMES = frozenset({"day", "week", "month", "span"})
ROWS_SHOWN = 100
"""Rows of a page of a report that is not over time; the rest comes when it is asked for, and files have all."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a page shows: its place among the report's, and whether its amounts have cents."""

    at: int
    name: str
    exact: bool


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reports/sales", "sales_reports", sales_reports)
    blueprint.add_url_rule("/reports/sales/<report>", "sales_report", sales_report)
    blueprint.add_url_rule(
        "/reports/sales/<report>/export.<any(csv, xlsx, pdf):form>", "sales_report_file", sales_report_file
    )


@needs(READS)
def sales_reports() -> Response:
    """The catalogue."""
    return make_response(render_template("console/sales_reports.html", sections=SECTIONS, reports=REPORTS))


@needs(READS)
def sales_report(report: str) -> Response:
    """One report. A question that cannot be answered says so beside the answer to the plain one."""
    if report not in REPORTS:
        raise NotFound("There is no such report.", reason="REPORT_NOT_FOUND")
    message, problem, status = asked(report), "", 200
    message.page_size = page_size(message.group_by)
    message.page_token = request.args.get("token", "")
    try:
        answer = call(service().RunSalesReport, message)
    except FuniaError as error:
        if error.kind is not ErrorKind.INVALID_ARGUMENT:
            raise
        problem, status = error.message, HTTP_STATUS[error.kind]
        answer = call(service().RunSalesReport, pb.RunSalesReportRequest(report=report, page_size=ROWS_SHOWN))
    words = REPORTS[report]
    names = labels_of(answer)
    columns = columns_of(answer)
    rows_only = bool(message.page_token) and is_fragment()
    page = render_template(
        "console/report_rows.html" if rows_only else "console/sales_report.html",
        key=report,
        words=words,
        asked=message,
        answer=answer,
        problem=problem,
        chosen=period_name(),
        periods=PERIODS,
        groups=GROUPS,
        table=Table(
            str(words.question),
            [str(GROUPS[one]) for one in answer.group_by],
            [str(COLUMNS[one.name]) for one in columns],
            [shown(words, answer, row, names, columns) for row in answer.rows],
            [shown(words, answer, row, names, columns) for row in answer.totals],
        ),
        sentence=sentence(answer),
        plot=plot_of(words, answer, names),
        plotted=[COLUMNS[one] for one in plotted(words, answer)],
        more=more(report, answer),
    )
    return make_response(page, status)


@needs(READS)
def sales_report_file(report: str, form: str) -> Response:
    """The report that the address asks for as a file, in the person's language and with the names he sees."""
    if report not in REPORTS:
        raise NotFound("There is no such report.", reason="REPORT_NOT_FOUND")
    message = asked(report)
    answer = call(service().RunSalesReport, message)
    words = {key: name for (_, key), name in labels_of(answer).items() if key}
    words |= {one: str(GROUPS[one]) for one in answer.group_by}
    words |= {one.column: str(COLUMNS[one.column]) for one in answer.definition.columns}
    words |= {report: str(REPORTS[report].title), "currency": gettext("Currency"), "total": gettext("Altogether")}
    file = call(
        service().ExportSalesReport,
        pb.ExportSalesReportRequest(
            report=report,
            first_day=message.first_day,
            last_day=message.last_day,
            filter=message.filter,
            group_by=message.group_by,
            format=form,
            language=current_locale(),
            words=words,
        ),
    )
    headers = {"Content-Disposition": f'attachment; filename="{file.file_name}"'}
    return Response(file.content, content_type=file.content_type, headers=headers)


def service() -> sales_report_pb2_grpc.SalesReportServiceStub:
    return stubs().sales(sales_report_pb2_grpc.SalesReportServiceStub)


def asked(report: str) -> pb.RunSalesReportRequest:
    """What the address asks for."""
    given = request.args
    first, last = period(given.get("period", ""))
    return pb.RunSalesReportRequest(
        report=report,
        first_day=day(given.get("first", "")) or first,
        last_day=day(given.get("last", "")) or last,
        filter=given.get("q", "").strip(),
        group_by=[one for one in dict.fromkeys((given.get("by", ""), given.get("and_by", ""))) if one],
    )


def period_name() -> str:
    """The period that the address names; without any and without days it is the twelve months of every report."""
    given = request.args
    return given.get("period", "" if given.get("first") or given.get("last") else PERIODS[-1][0])


def period(name: str) -> tuple[str, str]:
    """First and last day of a period by its name; empty for the report's own."""
    today = formats.now().date()
    month = today.replace(day=1)
    before = month - dt.timedelta(days=1)
    match name:
        case "month":
            return month.isoformat(), today.isoformat()
        case "last_month":
            return before.replace(day=1).isoformat(), before.isoformat()
        case "quarter":
            return month.replace(month=(month.month - 1) // 3 * 3 + 1).isoformat(), today.isoformat()
        case "year":
            return month.replace(month=1).isoformat(), today.isoformat()
        case "last_year":
            return f"{today.year - 1}-01-01", f"{today.year - 1}-12-31"
    return "", ""


def day(text: str) -> str:
    """A day from the address; empty where it is none."""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def labels_of(answer: pb.SalesReport) -> Mapping[tuple[str, str], str]:
    """What the keys of the rows are called, by group and key."""
    found: dict[tuple[str, str], str] = {}
    for at, group in enumerate(answer.group_by):
        keys = dict.fromkeys(row.keys[at] for row in answer.rows)
        known = {row.keys[at]: row.names[at] for row in answer.rows if row.names[at]}
        if group in NAMED:
            references.prefetch(NAMED[group], keys)
        people = colleagues() if group in ("owner", "cashier") else {}
        for key in keys:
            name = key_of(group, key) or known.get(key, "") or people.get(key, "")
            if not name and group in NAMED:
                name = references.name_of(NAMED[group], key)
            if group == "owner" and not key and answer.definition.report == "goals":
                name = gettext("Teams and everybody")
            plain = group in ("source", "lost_reason")
            found[group, key] = name or (key if plain else gettext("Not to be seen"))
    return found


def columns_of(answer: pb.SalesReport) -> Sequence[Column]:
    """The columns that have a figure in any row. All amounts of a column show cents where one has any."""
    rows = [*answer.rows, *answer.totals]
    found = []
    for at, column in enumerate(answer.definition.columns):
        if any(row.values[at].HasField("value") for row in rows):
            money = column.unit == "money"
            exact = money and any(formats.has_cents(row.values[at].value, row.currency_code) for row in rows)
            found.append(Column(at, column.column, exact))
    return found


def shown(
    words: ReportWords,
    answer: pb.SalesReport,
    row: pb.SalesReportRow,
    names: Mapping[tuple[str, str], str],
    columns: Sequence[Column],
) -> Shown:
    """A row of the table, with the addresses of the lists behind it."""
    labels = [names[group, key] for group, key in zip(answer.group_by, row.keys, strict=False)]
    cells = []
    for one in columns:
        column, value = answer.definition.columns[one.at], row.values[one.at]
        text = figure(value, column.unit, row.currency_code, exact=one.exact)
        narrowed = f"({row.filter}) AND {column.filter}" if column.filter and row.filter else row.filter
        found = value.filter or narrowed
        plural = column.records or words.plural
        linked = found and plural in KINDS and value.value
        cells.append(Cell(text, url_for("console.record_list", plural=plural, q=found) if linked else ""))
    return Shown(labels, cells)


def page_size(groups: Sequence[str]) -> int:
    """Rows of a page: all of a report over time alone, whose plot is of all of them."""
    return 0 if len(groups) == 1 and groups[0] in TIMES else ROWS_SHOWN


def more(report: str, answer: pb.SalesReport) -> str:
    """The address of the rows that follow; empty where none do."""
    if not answer.next_page_token:
        return ""
    return asked_again("console.sales_report", report=report, token=answer.next_page_token)


def sentence(answer: pb.SalesReport) -> str:
    """The answer in one sentence: the leading figures of the whole."""
    if not answer.totals:
        return gettext("There is nothing to count in this time.")
    parts = []
    for total in answer.totals[:3]:
        figures = zip(answer.definition.columns, total.values, strict=True)
        parts += [
            f"{COLUMNS[column.column]}: {figure(value, column.unit, total.currency_code)}"
            for column, value in figures
            if value.HasField("value") and column.column in _SAID[answer.definition.report]
        ]
    return " · ".join(parts)


_SAID: Mapping[str, tuple[str, ...]] = {
    "pipeline": ("deals", "amount", "weighted"),
    "win_rate": ("won", "lost", "win_rate", "won_amount"),
    "cycle": ("won", "cycle_median"),
    "stage_time": ("stays", "time_median"),
    "activities": ("done",),
    "goals": ("amount_reached", "deals_reached", "activities_reached"),
    "sales": ("orders", "customers", "net"),
    "products": ("lines", "net"),
    "discounts": ("discount", "discount_share"),
    "price_rules": ("discount",),
    "cash_up": ("sessions", "difference"),
    "ageing": ("invoices", "open"),
    "points_owed": ("points", "value", "soon"),
    "gift_cards": ("cards", "left", "soon_left"),
}


def plotted(words: ReportWords, answer: pb.SalesReport) -> Sequence[str]:
    """The columns that the plot shows: those of its words that have figures."""
    columns = {one.name for one in columns_of(answer)}
    return [one for one in words.plotted if one in columns]


def plot_of(words: ReportWords, answer: pb.SalesReport, names: Mapping[tuple[str, str], str]) -> str:
    """Data of the plot as JSON for a data block: one currency, the leading bars; empty where nothing is to be drawn."""
    columns = [one.column for one in answer.definition.columns]
    at = [columns.index(one) for one in plotted(words, answer)]
    over_time = bool(answer.group_by) and answer.group_by[0] in TIMES
    if not at or (over_time and answer.next_page_token):
        return ""
    currency = answer.totals[0].currency_code if answer.totals else ""
    rows = [row for row in answer.rows if row.currency_code == currency]
    rows = rows if over_time else rows[:BARS_MAX]
    unit = answer.definition.columns[at[0]].unit
    scale = {"money": 10 ** get_currency_precision(currency or "EUR"), "seconds": 86_400, "percent": 100}.get(unit, 1)
    series = [
        Series(str(COLUMNS[columns[one]]), [round(row.values[one].value / scale, 2) for row in rows]) for one in at
    ]
    labels = [
        " · ".join(names[group, key] for group, key in zip(answer.group_by, row.keys, strict=True)) for row in rows
    ]
    return plot_json(labels, series, across=not over_time, beside=answer.definition.report in ("pipeline", "goals"))
