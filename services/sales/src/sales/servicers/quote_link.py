"""QuoteLinkService at the edge: the customer's side of a quote. Who has the link may look, accept and decline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.files import FileStore
from chassis.server import Call
from chassis.work import Row, Work
from funia.sales.v1 import document_pb2, quote_pb2
from funia.sales.v1 import quote_link_pb2 as pb

from sales.queries import company, quote_documents
from sales.queries.quotes import QUOTE_LINES
from sales.records import QUOTE
from sales.servicers.quote import documents_of, paper_message, sent_paper
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

    def __init__(self, files: FileStore) -> None:
        self._files = files

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

    def DownloadLinkedDocument(
        self, call: Call, request: pb.DownloadLinkedDocumentRequest
    ) -> Iterator[document_pb2.DownloadDocumentResponse]:
        document_id = UUID(request.document_id)
        with call.database.open_work(call.caller) as work:
            row = quotes.of_link(work, request.token, lock=False)
            found = next(
                (one for one in quote_documents.of_quote(work, row.id) if one.document_id == document_id), None
            )
            if found is None:
                raise NotFound("This offer has no such document.", reason="DOCUMENT_NOT_FOUND")
            quote_documents.taken(work, row.id, document_id)
        version = document_pb2.DocumentVersion(
            file_name=found.file_name, content_type=found.content_type, size_bytes=found.size_bytes
        )
        yield document_pb2.DownloadDocumentResponse(version=version)
        for chunk in self._files.read(call.caller.tenant_id, found.file_key):
            yield document_pb2.DownloadDocumentResponse(chunk=chunk)

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
    for one in documents_of(work, row):
        quote.documents.add(
            document_id=one.document_id, name=one.name, file_name=one.file_name, size_bytes=one.size_bytes
        )
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
