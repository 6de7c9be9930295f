"""An opening by break-glass: an owner who does not see everything did so, why, where, and until when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gateway.identity.model.tables import IdentityTable


class BreakGlass(IdentityTable):
    """One opening. `client_id` is where it holds; without a `record_id` the whole company is open.

    `calls` counts what was done under it, as far as it has come to the audit log.
    """

    __tablename__ = "break_glass"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    client_id: Mapped[str]
    reason: Mapped[str]
    record_id: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_for: Mapped[str]
    calls: Mapped[int]
