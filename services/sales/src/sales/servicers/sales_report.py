"""SalesReportService at the edge: which reports there are, and their figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from chassis.paging import Pager
from chassis.work import Work
from funia.sales.v1 import sales_report_pb2 as pb
from report_files.fonts import Fonts
from report_files.writing import MEDIA_TYPES, written

from sales.paper.report import FigureColumn, FigureRow, ReportFigures, file_content
from sales.queries.held_sources import SOON_DAYS
from sales.usecases import reports as rules
from sales.usecases.report_answers import Line
from sales.usecases.report_catalogue import REPORTS, Report
from sales.usecases.reports import Asked, Found

DEFINITIONS: Mapping[str, str] = {
    "pipeline": "Open deals as they stand now: how many, what they are worth, and the same by their chances.",
    "win_rate": "Deals that closed in the period. The win rate is won of won and lost.",
    "cycle": "Days from when a deal came to its first stage to when it was won, for deals won in the period.",
    "stage_time": "How long deals stood in the stages that they left in the period.",
    "activities": "Calls, meetings and tasks that were done in the period.",
    "goals": "Goals that begin in the period: what was to be reached, and what was. A goal of a month and one of its"
    " quarter both count.",
    "sales": "Orders of the period that were placed, not canceled, and had something to pay. Lines count where quantity"
    " and amount are above zero; returns are not taken off, what was given back stands beside.",
    "products": "What of each product was sold in the period, by the lines of orders; suggested are lines that somebody"
    " added for a suggestion.",
    "discounts": "What was taken off list prices in the period, by price rules and by hand or coupon, of all orders.",
    "price_rules": "What each price rule took off in the period.",
    "cash_up": "Sessions at tills that closed in the period: cash that was expected and counted. Whoever does not see"
    " everything sees the sessions that he opened.",
    "ageing": "What is open of invoices that were issued, by how long ago it was due.",
    "points_owed": "Points that members have and did not spend, since when they can be spent, what they are worth, and"
    f" how many of them expire within {SOON_DAYS} days.",
    "gift_cards": "Money that is left on gift cards, since when they are there, and how much of it expires within"
    f" {SOON_DAYS} days.",
}


class SalesReportServicer:
    """Reports."""

    service = pb.DESCRIPTOR.services_by_name["SalesReportService"]

    def __init__(self, fonts: Fonts, pager: Pager) -> None:
        self._fonts = fonts
        self._pager = pager

    def ListSalesReports(self, work: Work, request: pb.ListSalesReportsRequest) -> pb.ListSalesReportsResponse:
        return pb.ListSalesReportsResponse(reports=[_definition(one) for one in REPORTS])

    def RunSalesReport(self, work: Work, request: pb.RunSalesReportRequest) -> pb.SalesReport:
        days = (request.first_day, request.last_day)
        binding = ("RunSalesReport", request.report, *days, request.filter, *request.group_by)
        after = self._pager.key(work.tenant_id, binding, request.page_token) if request.page_token else None
        found = rules.run(work, asked(request), limit=request.page_size, after=after)
        token = "" if found.next_key is None else self._pager.token(work.tenant_id, binding, found.next_key)
        return pb.SalesReport(
            definition=_definition(found.report),
            group_by=[one.key for one in found.groups],
            first_day=found.first_day.isoformat() if found.first_day else "",
            last_day=found.last_day.isoformat() if found.last_day else "",
            rows=[_row(one) for one in found.lines],
            totals=[_row(one) for one in found.totals],
            next_page_token=token,
        )

    def ExportSalesReport(self, work: Work, request: pb.ExportSalesReportRequest) -> pb.SalesReportFile:
        found = rules.run(work, asked(request))
        made = written(file_content(_figures(work, found, request)), request.format, self._fonts)
        days = f"-{found.first_day}-{found.last_day}" if found.first_day else f"-{work.now:%Y-%m-%d}"
        return pb.SalesReportFile(
            content=made,
            file_name=f"{found.report.key.replace('_', '-')}{days}.{request.format}",
            content_type=MEDIA_TYPES[request.format],
        )


def asked(request: pb.RunSalesReportRequest | pb.ExportSalesReportRequest) -> Asked:
    """What a request asks for."""
    return Asked(
        request.report,
        date.fromisoformat(request.first_day) if request.first_day else None,
        date.fromisoformat(request.last_day) if request.last_day else None,
        request.filter,
        tuple(request.group_by),
    )


def _figures(work: Work, found: Found, request: pb.ExportSalesReportRequest) -> ReportFigures:
    words = request.words

    def said(key: str, name: str = "") -> str:
        return words.get(key) or name or key

    def row(line: Line) -> FigureRow:
        labels = [said(key, name) for key, name in zip(line.keys, line.names, strict=True)]
        return FigureRow(labels, line.currency, line.values)

    return ReportFigures(
        language=request.language or "en",
        title=said(found.report.key),
        subtitle=f"{found.first_day} – {found.last_day}" if found.first_day else f"{work.now:%Y-%m-%d}",
        made_at=work.now,
        currency_heading=said("currency"),
        total_heading=said("total"),
        groups=[said(one.key) for one in found.groups],
        columns=[FigureColumn(said(one.key), one.unit) for one in found.report.figures],
        rows=[row(one) for one in found.lines],
        totals=[row(one) for one in found.totals],
    )


def _definition(report: Report) -> pb.SalesReportDefinition:
    return pb.SalesReportDefinition(
        report=report.key,
        definition=DEFINITIONS[report.key],
        columns=[
            pb.SalesReportColumn(column=one.key, unit=one.unit, filter=one.filter, records=one.records)
            for one in report.figures
        ],
        group_by=[one.key for one in report.groups],
        records=report.records,
        dated=bool(report.period),
        lead=report.lead,
    )


def _row(line: Line) -> pb.SalesReportRow:
    return pb.SalesReportRow(
        keys=line.keys,
        names=line.names,
        currency_code=line.currency,
        values=[
            pb.SalesReportValue(value=value, filter=line.drills[at] if line.drills else "")
            for at, value in enumerate(line.values)
        ],
        filter=line.drill,
    )
