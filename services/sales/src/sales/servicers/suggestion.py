"""SuggestionService at the edge."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from funia.sales.v1 import suggestion_pb2 as pb

from sales.usecases import suggestions as rules
from sales.usecases.suggestions import SUGGESTED, Suggestion

WHOLE_BASIS_POINTS = 10_000


class SuggestionServicer:
    """What goes with what is being sold."""

    service = pb.DESCRIPTOR.services_by_name["SuggestionService"]

    def SuggestProducts(self, work: Work, request: pb.SuggestProductsRequest) -> pb.SuggestProductsResponse:
        basket = [UUID(one) for one in request.product_ids]
        store_id = UUID(request.store_id) if request.store_id else None
        found = rules.suggest(work, basket, store_id, limit=request.limit or SUGGESTED)
        return pb.SuggestProductsResponse(suggestions=[_suggestion(one) for one in found])


def _suggestion(one: Suggestion) -> pb.Suggestion:
    return pb.Suggestion(
        suggestion_id=str(one.id),
        product_id=str(one.product_id),
        product_variant_id=str(one.variant_id),
        name=one.name,
        source=one.source,
        because=[pb.SuggestedBecause(product_id=str(each), name=name) for each, name in one.because],
        share_basis_points=round(one.share * WHOLE_BASIS_POINTS),
        lift=one.lift,
    )
