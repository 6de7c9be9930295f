"""What people may be written to for, what they said about it, and addresses that nothing is sent to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.tables import Record
from sqlalchemy import ARRAY, Index, Integer, String, Uuid, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from marketing.model.customer import MarketingTable

_LIVING = text("deleted_at IS NULL")


class ConsentPurpose(Record, MarketingTable):
    """What people may be written to for."""

    __tablename__ = "consent_purpose"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    description: Mapped[str]
    channels: Mapped[list[str]]
    lawful_basis: Mapped[str]
    double_opt_in: Mapped[bool]
    public: Mapped[bool]
    position: Mapped[int] = mapped_column(Integer())

    __table_args__ = (
        Index("ix_consent_purpose_place", "tenant_id", "position", "id", postgresql_where=_LIVING),
        Index("ix_consent_purpose_name", "tenant_id", "name_key", "id", postgresql_where=_LIVING),
        Index("ix_consent_purpose_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=_LIVING),
        Index("ix_consent_purpose_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=_LIVING),
    )


class Consent(MarketingTable):
    """Where a person stands on a purpose and a channel: the newest of the entries."""

    __tablename__ = "consent"

    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    version: Mapped[int]
    status: Mapped[str]
    source: Mapped[str]
    happened_at: Mapped[datetime]
    entry_id: Mapped[UUID]

    __table_args__ = (Index("uq_consent_id", "tenant_id", "id", unique=True),)


class ConsentEntry(MarketingTable):
    """Something that was said. Written once."""

    __tablename__ = "consent_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID]
    purpose_id: Mapped[UUID]
    channel: Mapped[str]
    status: Mapped[str]
    lawful_basis: Mapped[str]
    source: Mapped[str]
    text_version: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    ip_digest: Mapped[str]
    user_agent_digest: Mapped[str]

    __table_args__ = (
        Index(
            "uq_consent_entry_said",
            "tenant_id", "contact_id", "purpose_id", "channel", "happened_at", "status", "source",
            unique=True,
        ),
        Index("ix_consent_entry_newest", "tenant_id", "contact_id", desc("happened_at"), desc("id")),
    )  # fmt: skip


class ConsentRequest(MarketingTable):
    """A link that asks a person to confirm consents."""

    __tablename__ = "consent_request"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID]
    channel: Mapped[str]
    purpose_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    source: Mapped[str]
    text_version: Mapped[str]
    secret_hash: Mapped[str]
    status: Mapped[str]
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        Index("uq_consent_request_secret", "tenant_id", "secret_hash", unique=True),
        Index("ix_consent_request_contact", "tenant_id", "contact_id"),
    )


class Suppression(MarketingTable):
    """An address that nothing is sent to, as a hash under the company's own key."""

    __tablename__ = "suppression"

    channel: Mapped[str] = mapped_column(primary_key=True)
    address_digest: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]

    __table_args__ = (
        Index("uq_suppression_id", "tenant_id", "id", unique=True),
        Index("ix_suppression_newest", "tenant_id", desc("created_at"), desc("id")),
    )
