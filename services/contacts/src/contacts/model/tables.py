"""Root of the tables of contacts, and the keys by which records are recognised."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from chassis.tables import NAMING, Table
from sqlalchemy import ForeignKeyConstraint, Index, MetaData
from sqlalchemy.orm import Mapped, mapped_column

RecordKind = Literal["contact", "account"]


class ContactsTable(Table):
    """Base of every table of contacts."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class IdentityKey(ContactsTable):
    """A normalised value that leads to a record: e-mail, phone (E.164), external id (``system:id``), domain."""

    __tablename__ = "identity_key"

    record_kind: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (Index(None, "tenant_id", "record_id"),)


class TenantProfile(ContactsTable):
    """What contacts needs to know of the company itself, from the events of identity."""

    __tablename__ = "tenant_profile"

    country_code: Mapped[str]
    version: Mapped[int]


class AccountContact(ContactsTable):
    """A person's place in a company."""

    __tablename__ = "account_contact"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    is_primary: Mapped[bool]

    __table_args__ = (
        Index(None, "tenant_id", "contact_id"),
        ForeignKeyConstraint(["tenant_id", "account_id"], ["account.tenant_id", "account.id"]),
        ForeignKeyConstraint(["tenant_id", "contact_id"], ["contact.tenant_id", "contact.id"]),
    )
