"""Statements on documents that go with quotes, and on where documents are used."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.caller import SIGHTS
from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter, visible
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import bindparam

from sales.model.activity import SalesActivity
from sales.model.document import RecordMailDocument
from sales.model.quote import Quote, QuoteDocument

_OF = text(
    """
    SELECT carried.document_id, carried.number, carried.download_count, carried.last_downloaded_at, document.name,
           one.file_name, one.file_key, one.content_type, one.size_bytes, one.sha256, one.created_at
      FROM quote_document AS carried
      JOIN document ON document.tenant_id = carried.tenant_id AND document.id = carried.document_id
      JOIN document_version AS one ON one.tenant_id = carried.tenant_id AND one.document_id = carried.document_id
                                  AND one.number = carried.number
     WHERE carried.tenant_id = %(tenant_id)s AND carried.quote_id = %(quote_id)s
     ORDER BY carried.position
    """,
    "tenant_id",
)
_CLEAR = text("DELETE FROM quote_document WHERE tenant_id = %(tenant_id)s AND quote_id = %(quote_id)s", "tenant_id")
_PUT = text(
    """
    INSERT INTO quote_document (tenant_id, quote_id, document_id, number, position)
    SELECT %(tenant_id)s, %(quote_id)s, given.document_id, given.number, given.position
      FROM jsonb_to_recordset(%(given)s) AS given(document_id uuid, number integer, position integer)
    """,
    "tenant_id",
)
_TAKEN = text(
    """
    UPDATE quote_document SET download_count = download_count + 1, last_downloaded_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND quote_id = %(quote_id)s AND document_id = %(document_id)s
    """,
    "tenant_id",
)
IN_QUOTES = {
    sight: prepare(
        scoped(QuoteDocument, QuoteDocument.number, QuoteDocument.download_count, Quote.id, Quote.title)
        .add_columns(Quote.created_at)
        .join(Quote, (Quote.tenant_id == tenant_parameter()) & (Quote.id == QuoteDocument.quote_id))
        .where(QuoteDocument.document_id == bindparam("document_id"), visible(Quote, sight))
        .order_by(QuoteDocument.quote_id.desc())
        .limit(bindparam("most"))
    )
    for sight in SIGHTS
}
IN_MAILS = {
    sight: prepare(
        scoped(RecordMailDocument, RecordMailDocument.number, SalesActivity.id, SalesActivity.title)
        .add_columns(
            SalesActivity.created_at,
            SalesActivity.deal_id,
            SalesActivity.lead_id,
            SalesActivity.contact_id,
            SalesActivity.account_id,
        )
        .join(
            SalesActivity,
            (SalesActivity.tenant_id == tenant_parameter()) & (SalesActivity.id == RecordMailDocument.activity_id),
        )
        .where(RecordMailDocument.document_id == bindparam("document_id"), visible(SalesActivity, sight))
        .order_by(RecordMailDocument.activity_id.desc())
        .limit(bindparam("most"))
    )
    for sight in SIGHTS
}


def of_quote(work: Work, quote_id: UUID) -> list[Row]:
    """Documents of a quote in their order, each with the version that goes with it."""
    return work.rows(_OF, quote_id=quote_id)


def put(work: Work, quote_id: UUID, documents: Sequence[tuple[UUID, int]]) -> None:
    """Makes these documents, in these versions, those of a quote. The caller holds the quote's lock."""
    work.execute(_CLEAR, quote_id=quote_id)
    given = [
        {"document_id": str(document_id), "number": number, "position": at}
        for at, (document_id, number) in enumerate(documents)
    ]
    if given:
        work.execute(_PUT, quote_id=quote_id, given=Jsonb(given))


def taken(work: Work, quote_id: UUID, document_id: UUID) -> None:
    """Counts a download. No new version of the quote: nobody's change is refused for it."""
    work.execute(_TAKEN, quote_id=quote_id, document_id=document_id, now=work.now)


def in_quotes(work: Work, document_id: UUID, *, most: int) -> list[Row]:
    """Quotes that the caller sees and that carry a document, the newest first."""
    return work.rows(IN_QUOTES[work.caller.sight], document_id=document_id, most=most)


def in_mails(work: Work, document_id: UUID, *, most: int) -> list[Row]:
    """Mails that the caller sees and that carry a document, the newest first."""
    return work.rows(IN_MAILS[work.caller.sight], document_id=document_id, most=most)
