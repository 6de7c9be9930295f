"""A company, and the rules of a company's record."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from chassis.tables import Access, Record
from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, Integer, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from contacts.model.record_share import RecordShare
from contacts.model.tables import ContactsTable

TYPES = ("prospect", "customer", "partner", "competitor", "other")


class Account(Record, Access, ContactsTable):
    """A company."""

    __tablename__ = "account"
    SHARES: ClassVar[type[RecordShare]] = RecordShare

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    domains: Mapped[list[str]] = mapped_column(ARRAY(String()))
    industry: Mapped[str]
    employees: Mapped[int]
    revenue_currency: Mapped[str]
    revenue_minor: Mapped[int]
    founded_year: Mapped[int] = mapped_column(Integer())
    type: Mapped[str]
    tier: Mapped[str]
    parent_id: Mapped[UUID | None]
    phone: Mapped[str]
    website: Mapped[str]
    addresses: Mapped[list[Any]]
    country_code: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(ARRAY(String()))
    description: Mapped[str]

    __table_args__ = (
        Index(
            "ix_account_newest",
            "tenant_id",
            desc("created_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_account_owner",
            "tenant_id",
            "owner_id",
            desc("created_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_account_updated",
            "tenant_id",
            desc("updated_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_account_name", "tenant_id", "name_key", "id", postgresql_where=text("deleted_at IS NULL")),
        Index(
            "ix_account_employees",
            "tenant_id",
            desc("employees"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_account_bin",
            "tenant_id",
            desc("deleted_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        ForeignKeyConstraint(["tenant_id", "parent_id"], ["account.tenant_id", "account.id"]),
    )
