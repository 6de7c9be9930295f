"""The peer's reports of prices: a small company's figures, the same at every question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funia.analytics.v1 import elasticity_pb2 as elasticity_pb
from funia.analytics.v1 import elasticity_pb2_grpc as elasticity_grpc
from funia.analytics.v1 import price_report_pb2 as pb
from funia.analytics.v1 import price_report_pb2_grpc as prices_grpc

if TYPE_CHECKING:
    from peer import Peer

BREAD = "0190c0de-0000-7000-8000-0000000000b1"
SPAN = {"first_day": "2026-02-01", "last_day": "2026-03-31", "currency_code": "EUR"}


class PricePeer(prices_grpc.PriceReportServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def GetPriceBridge(self, request: Any, context: Any) -> Any:
        found = pb.PriceBridge(before_first_day="2025-12-04", before_last_day="2026-01-31", **SPAN)
        if self.peer.company(context).contacts:
            found.before_minor, found.after_minor, found.left_out_orders = 100_000, 98_765, 2
            effects = pb.PriceEffects(price=12_000, volume=-20_000, mix=-1_235, new=9_000, lost=-1_000)
            found.effects.CopyFrom(effects)
            found.rows.add(key=BREAD, before_minor=100_000, after_minor=98_765, effects=effects)
        return found

    def GetDiscountLeakage(self, request: Any, context: Any) -> Any:
        found = pb.DiscountLeakage(**SPAN)
        if self.peer.company(context).contacts:
            found.rows.add(
                key="", orders=40, beyond_orders=7, base_minor=900_000, given_minor=90_000, beyond_minor=12_345
            )
            found.total.CopyFrom(found.rows[0])
        return found

    def ListDiscountLeakageOrders(self, request: Any, context: Any) -> Any:
        self.peer.company(context)
        found = pb.ListDiscountLeakageOrdersResponse()
        found.orders.add(
            order_id="0190c0de-0000-7000-8000-000000000001", base_minor=10_000, given_minor=2_500, beyond_minor=1_500
        )
        return found


class ElasticityPeer(elasticity_grpc.ElasticityServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def EstimateElasticity(self, request: Any, context: Any) -> Any:
        self.peer.company(context)
        found = elasticity_pb.Elasticity(
            first_day="2026-01-05", last_day="2026-03-29", currency_code="EUR", rows=120, r_squared=0.64
        )
        if request.step == "month":
            found.refusal.reason = "TOO_FEW_ROWS"
            return found
        found.slope.CopyFrom(elasticity_pb.ElasticityEstimate(value=-1.8, error=0.2, low=-2.2, high=-1.4))
        found.naive.CopyFrom(elasticity_pb.ElasticityEstimate(value=-2.6, error=0.2, low=-3.0, high=-2.2))
        for at in range(12):
            found.points.add(price_minor=900 + 20 * at, quantity_milli=(60 - 3 * at) * 1_000, promoted=at < 3)
        found.remarks.add(code="FEW_PRICES")
        today = elasticity_pb.PriceToday(
            first_day="2026-01-05",
            price_minor=1_000,
            quantity_milli=400_000,
            revenue_minor=400_000,
            margin_minor=90_000,
        )
        found.today.CopyFrom(today)
        for change in request.price_changes_permille:
            sold = round(400_000 * (1 + change / 1000) ** -1.8)
            sales = sold * (1_000 + change) // 1_000
            found.what_ifs.add(
                change_permille=change, quantity_milli=sold, revenue_minor=sales, revenue_low_minor=sales - 9_000,
                revenue_high_minor=sales + 9_000, margin_minor=sales - sold * 775 // 1_000, extrapolates=change > 150,
            )  # fmt: skip
        return found


def add_prices(peer: Peer) -> None:
    """Serves them beside the others."""
    prices_grpc.add_PriceReportServiceServicer_to_server(peer.wrap(PricePeer(peer)), peer.server)
    elasticity_grpc.add_ElasticityServiceServicer_to_server(peer.wrap(ElasticityPeer(peer)), peer.server)
