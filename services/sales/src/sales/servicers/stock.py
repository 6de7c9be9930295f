"""StockService at the edge."""

from __future__ import annotations

from uuid import UUID

from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.work import Row, Work
from funia.sales.v1 import stock_pb2 as pb
from funia.sales.v1.events_pb2 import StockChanged

from sales.errors import not_there
from sales.model.order import OWN_WAREHOUSE
from sales.queries import orders as queries
from sales.queries import pricing


class StockServicer:
    """What is on hand of what is counted."""

    service = pb.DESCRIPTOR.services_by_name["StockService"]

    def ListStock(self, work: Work, request: pb.ListStockRequest) -> pb.ListStockResponse:
        rows = queries.stock(work, [UUID(one) for one in request.product_variant_ids])
        return pb.ListStockResponse(levels=[_level(row) for row in rows])

    def AdjustStock(self, work: Work, request: pb.AdjustStockRequest) -> pb.StockLevel:
        variant_id = UUID(request.product_variant_id)
        store_id = UUID(request.store_id) if request.store_id else OWN_WAREHOUSE
        article = next(iter(pricing.articles(work, [variant_id])), None)
        if article is None:
            raise not_there("product_variant_id", "variant")
        if not article.track_stock:
            raise Conflict(
                "The stock of this product is not counted. Turn that on in the product first.",
                reason="STOCK_NOT_TRACKED",
            )
        left = queries.change_stock(work, variant_id, store_id, request.change_milli)
        payload = StockChanged(
            product_variant_id=str(variant_id),
            store_id=request.store_id,
            change_milli=request.change_milli,
            on_hand_milli=left,
        )
        work.record(Event("sales.stock.adjusted", variant_id, 1, payload))
        return pb.StockLevel(product_variant_id=str(variant_id), store_id=request.store_id, on_hand_milli=left)


def _level(row: Row) -> pb.StockLevel:
    return pb.StockLevel(
        product_variant_id=str(row.variant_id),
        store_id="" if row.store_id == OWN_WAREHOUSE else str(row.store_id),
        on_hand_milli=row.on_hand_milli,
    )
