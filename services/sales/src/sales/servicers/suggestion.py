"""SuggestionService at the edge."""

from __future__ import annotations

from uuid import UUID

from chassis.record_shares import check_writes
from chassis.records import RecordServicer
from chassis.work import Work
from funia.sales.v1 import suggestion_pb2 as pb

from sales.queries.lines import DEAL_LINES, LineStore
from sales.queries.orders import ORDER_LINES
from sales.queries.quotes import QUOTE_LINES
from sales.usecases import showings
from sales.usecases import suggestions as rules
from sales.usecases.suggestions import SUGGESTED, Suggestion

WHOLE_BASIS_POINTS = 10_000


class SuggestionServicer:
    """What goes with what is being sold."""

    service = pb.DESCRIPTOR.services_by_name["SuggestionService"]

    def __init__(self, deals: RecordServicer, quotes: RecordServicer, orders: RecordServicer) -> None:
        self._documents: dict[str, tuple[RecordServicer, LineStore]] = {
            "deal": (deals, DEAL_LINES),
            "quote": (quotes, QUOTE_LINES),
            "order": (orders, ORDER_LINES),
        }

    def SuggestProducts(self, work: Work, request: pb.SuggestProductsRequest) -> pb.SuggestProductsResponse:
        basket = [UUID(one) for one in request.product_ids]
        store_id = UUID(request.store_id) if request.store_id else None
        found = rules.suggest(work, basket, store_id, limit=request.limit or SUGGESTED)
        return pb.SuggestProductsResponse(suggestions=[_suggestion(one) for one in found])

    def RecordShownSuggestions(
        self, work: Work, request: pb.RecordShownSuggestionsRequest
    ) -> pb.RecordShownSuggestionsResponse:
        servicer, lines = self._documents[request.document_kind]
        document = servicer.found(work, UUID(request.document_id))
        check_writes(document, request.document_kind)
        held = [line.suggestion_id for line in lines.of(work, [document.id])[document.id]]
        shown = {UUID(one) for one in request.suggestion_ids}
        return pb.RecordShownSuggestionsResponse(
            recorded=showings.record(work, request.document_kind, document, shown, held)
        )


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
