"""Documents that sellers use, and the versions of their files."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from chassis.tables import Record
from sqlalchemy import ForeignKeyConstraint, Index, String, Uuid, desc
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable


class Document(Record, SalesTable):
    """What a document is called and what it is for, with its newest file."""

    __tablename__ = "document"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    description: Mapped[str]
    category: Mapped[str]
    language: Mapped[str]
    tags: Mapped[list[str]]
    product_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    valid_until: Mapped[date | None]
    archived: Mapped[bool]
    file_version: Mapped[int]
    file_name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]

    __table_args__ = (
        Index("uq_document_name", "tenant_id", "name_key", unique=True, postgresql_where=LIVING),
        Index("ix_document_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_document_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_document_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
    )


class DocumentVersion(SalesTable):
    """A file of a document as it was uploaded."""

    __tablename__ = "document_version"

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    file_key: Mapped[str]
    file_name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),)


class RecordMailDocument(SalesTable):
    """A document that a mail carries, in the version that it had."""

    __tablename__ = "record_mail_document"

    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]

    __table_args__ = (
        Index("ix_record_mail_document_use", "tenant_id", "document_id", desc("activity_id")),
        ForeignKeyConstraint(["tenant_id", "activity_id"], ["record_mail.tenant_id", "record_mail.activity_id"]),
        ForeignKeyConstraint(
            ["tenant_id", "document_id", "number"],
            ["document_version.tenant_id", "document_version.document_id", "document_version.number"],
        ),
    )
