"""Columns of the projection, as mixins: each service declares its own tables from them and may add to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.tables import Access
from chassis.tenancy.part import Declared, Left
from sqlalchemy.orm import Mapped, mapped_column

_FOLLOWS = "follows the events of contacts, also those of a restore"
TENANT_TABLES: Declared = {"customer": Left(_FOLLOWS), "customer_account": Left(_FOLLOWS)}
"""The projection in the archive of a company: it is not in it."""


class CustomerColumns(Access):
    """One contact or account. A deleted one stays as a mark, so that an older event cannot bring it back."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    version: Mapped[int]
    stage: Mapped[str]
    parent_id: Mapped[UUID | None]
    language: Mapped[str]
    country_code: Mapped[str]
    do_not_contact: Mapped[bool]
    deleted: Mapped[bool]
    merged_into_id: Mapped[UUID | None]
    updated_at: Mapped[datetime]


class CustomerAccountColumns:
    """A person's place in a company. A removed one stays as a mark for the same reason."""

    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_primary: Mapped[bool]
    removed: Mapped[bool]
