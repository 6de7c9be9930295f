"""The peer's baskets: two rules between three products, the same at every question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funia.analytics.v1 import basket_rule_pb2 as pb
from funia.analytics.v1 import basket_rule_pb2_grpc as rules_grpc
from funia.analytics.v1 import model_run_pb2 as runs_pb
from funia.analytics.v1 import model_run_pb2_grpc as runs_grpc
from funia.sales.v1 import catalogue_pb2, catalogue_pb2_grpc

if TYPE_CHECKING:
    from peer import Peer

RUN = "0190c0de-0000-7000-8000-0000000000a1"
PRODUCTS = {
    "0190c0de-0000-7000-8000-0000000000b1": "Bread of the house, sliced, 500 g",
    "0190c0de-0000-7000-8000-0000000000b2": "Butter",
    "0190c0de-0000-7000-8000-0000000000b3": "Coffee",
}


class RunPeer(runs_grpc.ModelRunServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def ListModelRuns(self, request: Any, context: Any) -> Any:
        if not self.peer.company(context).contacts or request.kind != "baskets":
            return runs_pb.ListModelRunsResponse()
        run = runs_pb.ModelRun(id=RUN, kind="baskets", state="active", as_of="2026-03-31")
        run.parameters.least_support_ppm, run.parameters.least_confidence_permille = 5_000, 100
        run.parameters.significance_permille, run.parameters.longest = 50, 3
        run.result.baskets.baskets, run.result.baskets.single, run.result.baskets.tested = 900, 300, 40
        run.result.baskets.rules = 2
        return runs_pb.ListModelRunsResponse(model_runs=[run])


class RulePeer(rules_grpc.BasketRuleServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def ListBasketRules(self, request: Any, context: Any) -> Any:
        if not self.peer.company(context).contacts:
            return pb.ListBasketRulesResponse()
        bread, butter, coffee = PRODUCTS
        found = pb.ListBasketRulesResponse(model_run_id=RUN)
        for at, (left, right, lift) in enumerate((([bread], butter, 4.25), ([butter, coffee], bread, 2.5)), start=1):
            if request.least_lift_permille / 1000 <= lift:
                found.rules.add(
                    id=f"0190c0de-0000-7000-8000-0000000000c{at}", antecedent_product_ids=left,
                    consequent_product_id=right, together=40 * at, antecedent_count=80 * at, consequent_count=90,
                    support=0.044 * at, confidence=0.5, lift=lift, p_value=1e-9, p_adjusted=1e-8,
                )  # fmt: skip
        return found

    def ListBasketRuleOrders(self, request: Any, context: Any) -> Any:
        self.peer.company(context)
        return pb.ListBasketRuleOrdersResponse(order_ids=["0190c0de-0000-7000-8000-000000000001"])


class ProductPeer(catalogue_pb2_grpc.ProductServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def BatchGetProducts(self, request: Any, context: Any) -> Any:
        self.peer.company(context)
        known = [catalogue_pb2.Product(id=one, name=PRODUCTS[one]) for one in request.ids if one in PRODUCTS]
        return catalogue_pb2.BatchGetProductsResponse(products=known)


def add_baskets(peer: Peer) -> None:
    """Serves them beside the others."""
    runs_grpc.add_ModelRunServiceServicer_to_server(peer.wrap(RunPeer(peer)), peer.server)
    rules_grpc.add_BasketRuleServiceServicer_to_server(peer.wrap(RulePeer(peer)), peer.server)
    catalogue_pb2_grpc.add_ProductServiceServicer_to_server(peer.wrap(ProductPeer(peer)), peer.server)
