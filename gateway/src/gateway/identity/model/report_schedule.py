"""Schedules of reports, and the times that they were due."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gateway.identity.model.tables import IdentityTable


class ReportSchedule(IdentityTable):
    """A report that is sent regularly. `recipient_ids` are ids of people as texts; `next_at` is empty while paused."""

    __tablename__ = "report_schedule"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    report: Mapped[str]
    format: Mapped[str]
    every: Mapped[str]
    weekday: Mapped[int]
    month_day: Mapped[int]
    hour: Mapped[int]
    time_zone: Mapped[str]
    recipient_ids: Mapped[list[Any]]
    condition: Mapped[dict[str, Any] | None]
    owner_id: Mapped[UUID]
    paused: Mapped[bool]
    paused_reason: Mapped[str]
    next_at: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID]


class ReportRun(IdentityTable):
    """A time that a schedule was due. Whatever waits has a `next_at`, at which it is tried."""

    __tablename__ = "report_run"

    schedule_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    state: Mapped[str]
    reason: Mapped[str]
    attempts: Mapped[int]
    recipients: Mapped[int]
    size_bytes: Mapped[int]
    next_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
