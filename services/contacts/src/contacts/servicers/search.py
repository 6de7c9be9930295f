"""CustomerSearchService at the edge: the engine finds ids, the database says what the caller may see of them."""

from __future__ import annotations

from collections.abc import Callable

from chassis.errors import Unavailable
from chassis.server import Call
from funia.contacts.v1 import search_pb2 as pb

from contacts.search.errors import SearchUnavailable
from contacts.search.port import CustomerSearch
from contacts.usecases.customer_search import find_customers


class CustomerSearchServicer:
    """Customer search."""

    def __init__(self, engine: Callable[[], CustomerSearch]) -> None:
        self._engine = engine

    def SearchCustomers(self, call: Call, request: pb.SearchCustomersRequest) -> pb.SearchCustomersResponse:
        try:
            found = find_customers(
                call.database, call.caller, self._engine(), request.query, tuple(request.kinds), request.page_size or 20
            )
        except SearchUnavailable as error:
            raise Unavailable("Search is away for the moment. Try again.", reason="SEARCH_UNAVAILABLE") from error
        return pb.SearchCustomersResponse(
            hits=[
                pb.CustomerHit(
                    kind=one.kind,
                    id=str(one.id),
                    name=one.name,
                    subtitle=one.subtitle,
                    email=one.email,
                    phone=one.phone,
                    score=one.score,
                )
                for one in found
            ]
        )
