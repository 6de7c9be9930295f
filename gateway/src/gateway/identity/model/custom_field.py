"""A field that a company adds to its records."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from gateway.identity.model.tables import IdentityTable

FIELDS_MAX = 100
"""Living fields an object."""
KEPT_MAX = 200
"""Fields an object, archived ones included."""


class CustomField(IdentityTable):
    """A definition; object, key, type and what it refers to never change."""

    __tablename__ = "custom_field"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    object: Mapped[str]
    key: Mapped[str]
    label: Mapped[str]
    type: Mapped[str]
    options: Mapped[list[str]]
    refers_to: Mapped[str]
    required: Mapped[bool]
    searchable: Mapped[bool]
    position: Mapped[int] = mapped_column(Integer())
    archived: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID]
