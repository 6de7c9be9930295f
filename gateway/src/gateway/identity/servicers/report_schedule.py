"""ReportScheduleService: reports that are sent regularly."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.paging import Pager
from chassis.work import Work
from funia.identity.v1 import report_schedule_pb2 as pb

from gateway.identity.queries import report_schedule as queries
from gateway.identity.servicers.masking import masked
from gateway.identity.usecases import report_schedules
from gateway.identity.wire import timestamp
from gateway.report_settings import ReportSettings


class ReportScheduleServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, settings: ReportSettings, pager: Pager) -> None:
        self._settings = settings
        self._pager = pager

    def ListReportSchedules(self, work: Work, request: pb.ListReportSchedulesRequest) -> pb.ListReportSchedulesResponse:
        size = self._pager.size(request.page_size)
        binding = ("ListReportSchedules", str(request.of_everybody))
        token = request.page_token
        before_id = UUID(str(self._pager.key(work.tenant_id, binding, token)[0])) if token else None
        rows = report_schedules.page(work, of_everybody=request.of_everybody, limit=size + 1, before_id=before_id)
        following = self._pager.token(work.tenant_id, binding, [rows[size - 1].id]) if len(rows) > size else ""
        return pb.ListReportSchedulesResponse(
            report_schedules=[_message(row) for row in rows[:size]], next_page_token=following
        )

    def GetReportSchedule(self, work: Work, request: pb.GetReportScheduleRequest) -> pb.ReportSchedule:
        return _message(report_schedules.get(work, UUID(request.id)))

    def CreateReportSchedule(self, work: Work, request: pb.CreateReportScheduleRequest) -> pb.ReportSchedule:
        given = _plain(
            request.report_schedule,
            {name: getattr(request.report_schedule, name) for name in report_schedules.FIELDS},
        )
        row = report_schedules.create(
            work,
            given,
            schedules_max=self._settings.report_schedules_max,
            recipients_max=self._settings.report_recipients_max,
        )
        return _message(row)

    def UpdateReportSchedule(self, work: Work, request: pb.UpdateReportScheduleRequest) -> pb.ReportSchedule:
        asked = request.report_schedule
        given = _plain(asked, masked(asked, request.update_mask, report_schedules.FIELDS))
        recipients_max = self._settings.report_recipients_max
        row = report_schedules.change(work, UUID(asked.id), given, etag=request.etag, recipients_max=recipients_max)
        return _message(row)

    def DeleteReportSchedule(
        self, work: Work, request: pb.DeleteReportScheduleRequest
    ) -> pb.DeleteReportScheduleResponse:
        report_schedules.delete(work, UUID(request.id))
        return pb.DeleteReportScheduleResponse()

    def SendReportNow(self, work: Work, request: pb.SendReportNowRequest) -> pb.ReportRun:
        return _run(report_schedules.send_now(work, UUID(request.id)))

    def ListReportRuns(self, work: Work, request: pb.ListReportRunsRequest) -> pb.ListReportRunsResponse:
        schedule_id = report_schedules.get(work, UUID(request.id)).id
        size = self._pager.size(request.page_size)
        binding = ("ListReportRuns", request.id)
        token = request.page_token
        before = datetime.fromisoformat(str(self._pager.key(work.tenant_id, binding, token)[0])) if token else None
        rows = queries.runs(work, schedule_id, limit=size + 1, before=before)
        last = [rows[size - 1].due_at.isoformat()] if len(rows) > size else []
        return pb.ListReportRunsResponse(
            report_runs=[_run(row) for row in rows[:size]],
            next_page_token=self._pager.token(work.tenant_id, binding, last) if last else "",
        )


def _plain(asked: pb.ReportSchedule, given: dict[str, Any]) -> dict[str, Any]:
    """The values as the row keeps them."""
    if "recipient_ids" in given:
        given["recipient_ids"] = list(given["recipient_ids"])
    if "condition" in given:
        one = asked.condition
        kept = {"metric": one.metric, "period": one.period, "comparison": one.comparison, "value": one.value}
        given["condition"] = kept if asked.HasField("condition") else None
    return given


def _message(row: Any) -> pb.ReportSchedule:
    last = None
    if row.last_due_at is not None:
        last = pb.ReportRun(
            due_at=timestamp(row.last_due_at),
            state=row.last_state,
            reason=row.last_reason,
            recipients=row.last_recipients,
            size_bytes=row.last_size_bytes,
            ended_at=timestamp(row.last_ended_at) if row.last_ended_at else None,
        )
    return pb.ReportSchedule(
        id=str(row.id),
        **{name: getattr(row, name) for name in report_schedules.FIELDS if name != "condition"},
        condition=None if row.condition is None else pb.ReportCondition(**row.condition),
        owner_id=str(row.owner_id),
        paused_reason=row.paused_reason,
        next_at=timestamp(row.next_at) if row.next_at else None,
        last_run=last,
        etag=str(row.version),
        created_at=timestamp(row.created_at),
    )


def _run(row: Any) -> pb.ReportRun:
    return pb.ReportRun(
        due_at=timestamp(row.due_at),
        state=row.state,
        reason=row.reason,
        recipients=row.recipients,
        size_bytes=row.size_bytes,
        ended_at=timestamp(row.ended_at) if row.ended_at else None,
    )
