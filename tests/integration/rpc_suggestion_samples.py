"""Sample requests for what goes with a basket."""

from __future__ import annotations

from typing import cast
from uuid import uuid4

from funia.sales.v1 import lines_pb2 as lines
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import suggestion_pb2 as suggestions
from google.protobuf.message import Message
from harness import wait_for
from rpc_sales_samples import _variant_id
from rpc_world import Sample, World


def _placed(world: World, *variants: str) -> orders.Order:
    items = [lines.LineItem(product_variant_id=one, quantity_milli=1_000) for one in variants]
    request = orders.PlaceOrderRequest(order=orders.Order(lines=items, currency_code="EUR"))
    return cast(orders.Order, world.call("sales.v1.OrderService", "PlaceOrder", request))


def _bought_together(world: World) -> Message:
    """One of two products that three orders of six hold together. They are counted as their events come."""
    one, other, third = (_variant_id(world) for _ in range(3))
    order = _placed(world, one, other)
    for basket in ((one, other), (one, other), (third,), (third,), (third,)):
        _placed(world, *basket)
    request = suggestions.SuggestProductsRequest(product_ids=[order.lines[0].product_id])

    def known() -> bool:
        answer = world.call("sales.v1.SuggestionService", "SuggestProducts", request)
        return bool(cast(suggestions.SuggestProductsResponse, answer).suggestions)

    wait_for("orders are counted", known)
    return request


def _shown(world: World) -> Message:
    """A suggestion shown beside an order of the owner."""
    order = _placed(world, _variant_id(world))
    return suggestions.RecordShownSuggestionsRequest(
        document_kind="order", document_id=order.id, suggestion_ids=[str(uuid4())]
    )


SUGGESTION_SAMPLES: dict[str, Sample] = {
    "/funia.sales.v1.SuggestionService/SuggestProducts": Sample(_bought_together),
    "/funia.sales.v1.SuggestionService/RecordShownSuggestions": Sample(_shown),
}
