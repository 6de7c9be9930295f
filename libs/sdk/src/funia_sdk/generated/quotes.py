"""Methods of quotes. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("quotes.list", "GET", "/v1/quotes")
_CREATE = Operation("quotes.create", "POST", "/v1/quotes", keyed=True)
_GET = Operation("quotes.get", "GET", "/v1/quotes/{id}")
_UPDATE = Operation("quotes.update", "PATCH", "/v1/quotes/{id}", keyed=True)
_GET_EVIDENCE = Operation("quotes.get_evidence", "GET", "/v1/quotes/{id}/evidence")
_GET_PAPER = Operation("quotes.get_paper", "GET", "/v1/quotes/{id}/paper")
_ACCEPT = Operation("quotes.accept", "POST", "/v1/quotes/{id}:accept", keyed=True)
_DECLINE = Operation("quotes.decline", "POST", "/v1/quotes/{id}:decline", keyed=True)
_REVISE = Operation("quotes.revise", "POST", "/v1/quotes/{id}:revise", keyed=True)
_SEND = Operation("quotes.send", "POST", "/v1/quotes/{id}:send", keyed=True)
_CREATE_ORDER = Operation("quotes.create_order", "POST", "/v1/quotes/{quote_id}:createOrder", keyed=True)
_BATCH_GET = Operation("quotes.batch_get", "GET", "/v1/quotes:batchGet")


class QuotesApi:
    """An offer at fixed prices, good until a day: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.Quote, models.ListQuotesResponse]:
        """Lists quotes.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        """

        def fetch(token: str) -> models.ListQuotesResponse:
            return self._transport.call(
                _LIST,
                models.ListQuotesResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "filter": filter, "order_by": order_by},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.quotes, page_token or "")

    def create(
        self, body: inputs.QuoteInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Quote:
        """Creates a quote."""
        return self._transport.call(
            _CREATE, models.Quote, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Quote:
        """Returns one quote.

        id: Quote.
        """
        return self._transport.call(_GET, models.Quote, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.QuotePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Quote:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Quote,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def get_evidence(self, id: str, *, timeout_s: float | None = None) -> models.QuoteEvidence:
        """How the customer accepted.

        id: Quote.
        """
        return self._transport.call(_GET_EVIDENCE, models.QuoteEvidence, {"id": id}, Sent(timeout_s=timeout_s))

    def get_paper(self, id: str, *, timeout_s: float | None = None) -> models.QuotePaper:
        """The paper as a PDF: of a draft as it would be, afterwards the very one that was sent.

        id: Quote.
        """
        return self._transport.call(_GET_PAPER, models.QuotePaper, {"id": id}, Sent(timeout_s=timeout_s))

    def accept(
        self,
        id: str,
        *,
        name: str,
        note: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Quote:
        """Records that the customer accepted, by word or by letter. Refused after its last day.

        id: Quote.
        name: Who accepted.
        note: How, such as "by phone".
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _ACCEPT,
            models.Quote,
            {"id": id},
            Sent(
                body=given({"name": name, "note": note, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def decline(
        self,
        id: str,
        *,
        reason: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Quote:
        """Records that the customer declined.

        id: Quote.
        reason: Why.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _DECLINE,
            models.Quote,
            {"id": id},
            Sent(
                body=given({"reason": reason, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def revise(
        self,
        id: str,
        *,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Quote:
        """Drafts the next version, with the lines and the prices of this one. From then on this one can no longer
        be accepted.

        id: Quote.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _REVISE,
            models.Quote,
            {"id": id},
            Sent(body=given({"etag": etag}), idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def send(
        self,
        id: str,
        *,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SendQuoteResponse:
        """Makes the paper and a link for the customer. Prices and texts stand from then on. Sent again, it gets a
        new link and the old one ends.

        id: Quote.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _SEND,
            models.SendQuoteResponse,
            {"id": id},
            Sent(body=given({"etag": etag}), idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def create_order(
        self, quote_id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Order:
        """Drafts an order of an accepted quote at its prices, once; repeated, it answers the order that was made.

        quote_id: Quote.
        """
        return self._transport.call(
            _CREATE_ORDER,
            models.Order,
            {"quote_id": quote_id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetQuotesResponse:
        """Returns up to 200 quotes by id; ids that are unknown or not visible are left out.

        ids: Quotes, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetQuotesResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
