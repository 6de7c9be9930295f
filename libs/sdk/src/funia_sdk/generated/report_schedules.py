"""Methods of report schedules. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("report_schedules.list", "GET", "/v1/report-schedules")
_CREATE = Operation("report_schedules.create", "POST", "/v1/report-schedules", keyed=True)
_DELETE = Operation("report_schedules.delete", "DELETE", "/v1/report-schedules/{id}", keyed=True)
_GET = Operation("report_schedules.get", "GET", "/v1/report-schedules/{id}")
_UPDATE = Operation("report_schedules.update", "PATCH", "/v1/report-schedules/{id}", keyed=True)
_LIST_RUNS = Operation("report_schedules.list_runs", "GET", "/v1/report-schedules/{id}/runs")
_SEND = Operation("report_schedules.send", "POST", "/v1/report-schedules/{id}:send", keyed=True)


class ReportSchedulesApi:
    """Schedules of reports. Each run is made with the rights that the schedule's owner has at that moment.
    People see their own schedules; administrators of the company see, pause and delete those of all.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        of_everybody: bool | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.ReportSchedule, models.ListReportSchedulesResponse]:
        """Lists schedules, the newest first.

        page_size: How many at most; the default of the installation where 0.
        page_token: Where the page before ended.
        of_everybody: True for those of everybody, for administrators of the company; others get their own all the same.
        """

        def fetch(token: str) -> models.ListReportSchedulesResponse:
            return self._transport.call(
                _LIST,
                models.ListReportSchedulesResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "of_everybody": of_everybody},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.report_schedules, page_token or "")

    def create(
        self, body: inputs.ReportScheduleInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ReportSchedule:
        """Makes a schedule of the caller's own. Only a person may: there is nobody with whose rights an app's
        would run.
        """
        return self._transport.call(
            _CREATE, models.ReportSchedule, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteReportScheduleResponse:
        """Deletes a schedule, with what it tells of its runs. What waits to be sent is not.

        id: Schedule.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteReportScheduleResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.ReportSchedule:
        """Returns one schedule.

        id: Schedule.
        """
        return self._transport.call(_GET, models.ReportSchedule, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.ReportSchedulePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ReportSchedule:
        """Changes a schedule. What it sends, when and to whom only its owner changes; an administrator may pause
        it.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.ReportSchedule,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def list_runs(
        self, id: str, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.ReportRun, models.ListReportRunsResponse]:
        """Lists the runs of a schedule, the newest first.

        id: Schedule.
        page_size: How many at most; the default of the installation where 0.
        page_token: Where the page before ended.
        """

        def fetch(token: str) -> models.ListReportRunsResponse:
            return self._transport.call(
                _LIST_RUNS,
                models.ListReportRunsResponse,
                {"id": id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.report_runs, page_token or "")

    def send(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.ReportRun:
        """Sends the report once more, now, beside its times. The owner only.

        id: Schedule.
        """
        return self._transport.call(
            _SEND,
            models.ReportRun,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
