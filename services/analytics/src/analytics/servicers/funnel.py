"""Funnels over gRPC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import funnel_pb2 as pb

from analytics.errors import invalid_field
from analytics.queries import funnels
from analytics.queries.periods import period
from analytics.queries.sight import Sight
from analytics.queries.steps import EARLIEST, LATEST
from analytics.settings import Settings
from analytics.store.port import ColumnStore

_DAY_S = 86_400


class FunnelServicer:
    """Carries out funia.analytics.v1.FunnelService."""

    def __init__(self, store: ColumnStore, settings: Settings, pager: Pager) -> None:
        self._store = store
        self._settings = settings
        self._pager = pager

    def GetSalesFunnel(self, call: Call, request: pb.GetSalesFunnelRequest) -> pb.SalesFunnel:
        """How far deals got."""
        sight = self._sight(call)
        first, last = period(request.first_day, request.last_day)
        pipeline = UUID(request.pipeline_id) if request.pipeline_id else funnels.busiest_pipeline(sight)
        if pipeline is None:
            return pb.SalesFunnel(first_day=first.isoformat(), last_day=last.isoformat())
        cohort = funnels.Cohort(pipeline, first, last, request.source, request.owner_id)
        found = funnels.sales_funnel(sight, cohort)
        if not found.deals:
            return pb.SalesFunnel(first_day=first.isoformat(), last_day=last.isoformat())
        return pb.SalesFunnel(
            pipeline_id=str(pipeline),
            first_day=first.isoformat(),
            last_day=last.isoformat(),
            deals=found.deals,
            open=found.open,
            won=found.won,
            lost=found.lost,
            stages=[
                pb.FunnelStage(
                    stage_id=one.stage_id,
                    name=one.name,
                    reached=one.reached,
                    standing=one.standing,
                    lost=one.lost,
                    median_seconds=one.median_seconds,
                )
                for one in found.places
            ],
            leaks=[
                pb.FunnelLeak(stage_id=one.stage_id, lost_reason=one.reason, deals=one.deals) for one in found.leaks
            ],
            cycle_days=found.cycle_s / _DAY_S,
        )

    def ListFunnelDeals(self, call: Call, request: pb.ListFunnelDealsRequest) -> pb.ListFunnelDealsResponse:
        """Deals behind a figure, the newest first."""
        first, last = period(request.first_day, request.last_day)
        tenant_id, size = call.caller.tenant_id, self._pager.size(request.page_size)
        binding = (
            "ListFunnelDeals", request.pipeline_id, request.first_day, request.last_day, request.source,
            request.owner_id, request.stage_id, request.figure,
        )  # fmt: skip
        after = None
        if request.page_token:
            begun, deal_id = self._pager.key(tenant_id, binding, request.page_token)
            after = (int(cast(int, begun)), UUID(str(deal_id)))
        rows = funnels.funnel_deals(
            self._sight(call),
            funnels.Cohort(UUID(request.pipeline_id), first, last, request.source, request.owner_id),
            stage_id=request.stage_id,
            figure=request.figure,
            after=after,
            limit=size + 1,
        )
        page = rows[:size]
        return pb.ListFunnelDealsResponse(
            deal_ids=[str(deal_id) for _, deal_id in page],
            next_page_token=self._pager.token(tenant_id, binding, page[-1]) if len(rows) > size else "",
        )

    def GetEventFunnel(self, call: Call, request: pb.GetEventFunnelRequest) -> pb.EventFunnel:
        """How far anything got through these events."""
        end = _moment(request, "to") or datetime.now(UTC)
        start = _moment(request, "from") or end - timedelta(days=self._settings.analytics_report_default_days)
        if start >= end:
            raise invalid_field("from", "The period is empty; choose a moment before `to`.", "EMPTY_PERIOD")
        window = request.window_s or self._settings.analytics_report_default_days * _DAY_S
        reached = funnels.event_funnel(self._sight(call), request.steps, window, start, end, by=request.by)
        return pb.EventFunnel(reached=reached if any(reached) else [])

    def _sight(self, call: Call) -> Sight:
        return Sight(self._store.for_tenant(call.caller.tenant_id), call.caller)


def _moment(request: pb.GetEventFunnelRequest, field: str) -> datetime | None:
    if not request.HasField(field):  # type: ignore[arg-type]
        return None
    try:
        value: datetime | None = getattr(request, field).ToDatetime(UTC)
    except (ValueError, OverflowError):
        value = None
    if value is None or not EARLIEST <= value <= LATEST:
        message = f"The moment must lie between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}."
        raise invalid_field(field, message, "MOMENT_OUT_OF_RANGE")
    return value
