"""Sample requests for quotes and for the links of their customers."""

from __future__ import annotations

from typing import Any

from funia.sales.v1 import document_pb2 as documents
from funia.sales.v1 import lines_pb2 as lines
from funia.sales.v1 import quote_link_pb2 as links
from funia.sales.v1 import quote_pb2 as quotes
from google.protobuf.message import Message
from rpc_document_samples import _filled
from rpc_sales_samples import _create, _records, _variant_id
from rpc_world import Sample, World

_SERVICE, _LINKS = "sales.v1.QuoteService", "sales.v1.QuoteLinkService"


def _quote(world: World) -> quotes.Quote:
    line = lines.LineItem(product_variant_id=_variant_id(world), quantity_milli=1_000)
    return quotes.Quote(title=world.mark, currency_code="EUR", lines=[line])


def _quote_id(world: World) -> str:
    return _create(world, quotes.DESCRIPTOR.services_by_name["QuoteService"], _quote)


def _sent(world: World) -> tuple[quotes.Quote, str]:
    """A quote that was sent, and the secret of its link."""
    answer: Any = world.call(_SERVICE, "SendQuote", quotes.SendQuoteRequest(id=_quote_id(world)))
    return answer.quote, answer.link.rpartition("/")[2]


def _accepted(world: World) -> str:
    quote, _ = _sent(world)
    world.call(_SERVICE, "AcceptQuote", quotes.AcceptQuoteRequest(id=quote.id, name=world.mark))
    return quote.id


def _acceptance(world: World) -> Message:
    quote, secret = _sent(world)
    return links.AcceptLinkedQuoteRequest(token=secret, name=world.mark, paper_digest=quote.paper_digest)


def _enclosed(world: World) -> links.DownloadLinkedDocumentRequest:
    """A document that went to a customer with a quote."""
    document_id = _filled(world)
    given = _quote(world)
    given.documents.add(document_id=document_id)
    made: Any = world.call(_SERVICE, "CreateQuote", quotes.CreateQuoteRequest(quote=given))
    answer: Any = world.call(_SERVICE, "SendQuote", quotes.SendQuoteRequest(id=made.id))
    return links.DownloadLinkedDocumentRequest(token=answer.link.rpartition("/")[2], document_id=document_id)


QUOTE_SAMPLES: dict[str, Sample] = {
    **_records(quotes.DESCRIPTOR, "Quote", _quote, {"title": "Changed"}),
    f"/funia.{_SERVICE}/ReviseQuote": Sample(lambda w: quotes.ReviseQuoteRequest(id=_quote_id(w))),
    f"/funia.{_SERVICE}/SendQuote": Sample(lambda w: quotes.SendQuoteRequest(id=_quote_id(w))),
    f"/funia.{_SERVICE}/GetQuotePaper": Sample(lambda w: quotes.GetQuotePaperRequest(id=_quote_id(w))),
    f"/funia.{_SERVICE}/AcceptQuote": Sample(lambda w: quotes.AcceptQuoteRequest(id=_sent(w)[0].id, name=w.mark)),
    f"/funia.{_SERVICE}/DeclineQuote": Sample(lambda w: quotes.DeclineQuoteRequest(id=_sent(w)[0].id)),
    f"/funia.{_SERVICE}/GetQuoteEvidence": Sample(lambda w: quotes.GetQuoteEvidenceRequest(id=_accepted(w))),
    f"/funia.{_SERVICE}/CreateOrderFromQuote": Sample(
        lambda w: quotes.CreateOrderFromQuoteRequest(quote_id=_accepted(w))
    ),
    f"/funia.{_LINKS}/OpenQuoteLink": Sample(lambda w: links.OpenQuoteLinkRequest(token=_sent(w)[1], looked=True)),
    f"/funia.{_LINKS}/GetLinkedQuotePaper": Sample(lambda w: links.GetLinkedQuotePaperRequest(token=_sent(w)[1])),
    "/funia.sales.v1.DocumentService/ListDocumentUses": Sample(
        lambda w: documents.ListDocumentUsesRequest(id=_enclosed(w).document_id)
    ),
    f"/funia.{_LINKS}/DownloadLinkedDocument": Sample(_enclosed),
    f"/funia.{_LINKS}/AcceptLinkedQuote": Sample(_acceptance),
    f"/funia.{_LINKS}/DeclineLinkedQuote": Sample(lambda w: links.DeclineLinkedQuoteRequest(token=_sent(w)[1])),
}
