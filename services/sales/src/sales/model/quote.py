"""Quotes, their lines, and the papers that were sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.tables import Access
from sqlalchemy import Date, ForeignKeyConstraint, Index, Integer, LargeBinary, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable
from sales.model.lines import DocumentColumns, LineColumns


class Quote(DocumentColumns, Access, SalesTable):
    """One version of an offer. Only the hash of its link is kept."""

    __tablename__ = "quote"

    number: Mapped[str]
    revision: Mapped[int] = mapped_column(Integer())
    series_id: Mapped[UUID]
    previous_id: Mapped[UUID | None]
    status: Mapped[str]
    title: Mapped[str]
    deal_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    recipient: Mapped[str]
    language: Mapped[str]
    valid_until: Mapped[date] = mapped_column(Date())
    introduction: Mapped[str]
    terms: Mapped[str]
    sent_at: Mapped[datetime | None]
    first_viewed_at: Mapped[datetime | None]
    last_viewed_at: Mapped[datetime | None]
    view_count: Mapped[int] = mapped_column(Integer())
    decided_at: Mapped[datetime | None]
    accepted_by: Mapped[str]
    decline_reason: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    paper_digest: Mapped[str]
    link_hash: Mapped[str]
    order_id: Mapped[UUID | None]
    document_count: Mapped[int] = mapped_column(Integer())

    __table_args__ = (
        Index("uq_quote_version", "tenant_id", "series_id", "revision", unique=True),
        Index("uq_quote_link", "tenant_id", "link_hash", unique=True, postgresql_where="link_hash <> ''"),
        Index("ix_quote_newest", "tenant_id", desc("created_at"), desc("id")),
        Index("ix_quote_updated", "tenant_id", desc("updated_at"), desc("id")),
        Index("ix_quote_number", "tenant_id", "number", "id"),
        Index("ix_quote_valid", "tenant_id", "valid_until", "id"),
        Index("ix_quote_net", "tenant_id", desc("net_amount_minor"), desc("id")),
        Index("ix_quote_gross", "tenant_id", desc("gross_amount_minor"), desc("id")),
        Index("ix_quote_owner", "tenant_id", "owner_id", desc("created_at"), desc("id")),
        Index("ix_quote_deal", "tenant_id", "deal_id", desc("created_at"), desc("id")),
        Index("ix_quote_contact", "tenant_id", "contact_id", desc("created_at"), desc("id")),
        Index("ix_quote_account", "tenant_id", "account_id", desc("created_at"), desc("id")),
    )


class QuoteLine(LineColumns, SalesTable):
    """A line of a quote."""

    __tablename__ = "quote_line"

    quote_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-50)

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"]),)


class QuotePaper(SalesTable):
    """The very paper that was sent, by its digest. Never changed."""

    __tablename__ = "quote_paper"

    quote_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary())
    made_at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"]),)


class QuoteDocument(SalesTable):
    """A document that goes with a quote, in the version that it had."""

    __tablename__ = "quote_document"

    quote_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer())
    position: Mapped[int] = mapped_column(Integer())
    download_count: Mapped[int] = mapped_column(Integer())
    last_downloaded_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_quote_document_use", "tenant_id", "document_id", desc("quote_id")),
        ForeignKeyConstraint(["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "document_id", "number"],
            ["document_version.tenant_id", "document_version.document_id", "document_version.number"],
        ),
    )
