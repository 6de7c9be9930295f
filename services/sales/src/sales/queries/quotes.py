"""Statements on quotes beyond those that every record has: versions, links, papers and what a deal's quotes say."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

from sales.model.quote import QuoteLine
from sales.queries.lines import LineStore

QUOTE_LINES = LineStore(QuoteLine, "quote_id")
_OF_LINK = text(
    "SELECT id FROM quote WHERE tenant_id = %(tenant_id)s AND link_hash = %(link_hash)s AND link_hash <> ''",
    "tenant_id",
)
_LATER = text(
    """
    SELECT 1 AS found FROM quote WHERE tenant_id = %(tenant_id)s AND series_id = %(series_id)s
       AND revision > %(revision)s LIMIT 1
    """,
    "tenant_id",
)
_PUT_PAPER = text(
    """
    INSERT INTO quote_paper (tenant_id, quote_id, digest, content, made_at)
    VALUES (%(tenant_id)s, %(quote_id)s, %(digest)s, %(content)b, %(made_at)s)
    ON CONFLICT (tenant_id, quote_id, digest) DO NOTHING
    """,
    "tenant_id",
)
_PAPER = text(
    """
    SELECT content FROM quote_paper
     WHERE tenant_id = %(tenant_id)s AND quote_id = %(quote_id)s AND digest = %(digest)s
    """,
    "tenant_id",
)
_ACCEPTED = text(
    """
    SELECT 1 AS found FROM quote
     WHERE tenant_id = %(tenant_id)s AND deal_id = %(deal_id)s AND status IN ('accepted', 'ordered') LIMIT 1
    """,
    "tenant_id",
)
_SEEN = text(
    """
    UPDATE quote SET view_count = view_count + 1, last_viewed_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
)
_FORGET_PAPERS = text(
    """
    DELETE FROM quote_paper USING quote
     WHERE quote_paper.tenant_id = %(tenant_id)s AND quote.tenant_id = %(tenant_id)s
       AND quote_paper.quote_id = quote.id AND quote.contact_id = ANY(%(contact_ids)b::uuid[])
    """,
    "tenant_id",
)
_FORGET = text(
    """
    UPDATE quote SET recipient = '', accepted_by = '', decline_reason = '', link_hash = '',
           evidence = evidence - 'name' - 'address' - 'user_agent' - 'note'
     WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(contact_ids)b::uuid[])
    """,
    "tenant_id",
)


def of_link(work: Work, link_hash: str) -> UUID | None:
    """The quote whose link has this hash."""
    row = work.row(_OF_LINK, link_hash=link_hash)
    return None if row is None else row.id


def has_later(work: Work, quote: Row) -> bool:
    """Whether there is a later version."""
    return work.row(_LATER, series_id=quote.series_id, revision=quote.revision) is not None


def put_paper(work: Work, quote_id: UUID, digest: str, content: bytes, made_at: datetime) -> None:
    """Keeps a paper."""
    work.execute(_PUT_PAPER, quote_id=quote_id, digest=digest, content=content, made_at=made_at)


def paper(work: Work, quote_id: UUID, digest: str) -> bytes | None:
    """The paper of this digest; None where it was forgotten with the person it was for."""
    row = work.row(_PAPER, quote_id=quote_id, digest=digest)
    return None if row is None else bytes(row.content)


def is_accepted(work: Work, deal_id: UUID) -> bool:
    """Whether the customer accepted a quote of a deal."""
    return work.row(_ACCEPTED, deal_id=deal_id) is not None


def seen_again(work: Work, quote_id: UUID) -> None:
    """Counts one more view. No new version of the record: nobody's change is refused for it."""
    work.execute(_SEEN, id=quote_id, now=work.now)


def forget_people(work: Work, contact_ids: list[UUID]) -> None:
    """Forgets what quotes hold of these people: names, addresses, papers, and the links. Amounts stay."""
    work.execute(_FORGET_PAPERS, contact_ids=contact_ids)
    work.execute(_FORGET, contact_ids=contact_ids)
