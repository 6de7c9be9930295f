"""Sample requests for reports of sales and the playbook of deals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from funia.sales.v1 import pipeline_pb2 as pipelines
from funia.sales.v1 import playbook_pb2 as playbooks
from funia.sales.v1 import sales_report_pb2 as reports
from google.protobuf.field_mask_pb2 import FieldMask
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


def _ticked(world: World) -> Message:
    deal: Any = made_deal(world)
    stage = pipelines.Stage(id=deal.stage_id, checklist=["Call them"])
    changed = pipelines.UpdateStageRequest(stage=stage, update_mask=FieldMask(paths=["checklist"]))
    world.call("sales.v1.StageService", "UpdateStage", changed)
    return playbooks.TickPlaybookItemRequest(deal_id=deal.id, item="Call them", done=True)


REPORT_SAMPLES: dict[str, Sample] = {
    "/funia.sales.v1.SalesReportService/ListSalesReports": Sample(
        lambda _: reports.ListSalesReportsRequest(), silent=("reports",), answers=False
    ),
    "/funia.sales.v1.SalesReportService/RunSalesReport": Sample(_pipeline, silent=_OF_THE_REPORT),
    # A file of no rows still has its head.
    "/funia.sales.v1.SalesReportService/ExportSalesReport": Sample(
        _pipeline_file, silent=("content", "file_name", "content_type"), answers=False
    ),
    "/funia.sales.v1.PlaybookService/GetPlaybook": Sample(
        lambda w: playbooks.GetPlaybookRequest(deal_id=made_deal(w).id)
    ),
    "/funia.sales.v1.PlaybookService/TickPlaybookItem": Sample(_ticked),
}
