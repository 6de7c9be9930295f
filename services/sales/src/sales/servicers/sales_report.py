"""SalesReportService at the edge: which reports there are, and their figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from chassis.work import Work
from funia.sales.v1 import sales_report_pb2 as pb

from sales.usecases import reports as rules
from sales.usecases.report_catalogue import REPORTS, Report
from sales.usecases.reports import Asked, Line

DEFINITIONS: Mapping[str, str] = {
    "pipeline": "Open deals as they stand now: how many, what they are worth, and the same by their chances.",
    "win_rate": "Deals that closed in the period. The win rate is won of won and lost.",
    "cycle": "Days from when a deal came to its first stage to when it was won, for deals won in the period.",
    "stage_time": "How long deals stood in the stages that they left in the period.",
    "activities": "Calls, meetings and tasks that were done in the period.",
    "sales": "Orders of the period that were placed, not canceled, and had something to pay. Lines count where quantity"
    " and amount are above zero; returns are not taken off, what was given back stands beside.",
    "products": "What of each product was sold in the period, by the lines of orders.",
    "discounts": "What was taken off list prices in the period, by price rules and by hand or coupon, of all orders.",
    "price_rules": "What each price rule took off in the period.",
    "cash_up": "Sessions at tills that closed in the period: cash that was expected and counted. Whoever does not see"
    " everything sees the sessions that he opened.",
    "ageing": "What is open of invoices that were issued, by how long ago it was due.",
}


class SalesReportServicer:
    """Reports."""

    service = pb.DESCRIPTOR.services_by_name["SalesReportService"]

    def ListSalesReports(self, work: Work, request: pb.ListSalesReportsRequest) -> pb.ListSalesReportsResponse:
        return pb.ListSalesReportsResponse(reports=[_definition(one) for one in REPORTS])

    def RunSalesReport(self, work: Work, request: pb.RunSalesReportRequest) -> pb.SalesReport:
        found = rules.run(work, asked(request))
        return pb.SalesReport(
            definition=_definition(found.report),
            group_by=[one.key for one in found.groups],
            first_day=found.first_day.isoformat() if found.first_day else "",
            last_day=found.last_day.isoformat() if found.last_day else "",
            rows=[_row(one) for one in found.lines],
            totals=[_row(one) for one in found.totals],
        )


def asked(request: pb.RunSalesReportRequest) -> Asked:
    """What a request asks for."""
    return Asked(
        request.report,
        date.fromisoformat(request.first_day) if request.first_day else None,
        date.fromisoformat(request.last_day) if request.last_day else None,
        request.filter,
        tuple(request.group_by),
    )


def _definition(report: Report) -> pb.SalesReportDefinition:
    return pb.SalesReportDefinition(
        report=report.key,
        definition=DEFINITIONS[report.key],
        columns=[pb.SalesReportColumn(column=one.key, unit=one.unit, filter=one.filter) for one in report.figures],
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
        values=[pb.SalesReportValue(value=one) for one in line.values],
        filter=line.drill,
    )
