"""QuoteLinkService at the edge: the customer's side of a quote. Who has the link may look, accept and decline."""

from __future__ import annotations

from typing import Any

from chassis.errors import Conflict, NotFound
from chassis.work import Row, Work
from funia.sales.v1 import quote_link_pb2 as pb
from funia.sales.v1 import quote_pb2

from sales.queries import company
from sales.queries.quotes import QUOTE_LINES
from sales.records import QUOTE
from sales.servicers.quote import paper_message, sent_paper
from sales.usecases import quotes
from sales.usecases.quotes import Acceptance
from sales.wire import items

_SHOWN = (
    "number",
    "revision",
    "status",
    "title",
    "recipient",
    "language",
    "valid_until",
    "introduction",
    "terms",
    "currency_code",
    "list_amount",
    "rule_amount",
    "discount_amount",
    "net_amount",
    "tax_amount",
    "gross_amount",
    "taxes",
    "sent_at",
    "decided_at",
    "accepted_by",
    "paper_digest",
)
"""Fields of a quote that its customer sees."""
_LINE = ("name", "description", "quantity_milli", "unit", "tax_included", "list_minor", "net_minor", "gross_minor")


class QuoteLinkServicer:
    """Quotes by their links."""

    service = pb.DESCRIPTOR.services_by_name["QuoteLinkService"]

    def OpenQuoteLink(self, work: Work, request: pb.OpenQuoteLinkRequest) -> pb.LinkedQuote:
        row = quotes.of_link(work, request.token)
        if request.looked:
            row = quotes.viewed(work, row)
        return _message(work, row)

    def GetLinkedQuotePaper(self, work: Work, request: pb.GetLinkedQuotePaperRequest) -> quote_pb2.QuotePaper:
        row = quotes.of_link(work, request.token, lock=False)
        content = sent_paper(work, row)
        if content is None:
            raise NotFound("This paper is not there any more.", reason="PAPER_NOT_FOUND")
        return paper_message(row, content)

    def AcceptLinkedQuote(self, work: Work, request: pb.AcceptLinkedQuoteRequest) -> pb.LinkedQuote:
        row = quotes.of_link(work, request.token)
        if request.paper_digest != row.paper_digest:
            raise Conflict(
                "The offer has changed since you opened this page. Load it again and read it.", reason="PAPER_CHANGED"
            )
        said = Acceptance(request.name.strip(), "customer", address=request.address, user_agent=request.user_agent)
        return _message(work, quotes.accept(work, row, said))

    def DeclineLinkedQuote(self, work: Work, request: pb.DeclineLinkedQuoteRequest) -> pb.LinkedQuote:
        return _message(work, quotes.decline(work, quotes.of_link(work, request.token), request.reason.strip()))


def _message(work: Work, row: Row) -> pb.LinkedQuote:
    whole, seller = quote_pb2.Quote(), company.company(work)
    QUOTE.mapping.fill(row, whole)
    quote = quote_pb2.Quote()
    for field, value in whole.ListFields():
        if field.name in _SHOWN:
            _copy(quote, field.name, value)
    for line in items(QUOTE_LINES.of(work, [row.id])[row.id]):
        quote.lines.add(**{name: getattr(line, name) for name in _LINE})
    return pb.LinkedQuote(
        quote=quote,
        seller_name=seller.seller_name,
        seller_address=seller.seller_address,
        seller_tax_number=seller.seller_tax_number,
        open=quotes.is_open(work, row),
    )


def _copy(target: Any, name: str, value: Any) -> None:
    if isinstance(value, (str, int, float, bool)):
        setattr(target, name, value)
    elif hasattr(value, "DESCRIPTOR"):
        getattr(target, name).CopyFrom(value)
    else:
        getattr(target, name).extend(value)
