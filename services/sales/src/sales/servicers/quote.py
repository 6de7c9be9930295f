"""QuoteService at the edge: the seller's side of quotes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.masks import read_mask, set_fields
from chassis.paging import Pager
from chassis.record_shares import check_writes
from chassis.records import RecordServicer
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import order_pb2
from funia.sales.v1 import quote_pb2 as pb
from report_files.fonts import Fonts

from sales.errors import not_there
from sales.queries import quote_documents
from sales.queries import quotes as queries
from sales.queries.orders import ORDER_LINES
from sales.queries.quotes import QUOTE_LINES
from sales.records import DEALS, ORDER, ORDERS, QUOTE
from sales.references import Customers
from sales.usecases import quotes
from sales.usecases.quotes import Acceptance
from sales.wire import items, read_items

Values = dict[str, Any]
_GIVEN = QUOTE.mapping.names & {
    "title",
    "deal_id",
    "account_id",
    "contact_id",
    "recipient",
    "language",
    "valid_until",
    "introduction",
    "terms",
    "currency_code",
    "coupon_codes",
    "document_discount_basis_points",
    "document_discount_minor",
    "owner_id",
    "team_id",
    "external_ids",
    "custom",
}


class QuoteServicer(RecordServicer):
    """Quotes. `address` is where customers reach the platform."""

    service = pb.DESCRIPTOR.services_by_name["QuoteService"]
    resource = QUOTE

    def __init__(self, pager: Pager, customers: Customers, fonts: Fonts, *, address: str) -> None:
        super().__init__(pager)
        self._customers = customers
        self._fonts = fonts
        self._address = address.rstrip("/")

    def living(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        return ids - self._customers.unknown(work, kind, ids)

    def message(self, work: Work, row: Row) -> pb.Quote:
        made = pb.Quote(lines=items(QUOTE_LINES.of(work, [row.id])[row.id]), documents=documents_of(work, row))
        self.resource.mapping.fill(row, made)
        return made

    def messages(self, work: Work, rows: list[Row]) -> list[Any]:
        found = []
        for row in rows:
            made = pb.Quote()
            self.resource.mapping.fill(row, made)
            found.append(made)
        return found

    def CreateQuote(self, work: Work, request: pb.CreateQuoteRequest) -> pb.Quote:
        given = request.quote
        values = self.with_custom(work, None, self.resource.mapping.values(given, sorted(_GIVEN)))
        self._check_named(work, values, None)
        deal = DEALS.get(work, values["deal_id"]) if values["deal_id"] is not None else None
        if values["deal_id"] is not None and (deal is None or deal.deleted_at is not None):
            raise not_there("quote.deal_id", "deal")
        return self.message(work, quotes.draft(work, values, read_items(given.lines), deal, _ids(given)))

    def UpdateQuote(self, work: Work, request: pb.UpdateQuoteRequest) -> pb.Quote:
        given = request.quote
        mask = read_mask(request.update_mask, given.DESCRIPTOR) if request.update_mask.paths else set_fields(given)
        before = self._locked(work, given.id, request.etag)
        values = self.with_custom(work, before, self.resource.mapping.values(given, sorted(mask.names & _GIVEN)))
        self._check_named(work, values, before)
        lines = read_items(given.lines) if "lines" in mask.names else None
        documents = _ids(given) if "documents" in mask.names else None
        return self.message(work, quotes.change(work, before, values, lines, documents))

    def ReviseQuote(self, work: Work, request: pb.ReviseQuoteRequest) -> pb.Quote:
        return self.message(work, quotes.revise(work, self._locked(work, request.id, request.etag)))

    def SendQuote(self, work: Work, request: pb.SendQuoteRequest) -> pb.SendQuoteResponse:
        row, secret = quotes.send(work, self._locked(work, request.id, request.etag))
        if not row.paper_digest:
            row = quotes.keep_paper(work, row, self._paper(work, row))
        return pb.SendQuoteResponse(quote=self.message(work, row), link=f"{self._address}/q/{work.tenant_id}/{secret}")

    def GetQuotePaper(self, work: Work, request: pb.GetQuotePaperRequest) -> pb.QuotePaper:
        row = self.found(work, UUID(request.id))
        return paper_message(row, sent_paper(work, row) or self._paper(work, row))

    def AcceptQuote(self, work: Work, request: pb.AcceptQuoteRequest) -> pb.Quote:
        row = self._locked(work, request.id, request.etag)
        said = Acceptance(request.name.strip(), "seller", actor_id=str(work.caller.actor_id), note=request.note.strip())
        return self.message(work, quotes.accept(work, row, said))

    def DeclineQuote(self, work: Work, request: pb.DeclineQuoteRequest) -> pb.Quote:
        row = self._locked(work, request.id, request.etag)
        return self.message(work, quotes.decline(work, row, request.reason.strip()))

    def GetQuoteEvidence(self, work: Work, request: pb.GetQuoteEvidenceRequest) -> pb.QuoteEvidence:
        known = dict(self.found(work, UUID(request.id)).evidence)
        accepted_at = known.pop("accepted_at", "")
        made = pb.QuoteEvidence(**known)
        if accepted_at:
            made.accepted_at.CopyFrom(timestamp(datetime.fromisoformat(accepted_at)))
        return made

    def CreateOrderFromQuote(self, work: Work, request: pb.CreateOrderFromQuoteRequest) -> order_pb2.Order:
        order_id = quotes.make_order(work, self._locked(work, request.quote_id))
        row = ORDERS.get(work, order_id)
        if row is None:
            raise ORDER.not_found(order_id)
        made = order_pb2.Order(lines=items(ORDER_LINES.of(work, [row.id])[row.id]))
        ORDER.mapping.fill(row, made)
        return made

    def _paper(self, work: Work, row: Row) -> bytes:
        # Here, not above: what draws takes a second to load, which every start would pay for.
        from sales.paper.quote import quote_paper

        return quote_paper(quotes.content(work, row), self._fonts.files())

    def _locked(self, work: Work, quote_id: str, etag: str = "") -> Row:
        row = self.locked(work, UUID(quote_id), etag)
        check_writes(row, self.resource.said)
        return row

    def _check_named(self, work: Work, values: Mapping[str, Any], before: Row | None) -> None:
        """Only who is new is asked for: who has gone since stays named."""
        for kind in ("account", "contact"):
            named = values.get(f"{kind}_id")
            if named is not None and (before is None or getattr(before, f"{kind}_id") != named):
                self._customers.check(work, kind, [(f"quote.{kind}_id", named)])


def _ids(given: pb.Quote) -> list[str]:
    return [one.document_id for one in given.documents]


def documents_of(work: Work, row: Row) -> list[pb.QuoteDocument]:
    """What goes with a quote."""
    if not row.document_count:
        return []
    made = []
    for one in quote_documents.of_quote(work, row.id):
        message = pb.QuoteDocument(
            document_id=str(one.document_id),
            number=one.number,
            name=one.name,
            file_name=one.file_name,
            size_bytes=one.size_bytes,
            download_count=one.download_count,
        )
        if one.last_downloaded_at is not None:
            message.last_downloaded_at.CopyFrom(timestamp(one.last_downloaded_at))
        made.append(message)
    return made


def sent_paper(work: Work, row: Row) -> bytes | None:
    """The very paper that was sent."""
    return queries.paper(work, row.id, row.paper_digest) if row.paper_digest else None


def paper_message(row: Row, content: bytes) -> pb.QuotePaper:
    """A paper and what its file is called."""
    name = f"{row.number or 'draft'}-{row.revision}.pdf".lower()
    return pb.QuotePaper(content=content, file_name=name, digest=hashlib.sha256(content).hexdigest())
