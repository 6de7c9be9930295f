"""Secret addresses at which people's calendars are read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gateway.identity.model.tables import IdentityTable


class CalendarFeed(IdentityTable):
    """The address of one person in one company; only the hash of its secret is kept."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes]
    made_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tenant_id", "secret_hash"),)
