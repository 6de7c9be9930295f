"""The peer's forecast: fourteen months of a small company and three ahead, and as of earlier what came since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chassis.errors import PermissionDenied
from funia.analytics.v1 import revenue_forecast_pb2 as pb
from funia.analytics.v1 import revenue_forecast_pb2_grpc as forecast_grpc

if TYPE_CHECKING:
    from peer import Peer

_MONTHS = [f"{2025 + (at // 12)}-{at % 12 + 1:02}-01" for at in range(17)]
_KNOWN = 14


class ForecastPeer(forecast_grpc.RevenueForecastServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def ForecastRevenue(self, request: Any, context: Any) -> Any:
        if self.peer.partial_sight:
            raise PermissionDenied("This is about all records.", reason="NEEDS_ALL_RECORDS")
        found = pb.RevenueForecast(step=request.step, as_of=request.as_of or "2026-03-10", currency_code="EUR")
        if not self.peer.company(context).contacts:
            found.refusal.reason = "TOO_SHORT"
            return found
        for series, unit in ((found.revenue, 100), (found.orders, 1)):
            series.method, series.confidence_permille, series.season = "HOLT_WINTERS", request.confidence_permille, 1
            for at, month in enumerate(_MONTHS[:_KNOWN]):
                series.history.add(first_day=month, value=(1_000 + 10 * at) * unit)
            for at, month in enumerate(_MONTHS[_KNOWN:]):
                step = series.steps.add(first_day=month, expected=(1_140 + 10 * at) * unit)
                step.low, step.high = step.expected - 100 * unit, step.expected + 100 * unit
                if request.as_of:
                    step.came = step.expected + (200 if at == 2 else 20) * unit
            series.back_tests.add(method="SEASONAL_NAIVE", mase=1.0, smape=0.2, coverage=0.7, tested=24)
            series.back_tests.add(method="HOLT_WINTERS", mase=0.61, smape=0.124, coverage=0.83, tested=24)
            series.remarks.add(code="SEASON_TOO_LONG_FOR_HISTORY")
        return found


def add_forecast(peer: Peer) -> None:
    """Serves it beside the others."""
    forecast_grpc.add_RevenueForecastServiceServicer_to_server(peer.wrap(ForecastPeer(peer)), peer.server)
