"""The customer's side of quotes: calls sales for whoever has the link of one, who has no log-in."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import grpc
from funia.sales.v1 import quote_link_pb2 as pb
from funia.sales.v1.document_pb2 import DownloadDocumentResponse
from funia.sales.v1.quote_link_pb2_grpc import QuoteLinkServiceStub
from funia.sales.v1.quote_pb2 import QuotePaper

from gateway.identity.access_tokens import AccessTokens
from gateway.link_calls import LinkCalls
from gateway.settings import GatewaySettings

_CLIENT = "funia-quote-page"
_SCOPES = frozenset({"sales.read", "sales.write"})


class QuoteLinks:
    """The pages of links. Raises what sales says, ResourceExhausted where an address asks too often."""

    def __init__(self, tokens: AccessTokens, channel: grpc.Channel, settings: GatewaySettings) -> None:
        self._stub = QuoteLinkServiceStub(channel)
        self._calls = LinkCalls(tokens, settings, client=_CLIENT, scopes=_SCOPES)

    def open(self, tenant_id: UUID, secret: str, *, address: str, looked: bool = True) -> pb.LinkedQuote:
        """The quote of a link; a look of the customer is counted."""
        request = pb.OpenQuoteLinkRequest(token=secret, looked=looked)
        answer: pb.LinkedQuote = self._calls.call(self._stub.OpenQuoteLink, request, tenant_id, address)
        return answer

    def paper(self, tenant_id: UUID, secret: str, *, address: str) -> QuotePaper:
        """The paper that was sent."""
        request = pb.GetLinkedQuotePaperRequest(token=secret)
        answer: QuotePaper = self._calls.call(self._stub.GetLinkedQuotePaper, request, tenant_id, address)
        return answer

    def document(
        self, tenant_id: UUID, secret: str, document_id: str, *, address: str
    ) -> Iterator[DownloadDocumentResponse]:
        """A document that goes with the quote, in pieces, the first of which says what it is."""
        request = pb.DownloadLinkedDocumentRequest(token=secret, document_id=document_id)
        return self._calls.stream(self._stub.DownloadLinkedDocument, request, tenant_id, address)

    def accept(
        self, tenant_id: UUID, secret: str, *, name: str, paper_digest: str, address: str, user_agent: str
    ) -> pb.LinkedQuote:
        """The customer accepts the paper of this digest."""
        request = pb.AcceptLinkedQuoteRequest(
            token=secret, name=name, paper_digest=paper_digest, address=address, user_agent=user_agent[:400]
        )
        answer: pb.LinkedQuote = self._calls.call(self._stub.AcceptLinkedQuote, request, tenant_id, address)
        return answer

    def decline(self, tenant_id: UUID, secret: str, *, reason: str, address: str) -> pb.LinkedQuote:
        """The customer declines."""
        request = pb.DeclineLinkedQuoteRequest(token=secret, reason=reason)
        answer: pb.LinkedQuote = self._calls.call(self._stub.DeclineLinkedQuote, request, tenant_id, address)
        return answer
