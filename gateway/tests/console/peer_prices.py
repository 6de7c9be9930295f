"""The peer's reports of prices: a small company's figures, the same at every question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def add_prices(peer: Peer) -> None:
    """Serves them beside the others."""
    prices_grpc.add_PriceReportServiceServicer_to_server(peer.wrap(PricePeer(peer)), peer.server)
