"""Templates of mails, and the mails that sellers sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.tables import Record
from sqlalchemy import ForeignKeyConstraint, Index, String, Uuid, desc
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable


class MailTemplate(Record, SalesTable):
    """A mail with places that a record's values fill."""

    __tablename__ = "mail_template"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    subject: Mapped[str]
    body: Mapped[str]
    language: Mapped[str]
    shared: Mapped[bool]
    made_by: Mapped[UUID]

    __table_args__ = (
        Index("ix_mail_template_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_mail_template_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_mail_template_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
    )


class RecordMail(SalesTable):
    """Where a mail goes and how far it has come; what it says stands in its activity."""

    __tablename__ = "record_mail"

    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_address: Mapped[str]
    from_name: Mapped[str]
    reply_to: Mapped[str]
    quote_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    status: Mapped[str]
    reason: Mapped[str]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "activity_id"], ["sales_activity.tenant_id", "sales_activity.id"]),
    )
