"""The activity report over gRPC: decode, ask the store for the caller's tenant, encode."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import activity_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp

from analytics.errors import invalid_field
from analytics.queries import activity
from analytics.queries.steps import EARLIEST, LATEST, boundaries, step_named, zone_named
from analytics.settings import Settings
from analytics.store.port import ColumnStore


class ActivityReportServicer:
    """Carries out funia.analytics.v1.ActivityReportService."""

    def __init__(self, store: ColumnStore, settings: Settings, pager: Pager) -> None:
        self._store = store
        self._settings = settings
        self._pager = pager

    def GetActivityReport(self, call: Call, request: pb.GetActivityReportRequest) -> pb.ActivityReport:
        """Counts by type and step, empty steps included."""
        start, end = self._period(request)
        steps = boundaries(
            start,
            end,
            step_named(request.step),
            zone_named(request.time_zone),
            most=self._settings.analytics_report_max_steps,
        )
        reader = self._store.for_tenant(call.caller.tenant_id)
        found = activity.counts(reader, start, end, steps, type_prefix=request.type_prefix)
        return pb.ActivityReport(
            series=[pb.ActivitySeries(type=one.type, counts=one.counts, total=one.total) for one in found.series],
            steps=[_timestamp(step) for step in steps],
            total=found.total,
            as_of=_timestamp(found.newest) if found.newest else None,
        )

    def ListActivityEvents(self, call: Call, request: pb.ListActivityEventsRequest) -> pb.ListActivityEventsResponse:
        """The events behind a figure, newest first."""
        tenant_id = call.caller.tenant_id
        start, end = self._period(request)
        size = self._pager.size(request.page_size)
        # An unset bound moves with the clock, so it is bound as unset: the second page would not fit the first.
        binding = ("ListActivityEvents", request.type, _bound(request, "from"), _bound(request, "to"))
        after = None
        if request.page_token:
            at, event_id = self._pager.key(tenant_id, binding, request.page_token)
            after = (int(cast(int, at)), UUID(str(event_id)))
        found = activity.events(
            self._store.for_tenant(tenant_id), start, end, limit=size + 1, event_type=request.type, after=after
        )
        page = found[:size]
        return pb.ListActivityEventsResponse(
            events=[_event(event) for event in page],
            next_page_token=self._pager.token(tenant_id, binding, page[-1].position) if len(found) > size else "",
        )

    def _period(self, request: pb.GetActivityReportRequest | pb.ListActivityEventsRequest) -> tuple[datetime, datetime]:
        end = _moment(request, "to") or datetime.now(UTC)
        start = _moment(request, "from") or end - timedelta(days=self._settings.analytics_report_default_days)
        if start >= end:
            raise invalid_field("from", "The period is empty; choose a moment before `to`.", "EMPTY_PERIOD")
        return start, end


def _moment(request: pb.GetActivityReportRequest | pb.ListActivityEventsRequest, field: str) -> datetime | None:
    if not request.HasField(field):  # type: ignore[arg-type]
        return None
    stamp: Timestamp = getattr(request, field)
    try:
        value = stamp.ToDatetime(UTC)
    except (ValueError, OverflowError):
        value = None
    if value is None or not EARLIEST <= value <= LATEST:
        message = f"The moment must lie between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}."
        raise invalid_field(field, message, "MOMENT_OUT_OF_RANGE")
    return value


def _bound(request: pb.ListActivityEventsRequest, field: str) -> str:
    stamp: Timestamp = getattr(request, field)
    return f"{stamp.seconds}.{stamp.nanos}" if request.HasField(field) else ""  # type: ignore[arg-type]


def _timestamp(value: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(value)
    return stamp


def _event(event: activity.ActivityEvent) -> pb.ActivityEvent:
    return pb.ActivityEvent(
        id=event.id,
        type=event.type,
        subject_id=event.subject_id,
        occurred_at=_timestamp(event.occurred_at),
        actor_type=event.actor_type,
        actor_id=event.actor_id,
    )
