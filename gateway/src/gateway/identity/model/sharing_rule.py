"""A sharing rule: records of a team or a person are shown to a team, to a role or to a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gateway.identity.model.tables import IdentityTable


class SharingRule(IdentityTable):
    """A rule. `grantee_id` is the id of a team or person as text, or the name of a role."""

    __tablename__ = "sharing_rule"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    source_kind: Mapped[str]
    source_id: Mapped[UUID]
    grantee_kind: Mapped[str]
    grantee_id: Mapped[str]
    level: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
