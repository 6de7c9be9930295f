"""Elasticities over gRPC: what the orders tell of price and demand, or why they tell nothing."""

from __future__ import annotations

from uuid import UUID

from chassis.server import Call
from funia.analytics.v1 import elasticity_pb2 as pb

from analytics.errors import invalid_field
from analytics.methods.findings import Refused
from analytics.modelling.elasticity import estimate
from analytics.queries import demand
from analytics.queries.periods import period
from analytics.queries.prices import Span
from analytics.queries.purchases import currency_of
from analytics.queries.sight import Sight
from analytics.servicers.model_run import refuse_partial_sight
from analytics.store.port import ColumnStore
from analytics.wire import refusal_message

_LEAST_CONFIDENCE = 500


class ElasticityServicer:
    """Carries out funia.analytics.v1.ElasticityService."""

    def __init__(self, store: ColumnStore) -> None:
        self._store = store

    def EstimateElasticity(self, call: Call, request: pb.EstimateElasticityRequest) -> pb.Elasticity:
        """An estimate with what-ifs, or the reason why there is none."""
        refuse_partial_sight(call.caller)
        if 0 < request.confidence_permille < _LEAST_CONFIDENCE:
            message = f"give at least {_LEAST_CONFIDENCE} thousandths"
            raise invalid_field("confidence_permille", message, "CONFIDENCE_OUT_OF_RANGE")
        sight = Sight(self._store.for_tenant(call.caller.tenant_id), call.caller)
        first, last = period(request.first_day, request.last_day, all_time=True)
        span = Span(request.currency_code or currency_of(sight), first, last)
        store_id = UUID(request.store_id) if request.store_id else None
        products = [UUID(one) for one in dict.fromkeys(request.product_ids)]
        found = demand.of_products(sight, span, products, store_id, request.step or "week")
        try:
            answer = estimate(found, request)
        except Refused as refused:
            answer = pb.Elasticity(refusal=refusal_message(refused.reason, refused.figures))
        answer.first_day, answer.last_day = found.first.isoformat(), found.last.isoformat()
        answer.currency_code, answer.left_out_lines = span.currency, found.left_out
        return answer
