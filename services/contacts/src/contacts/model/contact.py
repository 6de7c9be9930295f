"""A person, and the rules of a person's record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from chassis.tables import Access, Record
from sqlalchemy import ARRAY, Index, Integer, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from contacts.model.names import name_key
from contacts.model.record_share import RecordShare
from contacts.model.tables import ContactsTable

LIFECYCLE = ("visitor", "subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist")
"""Stages in order; forward freely, backward only with a reason."""
OFF_LIFECYCLE = ("churned", "other")


class Contact(Record, Access, ContactsTable):
    """A person the company knows."""

    __tablename__ = "contact"
    SHARES: ClassVar[type[RecordShare]] = RecordShare

    title: Mapped[str]
    given_name: Mapped[str]
    middle_name: Mapped[str]
    family_name: Mapped[str]
    display_name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    job_title: Mapped[str]
    lifecycle_stage: Mapped[str]
    language: Mapped[str]
    country_code: Mapped[str]
    source: Mapped[str]
    do_not_contact: Mapped[bool]
    score: Mapped[int] = mapped_column(Integer())
    emails: Mapped[list[Any]]
    phones: Mapped[list[Any]]
    addresses: Mapped[list[Any]]
    tags: Mapped[list[str]] = mapped_column(ARRAY(String()))
    description: Mapped[str]
    merged_into_id: Mapped[UUID | None]

    __table_args__ = (
        Index(
            "ix_contact_newest",
            "tenant_id",
            desc("created_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_contact_owner",
            "tenant_id",
            "owner_id",
            desc("created_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_contact_updated",
            "tenant_id",
            desc("updated_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_contact_name", "tenant_id", "name_key", "id", postgresql_where=text("deleted_at IS NULL")),
        Index("ix_contact_score", "tenant_id", desc("score"), desc("id"), postgresql_where=text("deleted_at IS NULL")),
        Index(
            "ix_contact_bin",
            "tenant_id",
            desc("deleted_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
    )


def display_name(
    given_name: str, middle_name: str, family_name: str, emails: Iterable[str], phones: Iterable[str]
) -> str:
    """Name as shown: the parts of the name, else the first e-mail, else the first phone."""
    parts = " ".join(part for part in (given_name, middle_name, family_name) if part)
    return parts or next(iter(emails), "") or next(iter(phones), "")


def is_backward(before: str, after: str) -> bool:
    """Whether this change of stage goes against the lifecycle, which needs a reason."""
    if before not in LIFECYCLE or after not in LIFECYCLE:
        return False
    return LIFECYCLE.index(after) < LIFECYCLE.index(before)


__all__ = ["LIFECYCLE", "OFF_LIFECYCLE", "Contact", "display_name", "is_backward", "name_key"]
