"""The peer's dashboards: kept in memory by company, with figures that are the same at every question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import grpc
from funia.analytics.v1 import dashboard_pb2 as pb
from funia.analytics.v1 import dashboard_pb2_grpc
from funia.analytics.v1 import metric_pb2 as metric_pb

if TYPE_CHECKING:
    from peer import Peer

SPAN = {"first_day": "2026-03-01", "last_day": "2026-03-15"}
BEFORE = {"first_day": "2026-02-01", "last_day": "2026-02-15"}
MONEY = frozenset({"sales", "average_order", "won_amount", "net_sales"})


class DashboardPeer(dashboard_pb2_grpc.DashboardServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.kept: dict[tuple[int, str], pb.Dashboard] = {}

    def ListDashboards(self, request: Any, context: Any) -> Any:
        company = id(self.peer.company(context))
        return pb.ListDashboardsResponse(dashboards=[one for (of, _), one in self.kept.items() if of == company])

    def GetDashboard(self, request: Any, context: Any) -> Any:
        found = self.kept.get((id(self.peer.company(context)), request.id))
        return found if found is not None else context.abort(grpc.StatusCode.NOT_FOUND, "There is no such dashboard.")

    def CreateDashboard(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        made = pb.Dashboard(id=str(uuid4()), etag="1", made_by=company.users[0].id)
        made.MergeFrom(request.dashboard)
        self.kept[id(company), made.id] = made
        return made

    def UpdateDashboard(self, request: Any, context: Any) -> Any:
        self.kept[id(self.peer.company(context)), request.dashboard.id] = request.dashboard
        return request.dashboard

    def DeleteDashboard(self, request: Any, context: Any) -> Any:
        return self.kept.pop((id(self.peer.company(context)), request.id))

    def QueryTiles(self, request: Any, context: Any) -> Any:
        return pb.TileTable(tiles=[figures_of(one) for one in self.GetDashboard(request, context).tiles])


def figures_of(tile: pb.Tile) -> pb.TileFigures:
    metrics = [
        metric_pb.Metric(metric=one, unit="money" if one in MONEY else "number", record="order") for one in tile.metrics
    ]

    def row(value: int, *keys: str) -> metric_pb.MetricRow:
        values = [metric_pb.MetricValue(value=value * at) for at in range(1, len(metrics) + 1)]
        return metric_pb.MetricRow(keys=keys, currency_code="EUR", values=values)

    key = {"day": "2026-03-02", "month": "2026-03"}.get("".join(tile.group_by), "")
    rows = [row(150_000, key)] if tile.group_by else [row(150_000)]
    found = metric_pb.MetricTable(metrics=metrics, group_by=tile.group_by, rows=rows, totals=[row(150_000)], **SPAN)
    shown = pb.TileFigures(tile=tile, figures=found)
    if tile.compared:
        shown.before.CopyFrom(metric_pb.MetricTable(metrics=metrics, totals=[row(120_000)], **BEFORE))
    return shown


def add_dashboards(peer: Peer) -> None:
    servicer = peer.wrap(DashboardPeer(peer))
    dashboard_pb2_grpc.add_DashboardServiceServicer_to_server(servicer, peer.server)
