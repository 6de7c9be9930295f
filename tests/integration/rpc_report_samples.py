"""Sample requests for reports of sales."""

from __future__ import annotations

from datetime import UTC, datetime

from funia.sales.v1 import sales_report_pb2 as reports
from google.protobuf.message import Message
from rpc_sales_samples import made_deal
from rpc_world import Sample, World

_OF_THE_REPORT = ("definition", "group_by", "first_day", "last_day")


def _pipeline(world: World) -> Message:
    before = datetime.now(UTC)
    made_deal(world)
    return reports.RunSalesReportRequest(report="pipeline", filter=f'created_at >= "{before:%Y-%m-%dT%H:%M:%S.%fZ}"')


def _pipeline_file(world: World) -> Message:
    before = datetime.now(UTC)
    made_deal(world)
    return reports.ExportSalesReportRequest(
        report="pipeline", filter=f'created_at >= "{before:%Y-%m-%dT%H:%M:%S.%fZ}"', format="csv"
    )


REPORT_SAMPLES: dict[str, Sample] = {
    "/funia.sales.v1.SalesReportService/ListSalesReports": Sample(
        lambda _: reports.ListSalesReportsRequest(), silent=("reports",), answers=False
    ),
    "/funia.sales.v1.SalesReportService/RunSalesReport": Sample(_pipeline, silent=_OF_THE_REPORT),
    # A file of no rows still has its head.
    "/funia.sales.v1.SalesReportService/ExportSalesReport": Sample(
        _pipeline_file, silent=("content", "file_name", "content_type"), answers=False
    ),
}
